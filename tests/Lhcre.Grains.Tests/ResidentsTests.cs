using CsCheck;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests;

/// <summary>Looking after warm records from outside: what each finds, and which of them go.</summary>
public sealed class ResidentsTests : IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly List<int> _gone = [];

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task Each_record_finds_its_own_head_once_as_of_the_moment_before_it_was_asked_for()
    {
        await _journal.Append(Append(Ann, 1), default);
        var residents = Residents();
        var (ann, bob) = (residents.Enter(Ann, _ => null, _ => { }, () => { }), residents.Enter(Bob, _ => null, _ => { }, () => { }));
        _journal.Before = _ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };

        await residents.Check(default);

        Assert.Equal(1, _journal.Calls(nameof(IJournal.Heads)));
        Assert.Equal((new RecordHead(1, 1, 0), Noon), (ann.TakeSeen() is { } seen ? (seen.Head, seen.At) : default));
        Assert.Null(ann.TakeSeen());
        Assert.Equal(default, bob.TakeSeen()!.Head);
    }

    public static TheoryData<string> Changes => ["begun before, ended before", "begun before, ended meanwhile", "begun meanwhile, ended meanwhile", "begun meanwhile", "ended after"];

    // A head that was read while a record changed says nothing: it may be from before or from behind the change.
    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_head_counts_only_for_a_record_that_did_not_change_meanwhile(string change)
    {
        var residents = Residents();
        var ann = residents.Enter(Ann, _ => null, _ => { }, () => { });
        if (change.Contains("begun before", StringComparison.Ordinal))
            ann.Changing();
        if (change.Contains("ended before", StringComparison.Ordinal))
            ann.Changing();
        _journal.Before = _ =>
        {
            foreach (var time in change.Split("meanwhile").Skip(1))
                ann.Changing();
            return Task.CompletedTask;
        };

        await residents.Check(default);
        if (change == "ended after")
            ann.Changing();

        Assert.Equal(change == "begun before, ended before", ann.TakeSeen() is not null);
    }

    [Fact]
    public async Task Who_left_is_asked_for_no_more_and_its_bytes_are_free()
    {
        var residents = Residents();
        var (first, again) = (residents.Enter(Ann, _ => null, _ => { }, () => { }), residents.Enter(Ann, _ => null, _ => { }, () => { }));
        residents.Measure(first, 10);
        residents.Measure(again, 20);
        residents.Measure(again, 30);
        Assert.Equal((1, 40), (residents.Count, residents.Bytes));

        // An activation that is late to leave takes nothing from the one that came in its place.
        residents.Leave(first);
        Assert.Equal((1, 30), (residents.Count, residents.Bytes));
        residents.Leave(again);
        Assert.Equal((0, 0), (residents.Count, residents.Bytes));
        await residents.Check(default);
        Assert.Equal(0, _journal.Calls(nameof(IJournal.Heads)));
    }

    [Fact]
    public async Task All_are_asked_for_in_slices_of_some_thousand()
    {
        var residents = Residents();
        var all = Enumerable.Range(0, 4_500).Select(n => residents.Enter(Patient(n), _ => null, _ => { }, () => { })).ToList();

        await residents.Check(default);

        Assert.Equal(3, _journal.Calls(nameof(IJournal.Heads)));
        Assert.All(all, r => Assert.NotNull(r.TakeSeen()));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_asked_leaves_all_as_they_were_until_it_is_back()
    {
        var residents = Residents();
        var ann = residents.Enter(Ann, _ => null, _ => { }, () => { });
        _journal.Fail(JournalFault.Refused, verb: nameof(IJournal.Heads));

        await residents.Check(default);
        Assert.Null(ann.TakeSeen());
        await residents.Check(default);
        Assert.NotNull(ann.TakeSeen());
    }

    [Fact]
    public void A_record_rests_once_when_nobody_has_pushed_to_it_for_a_minute_however_often_it_is_read()
    {
        var (residents, rests) = (Residents(), 0);
        var ann = residents.Enter(Ann, _ => null, _ => { }, () => rests++);
        _clock.Advance(TimeSpan.FromSeconds(59));
        ann.Used();
        Assert.Equal((0, 0), (residents.Rest(TimeSpan.FromMinutes(1)), rests));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((1, 1), (residents.Rest(TimeSpan.FromMinutes(1)), rests));
        Assert.Equal((0, 1), (residents.Rest(TimeSpan.FromMinutes(1)), rests));

        // A push is under way, is over, and is a minute old.
        ann.Changing();
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((0, 1), (residents.Rest(TimeSpan.FromMinutes(1)), rests));
        ann.Changing();
        Assert.Equal((0, 1), (residents.Rest(TimeSpan.FromMinutes(1)), rests));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((1, 2), (residents.Rest(TimeSpan.FromMinutes(1)), rests));
    }

    [Theory]
    // Idle for seconds × bytes of each, the budget, who goes in this order.
    [InlineData("0x50 0x50", 100, "")]
    [InlineData("60x10 60x70 60x30", 100, "1")]
    [InlineData("60x40 0x90 60x30", 100, "0 2")]
    [InlineData("60x10 60x20 60x30 0x90", 100, "2 1 0")]
    [InlineData("5x60 9x60 1x60", 100, "1 0")]
    [InlineData("29x90 31x30", 100, "1")]
    public void Beyond_the_budget_the_largest_idle_ones_go_first_and_then_those_used_longest_ago(string records, long budget, string expected)
    {
        var residents = Residents(budget);
        var (entered, clock) = (new List<(Resident Resident, int Bytes)>(), 3600);
        foreach (var (number, idle, bytes) in records.Split(' ').Select((r, n) => (n, Number(r, 0), Number(r, 1))).OrderByDescending(r => r.Item2))
        {
            _clock.Advance(TimeSpan.FromSeconds(clock - idle));
            clock = idle;
            entered.Add((residents.Enter(Patient(number), _ => null, _ => _gone.Add(number), () => { }), bytes));
        }

        _clock.Advance(TimeSpan.FromSeconds(clock));
        foreach (var (resident, bytes) in entered)
            resident.Measured(bytes);

        residents.Shed();
        Assert.Equal(expected, string.Join(' ', _gone));

        static int Number(string record, int part) => int.Parse(record.Split('x')[part], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void However_large_and_however_idle_what_stays_is_within_the_budget_and_no_more_goes_than_must() =>
        Gen.Select(Gen.Long[0, 1000].List[1, 50], Gen.Long[100, 5000]).Sample((sizes, budget) =>
        {
            var residents = Residents(budget);
            var left = new Dictionary<int, long>();
            for (var n = 0; n < sizes.Count; n++)
            {
                var number = n;
                var resident = residents.Enter(Patient(n), _ => null, _ => left.Remove(number), () => { });
                left[n] = sizes[n];
                residents.Measure(resident, sizes[n]);
                if (left.Values.Sum() > budget || residents.Bytes != left.Values.Sum())
                    return false;
            }

            // The last one that went was needed to get down to nine tenths.
            return sizes.Sum() <= budget ? left.Count == sizes.Count : left.Values.Sum() + 2 * sizes.Max() > budget * 0.9;
        });

    private Residents Residents(long budget = long.MaxValue) =>
        new(_journal, _clock, new ResidentLimits(budget, 1024), NullLogger<Residents>.Instance);
}
