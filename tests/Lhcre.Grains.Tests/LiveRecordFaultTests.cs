using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>One record over a journal that fails: nothing is acknowledged that is not there, and nothing is there twice.</summary>
public sealed class LiveRecordFaultTests : IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public LiveRecordFaultTests() => _live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Theory]
    [InlineData(JournalFault.Refused)]
    [InlineData(JournalFault.LostCall)]
    public async Task A_push_that_was_not_written_is_not_acknowledged_and_leaves_the_record_as_it_was(JournalFault fault)
    {
        await Take(Push("1", Patient()));
        var before = Served(_live.Snapshot);
        _journal.Fail(fault, verb: nameof(IJournal.Append));

        var answer = await Take(Push("2", Observation("weight")));

        Assert.Equal((PushStatus.Unavailable, 1, 0), (answer.Status, answer.Version, answer.Outcomes.Length));
        Assert.Equal(before, Served(_live.Snapshot));
        Assert.Equal(1, (await Log()).Head.Seq);
        Assert.Equal((PushStatus.Applied, 2), Status(await Take(Push("2", Observation("weight")))));
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task A_push_whose_reply_was_lost_is_found_by_its_id_and_acknowledged_once()
    {
        await Take(Push("1", Patient()));
        _journal.Fail(JournalFault.LostReply, verb: nameof(IJournal.Append));

        var answer = await Take(Push("2", Observation("weight")));

        Assert.Equal((PushStatus.Applied, 2), Status(answer));
        Assert.Equal([Record.FragmentOutcome.Created], answer.Outcomes.AsEnumerable());
        Assert.Equal((PushStatus.Unchanged, 2), Status(await Take(Push("2", Observation("weight")))));
        Assert.Equal(2, (await Log()).Head.Seq);
        Assert.Equal((PushStatus.Applied, 3), Status(await Take(Push("3", Observation("pulse")))));
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task A_push_whose_reply_was_lost_is_not_acknowledged_while_the_journal_is_still_down_and_never_written_twice()
    {
        await Take(Push("1", Patient()));
        _journal.Fail(JournalFault.LostReply, verb: nameof(IJournal.Append));
        _journal.Fail(JournalFault.Refused, nth: 1, verb: nameof(IJournal.Load));
        _journal.Fail(JournalFault.Refused, nth: 2, verb: nameof(IJournal.Load));

        Assert.Equal((PushStatus.Unavailable, 1), Status(await Take(Push("2", Observation("weight")))));
        Assert.Equal((PushStatus.Unavailable, 1), Status(await Take(Push("2", Observation("weight")))));

        Assert.Equal((PushStatus.Unchanged, 2), Status(await Take(Push("2", Observation("weight")))));
        Assert.Equal(2, (await Log()).Head.Seq);
    }

    [Fact]
    public async Task A_first_push_whose_reply_was_lost_is_acknowledged_though_its_clock_had_stepped_back()
    {
        await Take(Push("1", Patient()));
        _clock.AdjustTime(Noon.AddDays(-40));
        _journal.Fail(JournalFault.LostReply, verb: nameof(IJournal.Append));

        Assert.Equal((PushStatus.Applied, 2), Status(await Take(Push("2", Observation("weight")))));
    }

    [Fact]
    public async Task A_row_that_another_activation_wrote_meanwhile_is_not_taken_for_the_lost_one()
    {
        await Take(Push("1", Patient()));
        _journal.Before = async verb =>
        {
            if (verb != nameof(IJournal.Append))
                return;
            _journal.Before = _ => Task.CompletedTask;
            var other = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);
            Assert.Equal(PushStatus.Applied, (await other.Push(Push("other", Observation("pulse")), default)).Status);
            _journal.Fail(JournalFault.LostCall, verb: nameof(IJournal.Append));
        };

        Assert.Equal((PushStatus.Unavailable, 2), Status(await Take(Push("2", Observation("weight")))));

        Assert.Equal((PushStatus.Applied, 3), Status(await Take(Push("2", Observation("weight")))));
        Assert.Equal([1, 2, 3], (await Log()).Rows.Select(r => r.Seq));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_an_error_at_load_and_an_unavailable_push()
    {
        _journal.Fail(JournalFault.Refused, nth: 1, verb: nameof(IJournal.Load));
        _journal.Fail(JournalFault.Refused, nth: 2, verb: nameof(IJournal.Load));

        await Assert.ThrowsAsync<JournalUnavailableException>(() => _live.Load(default));
        Assert.Equal((PushStatus.Unavailable, 0), Status(await Take(Push("1", Patient()))));

        Assert.Equal((PushStatus.Applied, 1), Status(await Take(Push("1", Patient()))));
    }

    [Theory]
    [InlineData(nameof(IJournal.Settle))]
    [InlineData(nameof(IJournal.Unpark))]
    public async Task What_could_not_be_settled_is_not_acknowledged(string verb)
    {
        await Take(Push("1", Patient()));
        _journal.Fail(JournalFault.Refused, verb: verb);
        var push = Push("2", Patient()) with { Settles = [1], Unparks = ["aside"] };

        Assert.Equal((PushStatus.Unavailable, 1), Status(await Take(push)));
        Assert.Equal((PushStatus.Unchanged, 1), Status(await Take(push)));
    }

    private Task<PushAnswer> Take(PushRequest push) => _live.Push(push, default);

    private Task<JournalledRecord> Log() => _journal.Load(JournalExamples.Ann, default);

    private static (PushStatus, long) Status(PushAnswer answer) => (answer.Status, answer.Version);
}
