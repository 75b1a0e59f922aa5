using System.Collections.Immutable;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Searching;

/// <summary>One of some dates, each with its prefix.</summary>
internal sealed class DateTerm(SearchParameter parameter, ImmutableArray<AskedDate> asked) : ElementTerm(parameter)
{
    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        foreach (var date in asked)
        {
            if (value.Form == ValueForm.Dates && date.Holds(value.Dates))
                return true;
        }

        return false;
    }
}

/// <summary>A date in a query.</summary>
/// <param name="Prefix">How it is compared.</param>
/// <param name="Range">What it says; for <see cref="SearchPrefix.Approximate"/> widened already.</param>
internal readonly record struct AskedDate(SearchPrefix Prefix, DateRange Range)
{
    /// <summary>Reads one; null where it is no date.</summary>
    /// <param name="text">The value.</param>
    /// <param name="now">Our clock: an approximate date is a tenth of its distance from now, to either side.</param>
    public static AskedDate? Read(ReadOnlySpan<char> text, DateTimeOffset now)
    {
        var prefix = Prefixed.Take(ref text);
        if (!DateRange.TryParse(text, isAsked: true, out var range))
            return null;
        if (prefix != SearchPrefix.Approximate)
            return new AskedDate(prefix, range);
        var distance = range.To < now.UtcTicks ? now.UtcTicks - range.To : Math.Max(range.From - now.UtcTicks, 0);
        return new AskedDate(prefix, new DateRange(range.From - (distance / 10), range.To + (distance / 10)));
    }

    /// <summary>Whether what is stated satisfies it.</summary>
    public bool Holds(DateRange stated) => Prefixed.Holds(Prefix, Range, stated);
}

/// <summary>Words begin with some, contain them, or are these.</summary>
internal sealed class StringTerm(SearchParameter parameter, StringMatch match, ImmutableArray<string> asked) : ElementTerm(parameter)
{
    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        if (value.Form != ValueForm.Text)
            return false;
        var text = Spelling.Text(SearchValue.In(resource, value.Second));
        if (match == StringMatch.Exact)
            return asked.Contains(text);
        text = Folded.Text(text);
        foreach (var words in asked)
        {
            if (match == StringMatch.Contains ? text.Contains(words, StringComparison.Ordinal) : text.StartsWith(words, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}

/// <summary>How words are compared.</summary>
internal enum StringMatch : byte
{
    /// <summary>The beginning, case, accents and punctuation folded.</summary>
    Start = 0,

    /// <summary>Any part, folded likewise.</summary>
    Contains = 1,

    /// <summary>All of it, as it stands.</summary>
    Exact = 2,
}

/// <summary>One of some URIs; a canonical one also with any version.</summary>
internal sealed class UriTerm(SearchParameter parameter, ImmutableArray<string> asked) : ElementTerm(parameter)
{
    private readonly ImmutableArray<AskedReference> _asked = [.. asked.Select(a => new AskedReference(a, false))];

    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        foreach (var uri in _asked)
        {
            if (uri.Is(SearchValue.In(resource, value.Second)))
                return true;
        }

        return false;
    }
}

/// <summary>One of some numbers.</summary>
internal sealed class NumberTerm(SearchParameter parameter, ImmutableArray<AskedNumber> asked) : ElementTerm(parameter)
{
    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        if (value.Form != ValueForm.Number || !ExactNumber.TryParse(SearchValue.In(resource, value.Second), out var exact)
            || NumberRange.Decimal(exact) is not { } number)
            return false;
        foreach (var one in asked)
        {
            if (one.Holds(new NumberRange(number, number)))
                return true;
        }

        return false;
    }
}

/// <summary>Several conditions that hold of one thing: the resource itself, or one repetition in it.</summary>
internal sealed class CompositeTerm(ImmutableArray<ImmutableArray<ElementTerm>> asked) : SearchTerm
{
    /// <inheritdoc/>
    public override SearchTerm In(PatientRecord record) => new CompositeTerm([.. asked.Select(parts => parts.Select(p => (ElementTerm)p.In(record)).ToImmutableArray())]);

    /// <inheritdoc/>
    public override bool Holds(MergedResource resource)
    {
        var last = -1;
        foreach (ref readonly var value in resource.SearchValues.AsSpan())
        {
            // Groups are numbered in the order of the text, but the resource itself comes in between.
            if (value.Group == last)
                continue;
            last = value.Group;
            foreach (var parts in asked)
            {
                if (HoldsIn(resource, parts, value.Group))
                    return true;
            }
        }

        return false;
    }

    private static bool HoldsIn(MergedResource resource, ImmutableArray<ElementTerm> parts, ushort group)
    {
        foreach (var part in parts)
        {
            if (!part.HoldsIn(resource, group))
                return false;
        }

        return true;
    }
}

/// <summary><c>_id</c>: one of some ids, each of which may be that of any member of a cluster.</summary>
internal sealed class IdTerm(string type, ImmutableArray<string> asked) : SearchTerm
{
    private readonly HashSet<MergedResource> _found = [];
    private readonly HashSet<MergedId> _made = [];

    /// <summary>Whether all but these are asked for.</summary>
    public bool IsNot { get; init; }

    /// <inheritdoc/>
    public override SearchTerm In(PatientRecord record)
    {
        var term = new IdTerm(type, asked) { IsNot = IsNot };
        foreach (var text in asked)
        {
            if (!MergedId.TryParse(text, out var id) || id.Patient != record.Key)
                continue;
            if (record.Find(type, id, out _) is { } resource)
                term._found.Add(resource);
            else if (type == "Provenance" && Provenances.Find(record, id, out _) is { } origin)
                term._made.Add(Provenances.IdOf(origin));
        }

        return term;
    }

    /// <inheritdoc/>
    public override bool Holds(MergedResource resource) => (_found.Contains(resource) || _made.Contains(resource.Id)) != IsNot;
}

/// <summary><c>_lastUpdated</c>: when what is served changed last.</summary>
internal sealed class LastUpdatedTerm(ImmutableArray<AskedDate> asked) : SearchTerm
{
    /// <inheritdoc/>
    public override bool Holds(MergedResource resource)
    {
        // Served to the millisecond, and so compared.
        var from = resource.LastUpdated.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond;
        var stated = new DateRange(from, from + TimeSpan.TicksPerMillisecond - 1);
        return asked.Any(a => a.Holds(stated));
    }
}
