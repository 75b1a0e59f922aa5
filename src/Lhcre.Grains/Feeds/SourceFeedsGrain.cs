using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains.Feeds;

/// <summary>Keeps what the silos tell of the sources' feeds.</summary>
public sealed class SourceFeedsGrain(
    [PersistentState("source-feeds", SideState.Name)] IPersistentState<SourceFeedsState> kept, TimeProvider clock) : Grain, ISourceFeedsGrain
{
    // What is in memory and could not be written, such as while the database was away, is written with what is told next.
    private bool _isUnwritten;

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<SourceContact>> Exchange(ImmutableArray<SourceContact> heard)
    {
        var now = clock.GetUtcNow();
        var known = SourceContact.Merge([.. kept.State.Contacts, .. heard.Select(c => c.NotAfter(now))]);
        if (_isUnwritten || !known.SequenceEqual(kept.State.Contacts))
        {
            kept.State.Contacts = known;
            _isUnwritten = true;
            await kept.WriteStateAsync();
            _isUnwritten = false;
        }

        return known;
    }
}

/// <summary>What stands in the storage.</summary>
[GenerateSerializer, Alias("lhcre.source-feeds-state")]
public sealed class SourceFeedsState
{
    /// <summary>One for each source that was ever heard.</summary>
    [Id(0)]
    public ImmutableArray<SourceContact> Contacts { get; set; } = [];
}
