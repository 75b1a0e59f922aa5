using System.Text;
using CsCheck;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>Whoever reads a record page by page reads one version of it: nothing twice, nothing left out, whatever comes in meanwhile.</summary>
public sealed class PagingTests : IAsyncDisposable
{
    // What happens between two pages, bit by bit: something is added, something changes, something goes, a fold, a rest, a restart.
    private static readonly Gen<(int Rows, int Count, bool IsOfType, int[] Between)> Readings = Gen.Select(
        Gen.Int[1, 12], Gen.Int[1, 5], Gen.Bool, Gen.Frequency((3, Gen.Int[0, 31]), (1, Gen.Int[32, 63])).Array[1, 14]);

    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public PagingTests() => _live = new(JournalExamples.Ann, _journal, Here, _clock);

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public Task Pages_put_together_are_what_there_was_when_the_first_was_read() => Readings.SampleAsync(
        async reading =>
        {
            await using var journal = new SimulatedJournal();
            var (live, clock) = (default(LiveRecord)!, NoonClock());
            Restart();
            for (var i = 0; i < reading.Rows; i++)
                await live.Push(Push($"{i}", Patient(), Observation($"{i}"), Observation($"{i % 3}", $"{i}")), default);
            var request = reading.IsOfType ? new ReadRequest(null, "Observation") : ReadRequest.Everything;
            var whole = await live.Read(request, default);

            var (pages, version) = (new List<byte[]>(), whole.Version);
            var page = await live.Read(request with { Count = reading.Count }, default);
            for (var i = 0; ; i++)
            {
                Assert.Equal((version, whole.LastUpdated, whole.Entries.Length), (page.Version, page.LastUpdated, page.Total));
                Assert.InRange(page.Entries.Length, 1, reading.Count);
                pages.AddRange(page.Entries);
                if (page.Next is not { } next)
                    break;
                await Between(reading.Between[i % reading.Between.Length], i);
                page = await live.Read(request with { Count = reading.Count, Skip = next, AsOf = new RecordMoment(version, null) }, default);
            }

            Assert.Equal(whole.Entries.Select(Encoding.UTF8.GetString), pages.Select(Encoding.UTF8.GetString));

            void Restart() => live = new LiveRecord(JournalExamples.Ann, journal, Here, clock);

            async Task Between(int acts, int nth)
            {
                clock.Advance(TimeSpan.FromSeconds(acts));
                if ((acts & 1) != 0)
                    await live.Push(Push($"added {nth}", Observation($"added-{nth}")), default);
                if ((acts & 2) != 0)
                    await live.Push(Push($"changed {nth}", Observation("0", $"changed {nth}"), Patient(mrn: $"M{nth}")), default);
                if ((acts & 4) != 0)
                    await live.Push(Push($"gone {nth}", Fragment.Deleted(Key("Observation", $"{nth % 5}"), null)), default);
                if ((acts & 8) != 0)
                    await live.Fold(TaskScheduler.Default, default);
                if ((acts & 16) != 0)
                    live.Settle();
                if ((acts & 32) == 0)
                    return;
                Restart();
                await live.Load(default);
            }
        },
        iter: 100,
        threads: 2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_version_that_somebody_reads_by_pages_is_kept_and_not_made_anew(bool isFolded)
    {
        for (var i = 0; i < 6; i++)
            await _live.Push(Push($"{i}", Observation($"{i}")), default);
        if (isFolded)
        {
            await _live.Fold(TaskScheduler.Default, default);
            _live.Settle();
        }

        var first = await Page(new ReadRequest(null, "Observation"), 0, null);
        var second = await Page(new ReadRequest(null, "Observation"), first.Next, first.Version);
        _clock.Advance(TimeSpan.FromSeconds(59));
        await _live.Push(Push("more", Observation("more")), default);
        await _live.Push(Push("still more", Observation("still-more")), default);
        var third = await Page(new ReadRequest(null, "Observation"), second.Next, first.Version);

        Assert.Equal([6, 6, 6], new[] { first, second, third }.Select(p => p.Total));
        Assert.Null(third.Next);
        Assert.Equal(0, _journal.Calls(nameof(IJournal.LoadLog)));
        Assert.Equal(8, (await Page(new ReadRequest(null, "Observation"), 0, null)).Total);
    }

    [Fact]
    public async Task What_nobody_reads_by_pages_is_not_kept()
    {
        await _live.Push(Push("1", Observation("1"), Observation("2"), Observation("3")), default);
        await _live.Read(ReadRequest.Everything, default);
        await _live.Push(Push("2", Observation("4")), default);
        Assert.Equal(0, _live.PastBytes);

        await Page(ReadRequest.Everything, 0, null);
        _clock.Advance(PastRecords.KeptFor + TimeSpan.FromSeconds(1));
        await _live.Push(Push("3", Observation("5")), default);
        Assert.Equal(0, _live.PastBytes);
    }

    [Fact]
    public async Task A_push_that_changes_nothing_that_is_served_leaves_the_version_as_it_is()
    {
        await _live.Push(Push("1", Observation("1", time: Noon), Observation("2", time: Noon), Observation("3", time: Noon)), default);
        var first = await Page(ReadRequest.Everything, 0, null);
        Assert.Equal(PushStatus.Applied, (await _live.Push(Push("2", Observation("1", "older", time: Noon.AddDays(-1))), default)).Status);

        var second = await Page(ReadRequest.Everything, first.Next, first.Version);

        Assert.Equal((1, 2, 0), (second.Version, _live.Seq, _journal.Calls(nameof(IJournal.LoadLog))));
        Assert.Equal(0, _live.PastBytes);
    }

    private ValueTask<ReadAnswer> Page(ReadRequest request, int? skip, long? version) =>
        _live.Read(request with { Count = 2, Skip = skip!.Value, AsOf = version is null ? null : new RecordMoment(version, null) }, default);
}
