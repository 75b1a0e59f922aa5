using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>Rows become chunks behind a record's back, and nothing of it shows.</summary>
public sealed class LiveRecordFoldTests : IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public LiveRecordFoldTests() => _live = Activation();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task After_a_fold_a_cold_start_reads_chunks_and_no_rows()
    {
        await Pushed(10);
        await Fold(_live);

        var loaded = await _journal.Load(JournalExamples.Ann, default);
        Assert.Empty(loaded.Rows);
        Assert.Single(loaded.Live);
        Assert.Equal(new RecordHead(1, 10, 10), loaded.Head);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task A_cold_lookup_of_the_whole_record_unfolds_nothing()
    {
        await Pushed(10);
        await Fold(_live);
        var cold = Activation();
        await cold.Load(default);

        var answer = await cold.Read(ReadRequest.Everything, default);

        Assert.Equal((await _live.Read(ReadRequest.Everything, default)).Entries, answer.Entries);
        Assert.Equal((10, 10), (answer.Version, cold.Seq));
        Assert.True(cold.Bytes < _live.Bytes);
    }

    [Fact]
    public async Task A_record_that_settles_goes_on_as_before()
    {
        await Pushed(10);
        await Fold(_live);
        var before = await _live.Read(ReadRequest.Everything, default);
        _live.Settle();

        Assert.Equal(before.Entries, (await _live.Read(ReadRequest.Everything, default)).Entries);
        Assert.Equal(PushStatus.Applied, (await _live.Push(Push("more", Observation("more")), default)).Status);
        Assert.Equal(PushStatus.Unchanged, (await _live.Push(Push("5", Observation("5")), default)).Status);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task A_sources_own_words_come_from_history()
    {
        await Pushed(10);
        await Fold(_live);
        var reads = _journal.Calls(nameof(IJournal.LoadLog));

        var answer = await _live.Read(new ReadRequest(Source, "Observation", "3"), default);

        Assert.Contains("\"id\":\"3\"", System.Text.Encoding.UTF8.GetString(answer.Resource.Span), StringComparison.Ordinal);
        Assert.Equal(reads + 1, _journal.Calls(nameof(IJournal.LoadLog)));
        Assert.Equal(9, (await _live.Read(new ReadRequest(Source, "Observation"), default)).Entries.Length);
    }

    [Fact]
    public async Task What_must_be_shown_anew_in_words_of_history_is_fetched_once()
    {
        await _live.Push(Push("1", Patient(), Observation("weight", performer: "gp")), default);
        await Fold(_live);

        // The reference of the folded Observation leads to a merged resource from now on.
        Assert.Equal(PushStatus.Applied, (await _live.Push(Push("2", Practitioner("gp")), default)).Status);

        Assert.Equal(1, _journal.Calls(nameof(IJournal.LoadLog)));
        Assert.DoesNotContain("/sources/", Served(_live.Snapshot), StringComparison.Ordinal);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task A_push_that_needs_words_which_cannot_be_fetched_is_not_taken()
    {
        await _live.Push(Push("1", Patient(), Observation("weight", performer: "gp")), default);
        await Fold(_live);
        _journal.Fail(JournalFault.Refused, verb: nameof(IJournal.LoadLog));

        Assert.Equal(PushStatus.Unavailable, (await _live.Push(Push("2", Practitioner("gp")), default)).Status);
        Assert.Equal(PushStatus.Applied, (await _live.Push(Push("2", Practitioner("gp")), default)).Status);
    }

    [Fact]
    public async Task A_push_beside_a_fold_is_neither_lost_nor_folded_twice()
    {
        await Pushed(5);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _journal.Before = verb =>
        {
            if (verb != nameof(IJournal.Fold))
                return Task.CompletedTask;
            reached.TrySetResult();
            return go.Task;
        };
        var folding = Fold(_live);
        await reached.Task;
        Assert.Equal(PushStatus.Applied, (await _live.Push(Push("beside", Observation("beside")), default)).Status);
        go.SetResult();
        await folding;

        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
        await Fold(_live);
        Assert.Equal(new RecordHead(1, 6, 6), (await _journal.Load(JournalExamples.Ann, default)).Head);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Theory]
    [InlineData(JournalFault.Refused)]
    [InlineData(JournalFault.LostCall)]
    [InlineData(JournalFault.LostReply)]
    public async Task A_fold_that_fails_harms_nothing_and_may_be_tried_again(JournalFault fault)
    {
        await Pushed(5);
        _journal.Fail(fault, verb: nameof(IJournal.Fold));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Fold(_live));

        Assert.Equal(PushStatus.Applied, (await _live.Push(Push("after", Observation("after")), default)).Status);
        await Fold(_live);
        Assert.Equal(6, (await _journal.Load(JournalExamples.Ann, default)).Head.SnapSeq);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task A_fold_of_an_activation_that_is_behind_writes_nothing()
    {
        await Pushed(5);
        var old = Activation();
        await old.Load(default);
        await _live.Push(Push("later", Observation("later")), default);
        await Fold(_live);
        var other = Activation();
        await other.Push(Push("other", Observation("other")), default);

        await Fold(_live);
        await Fold(old);

        Assert.True(old.IsBehind);
        Assert.Equal(6, (await _journal.Load(JournalExamples.Ann, default)).Head.SnapSeq);
        Assert.Equal(Served(other.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task For_other_addresses_the_record_is_made_anew_from_its_log_and_its_chunks_written_anew()
    {
        await Pushed(5);
        await Fold(_live);
        await _live.Push(Push("behind", Observation("behind")), default);
        var elsewhere = new Addresses("https://record.example.org");
        var moved = new LiveRecord(JournalExamples.Ann, _journal, elsewhere, _clock);
        await moved.Load(default);

        var served = Served(moved.Snapshot);
        Assert.DoesNotContain(Here.Base, served, StringComparison.Ordinal);
        Assert.Equal(Served(_live.Snapshot), served.Replace(elsewhere.Base, Here.Base, StringComparison.Ordinal));
        Assert.True(moved.WantsFold);

        await Fold(moved);
        var again = new LiveRecord(JournalExamples.Ann, _journal, elsewhere, _clock);
        await again.Load(default);
        Assert.False(again.WantsFold);
        Assert.Equal(served, Served(again.Snapshot));
        Assert.Single((await _journal.Load(JournalExamples.Ann, default)).Live);
    }

    [Fact]
    public async Task A_handed_over_record_goes_on_where_it_was()
    {
        await Pushed(5);
        await Fold(_live);
        await _live.Push(Push("behind", Observation("behind")), default);
        var reads = _journal.Reads;

        var next = Activation();
        await next.Take(_live.HandOver(1 << 20)!, default);

        Assert.Equal(reads, _journal.Reads);
        Assert.Equal(Served(_live.Snapshot), Served(next.Snapshot));
        Assert.Equal(PushStatus.Applied, (await next.Push(Push("next", Observation("next")), default)).Status);
        Assert.Equal(PushStatus.Fenced, (await _live.Push(Push("late", Observation("late")), default)).Status);
        Assert.Null(next.HandOver(100));
    }

    [Fact]
    public async Task What_a_record_was_handed_over_with_is_not_confirmed_by_that()
    {
        await Pushed(1);
        var behind = Activation();
        await behind.Load(default);
        await _live.Push(Push("later", Observation("later")), default);
        _clock.Advance(LiveRecord.ConfirmedFor + TimeSpan.FromSeconds(1));

        var next = Activation();
        await next.Take(behind.HandOver(1 << 20)!, default);

        Assert.Equal((1, true), (next.Seq, (await next.Read(ReadRequest.Everything, default)).IsUnconfirmed));
        next.Checked((await _journal.Load(JournalExamples.Ann, default)).Head, _clock.GetUtcNow());
        Assert.True(next.IsBehind);
    }

    [Fact]
    public async Task A_read_that_waits_for_words_while_another_activation_takes_over_is_not_answered()
    {
        await Pushed(5);
        await Fold(_live);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _journal.Before = verb =>
        {
            if (verb != nameof(IJournal.LoadLog))
                return Task.CompletedTask;
            reached.TrySetResult();
            return go.Task;
        };
        var read = _live.Read(new ReadRequest(Source, "Observation", "3"), default);
        await reached.Task;
        await Activation().Push(Push("other", Observation("other")), default);
        Assert.Equal(PushStatus.Fenced, (await _live.Push(Push("late", Observation("late")), default)).Status);
        go.SetResult();

        Assert.Equal(ReadStatus.Fenced, (await read).Status);
    }

    [Fact]
    public async Task The_journals_head_confirms_a_record_or_shows_that_it_is_behind_or_fenced()
    {
        await Pushed(1);
        var reader = Activation();
        await reader.Load(default);
        _clock.Advance(LiveRecord.ConfirmedFor + TimeSpan.FromSeconds(1));
        Assert.True((await _live.Read(ReadRequest.Everything, default)).IsUnconfirmed);

        var head = (await _journal.Load(JournalExamples.Ann, default)).Head;
        _live.Checked(head, _clock.GetUtcNow());
        reader.Checked(head, _clock.GetUtcNow());
        Assert.False((await _live.Read(ReadRequest.Everything, default)).IsUnconfirmed);
        Assert.False((await reader.Read(ReadRequest.Everything, default)).IsUnconfirmed);

        await Activation().Push(Push("other", Observation("other")), default);
        head = (await _journal.Load(JournalExamples.Ann, default)).Head;
        _live.Checked(head, _clock.GetUtcNow());
        reader.Checked(head, _clock.GetUtcNow());
        Assert.Equal(ReadStatus.Fenced, (await _live.Read(ReadRequest.Everything, default)).Status);
        Assert.True(reader.IsBehind);
        Assert.True((await reader.Read(ReadRequest.Everything, default)).IsUnconfirmed);
        await reader.Load(default);
        Assert.Equal((2, false), ((await reader.Read(ReadRequest.Everything, default)).Version, reader.IsBehind));
    }

    [Fact]
    public async Task A_clock_that_steps_back_does_not_make_an_old_check_look_fresh()
    {
        await Pushed(1);
        Assert.False((await _live.Read(ReadRequest.Everything, default)).IsUnconfirmed);

        _clock.AdjustTime(_clock.GetUtcNow() - TimeSpan.FromHours(1));

        Assert.True((await _live.Read(ReadRequest.Everything, default)).IsUnconfirmed);
    }

    private LiveRecord Activation() => new(JournalExamples.Ann, _journal, Here, _clock);

    private static Task Fold(LiveRecord live) => live.Fold(TaskScheduler.Default, default);

    private async Task Pushed(int rows)
    {
        await _live.Push(Push("patient", Patient()), default);
        for (var i = 1; i < rows; i++)
            await _live.Push(Push($"{i}", Observation($"{i}")), default);
    }
}
