using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Contracts;

/// <summary>How much the sources pushed through all silos. There is one, <see cref="Key"/>. Nothing of it is about a person.</summary>
[Alias("lhcre.source-counts")]
public interface ISourceCountsGrain : IGrainWithStringKey
{
    /// <summary>The key of the one that there is.</summary>
    const string Key = "all";

    /// <summary>
    /// Takes what one silo has counted since it started, and answers the totals. What it was told is on disk when it answers. Telling it late, again or in
    /// another order comes to the same.
    /// </summary>
    /// <param name="silo">Names the silo's process: another one for each start.</param>
    /// <param name="sinceStart">One for each source that pushed through it; empty for only asking.</param>
    /// <returns>One for each source that ever pushed.</returns>
    [Alias("count"), ResponseTimeout("00:00:05")]
    ValueTask<ImmutableArray<SourceCounts>> Count(string silo, ImmutableArray<SourceCounts> sinceStart);
}
