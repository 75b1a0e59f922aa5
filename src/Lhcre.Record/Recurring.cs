using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Lhcre.Record;

/// <summary>
/// What recurs in every record, kept once in the process: types, sources, systems, codes, and the codings of a concept. A table of fixed
/// size, in which what comes later takes the place of what came earlier: it can neither grow nor keep anything that must go.
/// </summary>
/// <remarks>Not for ids and other values of one person: those are shared within a record.</remarks>
internal static class Recurring
{
    private const int Places = 1 << 14;

    // Texts beyond this are not names.
    private const int MostCharacters = 128;

    private static readonly string?[] Texts = new string?[Places];
    private static readonly Coding[]?[] Concepts = new Coding[]?[Places];

    /// <summary>The text that stands for all that are equal to it, as far as it is known still.</summary>
    public static string Text(string text)
    {
        if (text.Length > MostCharacters)
            return text;
        ref var place = ref Texts[text.GetHashCode(StringComparison.Ordinal) & (Places - 1)];
        // Several threads may come at once: each gets a text that is equal to its own, whoever stays.
        var known = Volatile.Read(ref place);
        if (known == text)
            return known;
        Volatile.Write(ref place, text);
        return text;
    }

    /// <summary>The same of a text that may not be there.</summary>
    public static string? TextOrNull(string? text) => text is null ? null : Text(text);

    /// <summary>The list that stands for all lists of the same codings in the same order.</summary>
    public static ImmutableArray<Coding> Codings(ImmutableArray<Coding> codings)
    {
        if (codings.IsEmpty)
            return [];
        var hash = new HashCode();
        foreach (var coding in codings)
            hash.Add(coding);
        ref var place = ref Concepts[hash.ToHashCode() & (Places - 1)];
        var known = Volatile.Read(ref place);
        if (known is not null && codings.AsSpan().SequenceEqual(known))
            return ImmutableCollectionsMarshal.AsImmutableArray(known);
        Volatile.Write(ref place, ImmutableCollectionsMarshal.AsArray(codings));
        return codings;
    }
}
