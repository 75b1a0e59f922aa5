using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains.Feeds;

/// <summary>
/// Keeps the totals of what all silos count. Of each silo it keeps what that one told last, so that what is told again adds nothing; of one that has said
/// nothing for <see cref="ForgottenAfter"/> not even that, since it has long left the cluster.
/// </summary>
public sealed class SourceCountsGrain(
    [PersistentState("source-counts", SideState.Name)] IPersistentState<SourceCountsState> kept, TimeProvider clock) : Grain, ISourceCountsGrain
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(7);

    // One that is there and has nothing new is noted as often, or what it counted before would count once more.
    private static readonly TimeSpan NotedEvery = TimeSpan.FromDays(1);

    // As of the contacts: what could not be written is written with what is told next.
    private bool _isUnwritten;

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<SourceCounts>> Count(string silo, ImmutableArray<SourceCounts> sinceStart)
    {
        var state = kept.State;
        var now = clock.GetUtcNow();
        var noted = state.Silos.FirstOrDefault(s => s.Silo == silo);
        var before = noted?.SinceStart ?? [];
        ImmutableArray<SourceCounts> latest = [.. sinceStart.Select(c => before.FirstOrDefault(b => b.Source == c.Source)?.Latest(c) ?? c)];
        ImmutableArray<SourceCounts> more = [.. latest.Select(c => before.FirstOrDefault(b => b.Source == c.Source) is { } b ? c.Since(b) : c).Where(c => !c.IsNone)];
        if (!more.IsEmpty || now - noted?.At >= NotedEvery)
        {
            state.Totals = [.. state.Totals.Concat(more).GroupBy(c => c.Source).Select(g => g.Aggregate((one, other) => one.Plus(other))).OrderBy(c => c.Source, StringComparer.Ordinal)];
            latest = [.. before.Where(b => latest.All(c => c.Source != b.Source)), .. latest];
            state.Silos = [.. state.Silos.Where(s => s.Silo != silo && now - s.At < ForgottenAfter), new SiloCounts(silo, now, latest)];
            _isUnwritten = true;
        }

        if (_isUnwritten)
        {
            await kept.WriteStateAsync();
            _isUnwritten = false;
        }

        return state.Totals;
    }
}

/// <summary>What one silo counted since it started, as it told it last.</summary>
/// <param name="Silo">Names its process.</param>
/// <param name="At">When it told that.</param>
/// <param name="SinceStart">One for each source.</param>
[GenerateSerializer, Immutable, Alias("lhcre.silo-counts")]
public sealed record SiloCounts([property: Id(0)] string Silo, [property: Id(1)] DateTimeOffset At, [property: Id(2)] ImmutableArray<SourceCounts> SinceStart);

/// <summary>What stands in the storage.</summary>
[GenerateSerializer, Alias("lhcre.source-counts-state")]
public sealed class SourceCountsState
{
    /// <summary>One for each source that ever pushed.</summary>
    [Id(0)]
    public ImmutableArray<SourceCounts> Totals { get; set; } = [];

    /// <summary>The silos that told lately.</summary>
    [Id(1)]
    public ImmutableArray<SiloCounts> Silos { get; set; } = [];
}
