using Lhcre.Contracts;
using Lhcre.Record;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;

namespace Lhcre.Grains.Tests;

/// <summary>What was ordered is carried out once, in its order, and gone on with by others where whoever had it is silent.</summary>
public sealed class CorrectionJobsGrainTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = RecordExamples.NoonClock();
    private InProcessTestCluster _cluster = null!;

    private ICorrectionJobsGrain Grain => _cluster.Client.GetGrain<ICorrectionJobsGrain>("dorset");

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddMemoryGrainStorage(SideState.Name).Services.AddSingleton<TimeProvider>(_clock));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_is_the_same_is_ordered_once_and_a_quarantine_again_after_its_end()
    {
        var first = await Grain.Order(Quarantine("1", from: 1));

        Assert.Equal(first.Request.Id, (await Grain.Order(Quarantine("1", from: 2))).Request.Id);
        Assert.Equal(first.Request.Id, (await Grain.Order(Quarantine("2", from: 1))).Request.Id);
        Assert.Equal(Id("3"), (await Grain.Order(Quarantine("3", from: 1) with { Person = "p" })).Request.Id);
        Assert.Equal(Id("end"), (await Grain.Order(End("end", "1"))).Request.Id);
        Assert.Equal(Id("end"), (await Grain.Order(End("other end", "1"))).Request.Id);
        Assert.Equal(Id("4"), (await Grain.Order(Quarantine("4", from: 1))).Request.Id);
        Assert.Equal(["1", "3", "end", "4"], (await Grain.List()).Select(j => j.Request.Reason));
    }

    [Fact]
    public async Task One_is_taken_up_at_a_time_by_one_and_by_another_when_that_one_is_silent()
    {
        await Grain.Order(Quarantine("1", from: 1));
        await Grain.Order(End("end", "1"));

        var taken = (await Grain.Take("silo 1"))!;
        Assert.Equal((Id("1"), RecordExamples.Noon), (taken.Request.Id, taken.Began));
        Assert.Null(await Grain.Take("silo 2"));
        Assert.True(await Grain.Advance(taken with { After = "somebody", Told = 64 }));
        _clock.Advance(TimeSpan.FromSeconds(31));

        var resumed = (await Grain.Take("silo 2"))!;
        Assert.Equal(("somebody", 64, 1), (resumed.After, resumed.Told, resumed.Resumed));
        Assert.False(await Grain.Advance(taken with { Ended = _clock.GetUtcNow() }));
        Assert.True(await Grain.Advance(resumed with { Ended = _clock.GetUtcNow() }));
        Assert.False(await Grain.Advance(resumed with { Told = 128 }));

        Assert.Equal(Id("end"), (await Grain.Take("silo 1"))!.Request.Id);
    }

    private static PushId Id(string name) => PushId.Of("operator", name);

    private CorrectionJob Quarantine(string name, int from) => Job(new Quarantine(Id(name), "dorset", name, RecordExamples.Noon.AddHours(from), RecordExamples.Noon.AddDays(1)));

    private CorrectionJob End(string name, string of) => Job(new QuarantineEnd(Id(name), "dorset", name, Id(of)));

    private CorrectionJob Job(Correction correction) => new() { Request = CorrectionRequest.Of(correction), At = _clock.GetUtcNow() };
}
