using Lhcre.Grains.Journal;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public sealed class SimulatedJournalTests : JournalSpec
{
    private SimulatedJournal? _last;

    protected override Task<IJournal> Open() => Task.FromResult<IJournal>(_last = _last?.Crash() ?? new SimulatedJournal());

    [Theory]
    [InlineData(JournalFault.Refused, false, false)]
    [InlineData(JournalFault.LostCall, true, false)]
    [InlineData(JournalFault.LostReply, true, true)]
    public async Task A_chosen_call_fails_once_and_says_truly_what_its_caller_may_know(JournalFault fault, bool unknown, bool written)
    {
        _last!.Fail(fault, nth: 2, verb: nameof(IJournal.Append));

        await Commit(Append(Ann, 1));
        await Journal.Load(Ann, None);
        var failure = await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.Append(Append(Ann, 2), None));

        Assert.Equal(unknown, failure.OutcomeUnknown);
        Assert.Equal(written ? 2 : 1, (await Journal.Load(Ann, None)).Head.Seq);
        await Commit(Append(Ann, written ? 3 : 2));
    }

    [Fact]
    public async Task Calls_are_counted_by_verb_and_as_reads_and_writes()
    {
        await Commit(Append(Ann, 1));
        await Journal.Load(Ann, None);
        await Journal.FindPatients([Key("o1")], None);
        await Journal.FindPatients(Source, new LocalIdentifier("mrn", "1"), None);

        Assert.Equal((3, 1), (_last!.Reads, _last.Writes));
        Assert.Equal((1, 2, 0), (_last.Calls(nameof(IJournal.Load)), _last.Calls(nameof(IJournal.FindPatients)), _last.Calls(nameof(IJournal.Park))));
    }

    [Fact]
    public async Task A_call_may_be_held_while_others_go_by()
    {
        var gate = new TaskCompletionSource();
        _last!.Before = verb => verb == nameof(IJournal.Append) ? gate.Task : Task.CompletedTask;

        var held = Journal.Append(Append(Ann, 1), None);
        Assert.Equal("(0, 0): ", await Loaded(Ann));
        gate.SetResult();

        Assert.Equal(AppendOutcome.Committed, await held);
    }

    [Fact]
    public async Task A_crash_ends_the_instance_and_leaves_what_it_committed()
    {
        await Commit(Append(Ann, 1));

        var next = _last!.Crash();

        await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.Load(Ann, None));
        Assert.Equal(1, (await next.Load(Ann, None)).Head.Seq);
    }
}
