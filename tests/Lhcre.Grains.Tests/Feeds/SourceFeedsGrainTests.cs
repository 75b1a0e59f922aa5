using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Feeds;
using Lhcre.Record;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Lhcre.Grains.Tests.Feeds;

/// <summary>Two silos over one storage: what one hears the other knows, and what could not be written is not forgotten.</summary>
public sealed class SourceFeedsGrainTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = RecordExamples.Noon;
    private static readonly SourceSystems Sources = new([new SourceSystem("dorset"), new SourceSystem("hampshire")]);

    private readonly Storage _storage = new();
    private InProcessTestCluster _cluster = null!;

    private ISourceFeedsGrain Grain => _cluster.Client.GetGrain<ISourceFeedsGrain>(ISourceFeedsGrain.Key);

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.Services
            .AddSingleton(Sources)
            .AddSingleton(TimeProvider.System)
            .AddKeyedSingleton<IGrainStorage>(SideState.Name, _storage)
            .AddSourceFeeds());
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_one_silo_hears_the_other_knows_within_seconds()
    {
        var (one, other) = (Feeds(0), Feeds(1));
        Assert.Equal("dorset; never, hampshire; never", other.Current.Header);

        var at = one.Heard("dorset");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (other.Current.All[0].State != SourceState.Fresh)
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        Assert.Equal(at, other.Current.All[0].Contact!.LastContact);
        Assert.Equal((one.Current.Generation, "hampshire; never"), (other.Current.Generation, other.Current.Header));
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_with_what_is_told_next()
    {
        _storage.IsDown = true;
        await Assert.ThrowsAsync<OrleansException>(() => Grain.Exchange([new("kent", Noon)]).AsTask());
        Assert.DoesNotContain(_storage.Contacts, c => c.Source == "kent");

        _storage.IsDown = false;

        Assert.Contains(new SourceContact("kent", Noon), await Grain.Exchange([]));
        Assert.Contains(new SourceContact("kent", Noon), _storage.Contacts);
    }

    [Fact]
    public async Task What_is_known_is_not_written_again_and_a_clock_that_is_ahead_is_not_followed()
    {
        await Grain.Exchange([new("kent", Noon)]);
        var writes = _storage.Writes;

        await Grain.Exchange([]);
        await Grain.Exchange([new("kent", Noon.AddHours(-1))]);
        Assert.Equal(writes, _storage.Writes);

        var known = await Grain.Exchange([new("surrey", DateTimeOffset.MaxValue)]);
        Assert.InRange(known.Single(c => c.Source == "surrey").LastContact, Noon.AddYears(-10), TimeProvider.System.GetUtcNow());
    }

    private SourceFeeds Feeds(int silo) => _cluster.Silos[silo].ServiceProvider.GetRequiredService<SourceFeeds>();

    /// <summary>Keeps the two states that there are, unless it is down.</summary>
    private sealed class Storage : IGrainStorage
    {
        private readonly ConcurrentDictionary<GrainId, object> _others = [];
        private int _writes;

        public volatile bool IsDown;

        public ImmutableArray<SourceContact> Contacts { get; private set; } = [];

        public int Writes => _writes;

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (grainState.State is SourceFeedsState feeds)
                feeds.Contacts = Contacts;
            else if (_others.TryGetValue(grainId, out var other))
                grainState.State = (T)other;
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (IsDown)
                throw new IOException("Down for a test.");
            Interlocked.Increment(ref _writes);
            if (grainState.State is SourceFeedsState feeds)
                Contacts = feeds.Contacts;
            else
                _others[grainId] = grainState.State!;
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
