using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>Records in several silos over one journal: who notices what, and what goes along when a silo stops.</summary>
public sealed class PatientGrainClusterTests : IAsyncLifetime, IAsyncDisposable
{
    private const int HandOverBytes = 8 * 1024;

    private readonly SimulatedJournal _journal = new();
    private readonly PatientKey _key = JournalExamples.Patient(7);
    private InProcessTestCluster _cluster = null!;

    private IPatientGrain Grain => _cluster.Client.GetGrain<IPatientGrain>(_key.Value);

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.Services
            .AddSingleton<IJournal>(_journal)
            .AddSingleton(Here)
            .AddSingleton(TimeProvider.System)
            .AddResidents(new ResidentLimits(long.MaxValue, HandOverBytes)));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task A_warm_record_that_another_activation_has_taken_over_answers_nobody_once_its_head_was_seen()
    {
        await Grain.Push(Push("1", Patient()), Caller.Development);
        await Elsewhere(Push("2", Observation("weight")));
        // Nobody told it: what it holds was on disk, and it says so.
        Assert.Single((await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries);

        await CheckAll();

        Assert.Equal(ReadStatus.Fenced, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Status);
        Assert.Equal(2, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries.Length);
    }

    [Fact]
    public async Task A_warm_record_that_is_behind_is_read_anew_at_its_next_use()
    {
        await Elsewhere(Push("1", Patient()));
        Assert.Single((await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries);
        await Elsewhere(Push("2", Observation("weight")));

        await CheckAll();

        Assert.Equal(PushStatus.Fenced, (await Grain.Push(Push("3", Observation("pulse")), Caller.Development)).Status);
        Assert.Equal(PushStatus.Applied, (await Grain.Push(Push("3", Observation("pulse")), Caller.Development)).Status);
        Assert.Equal(3, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries.Length);
    }

    [Fact]
    public async Task A_record_that_nobody_else_changed_stays_where_it_is()
    {
        await Grain.Push(Push("1", Patient()), Caller.Development);
        var loads = _journal.Calls(nameof(IJournal.Load));

        for (var i = 0; i < 3; i++)
        {
            await CheckAll();
            Assert.Equal(ReadStatus.Found, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Status);
            Assert.Equal(PushStatus.Applied, (await Grain.Push(Push($"again {i}", Observation("weight", $"{i}")), Caller.Development)).Status);
        }

        Assert.Equal(loads, _journal.Calls(nameof(IJournal.Load)));
    }

    [Fact]
    public async Task Records_that_leave_for_want_of_room_are_read_again_when_they_are_asked_for()
    {
        await Grain.Push(Push("1", Patient()), Caller.Development);
        var loads = _journal.Calls(nameof(IJournal.Load));
        foreach (var silo in _cluster.Silos)
            silo.ServiceProvider.GetRequiredService<Residents>().Shed();
        Assert.Equal(loads, _journal.Calls(nameof(IJournal.Load)));
        Assert.Equal(1, _cluster.Silos.Sum(s => s.ServiceProvider.GetRequiredService<Residents>().Count));

        await _cluster.DeactivateAsync(Grain);

        Assert.Equal((0, 0L), (_cluster.Silos.Sum(s => s.ServiceProvider.GetRequiredService<Residents>().Count), _cluster.Silos.Sum(s => s.ServiceProvider.GetRequiredService<Residents>().Bytes)));
        Assert.Single((await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries);
        Assert.Equal(loads + 1, _journal.Calls(nameof(IJournal.Load)));
    }

    [Fact]
    public async Task A_silo_that_stops_hands_its_small_records_over_and_leaves_large_ones_to_the_journal()
    {
        const int People = 60;
        var large = string.Concat(Enumerable.Range(0, 4_000).Select(n => Guid.NewGuid().ToString()));
        var grains = Enumerable.Range(100, People).Select(n => _cluster.Client.GetGrain<IPatientGrain>(JournalExamples.Patient(n).Value)).ToArray();
        for (var n = 0; n < People; n++)
            await grains[n].Push(Push("1", Patient($"p{n}", $"M{n}"), Observation("weight", n % 10 == 0 ? large : "1")), Caller.Development);
        var before = await Task.WhenAll(grains.Select(async g => await g.Read(ReadRequest.Everything, Caller.Development)));
        var (leaving, staying) = (_cluster.Silos[1], _cluster.Silos[0]);
        var (parts, others) = (leaving.ServiceProvider.GetRequiredService<Residents>(), staying.ServiceProvider.GetRequiredService<Residents>());
        var (there, loads) = (parts.Count, _journal.Calls(nameof(IJournal.Load)));
        Assert.InRange(there, 10, People - 10);

        await _cluster.StopSiloAsync(leaving);

        Assert.Equal((there, 0), (parts.HandedOver + parts.LeftBehind, parts.Count));
        Assert.InRange(parts.HandedOver, there / 2, there);
        Assert.Equal(parts.HandedOver, others.TakenOver);
        // What was handed over is served, and pushed to, without a look into the journal.
        var after = await Task.WhenAll(grains.Select(async g => await g.Read(ReadRequest.Everything, Caller.Development)));
        Assert.Equal(before.SelectMany(a => a.Entries), after.SelectMany(a => a.Entries));
        Assert.Equal(loads + parts.LeftBehind, _journal.Calls(nameof(IJournal.Load)));
        foreach (var grain in grains)
            Assert.Equal((PushStatus.Applied, 2L), await grain.Push(Push("2", Observation("pulse")), Caller.Development) is var answer ? (answer.Status, answer.Version) : default);
    }

    [Fact]
    public async Task A_record_that_nobody_asks_for_is_folded_and_served_as_before_and_goes_on_taking_pushes()
    {
        for (var n = 0; n < 20; n++)
            await Grain.Push(Push($"{n}", Patient(), Observation($"o{n}")), Caller.Development);
        var before = await Grain.Read(ReadRequest.Everything, Caller.Development);
        Assert.Equal(0, _journal.Calls(nameof(IJournal.Fold)));

        foreach (var silo in _cluster.Silos)
            silo.ServiceProvider.GetRequiredService<Residents>().Rest(TimeSpan.Zero);
        for (var patience = 0; _journal.Calls(nameof(IJournal.Fold)) == 0 && patience < 500; patience++)
            await Task.Delay(10);

        Assert.Equal(20, (await _journal.Heads([_key], default))[0].SnapSeq);
        Assert.Equal(before.Entries, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries);
        Assert.Equal(PushStatus.Applied, (await Grain.Push(Push("more", Observation("more")), Caller.Development)).Status);
        Assert.Equal(22, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries.Length);
    }

    private async Task Elsewhere(PushRequest push)
    {
        var elsewhere = new LiveRecord(_key, _journal, Here, TimeProvider.System);
        Assert.Equal(PushStatus.Applied, (await elsewhere.Push(push, default)).Status);
    }

    private async Task CheckAll()
    {
        foreach (var silo in _cluster.Silos)
            await silo.ServiceProvider.GetRequiredService<Residents>().Check(default);
    }
}
