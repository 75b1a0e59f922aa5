namespace Lhcre.Record.Matching;

/// <summary>Under which keys an entry stands, and under which those stand that it may have to do with.</summary>
internal static class MatchKeys
{
    private static readonly Precision[] Precisions = [Precision.None, Precision.Year, Precision.Month, Precision.Day];

    /// <summary>The keys under which an entry stands in a record; some of them twice where it repeats itself.</summary>
    public static IEnumerable<MatchKey> Of(Entry entry, RecordView view)
    {
        if (!entry.IsLive)
            return entry is { Kind: FragmentKind.Deleted, LastStated.Facts: { } last } ? Identifiers(KeySpace.Withdrawn, entry, last) : [];
        if (!view.IsShown(entry))
            return [];
        return Identifiers(KeySpace.Identifier, entry, entry.Facts).Concat(Terms(Statement.Of(entry, view)));
    }

    /// <summary>Where the entries stand that an entry may match, join or contradict, directly.</summary>
    public static IEnumerable<Lookup> Lookups(Entry entry, RecordView view)
    {
        if (!entry.IsLive)
            return entry is { Kind: FragmentKind.Deleted, LastStated.Facts: { } last }
                ? Identifiers(KeySpace.Identifier, entry, last).Select(key => new Lookup(LookupKind.Named, key))
                : [];
        if (!view.IsShown(entry))
            return [];
        return Identifiers(KeySpace.Identifier, entry, entry.Facts).Concat(Identifiers(KeySpace.Withdrawn, entry, entry.Facts))
            .Select(key => new Lookup(LookupKind.Named, key))
            .Concat(Lookups(Statement.Of(entry, view)));
    }

    private static IEnumerable<Lookup> Lookups(Statement statement)
    {
        var type = statement.Entry.Key.Type;
        foreach (var term in statement.Terms)
        {
            var date = statement.DateOf(term);
            yield return new Lookup(LookupKind.Alike, MatchKey.Of(KeySpace.Dated, type, term, date));
            yield return new Lookup(LookupKind.Alike, MatchKey.Of(KeySpace.Within, type, term, date));
            foreach (var precision in Coarser(date))
            {
                var at = date.At(precision);
                yield return new Lookup(
                    LookupKind.Coarser, MatchKey.Of(KeySpace.Dated, type, term, at), MatchKey.Of(KeySpace.Within, type, term, at));
            }
        }
    }

    private static IEnumerable<MatchKey> Identifiers(KeySpace space, Entry entry, Facts facts) =>
        BusinessIdentifiers.Of(entry.Key, facts).Select(i => MatchKey.Of(space, entry.Key.Type, i));

    private static IEnumerable<MatchKey> Terms(Statement statement)
    {
        var type = statement.Entry.Key.Type;
        foreach (var term in statement.Terms)
        {
            var date = statement.DateOf(term);
            yield return MatchKey.Of(KeySpace.Dated, type, term, date);
            foreach (var precision in Coarser(date))
                yield return MatchKey.Of(KeySpace.Within, type, term, date.At(precision));
        }
    }

    private static IEnumerable<Precision> Coarser(ClinicalDate date) => Precisions.TakeWhile(p => p < date.Precision);
}

/// <summary>How entries under a key are looked up.</summary>
internal enum LookupKind : byte
{
    /// <summary>By an identifier.</summary>
    Named,

    /// <summary>By a term and a date.</summary>
    Alike,

    /// <summary>Those of a coarser date, unless so many fit into it that it fits none.</summary>
    Coarser,
}

/// <summary>One question to the index.</summary>
/// <param name="Kind">How it is asked.</param>
/// <param name="Key">Under which key the entries stand.</param>
/// <param name="Within">For a coarser date: the key of those that fit into it.</param>
internal readonly record struct Lookup(LookupKind Kind, MatchKey Key, MatchKey Within = default);
