using Lhcre.Record;

namespace Lhcre.Grains.Feeds;

/// <summary>What one source pushed through this silo since it started, counted by many at once; and what is known of all silos.</summary>
internal sealed class SourceTally(string source)
{
    private readonly long[] _values = new long[Enum.GetValues<Counted>().Length];
    private volatile Known _known = new(SourceCounts.Of(source), SourceCounts.Of(source));

    /// <summary>Through this silo since it started.</summary>
    public SourceCounts SinceStart => new(source, [.. Enumerable.Range(0, _values.Length).Select(i => Interlocked.Read(ref _values[i]))]);

    /// <summary>Through all silos: what they have told, and what is not told yet of this one.</summary>
    public SourceCounts Total
    {
        get
        {
            var (total, told) = _known;
            return total.Plus(SinceStart.Since(told));
        }
    }

    /// <summary>Counts a push.</summary>
    public void Add(SourceCounts counts)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (counts.Values[i] != 0)
                Interlocked.Add(ref _values[i], counts.Values[i]);
        }
    }

    /// <summary>The total is known, with so much of this silo's in it.</summary>
    public void Told(SourceCounts told, SourceCounts total) => _known = new Known(total, told);

    private sealed record Known(SourceCounts Total, SourceCounts Told);
}
