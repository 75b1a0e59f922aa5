namespace Lhcre.Record;

/// <summary>The hash by which an entry is addressed in a merged id.</summary>
internal readonly record struct HashedKey(EntryHash Hash, EntryKey Key)
{
    internal readonly struct By(EntryHash hash) : IProbe<HashedKey>
    {
        public int CompareTo(HashedKey item) => hash.CompareTo(item.Hash);
    }
}

/// <summary>One key leads to another: a member to the smallest of its cluster, a target to a referrer, a withdrawn entry to its heir.</summary>
internal sealed record KeyLink(EntryKey From, EntryKey To)
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
