using System.Text;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>A record behind a grain reference: everything here goes over the wire, and through Orleans' turns and lifetimes.</summary>
public sealed class PatientGrainTests(PatientGrainTests.Cluster cluster) : IClassFixture<PatientGrainTests.Cluster>
{
    private static int _people;

    private readonly PatientKey _key = JournalExamples.Patient(Interlocked.Increment(ref _people));

    private IPatientGrain Grain => cluster.Grains.GetGrain<IPatientGrain>(_key.Value);

    private SimulatedJournal Journal => cluster.Journal;

    [Fact]
    public async Task A_push_through_a_grain_reference_is_read_back_in_the_records_own_bytes()
    {
        var pushed = await Grain.Push(Push("1", Patient(), Observation("weight")), Caller.Development);
        var everything = await Grain.Read(ReadRequest.Everything, Caller.Development);

        Assert.Equal((PushStatus.Applied, 1), (pushed.Status, pushed.Version));
        Assert.Equal([FragmentOutcome.Created, FragmentOutcome.Created], pushed.Outcomes.AsEnumerable());
        var local = new LiveRecord(_key, Journal, Here, TimeProvider.System);
        await local.Load(default);
        Assert.Equal(local.Snapshot.All.ToArray().Select(r => r.BundleEntryBytes), everything.Entries);
        Assert.Equal((ReadStatus.Found, 1, local.Snapshot.LastUpdated), (everything.Status, everything.Version, everything.LastUpdated!.Value));
        Assert.Equal(everything.Entries.Sum(e => e.Length), everything.EntryBytes);
    }

    [Fact]
    public async Task One_resource_of_one_source_is_read_as_it_was_sent()
    {
        var weight = Observation("weight");
        await Grain.Push(Push("1", Patient(), weight), Caller.Development);

        var answer = await Grain.Read(new ReadRequest(Source, "Observation", "weight"), Caller.Development);

        Assert.Equal(weight.AsSent.ToArray(), answer.Resource.ToArray());
        Assert.Equal(ReadStatus.NotFound, (await Grain.Read(new ReadRequest(Source, "Observation", "pulse"), Caller.Development)).Status);
        await Grain.Push(Push("2", Fragment.Deleted(weight.Key)), Caller.Development);
        Assert.Equal(ReadStatus.Gone, (await Grain.Read(new ReadRequest(Source, "Observation", "weight"), Caller.Development)).Status);
    }

    [Fact]
    public async Task Readers_that_go_from_page_to_page_while_pushes_go_on_read_one_version_each()
    {
        await Grain.Push(Push("first", [Patient(), .. Enumerable.Range(0, 10).Select(i => Observation($"{i}"))]), Caller.Development);
        var pushing = Pushing();
        var readings = await Task.WhenAll(Enumerable.Range(1, 4).Select(Reading));
        await pushing;

        Assert.True(readings.SelectMany(r => r.Keys).Distinct().Count() > 1, "Pushes and pages were not beside each other.");
        foreach (var (version, pages) in readings.SelectMany(r => r))
            Assert.Equal((await Grain.Read(ReadRequest.Everything with { AsOf = new RecordMoment(version, null) }, Caller.Development)).Entries, pages);
        var history = await Grain.Read(new ReadRequest { Operation = ReadOperation.History }, Caller.Development);
        Assert.Equal((ReadStatus.Found, history.Total), (history.Status, history.Entries.Length));

        async Task Pushing()
        {
            for (var i = 0; i < 60; i++)
            {
                var one = i % 3 == 0 ? Fragment.Deleted(Key("Observation", $"{i % 10}"), null) : Observation($"{i % 10}", $"{i}");
                Assert.Equal(PushStatus.Applied, (await Grain.Push(Push($"{i}", one, Observation($"more-{i}")), Caller.Development)).Status);
            }
        }

        async Task<Dictionary<long, List<byte[]>>> Reading(int count)
        {
            var read = new Dictionary<long, List<byte[]>>();
            do
            {
                var page = await Grain.Read(ReadRequest.Everything with { Count = count }, Caller.Development);
                var (version, entries) = (page.Version, page.Entries.ToList());
                while (page.Next is { } next)
                {
                    page = await Grain.Read(ReadRequest.Everything with { Count = count, Skip = next, AsOf = new RecordMoment(version, null) }, Caller.Development);
                    Assert.Equal(version, page.Version);
                    entries.AddRange(page.Entries);
                }

                read[version] = entries;
            }
            while (!pushing.IsCompleted);
            return read;
        }
    }

    [Fact]
    public async Task Nobody_is_not_found()
    {
        Assert.Equal(ReadStatus.NotFound, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Status);
        Assert.Empty(await Grain.History(Caller.Development));
    }

    [Fact]
    public async Task A_quarantine_and_its_end_are_versions_of_the_record()
    {
        await Grain.Push(Push("1", Patient()), Caller.Development);
        var quarantine = new Quarantine(PushId.Of("operator", "q"), Source, "a wrong mapping", default, null);

        Assert.Equal(PushStatus.Applied, (await Grain.Correct(CorrectionRequest.Of(quarantine), Caller.Development)).Status);
        Assert.Empty((await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries);
        Assert.Equal(PushStatus.Applied, (await Grain.Correct(CorrectionRequest.Of(new QuarantineEnd(PushId.Of("operator", "e"), Source, "mended", quarantine.Id)), Caller.Development)).Status);

        Assert.Single((await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries);
        Assert.Equal(
            [(1, Source, 1, null), (2, Source, 0, "a wrong mapping"), (3, Source, 0, "mended")],
            (await Grain.History(Caller.Development)).Select(v => ((int)v.Seq, v.Source, v.Fragments, v.Corrects)));
    }

    [Fact]
    public async Task Reads_are_answered_while_a_push_waits_for_its_commit_and_pushes_wait_their_turn()
    {
        await Grain.Push(Push("1", Patient()), Caller.Development);
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        Journal.Before = verb =>
        {
            if (verb != nameof(IJournal.Append))
                return Task.CompletedTask;
            reached.TrySetResult();
            return gate.Task;
        };

        var second = Grain.Push(Push("2", Observation("weight")), Caller.Development).AsTask();
        var third = Grain.Push(Push("3", Observation("pulse")), Caller.Development).AsTask();
        await reached.Task;
        var meanwhile = await Grain.Read(ReadRequest.Everything, Caller.Development);
        var history = await Grain.History(Caller.Development);

        Assert.Equal((1, 1), (meanwhile.Version, meanwhile.Entries.Length));
        Assert.Single(history);
        Assert.False(second.IsCompleted || third.IsCompleted);
        Journal.Before = _ => Task.CompletedTask;
        gate.SetResult();
        Assert.Equal([2, 3], new[] { (await second).Version, (await third).Version }.Order());
        Assert.Equal(3, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries.Length);
    }

    [Fact]
    public async Task Every_row_of_the_journal_is_a_version_in_the_history()
    {
        await Grain.Push(Push("1", Patient(), Observation("weight")), Caller.Development);
        await Grain.Push(Push("2", Observation("weight")), Caller.Development);
        await Grain.Push(Push("3", Fragment.Deleted(Key("Observation", "weight"))), Caller.Development);

        var history = await Grain.History(Caller.Development);

        Assert.Equal([(1L, Source, 2), (2L, Source, 1)], history.Select(v => (v.Seq, v.Source, v.Fragments)));
        Assert.Equal((await Journal.Load(_key, default)).Rows.Select(r => r.At), history.Select(v => v.At));
    }

    [Fact]
    public async Task A_record_outlives_its_activation()
    {
        await Grain.Push(Push("1", Patient(), Observation("weight")), Caller.Development);
        var before = await Grain.Read(ReadRequest.Everything, Caller.Development);

        await cluster.Deactivate(Grain);

        var after = await Grain.Read(ReadRequest.Everything, Caller.Development);
        Assert.Equal(before.Entries, after.Entries);
        Assert.Equal((before.Version, before.LastUpdated), (after.Version, after.LastUpdated));
        Assert.Equal((PushStatus.Unchanged, 1L), Status(await Grain.Push(Push("1", Observation("pulse")), Caller.Development)));
    }

    [Fact]
    public async Task A_fenced_activation_goes_and_the_next_one_takes_the_push()
    {
        await Grain.Push(Push("1", Patient()), Caller.Development);
        var elsewhere = new LiveRecord(_key, Journal, Here, TimeProvider.System);
        await elsewhere.Push(Push("2", Observation("weight")), default);

        var fenced = await Grain.Push(Push("3", Observation("pulse")), Caller.Development);
        var again = await Grain.Push(Push("3", Observation("pulse")), Caller.Development);

        Assert.Equal((PushStatus.Fenced, PushStatus.Applied), (fenced.Status, again.Status));
        Assert.Equal(3, (await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries.Length);
    }

    [Fact]
    public async Task A_grain_whose_journal_is_down_when_it_is_first_called_fails_and_works_once_the_journal_is_back()
    {
        Journal.Fail(JournalFault.Refused, nth: 1, verb: nameof(IJournal.Load));
        var read = await Assert.ThrowsAnyAsync<Exception>(async () => await Grain.Read(ReadRequest.Everything, Caller.Development));
        Journal.Fail(JournalFault.Refused, nth: 1, verb: nameof(IJournal.Load));
        var push = await Assert.ThrowsAnyAsync<Exception>(async () => await Grain.Push(Push("1", Patient()), Caller.Development));

        // Whoever calls can tell the journal's failure from others, and that this push was not taken.
        Assert.IsType<JournalUnavailableException>(read.GetBaseException());
        Assert.IsType<JournalUnavailableException>(push.GetBaseException());
        Assert.Equal((PushStatus.Applied, 1L), Status(await Grain.Push(Push("1", Patient()), Caller.Development)));
        Assert.Contains("\"Patient\"", Encoding.UTF8.GetString((await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warm_grain_whose_journal_is_down_takes_no_push_and_goes_on_answering()
    {
        await Grain.Push(Push("1", Patient()), Caller.Development);
        Journal.Fail(JournalFault.Refused, verb: nameof(IJournal.Append));

        Assert.Equal((PushStatus.Unavailable, 1L), Status(await Grain.Push(Push("2", Observation("weight")), Caller.Development)));

        Assert.Single((await Grain.Read(ReadRequest.Everything, Caller.Development)).Entries);
        Assert.Equal((PushStatus.Applied, 2L), Status(await Grain.Push(Push("2", Observation("weight")), Caller.Development)));
    }

    private static (PushStatus, long) Status(PushAnswer answer) => (answer.Status, answer.Version);

    /// <summary>One silo and a client of it in this process, over a simulated journal.</summary>
    public sealed class Cluster : IAsyncLifetime
    {
        private InProcessTestCluster _cluster = null!;

        public SimulatedJournal Journal { get; } = new();

        public IGrainFactory Grains => _cluster.Client;

        public Task Deactivate(IAddressable grain) => _cluster.DeactivateAsync(grain);

        public async Task InitializeAsync()
        {
            var builder = new InProcessTestClusterBuilder(1);
            builder.ConfigureSilo((_, silo) => silo.Services
                .AddSingleton<IJournal>(_ => Journal)
                .AddSingleton(Here)
                .AddSingleton(TimeProvider.System)
                .AddResidents(ResidentLimits.Default));
            _cluster = builder.Build();
            await _cluster.DeployAsync();
        }

        public async Task DisposeAsync() => await _cluster.DisposeAsync();
    }
}
