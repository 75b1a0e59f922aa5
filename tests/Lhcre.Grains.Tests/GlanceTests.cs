using CsCheck;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Lhcre.Record.Searching;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>What is read of a warm record without a turn of its grain: what a turn would have said, or nothing.</summary>
public sealed class GlanceTests : IAsyncDisposable
{
    private static readonly SearchQuery Weights = SearchQuery.Read("Observation", [new("code", "weight")], new ReadOptions(Here, Noon));

    private static readonly ReadRequest[] Requests =
    [
        ReadRequest.Everything,
        ReadRequest.Everything with { KnownVersion = 1 },
        ReadRequest.Everything with { KnownVersion = 2 },
        ReadRequest.Everything with { MostBytes = 100 },
        ReadRequest.Everything with { Count = 1 },
        ReadRequest.Everything with { Operation = ReadOperation.WithProvenance },
        ReadRequest.Everything with { AsOf = new RecordMoment(1, null) },
        ReadRequest.Everything with { Operation = ReadOperation.History },
        new(null, "Observation"),
        new(null, "Observation") { Query = Weights },
        new(null, "Patient", "nobody"),
        new(Source),
        new(Source, "Patient", "ann"),
    ];

    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public GlanceTests() => _live = Activation();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task Nothing_is_answered_before_a_turn_has_answered()
    {
        Assert.Null(_live.Glance(ReadRequest.Everything));
        await Take("1", Patient());
        Assert.Null(_live.Glance(ReadRequest.Everything));

        var answer = await Read(ReadRequest.Everything);

        Assert.Same(answer, _live.Glance(ReadRequest.Everything));
        Assert.Equal(ReadStatus.NotModified, _live.Glance(ReadRequest.Everything with { KnownVersion = answer.Version })!.Status);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(9, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(12, false)]
    public async Task What_takes_pages_parts_the_past_or_the_journal_takes_a_turn(int request, bool isAtHand)
    {
        await Take("1", Patient(), Observation("weight"));
        await Read(ReadRequest.Everything);

        Assert.Equal(isAtHand, _live.Glance(Requests[request]) is not null);
    }

    [Fact]
    public async Task A_push_ends_what_was_at_hand_before_it_is_acknowledged()
    {
        await Take("1", Patient());
        await Read(ReadRequest.Everything);

        await Take("2", Observation("weight"));

        Assert.Null(_live.Glance(ReadRequest.Everything));
    }

    [Fact]
    public async Task What_was_not_held_against_the_journal_lately_takes_a_turn()
    {
        await Take("1", Patient());
        await Read(ReadRequest.Everything);

        _clock.Advance(LiveRecord.ConfirmedFor);
        Assert.NotNull(_live.Glance(ReadRequest.Everything));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(_live.Glance(ReadRequest.Everything));

        // Unconfirmed, it is not left for others either.
        Assert.True((await Read(ReadRequest.Everything)).IsUnconfirmed);
        Assert.Null(_live.Glance(ReadRequest.Everything));
        _live.Checked((await _journal.Heads([JournalExamples.Ann], default))[0], _clock.GetUtcNow());
        Assert.False((await Read(ReadRequest.Everything)).IsUnconfirmed);
        Assert.NotNull(_live.Glance(ReadRequest.Everything));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_that_somebody_else_has_appended_to_is_not_glanced_at(bool hasAppended)
    {
        await Take("1", Patient());
        var here = hasAppended ? _live : Activation();
        await here.Load(default);
        await here.Read(ReadRequest.Everything, default);
        Assert.NotNull(here.Glance(ReadRequest.Everything));

        here.Checked(new RecordHead(99, 99, 0), _clock.GetUtcNow());

        Assert.True(here.IsFenced || here.IsBehind);
        Assert.Null(here.Glance(ReadRequest.Everything));
    }

    [Fact]
    public async Task What_was_seen_of_the_head_is_taken_in_by_a_turn_first()
    {
        await Take("1", Patient());
        await Read(ReadRequest.Everything);
        var residents = new Residents(_journal, _clock, ResidentLimits.Default, NullLogger<Residents>.Instance);
        var ann = residents.Enter(JournalExamples.Ann, _live.Glance, _ => { }, () => { });
        Assert.NotNull(residents.Glance(JournalExamples.Ann, ReadRequest.Everything));

        await residents.Check(default);
        Assert.Null(residents.Glance(JournalExamples.Ann, ReadRequest.Everything));
        ann.TakeSeen();
        Assert.NotNull(residents.Glance(JournalExamples.Ann, ReadRequest.Everything));

        residents.Leave(ann);
        Assert.Null(residents.Glance(JournalExamples.Ann, ReadRequest.Everything));
    }

    private enum Act
    {
        Push,
        Read,
        Fold,
        Settle,
        Check,
        Wait,
    }

    [Fact]
    public Task Whatever_comes_before_it_says_what_a_turn_says() => Gen.Select(Gen.Enum<Act>(), Gen.Int[0, Requests.Length - 1]).Array[1, 30].SampleAsync(
        async steps =>
        {
            await using var journal = new SimulatedJournal();
            var (clock, pushes) = (NoonClock(), 0);
            var live = new LiveRecord(JournalExamples.Ann, journal, Here, clock);
            await live.Load(default);
            foreach (var (act, number) in steps)
            {
                await (act switch
                {
                    Act.Push => live.Push(Push($"{++pushes}", Patient(), Observation($"o{number}", $"{pushes}")), default),
                    Act.Read => live.Read(Requests[number], default).AsTask(),
                    Act.Fold => live.Fold(TaskScheduler.Default, default),
                    Act.Check => Check(),
                    _ => Task.CompletedTask,
                });
                if (act == Act.Settle)
                    live.Settle();
                if (act == Act.Wait)
                    clock.Advance(TimeSpan.FromSeconds(number));
                foreach (var request in Requests)
                {
                    if (live.Glance(request) is not { } glance)
                        continue;
                    var turn = await live.Read(request, default);
                    Assert.Equal((turn.Status, turn.Version, turn.LastUpdated, turn.Total, turn.IsUnconfirmed), (glance.Status, glance.Version, glance.LastUpdated, glance.Total, glance.IsUnconfirmed));
                    Assert.Equal(turn.Entries, glance.Entries);
                    Assert.Equal(turn.Beside, glance.Beside);
                }
            }

            async Task Check() => live.Checked((await journal.Heads([JournalExamples.Ann], default))[0], clock.GetUtcNow());
        },
        iter: 100);

    private LiveRecord Activation() => new(JournalExamples.Ann, _journal, Here, _clock);

    private async Task<PushAnswer> Take(string name, params Fragment[] fragments)
    {
        if (_live.IsBehind)
            await _live.Load(default);
        return await _live.Push(Push(name, fragments), default);
    }

    private async Task<ReadAnswer> Read(ReadRequest request) => await _live.Read(request, default);
}
