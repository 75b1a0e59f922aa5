using System.Collections.Immutable;
using System.Text;

namespace Lhcre.Record.Searching;

/// <summary>A token in a query: <c>system|code</c>, <c>|code</c>, <c>system|</c> or <c>code</c> (FHIR R4 search.html, "token").</summary>
/// <param name="System">The system; empty for none, null for any.</param>
/// <param name="Code">The code; null for any.</param>
internal sealed record AskedToken(byte[]? System, byte[]? Code)
{
    /// <summary>Reads one; null where it asks for nothing.</summary>
    public static AskedToken? Read(string value)
    {
        var parts = SearchText.Split(value, '|');
        if (parts.Count > 2)
            return null;
        var (system, code) = parts.Count == 1 ? (null, parts[0]) : (parts[0], parts[1]);
        return code.Length == 0 && string.IsNullOrEmpty(system)
            ? null
            : new AskedToken(system is null ? null : Encoding.UTF8.GetBytes(system), code.Length == 0 ? null : Encoding.UTF8.GetBytes(code));
    }

    /// <summary>Whether a value is asked for. A FHIR <c>code</c> has the system of its element, whichever that is.</summary>
    public bool Is(ReadOnlySpan<byte> resource, in SearchValue value) => value.Form switch
    {
        ValueForm.Code => Code is not null && Spelling.IsAlike(SearchValue.In(resource, value.Second), Code),
        ValueForm.Exists => Code is not null && Code.AsSpan().SequenceEqual("true"u8),
        ValueForm.Coded or ValueForm.Identified => IsOfSystem(resource, value.First) && IsCode(resource, value.Second),
        _ => false,
    };

    private bool IsOfSystem(ReadOnlySpan<byte> resource, long place) =>
        System is null || (System.Length == 0 ? place == SearchValue.Nowhere : place != SearchValue.Nowhere && Spelling.Is(SearchValue.In(resource, place), System));

    private bool IsCode(ReadOnlySpan<byte> resource, long place) =>
        Code is null || (place != SearchValue.Nowhere && Spelling.IsAlike(SearchValue.In(resource, place), Code));
}

/// <summary>One of some tokens, or none of them.</summary>
internal sealed class TokenTerm(SearchParameter parameter, ImmutableArray<AskedToken> asked) : ElementTerm(parameter)
{
    private bool IsFlag => Parameter.Name == "deceased";

    /// <inheritdoc/>
    public override bool Holds(MergedResource resource)
    {
        // Who is not said to be dead is alive: R4 reads this parameter so, and this one alone.
        if (IsFlag && new MissingTerm(Parameter, isMissing: true).Holds(resource))
            return asked.Any(a => a.Code is not null && a.Code.AsSpan().SequenceEqual("false"u8)) != IsNot;
        return base.Holds(resource);
    }

    /// <inheritdoc/>
    public override List<int>? Places(TypeIndex index, int most) =>
        IsNot || IsFlag || asked.Any(a => a.Code is null) ? null : Find(index, asked.Select(a => Spelling.HashOf(a.Code!)), most);

    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        foreach (var token in asked)
        {
            if (token.Is(resource, value))
                return true;
        }

        return false;
    }
}

/// <summary><c>:text</c>: the words beside a token (<c>text</c>, <c>display</c>, an identifier's type) begin with some.</summary>
internal sealed class TokenTextTerm : SearchTerm
{
    private readonly ElementTree _words = new();
    private readonly ImmutableArray<string> _asked;

    public TokenTextTerm(SearchParameter parameter, ImmutableArray<string> folded)
    {
        _asked = folded;
        foreach (var element in parameter.Elements)
        {
            foreach (var words in new[] { "text", "coding.display", "display", "type.text" })
                _words.Add($"{element}.{words}", SearchKind.String, null);
        }
    }

    /// <inheritdoc/>
    public override bool Holds(MergedResource resource)
    {
        // Not kept: this is asked rarely, and words take more room than codes.
        var bytes = resource.Resource.Span;
        foreach (ref readonly var value in SearchReader.Read(bytes, _words).AsSpan())
        {
            var text = Folded.Text(Spelling.Text(SearchValue.In(bytes, value.Second)));
            if (_asked.Any(a => text.StartsWith(a, StringComparison.Ordinal)))
                return true;
        }

        return false;
    }
}
