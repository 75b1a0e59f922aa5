using System.Collections.Immutable;
using CsCheck;
using Lhcre.Grains.Feeds;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;

namespace Lhcre.Grains.Tests.Feeds;

/// <summary>The totals of what silos count: told late, again, in another order or not at all, each push counts once.</summary>
public sealed class SourceCountsGrainTests
{
    private static readonly ImmutableArray<SourceCounts> Nothing = [];

    private readonly FakeTimeProvider _clock = RecordExamples.NoonClock();
    private readonly Kept _kept = new();

    [Fact]
    public async Task What_is_told_again_or_late_adds_nothing()
    {
        var grain = Grain();
        await grain.Count("a", [Created("dorset", 3)]);
        await grain.Count("b", [Created("dorset", 10)]);

        Assert.Equal<SourceCounts>([Created("dorset", 15)], await grain.Count("a", [Created("dorset", 5)]));
        Assert.Equal<SourceCounts>([Created("dorset", 15)], await grain.Count("a", [Created("dorset", 5)]));
        Assert.Equal<SourceCounts>([Created("dorset", 15)], await grain.Count("a", [Created("dorset", 4)]));
        Assert.Equal<SourceCounts>([Created("dorset", 15), Created("hampshire", 1)], await grain.Count("a", [Created("hampshire", 1)]));
        Assert.Equal<SourceCounts>([Created("dorset", 16), Created("hampshire", 1)], await grain.Count("a", [Created("dorset", 6), Created("hampshire", 1)]));
    }

    [Fact]
    public async Task A_silo_that_starts_again_counts_from_nothing_under_another_name()
    {
        await Grain().Count("a@1", [Created("dorset", 3)]);

        Assert.Equal<SourceCounts>([Created("dorset", 5)], await Grain().Count("a@2", [Created("dorset", 2)]));
    }

    [Fact]
    public async Task Only_what_is_new_is_written_and_what_could_not_be_is_written_with_what_is_told_next()
    {
        var grain = Grain();
        await grain.Count("a", [Created("dorset", 3)]);
        await grain.Count("a", [Created("dorset", 3)]);
        await grain.Count("a", Nothing);
        Assert.Equal(1, _kept.Writes);

        _kept.IsDown = true;
        await Assert.ThrowsAsync<IOException>(() => grain.Count("a", [Created("dorset", 4)]).AsTask());
        _kept.IsDown = false;

        Assert.Equal<SourceCounts>([Created("dorset", 4)], await grain.Count("a", [Created("dorset", 4)]));
        Assert.Equal((2, 4), (_kept.Writes, Assert.Single(_kept.Written)[Counted.Created]));
    }

    [Fact]
    public async Task A_silo_that_left_long_ago_is_forgotten_and_what_it_counted_is_not()
    {
        await Grain().Count("gone", [Created("dorset", 3)]);
        _clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal<SourceCounts>([Created("dorset", 4)], await Grain().Count("here", [Created("dorset", 1)]));

        Assert.Equal(["here"], _kept.State.Silos.Select(s => s.Silo));
    }

    [Fact]
    public async Task A_silo_that_has_nothing_new_for_long_and_is_there_is_not_forgotten_and_counts_once()
    {
        await Grain().Count("quiet", [Created("dorset", 3)]);
        for (var day = 1; day <= 8; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            await Grain().Count("quiet", [Created("dorset", 3)]);
        }

        await Grain().Count("busy", [Created("dorset", 1)]);

        Assert.Equal<SourceCounts>([Created("dorset", 4)], await Grain().Count("quiet", [Created("dorset", 3)]));
        // Not once a second: what is kept of it is a day old at most.
        Assert.Equal(10, _kept.Writes);
    }

    [Fact]
    public void However_silos_push_tell_and_lose_answers_each_push_counts_once() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 40].Sample(async steps =>
        {
            var sources = new SourceSystems([new SourceSystem("dorset")]);
            var silos = Enumerable.Range(0, 3).Select(_ => new SourceFeeds(sources, _clock)).ToArray();
            var grain = new SourceCountsGrain(new Kept(), _clock);
            var pushed = 0;
            foreach (var (silo, act) in steps)
            {
                if (act < 2)
                {
                    silos[silo].Count(SourceCounts.Of("dorset", (Counted.Messages, 1)), RecordExamples.Noon);
                    pushed++;
                }
                else
                {
                    await Tell(silo, isAnswerLost: act == 3);
                }
            }

            for (var i = 0; i < 6; i++)
                await Tell(i % 3, isAnswerLost: false);

            Assert.All(silos, s => Assert.Equal(pushed, s.Total("dorset")[Counted.Messages]));

            async Task Tell(int silo, bool isAnswerLost)
            {
                var counts = silos[silo].Counts();
                var totals = await grain.Count($"{silo}", counts);
                if (!isAnswerLost)
                    silos[silo].Totalled(counts, totals);
            }
        });

    [Fact]
    public void A_push_through_this_silo_is_in_the_total_at_once()
    {
        var feeds = new SourceFeeds(new SourceSystems([new SourceSystem("dorset")]), _clock);
        feeds.Count(Created("dorset", 2), RecordExamples.Noon);
        feeds.Totalled(feeds.Counts(), [Created("dorset", 12), Created("kent", 1)]);

        feeds.Count(Created("dorset", 1), RecordExamples.Noon);

        Assert.Equal((Created("dorset", 13), Created("dorset", 3)), (feeds.Total("dorset"), feeds.SinceStart("dorset")));
    }

    [Theory]
    [InlineData(Counted.MessagesRefused, false, true)]
    [InlineData(Counted.MessagesUnwritten, false, false)]
    [InlineData(Counted.MessagesRepeated, true, false)]
    [InlineData(Counted.Created, true, false)]
    public void What_is_counted_tells_when_something_was_accepted_or_all_refused(Counted kind, bool isAccepted, bool isRefused)
    {
        var feeds = new SourceFeeds(new SourceSystems([new SourceSystem("dorset")]), _clock);

        feeds.Count(SourceCounts.Of("dorset", (Counted.Messages, 1), (kind, 1)), RecordExamples.Noon);

        var contact = feeds.Untold().SingleOrDefault();
        Assert.Equal((isAccepted, isRefused, isRefused), (contact?.LastAccepted == RecordExamples.Noon, contact?.LastRefused == RecordExamples.Noon, contact?.IsRefused == true));
    }

    [Fact]
    public void What_is_carried_out_later_is_counted_and_is_no_contact_and_of_who_is_not_configured_nothing_is()
    {
        var feeds = new SourceFeeds(new SourceSystems([new SourceSystem("dorset")]), _clock);

        feeds.Count(Created("dorset", 2), null);
        feeds.Count(Created("kent", 2), RecordExamples.Noon);

        Assert.Equal((2, 0), (feeds.Total("dorset")[Counted.Created], feeds.Untold().Length));
        Assert.Equal<SourceCounts>([Created("dorset", 2)], feeds.Counts());
    }

    private SourceCountsGrain Grain() => new(_kept, _clock);

    private static SourceCounts Created(string source, long count) => SourceCounts.Of(source, (Counted.Created, count));

    /// <summary>One state, that outlives the grain that has it.</summary>
    private sealed class Kept : IPersistentState<SourceCountsState>
    {
        public bool IsDown { get; set; }

        public int Writes { get; private set; }

        public ImmutableArray<SourceCounts> Written { get; private set; } = [];

        public SourceCountsState State { get; set; } = new();

        public string? Etag => null;

        public bool RecordExists => Writes > 0;

        public Task WriteStateAsync()
        {
            if (IsDown)
                throw new IOException("Down for a test.");
            (Writes, Written) = (Writes + 1, State.Totals);
            return Task.CompletedTask;
        }

        public Task ReadStateAsync() => Task.CompletedTask;

        public Task ClearStateAsync() => Task.CompletedTask;
    }
}
