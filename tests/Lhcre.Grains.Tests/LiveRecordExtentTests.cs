using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>Pushes that are whole, over a journal: what is appended, found and remembered.</summary>
public sealed class LiveRecordExtentTests : IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public LiveRecordExtentTests() => _live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task It_withdraws_in_the_row_of_its_push_and_the_answer_says_how_much()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon), Observation("pulse", time: Noon)));

        var answer = await Take(Whole("2", 1, Patient()));

        Assert.Equal((PushStatus.Applied, 2, 2), (answer.Status, answer.Version, answer.Withdrawn));
        Assert.Equal([FragmentOutcome.Unchanged], answer.Outcomes.AsEnumerable());
        var row = (await _journal.Load(JournalExamples.Ann, default)).Rows[1];
        Assert.Equal(["Observation/pulse", "Observation/weight"], LogBody.Read(row.Body).Where(f => f.Key.Id != "*").Select(f => f.Key.Reference));
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task The_same_again_under_any_id_appends_nothing()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Take(Whole("2", 1, Patient()));

        var (same, other, older) = (await Take(Whole("2", 1, Patient())), await Take(Whole("3", 1, Patient())), await Take(Whole("4", 0, Patient())));

        Assert.Equal([(PushStatus.Unchanged, 0), (PushStatus.Unchanged, 0), (PushStatus.Unchanged, 0)], new[] { same, other, older }.Select(a => (a.Status, a.Withdrawn)));
        Assert.Equal(2, _live.Seq);
    }

    [Fact]
    public async Task It_is_remembered_by_the_next_activation_also_from_chunks()
    {
        await Take(Push("1", Patient()));
        await Take(Whole("2", 2, Patient()));
        await _live.Fold(TaskScheduler.Default, default);
        var next = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);

        var late = await next.Push(Push("3", Observation("weight", time: Noon.AddHours(1)), Observation("pulse", time: Noon.AddHours(3))), default);

        Assert.Equal([FragmentOutcome.Superseded, FragmentOutcome.Created], late.Outcomes.AsEnumerable());
    }

    [Fact]
    public async Task What_it_withdraws_is_found_no_less_as_this_persons()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));

        await Take(Whole("2", 1, Patient()));

        EntryKey[] keys = [Key("Observation", "weight"), Key("*", "*"), Key("Observation", "*")];
        Assert.Equal([JournalExamples.Ann, null, null], await _journal.FindPatients(keys, default));
        Assert.All(await _journal.FindSupporting(keys, default), Assert.Null);
    }

    [Theory]
    [InlineData(JournalFault.LostReply, PushStatus.Applied)]
    [InlineData(JournalFault.LostCall, PushStatus.Unavailable)]
    public async Task Whatever_becomes_of_the_call_it_is_whole_or_not_at_all(JournalFault fault, PushStatus status)
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon), Observation("pulse", time: Noon)));
        _journal.Fail(fault, verb: nameof(IJournal.Append));

        Assert.Equal(status, (await Take(Whole("2", 1, Patient()))).Status);
        Assert.Equal(status == PushStatus.Applied ? 0 : 2, (await Replayed(_journal)).OfType("Observation").Length);

        await Take(Whole("2", 1, Patient()));
        Assert.Equal(0, (await Replayed(_journal)).OfType("Observation").Length);
    }

    [Fact]
    public async Task One_without_a_time_is_no_news_only_to_whoever_has_the_last_row()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        var other = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);
        await other.Push(Push("2", Observation("pulse", time: Noon)), default);

        var behind = await Take(Push("3", Observation("weight", time: Noon)) with { Extent = new SourceExtent(Source, null, []) });

        Assert.Equal(PushStatus.Fenced, behind.Status);
    }

    private Task<PushAnswer> Take(PushRequest push) => _live.Push(push, default);

    private static PushRequest Whole(string name, int hours, params Fragment[] fragments) =>
        Push(name, fragments) with { Extent = new SourceExtent(Source, Noon.AddHours(hours), []) };
}
