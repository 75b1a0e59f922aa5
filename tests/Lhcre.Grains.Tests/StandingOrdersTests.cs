using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>A source that is withdrawn while a person is not known yet: what stands against it is in force before its first push is answered (decision 0022).</summary>
public sealed class StandingOrdersTests : IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public StandingOrdersTests() => _live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task Whoever_is_heard_of_first_afterwards_shows_nothing_of_it_until_it_is_brought_back()
    {
        await Stand(Withdrawal("w"));

        var answer = await _live.Push(Push("1", Patient(), Observation("weight")), default);

        Assert.Equal((PushStatus.Applied, FragmentOutcome.Quarantined), (answer.Status, answer.Outcomes[0]));
        Assert.Equal((0, 2L), (_live.Snapshot.All.Length, _live.Seq));
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
        Assert.Equal(PushStatus.Unchanged, (await _live.Correct(Withdrawal("w"), default)).Status);

        await _live.Correct(End("w"), default);
        Assert.Equal(2, _live.Snapshot.All.Length);
    }

    [Fact]
    public async Task It_is_the_same_for_a_source_that_is_new_to_a_person_and_after_a_restart()
    {
        await _live.Push(Push("0", Patient(source: "hampshire")) with { Source = "hampshire" }, default);
        await Stand(Withdrawal("w"));
        var again = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);
        await again.Load(default);

        await again.Push(Push("1", Observation("weight")), default);

        Assert.Equal("Patient", Assert.Single(again.Snapshot.All.ToArray()).Type);
    }

    [Fact]
    public async Task What_is_brought_back_before_is_not_taken_up()
    {
        await Stand(Withdrawal("w"), End("w"));

        var answer = await _live.Push(Push("1", Patient()), default);

        Assert.Equal((FragmentOutcome.Created, 1L), (answer.Outcomes[0], _live.Seq));
    }

    // Between what is looked up and what is written, all the others may have been told.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_ordered_while_the_first_push_is_written_is_in_force_before_it_is_answered(bool isBroughtBack)
    {
        if (isBroughtBack)
            await Stand(Withdrawal("w"));
        _journal.Before = async verb =>
        {
            if (verb != nameof(IJournal.Append))
                return;
            _journal.Before = _ => Task.CompletedTask;
            await Stand(isBroughtBack ? [Withdrawal("w"), End("w")] : [Withdrawal("w")]);
        };

        await _live.Push(Push("1", Patient()), default);

        Assert.Equal(isBroughtBack ? 1 : 0, _live.Snapshot.All.Length);
    }

    [Fact]
    public async Task Who_has_lost_what_was_ordered_before_orders_more_and_neither_is_forgotten()
    {
        await Stand(Withdrawal("w"));
        await Stand(Withdrawal("x"));
        await Stand(Withdrawal("x"));

        Assert.Equal([Id("w"), Id("x")], (await StandingOrders.Of(_journal, Source, default)).Select(c => c.Id));
    }

    [Fact]
    public async Task What_is_over_or_of_one_person_or_a_move_does_not_stand()
    {
        var over = CorrectionRequest.Of(new Quarantine(Id("q"), Source, "why", Noon, Noon.AddDays(1)));
        var move = CorrectionRequest.Of(new Move(Id("m"), Source, "why", Id("m"), IsHere: false, JournalExamples.Ann, [Key("Observation", "1")], null));
        await StandingOrders.Keep(_journal, Source, [Job(over), Job(End("q")), Job(Withdrawal("w")) with { Person = "ann" }, Job(End("w")) with { Person = "ann" }, Job(move)], default);

        Assert.Empty(await StandingOrders.Of(_journal, Source, default));
    }

    private Task Stand(params CorrectionRequest[] requests) => StandingOrders.Keep(_journal, Source, requests.Select(Job), default);

    private static CorrectionJob Job(CorrectionRequest request) => new() { Request = request, At = Noon };

    private static CorrectionRequest Withdrawal(string name) => CorrectionRequest.Of(new Quarantine(Id(name), Source, "another hospital's feed", default, null));

    private static CorrectionRequest End(string name) => CorrectionRequest.Of(new QuarantineEnd(Id($"end of {name}"), Source, "mended", Id(name)));

    private static PushId Id(string name) => PushId.Of("operator", name);
}
