namespace Lhcre.Record.Matching;

/// <summary>Who shares a key with whom, and so which entries have to be looked at again when one of them changes.</summary>
internal static class Candidates
{
    // An identifier that one source puts on more entries than this names something that they share (a claim group, an accession without
    // its type), not each of them. It also bounds the pairs that one key can make.
    private const int MostOfOneSource = 4;

    // What so many share says too little to tell one of them from the others: the same code within the same vague date, or a monitor that
    // repeats itself within a minute. It bounds a component.
    private const int MostAlike = 64;

    /// <summary>The entries under an identifier's key; none where the identifier does not name a resource.</summary>
    public static List<EntryKey> Named(OrderedSet<KeyedEntry> index, MatchKey key)
    {
        var entries = new List<EntryKey>();
        var (source, ofSource) = ("", 0);
        foreach (var keyed in index.From(new KeyedEntry.Under(key)))
        {
            if (keyed.Match != key)
                break;
            ofSource = keyed.Entry.Source == source ? ofSource + 1 : 1;
            source = keyed.Entry.Source;
            if (ofSource > MostOfOneSource)
                return [];
            entries.Add(keyed.Entry);
        }

        return entries;
    }

    /// <summary>The entries under a term's key; none where there are too many to tell apart.</summary>
    public static List<EntryKey> Alike(OrderedSet<KeyedEntry> index, MatchKey key)
    {
        var entries = new List<EntryKey>();
        foreach (var keyed in index.From(new KeyedEntry.Under(key)))
        {
            if (keyed.Match != key)
                break;
            if (entries.Count == MostAlike)
                return [];
            entries.Add(keyed.Entry);
        }

        return entries;
    }

    /// <summary>
    /// The connected component of the touched entries: all that could join, leave or contradict a cluster because of them. An entry is
    /// followed by what it states now and by what it stated before, and in the index of now and of before, so that those that it leaves
    /// behind, or tells apart by being one too many, are looked at as well.
    /// </summary>
    public static HashSet<EntryKey> Component(IEnumerable<EntryKey> touched, RecordView before, RecordView after)
    {
        var component = new HashSet<EntryKey>(touched);
        var pending = new Queue<EntryKey>(component);
        var asked = new HashSet<(Lookup, string)>();
        while (pending.TryDequeue(out var next))
        {
            foreach (var lookup in Lookups(next, before).Concat(Lookups(next, after)))
            {
                // Clinical keys join between sources only: a source's own repeats are linked by what another source says of them, or not at all.
                var own = lookup.Kind == LookupKind.Named ? "" : next.Source;
                if (!asked.Add((lookup, own)))
                    continue;
                foreach (var other in Found(before.Matches, lookup).Concat(Found(after.Matches, lookup)))
                {
                    if (other.Source != own && component.Add(other))
                        pending.Enqueue(other);
                }
            }
        }

        return component;
    }

    private static IEnumerable<Lookup> Lookups(EntryKey key, RecordView view) => view.Entry(key) is { } entry ? MatchKeys.Lookups(entry, view) : [];

    private static List<EntryKey> Found(OrderedSet<KeyedEntry> index, Lookup lookup)
    {
        if (lookup.Kind == LookupKind.Named)
            return Named(index, lookup.Key);
        var found = Alike(index, lookup.Key);
        return lookup.Kind == LookupKind.Coarser && found.Count > 0 && Alike(index, lookup.Within).Count == 0 ? [] : found;
    }
}
