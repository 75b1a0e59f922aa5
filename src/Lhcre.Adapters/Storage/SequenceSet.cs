namespace Lhcre.Adapters.Storage;

/// <summary>A set of sequences that mostly stand behind each other: it takes as much memory as there are gaps in it, however many they are.</summary>
internal sealed class SequenceSet
{
    // In their order; between two of them at least one is missing.
    private readonly List<(long First, long Last)> _ranges = [];

    /// <summary>The largest one; null where there is none.</summary>
    public long? Most => _ranges.Count > 0 ? _ranges[^1].Last : null;

    /// <summary>From where to where there is no gap, in their order.</summary>
    public IReadOnlyList<(long First, long Last)> Ranges => _ranges;

    /// <summary>Whether it is in it.</summary>
    public bool Contains(long sequence) => At(sequence) is >= 0 and var at && sequence <= _ranges[at].Last;

    /// <summary>Adds all from one to another.</summary>
    public void Add(long first, long last)
    {
        // Those that touch it become one with it.
        var from = At(first - 1);
        if (from < 0 || _ranges[from].Last < first - 1)
            from++;
        var to = At(last + 1);
        if (from <= to)
        {
            (first, last) = (Math.Min(first, _ranges[from].First), Math.Max(last, _ranges[to].Last));
            _ranges.RemoveRange(from, to - from + 1);
        }

        _ranges.Insert(from, (first, last));
    }

    /// <summary>Takes out all up to one, and those that stand without a gap behind it.</summary>
    /// <returns>The last of these; the given one where there are none.</returns>
    public long TakeOut(long upTo)
    {
        var count = At(upTo + 1) + 1;
        var last = count > 0 ? Math.Max(upTo, _ranges[count - 1].Last) : upTo;
        _ranges.RemoveRange(0, count);
        return last;
    }

    // The last range that begins at it or before; -1 where there is none.
    private int At(long sequence)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].First <= sequence ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
