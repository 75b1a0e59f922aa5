namespace Lhcre.Record.Matching;

/// <summary>What a <see cref="MatchKey"/> is made of.</summary>
internal enum KeySpace : byte
{
    /// <summary>Rule 0: a business identifier.</summary>
    Identifier = 1,

    /// <summary>A business identifier of something that its source has withdrawn.</summary>
    Withdrawn = 2,

    /// <summary>Rule 2: a term and the date, of an entry that is dated just so.</summary>
    Dated = 3,

    /// <summary>Rule 2: a term and a coarser date than the entry's own, by which a coarser entry finds it.</summary>
    Within = 4,
}

/// <summary>
/// What two entries must share to be looked at together: 64 bits of a hash of type, rule and value, since a record holds some ten of them an
/// entry. Whether two that share one state the same fact is compared on their facts; a collision costs a comparison and changes nothing.
/// </summary>
internal readonly record struct MatchKey(ulong Hash) : IComparable<MatchKey>
{
    // FNV-1a over UTF-16, spread by the end of MurmurHash3: it must be the same in every process, and need not be secret.
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public int CompareTo(MatchKey other) => Hash.CompareTo(other.Hash);

    /// <summary>The key of an identifier.</summary>
    public static MatchKey Of(KeySpace space, string type, Identifier identifier) =>
        new(Spread(With(With(With(Start(space), type), identifier.System), identifier.Value)));

    /// <summary>The key of a term at a date.</summary>
    public static MatchKey Of(KeySpace space, string type, Term term, ClinicalDate at) =>
        new(Spread(With(With(With(With(Start(space), type), (ulong)term.Kind), term.System), term.Value) ^ (((ulong)at.Precision << 56) | (uint)at.Number)));

    private static ulong Start(KeySpace space) => With(Offset, (ulong)space);

    private static ulong With(ulong hash, string? text)
    {
        foreach (var c in text ?? "")
            hash = (hash ^ c) * Prime;
        // What no text holds, so that "a" + "b" and "ab" + "" are two.
        return (hash ^ (text is null ? 0x1_0001UL : 0x1_0000UL)) * Prime;
    }

    private static ulong With(ulong hash, ulong number) => (hash ^ number) * Prime;

    private static ulong Spread(ulong hash)
    {
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}

/// <summary>An entry under one of its keys.</summary>
internal readonly record struct KeyedEntry(MatchKey Match, EntryKey Entry)
{
    internal readonly struct At(MatchKey match, EntryKey entry) : IProbe<KeyedEntry>
    {
        public int CompareTo(KeyedEntry item)
        {
            var order = match.CompareTo(item.Match);
            return order != 0 ? order : entry.CompareTo(item.Entry);
        }
    }

    internal readonly struct Under(MatchKey match) : IProbe<KeyedEntry>
    {
        public int CompareTo(KeyedEntry item) => match.CompareTo(item.Match);
    }
}
