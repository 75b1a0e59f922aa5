using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>How much a source pushed, by what became of it. Nothing of it is about a person. Immutable; equal where every count is.</summary>
public sealed class SourceCounts : IEquatable<SourceCounts>
{
    private static readonly int Kinds = Enum.GetValues<Counted>().Length;

    /// <summary>Counts in the order of <see cref="Counted"/>; what another release counts besides is kept, what it does not count is 0.</summary>
    public SourceCounts(string source, params ImmutableArray<long> values)
    {
        Source = source;
        Values = values.Length < Kinds ? [.. values, .. new long[Kinds - values.Length]] : values;
    }

    /// <summary>The source's id.</summary>
    public string Source { get; }

    /// <summary>The counts, by the numbers of <see cref="Counted"/>.</summary>
    public ImmutableArray<long> Values { get; }

    /// <summary>One count: 0 or more.</summary>
    public long this[Counted kind] => Values[(int)kind];

    /// <summary>Whether nothing was counted.</summary>
    public bool IsNone => Values.All(v => v == 0);

    /// <summary>Some counts, the others 0.</summary>
    public static SourceCounts Of(string source, params ReadOnlySpan<(Counted Kind, long Count)> counts)
    {
        var values = new long[Kinds];
        foreach (var (kind, count) in counts)
            values[(int)kind] += count;
        return new SourceCounts(source, [.. values]);
    }

    /// <summary>Both together.</summary>
    public SourceCounts Plus(SourceCounts other) => Combined(other, (one, two) => one + two);

    /// <summary>What came since <paramref name="earlier"/>; never below 0, since counts only grow.</summary>
    public SourceCounts Since(SourceCounts earlier) => Combined(earlier, (now, before) => Math.Max(0, now - before));

    /// <summary>The larger of each: of two counts of one process the later one.</summary>
    public SourceCounts Latest(SourceCounts other) => Combined(other, Math.Max);

    /// <inheritdoc/>
    public bool Equals(SourceCounts? other) => other is not null && other.Source == Source && other.Values.SequenceEqual(Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SourceCounts);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(Source.GetHashCode(StringComparison.Ordinal), HashCode.Combine);

    private SourceCounts Combined(SourceCounts other, Func<long, long, long> how)
    {
        var longest = Math.Max(Values.Length, other.Values.Length);
        return new SourceCounts(Source, [.. Enumerable.Range(0, longest).Select(i => how(Values.ElementAtOrDefault(i), other.Values.ElementAtOrDefault(i)))]);
    }
}
