using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>Reads of what a record said: what they cost, when they fail, and what they hold up.</summary>
public sealed partial class PastReadingTests : IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public PastReadingTests() => _live = Activation();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(6)]
    [InlineData(long.MaxValue)]
    public async Task A_row_that_never_was_is_no_version(long seq)
    {
        await Pushed(5);

        Assert.Equal(ReadStatus.NoSuchVersion, (await AsOf(seq)).Status);
        Assert.Equal(ReadStatus.NoSuchVersion, (await _live.Read(new ReadRequest { Operation = ReadOperation.History, AsOf = new RecordMoment(seq, null) }, default)).Status);
        Assert.Equal(ReadStatus.NotFound, (await Version(seq)).Status);
        Assert.Equal(0, _journal.Calls(nameof(IJournal.LoadLog)));
    }

    [Fact]
    public async Task Of_somebody_of_whom_nothing_was_pushed_there_is_no_version()
    {
        await _live.Load(default);

        Assert.Equal(ReadStatus.NoSuchVersion, (await AsOf(1)).Status);
        Assert.Equal(ReadStatus.NotFound, (await _live.Read(ReadRequest.Everything with { AsOf = new RecordMoment(null, Noon) }, default)).Status);
        Assert.Equal(ReadStatus.NotFound, (await _live.Read(new ReadRequest { Operation = ReadOperation.History }, default)).Status);
    }

    [Fact]
    public async Task The_present_version_needs_no_journal()
    {
        await Pushed(5);
        _journal.Fail(JournalFault.Refused, verb: nameof(IJournal.LoadLog));

        Assert.Equal(5, (await AsOf(5)).Version);
        Assert.Equal(5, (await _live.Read(ReadRequest.Everything with { AsOf = new RecordMoment(null, _clock.GetUtcNow().AddYears(1)) }, default)).Version);
        Assert.Equal(ReadStatus.Found, (await Version(5, "4")).Status);
        // A resource that has not changed since.
        Assert.Equal(ReadStatus.Found, (await Version(2, "1")).Status);
        Assert.Equal(ReadStatus.NotFound, (await _live.Read(new ReadRequest(null, "Basic", Id("1")) { VersionId = 3 }, default)).Status);
    }

    [Fact]
    public async Task What_sources_said_and_how_it_came_about_is_of_the_very_row_and_what_is_served_of_all_that_changed_none_of_it()
    {
        await _live.Push(Push("1", Observation("1", time: Noon)), default);
        await _live.Push(Push("2", Observation("1", "older", time: Noon.AddDays(-1))), default);
        var explain = new ReadRequest(null, "Observation", Id("1")) { Operation = ReadOperation.Explain };

        Assert.Equal(1, (await AsOf(1)).Version);
        Assert.Equal(0, _journal.Calls(nameof(IJournal.LoadLog)));
        foreach (var request in new[] { new ReadRequest(Source), explain })
        {
            Assert.Equal(2, (await _live.Read(request, default)).Version);
            Assert.Equal(1, (await _live.Read(request with { AsOf = new RecordMoment(1, null) }, default)).Version);
            Assert.Equal(1, (await _live.Read(request with { AsOf = new RecordMoment(null, Noon) }, default)).Version);
        }
    }

    [Fact]
    public async Task What_is_not_at_hand_fails_with_the_journal_and_only_then()
    {
        await Pushed(5);
        _journal.Fail(JournalFault.Refused, verb: nameof(IJournal.LoadLog));

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await AsOf(3));
        Assert.Equal(3, (await AsOf(3)).Version);
        _journal.Fail(JournalFault.Refused, verb: nameof(IJournal.LoadLog));
        Assert.Equal(3, (await AsOf(3)).Version);
    }

    [Fact]
    public async Task A_past_version_is_made_once_for_all_who_read_it_within_a_minute_of_each_other()
    {
        await Pushed(5);
        await Task.WhenAll(AsOf(3).AsTask(), AsOf(3).AsTask(), AsOf(3).AsTask());
        _clock.Advance(PastRecords.KeptFor / 2);
        await AsOf(3);
        _clock.Advance(PastRecords.KeptFor / 2);
        await AsOf(3);
        Assert.Equal(1, _journal.Calls(nameof(IJournal.LoadLog)));
        Assert.True(_live.PastBytes > 0);

        _clock.Advance(PastRecords.KeptFor);
        await AsOf(3);
        Assert.Equal(2, _journal.Calls(nameof(IJournal.LoadLog)));
    }

    [Fact]
    public async Task Past_versions_leave_memory_by_themselves()
    {
        await Pushed(5);
        var bytes = _live.Bytes;
        await AsOf(3);
        await _live.Read(new ReadRequest { Operation = ReadOperation.History }, default);
        Assert.True(_live.Bytes > bytes);

        _clock.Advance(PastRecords.KeptFor);
        // The timer's work goes on by itself.
        for (var i = 0; i < 1_000 && _live.PastBytes > 0; i++)
            await Task.Delay(1);

        Assert.Equal(bytes, _live.Bytes);
    }

    [Fact]
    public async Task Few_past_versions_are_kept_at_a_time()
    {
        await Pushed(8);
        for (var seq = 1; seq <= PastRecords.Most + 1; seq++)
            await AsOf(seq);
        var reads = _journal.Calls(nameof(IJournal.LoadLog));

        await AsOf(PastRecords.Most + 1);
        await AsOf(2);
        Assert.Equal(reads, _journal.Calls(nameof(IJournal.LoadLog)));
        await AsOf(1);
        Assert.Equal(reads + 1, _journal.Calls(nameof(IJournal.LoadLog)));
    }

    [Fact]
    public async Task A_read_of_the_past_holds_up_neither_pushes_nor_reads_nor_folds()
    {
        await Pushed(5);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _journal.Before = verb =>
        {
            if (verb != nameof(IJournal.LoadLog))
                return Task.CompletedTask;
            reached.TrySetResult();
            return go.Task;
        };
        var past = AsOf(3).AsTask();
        await reached.Task;

        Assert.Equal(PushStatus.Applied, (await _live.Push(Push("beside", Observation("beside")), default)).Status);
        Assert.Equal(6, (await _live.Read(ReadRequest.Everything, default)).Version);
        await _live.Fold(TaskScheduler.Default, default);
        Assert.False(past.IsCompleted);
        go.SetResult();
        Assert.Equal(3, (await past).Version);
    }

    [Fact]
    public async Task In_a_silo_one_past_version_is_made_at_a_time()
    {
        await Pushed(5);
        using var replays = new Replays();
        var other = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock, replays: replays);
        await other.Load(default);
        var (began, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var somebodyElses = replays.InTurn(
            async () =>
            {
                began.SetResult();
                await go.Task;
                return 0;
            },
            default);
        await began.Task;

        var past = other.Read(ReadRequest.Everything with { AsOf = new RecordMoment(3, null) }, default).AsTask();
        Assert.Equal(5, (await other.Read(ReadRequest.Everything, default)).Version);
        Assert.False(past.IsCompleted);
        go.SetResult();

        Assert.Equal(3, (await past).Version);
        await somebodyElses;
        Assert.Equal(0, replays.Count);
    }

    [Fact]
    public async Task Where_too_many_wait_for_past_versions_others_are_told_to_come_again()
    {
        await Pushed(5);
        using var replays = new Replays();
        var go = new TaskCompletionSource<int>();
        var waiting = Enumerable.Range(0, Replays.MostWaiting + 1).Select(_ => replays.InTurn(() => go.Task, default)).ToList();
        var live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock, replays: replays);
        await live.Load(default);
        var past = ReadRequest.Everything with { AsOf = new RecordMoment(3, null) };

        Assert.True((await Assert.ThrowsAsync<JournalUnavailableException>(async () => await live.Read(past, default))).IsBusy);
        Assert.Equal(5, (await live.Read(ReadRequest.Everything, default)).Version);
        go.SetResult(0);
        await Task.WhenAll(waiting);
        Assert.Equal(3, (await live.Read(past, default)).Version);
    }

    [Fact]
    public async Task An_activation_that_is_behind_finds_the_row_that_another_one_appended()
    {
        await Pushed(5);
        var behind = Activation();
        await behind.Load(default);
        await _live.Push(Push("later", Observation("later")), default);

        Assert.Equal(6, (await behind.Read(ReadRequest.Everything with { AsOf = new RecordMoment(6, null) }, default)).Version);
        Assert.Equal(ReadStatus.NoSuchVersion, (await behind.Read(ReadRequest.Everything with { AsOf = new RecordMoment(7, null) }, default)).Status);
    }

    [Fact]
    public async Task What_is_of_a_known_row_does_not_depend_on_what_may_have_come_since()
    {
        await Pushed(5);
        _clock.Advance(LiveRecord.ConfirmedFor + TimeSpan.FromSeconds(1));

        Assert.True((await _live.Read(ReadRequest.Everything, default)).IsUnconfirmed);
        Assert.True((await _live.Read(ReadRequest.Everything with { AsOf = new RecordMoment(null, _clock.GetUtcNow()) }, default)).IsUnconfirmed);
        Assert.False((await AsOf(5)).IsUnconfirmed);
        Assert.False((await AsOf(3)).IsUnconfirmed);
        Assert.False((await Version(2, "1")).IsUnconfirmed);
    }

    private static DateTimeOffset At(long seq) => Noon.AddDays(-30 + seq);

    private LiveRecord Activation() => new(JournalExamples.Ann, _journal, Here, _clock);

    private ValueTask<ReadAnswer> AsOf(long seq) => _live.Read(ReadRequest.Everything with { AsOf = new RecordMoment(seq, null) }, default);

    private ValueTask<ReadAnswer> Version(long version, string id = "1") =>
        _live.Read(new ReadRequest(null, "Observation", Id(id)) { VersionId = version }, default);

    private static string Id(string id) => new MergedId(JournalExamples.Ann, Key("Observation", id).Hash()).ToString();

    // As a release with other merge rules would have.
    private async Task Appended(long seq, byte rules, params Fragment[] fragments)
    {
        byte[] body = [LogBody.RowFormat, rules, .. LogBody.Write([.. Merge.Accept(PatientRecord.Empty(JournalExamples.Ann, Here), fragments, At(seq)).Fragments]).Span];
        var append = new Append { Patient = JournalExamples.Ann, OldEpoch = seq - 1, NewEpoch = seq, Row = new LogRow(seq, PushId.Of(Source, $"{seq}"), At(seq), body), Source = Source };
        Assert.Equal(AppendOutcome.Committed, await _journal.Append(append, default));
    }

    private async Task Pushed(int rows)
    {
        await _live.Push(Push("patient", Patient()), default);
        for (var i = 1; i < rows; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await _live.Push(Push($"{i}", Observation($"{i}")), default);
        }
    }
}
