namespace Lhcre.Record;

/// <summary>The hash by which an entry is addressed in a merged id: its first 64 bits, which lead to the key, and that to the rest.</summary>
internal readonly record struct HashedKey(ulong Prefix, EntryKey Key)
{
    internal readonly struct At(ulong prefix, EntryKey key) : IProbe<HashedKey>
    {
        public int CompareTo(HashedKey item)
        {
            var order = prefix.CompareTo(item.Prefix);
            return order != 0 ? order : key.CompareTo(item.Key);
        }
    }

    internal readonly struct Under(ulong prefix) : IProbe<HashedKey>
    {
        public int CompareTo(HashedKey item) => prefix.CompareTo(item.Prefix);
    }
}

/// <summary>One key leads to another: a member to the smallest of its cluster, a target to a referrer, a withdrawn entry to its heir.</summary>
internal readonly record struct KeyLink(EntryKey From, EntryKey To)
{
    internal readonly struct At(EntryKey from, EntryKey to) : IProbe<KeyLink>
    {
        public int CompareTo(KeyLink item)
        {
            var order = from.CompareTo(item.From);
            return order != 0 ? order : to.CompareTo(item.To);
        }
    }

    internal readonly struct Of(EntryKey from) : IProbe<KeyLink>
    {
        public int CompareTo(KeyLink item) => from.CompareTo(item.From);
    }

    /// <summary>Where a key leads, in a set in which each leads to one at most; null where it leads nowhere.</summary>
    internal static EntryKey? Follow(OrderedSet<KeyLink> links, EntryKey key) =>
        links.TryFind(new Of(key), out var link) ? link.To : null;
}

/// <summary>A journal row whose body is kept, compressed, since entries live in it.</summary>
internal sealed record RetainedRow(long Seq, ReadOnlyMemory<byte> Body, int LiveEntries)
{
    internal readonly struct By(long seq) : IProbe<RetainedRow>
    {
        public int CompareTo(RetainedRow item) => seq.CompareTo(item.Seq);
    }
}

/// <summary>A push that this record has taken in, by which row, and when.</summary>
internal readonly record struct AppliedPush(PushId Push, long Seq, DateTimeOffset At)
{
    internal readonly struct By(PushId push) : IProbe<AppliedPush>
    {
        public int CompareTo(AppliedPush item) => push.Hash.CompareTo(item.Push.Hash);
    }
}
