namespace Lhcre.Record.Matching;

/// <summary>Who shares a key with whom, and so which entries have to be looked at again when one of them changes.</summary>
internal static class Candidates
{
    // An identifier that one source puts on more entries than this names something that they share (a claim group, an accession without
    // its type), not each of them. It also bounds the pairs that one key can make.
    private const int MostOfOneSource = 4;

    /// <summary>The live entries under a key; none where the key does not name a resource.</summary>
    public static List<EntryKey> Under(OrderedSet<KeyedEntry> index, MatchKey key)
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

    /// <summary>
    /// The connected component of the touched entries: all that could join or leave a cluster because of them. An entry is followed by its
    /// keys before and after the change, and each key to its entries before and after: the change may be what makes a key name nothing,
    /// and then those who met under it are found only before; or what makes it name something again, and then only after.
    /// </summary>
    public static HashSet<EntryKey> Component(IEnumerable<EntryKey> touched, in RecordIndex before, in RecordIndex after)
    {
        var component = new HashSet<EntryKey>(touched);
        var pending = new Queue<EntryKey>(component);
        var followed = new HashSet<MatchKey>();
        while (pending.TryDequeue(out var next))
        {
            foreach (var key in MatchKey.Of(before.Entry(next)).Concat(MatchKey.Of(after.Entry(next))))
            {
                if (!followed.Add(key))
                    continue;
                foreach (var other in Under(before.Matches, key).Concat(Under(after.Matches, key)))
                {
                    if (component.Add(other))
                        pending.Enqueue(other);
                }
            }
        }

        return component;
    }
}

/// <summary>The entries of a record and the keys by which they match, at one moment.</summary>
internal readonly record struct RecordIndex(OrderedSet<Entry> Entries, OrderedSet<KeyedEntry> Matches)
{
    public Entry? Entry(EntryKey key) => Entries.TryFind(new Entry.ByKey(key), out var entry) ? entry : null;
}
