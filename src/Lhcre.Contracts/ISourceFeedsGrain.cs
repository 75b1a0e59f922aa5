using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Contracts;

/// <summary>What all silos together know of the sources' feeds. There is one, <see cref="Key"/>. Nothing of it is about a person.</summary>
[Alias("lhcre.source-feeds")]
public interface ISourceFeedsGrain : IGrainWithStringKey
{
    /// <summary>The key of the one that there is.</summary>
    const string Key = "all";

    /// <summary>
    /// Takes what one silo has heard, and answers what is known of all sources. What it was told is on disk when it answers. Telling it
    /// late, again or in another order comes to the same.
    /// </summary>
    /// <param name="heard">What is new at the silo; empty for only asking.</param>
    /// <returns>One for each source that was ever heard, also of one that is not configured any more.</returns>
    [Alias("exchange"), ResponseTimeout("00:00:05")]
    ValueTask<ImmutableArray<SourceContact>> Exchange(ImmutableArray<SourceContact> heard);
}
