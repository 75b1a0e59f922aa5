using System.Collections.Immutable;
using System.Text;

namespace Lhcre.Record.Searching;

/// <summary>A reference in a query: <c>Type/id</c>, <c>id</c>, or an absolute URL, of which ours are the same as <c>Type/id</c>.</summary>
/// <param name="Text">What stands in a resource that is asked for.</param>
/// <param name="IsId">Whether it is the id alone, whatever the type.</param>
internal sealed record AskedReference(string Text, bool IsId)
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(Text);

    /// <summary>The hash by which an index knows it.</summary>
    public uint Hash => Spelling.HashOf(_bytes);

    /// <summary>Reads one; null where it is no reference.</summary>
    /// <param name="value">The value in the query.</param>
    /// <param name="type">The type that the query names beside (<c>:Patient</c>); null for none.</param>
    /// <param name="addresses">Where we are.</param>
    public static AskedReference? Read(string value, string? type, Addresses addresses)
    {
        if (value.StartsWith(addresses.Merged + "/", StringComparison.Ordinal))
            value = value[(addresses.Merged.Length + 1)..];
        if (value.Length == 0)
            return null;
        var isId = EntryKey.IsValidId(value);
        if (isId && type is not null)
            return new AskedReference($"{type}/{value}", false);
        return type is null || ReferenceText.IsTo(Encoding.UTF8.GetBytes(value), type) ? new AskedReference(value, isId) : null;
    }

    /// <summary>With the id that the resource has now, where it is one of the record.</summary>
    public AskedReference In(PatientRecord record)
    {
        var bytes = Encoding.UTF8.GetBytes(Text);
        if (!MergedId.TryParse(Encoding.UTF8.GetString(ReferenceText.IdOf(bytes)), out var id) || id.Patient != record.Key)
            return this;
        var type = !IsId ? Encoding.UTF8.GetString(ReferenceText.TypeOf(bytes)) : id.Member is { } hash ? record.KeyOf(hash)?.Type : "Patient";
        return type is not null && record.Find(type, id, out _) is { } resource ? new AskedReference($"{resource.Type}/{resource.Id}", false) : this;
    }

    /// <summary>Whether a stated reference is this one; a canonical URL also with any version.</summary>
    /// <param name="raw">The reference as it stands in JSON.</param>
    public bool Is(ReadOnlySpan<byte> raw)
    {
        var stated = Spelling.Plain(raw);
        if (IsId)
            return ReferenceText.IdOf(stated).SequenceEqual(_bytes);
        return stated.SequenceEqual(_bytes) || (stated.IndexOf((byte)'|') is var bar and >= 0 && stated[..bar].SequenceEqual(_bytes));
    }
}

/// <summary>One of some references, or none of them.</summary>
internal sealed class ReferenceTerm(SearchParameter parameter, ImmutableArray<AskedReference> asked) : ElementTerm(parameter)
{
    /// <inheritdoc/>
    public override SearchTerm In(PatientRecord record) => new ReferenceTerm(Parameter, [.. asked.Select(a => a.In(record))]) { IsNot = IsNot };

    /// <inheritdoc/>
    public override List<int>? Places(TypeIndex index, int most) =>
        IsNot || asked.Any(a => a.IsId || a.Text.Contains("://", StringComparison.Ordinal)) ? null : Find(index, asked.Select(a => a.Hash), most);

    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        if (value.Form != ValueForm.Reference)
            return false;
        foreach (var reference in asked)
        {
            if (reference.Is(SearchValue.In(resource, value.Second)))
                return true;
        }

        return false;
    }
}

/// <summary><c>:identifier</c>: the reference's own identifier is one of some.</summary>
internal sealed class ReferenceIdentifierTerm(SearchParameter parameter, ImmutableArray<AskedToken> asked) : ElementTerm(parameter)
{
    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        foreach (var token in asked)
        {
            if (value.Form == ValueForm.Identified && token.Is(resource, value))
                return true;
        }

        return false;
    }
}

/// <summary>
/// <c>patient</c> and <c>subject</c>: whose record. All that stands in a person's record is that person's, also where the element is absent; any
/// other subject is compared as a reference.
/// </summary>
internal sealed class BelongingTerm(ReferenceTerm references, ImmutableArray<AskedReference> asked) : SearchTerm
{
    /// <inheritdoc/>
    public override SearchTerm In(PatientRecord record) =>
        asked.Any(a => Names(a, record)) ? new EveryTerm() : references.In(record);

    /// <inheritdoc/>
    public override bool Holds(MergedResource resource) => references.Holds(resource);

    private static bool Names(AskedReference asked, PatientRecord record) =>
        asked.In(record).Text is var text && (text == record.Key.Value || text == $"Patient/{record.Key}");
}

/// <summary>Holds of everything.</summary>
internal sealed class EveryTerm : SearchTerm
{
    /// <inheritdoc/>
    public override bool Holds(MergedResource resource) => true;
}

/// <summary>A chain: what the reference leads to satisfies a query of its own.</summary>
internal sealed class ChainTerm(SearchParameter parameter, ImmutableArray<SearchQuery> queries) : ElementTerm(parameter)
{
    private readonly HashSet<MergedResource> _found = [];
    private readonly List<(string Type, SearchTerm[] Terms)> _conditions = [];
    private readonly PatientRecord? _record;

    private ChainTerm(SearchParameter parameter, ImmutableArray<SearchQuery> queries, PatientRecord record)
        : this(parameter, queries)
    {
        _record = record;
        foreach (var query in queries)
        {
            _found.UnionWith(query.Run(record).Matches);
            _conditions.Add((query.Type!, query.In(record)));
        }
    }

    /// <inheritdoc/>
    public override SearchTerm In(PatientRecord record) => new ChainTerm(Parameter, queries, record);

    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        if (value.Form != ValueForm.Reference)
            return false;
        var reference = SearchValue.In(resource, value.Second);
        // FHIR R4, search.html: a chain is evaluated inside contained resources as well.
        if (Spelling.Plain(reference) is [(byte)'#', .. var id])
            return ContainedResources.Find(_record!, resource, id) is { } part && _conditions.Exists(c => c.Type == part.Type && SearchQuery.Hold(c.Terms, part));
        return _found.Count > 0 && ReferenceText.Resolve(_record!, reference) is { } target && _found.Contains(target);
    }
}
