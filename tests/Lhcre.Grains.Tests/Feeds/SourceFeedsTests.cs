using System.Collections.Immutable;
using CsCheck;
using Lhcre.Grains.Feeds;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;

namespace Lhcre.Grains.Tests.Feeds;

/// <summary>What one silo knows of the sources: its own pushes at once, others' when it is told, silence by its clock.</summary>
public sealed class SourceFeedsTests
{
    private static readonly DateTimeOffset Noon = RecordExamples.Noon;
    private static readonly SourceSystems Sources = new([new SourceSystem("dorset"), new SourceSystem("hampshire") { SilentAfter = TimeSpan.FromHours(1) }]);

    private readonly FakeTimeProvider _clock = RecordExamples.NoonClock();
    private readonly SourceFeeds _feeds;

    public SourceFeedsTests() => _feeds = new SourceFeeds(Sources, _clock);

    [Fact]
    public void A_push_is_seen_at_once_and_before_anything_was_read_back()
    {
        Assert.Equal("dorset; unknown, hampshire; unknown", _feeds.Current.Header);

        _feeds.Heard("hampshire");

        Assert.Equal("dorset; unknown", _feeds.Current.Header);
        _feeds.Told([], []);
        Assert.Equal("dorset; never", _feeds.Current.Header);
        _feeds.Heard("dorset");
        Assert.Null(_feeds.Current.Header);
    }

    [Fact]
    public void Time_alone_makes_a_source_silent_and_its_next_push_ends_that()
    {
        _feeds.Told([], [new("dorset", Noon), new("hampshire", Noon)]);
        Assert.Equal(0u, _feeds.Current.Generation);

        _clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        _feeds.Judge();

        Assert.Equal($"hampshire; silent-since={Noon:yyyy-MM-dd'T'HH:mm:ss'Z'}", _feeds.Current.Header);
        _feeds.Heard("hampshire");
        Assert.Equal(0u, _feeds.Current.Generation);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(-90, 90)]
    [InlineData(5, 0)]
    public void The_lag_is_from_the_sources_own_record_to_the_push_and_never_below_nothing(int? recordedAt, int? lag)
    {
        _feeds.Applied("dorset", _feeds.Heard("dorset"), recordedAt is { } seconds ? Noon.AddSeconds(seconds) : null);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _feeds.Heard("dorset");

        Assert.Equal(new SourceContact("dorset", Noon.AddMinutes(1), Noon, lag is { } expected ? TimeSpan.FromSeconds(expected) : null), Assert.Single(_feeds.Untold()));
    }

    [Fact]
    public void What_was_told_or_came_from_others_is_not_told_again_and_what_came_meanwhile_is()
    {
        _feeds.Heard("dorset");
        var untold = _feeds.Untold();
        _clock.Advance(TimeSpan.FromMilliseconds(300));
        _feeds.Heard("dorset");

        _feeds.Told(untold, [untold[0], new("hampshire", Noon), new("kent", Noon)]);

        Assert.Equal(new SourceContact("dorset", Noon.AddMilliseconds(300)), Assert.Single(_feeds.Untold()));
        _feeds.Told(_feeds.Untold(), _feeds.Untold());
        Assert.Empty(_feeds.Untold());
        // Later than what others know: clocks differ.
        _feeds.Told([], [new("dorset", Noon)]);
        Assert.Empty(_feeds.Untold());
    }

    [Fact]
    public void However_silos_push_and_exchange_they_come_to_know_the_same() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 400], (silo, act, milliseconds) => (silo, act, milliseconds)).Array[1, 40].Sample(steps =>
        {
            var clock = RecordExamples.NoonClock();
            var silos = Enumerable.Range(0, 3).Select(_ => new SourceFeeds(Sources, clock)).ToArray();
            var (kept, last) = (ImmutableArray<SourceContact>.Empty, new Dictionary<string, DateTimeOffset>());
            foreach (var (silo, act, milliseconds) in steps)
            {
                clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                if (act < 2)
                    last[Sources.All[act].Id] = silos[silo].Heard(Sources.All[act].Id);
                else
                    Exchange(silos[silo], isAnswerLost: act == 3);
            }

            foreach (var silo in silos.Concat(silos))
                Exchange(silo, isAnswerLost: false);

            Assert.All(silos, s => Assert.Empty(s.Untold()));
            Assert.All(silos, s => Assert.Equal(
                last.OrderBy(l => l.Key), s.Current.All.Where(x => x.Contact is not null).Select(x => KeyValuePair.Create(x.Source.Id, x.Contact!.LastContact))));

            void Exchange(SourceFeeds silo, bool isAnswerLost)
            {
                var untold = silo.Untold();
                kept = SourceContact.Merge([.. kept, .. untold]);
                if (!isAnswerLost)
                    silo.Told(untold, kept);
            }
        });

    [Fact]
    public async Task Many_pushes_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 1_000; i++)
                _feeds.Applied("dorset", Noon.AddSeconds((i * 8) + n), Noon);
        })));

        Assert.Equal(new SourceContact("dorset", Noon.AddSeconds(7_999), Noon.AddSeconds(7_999), TimeSpan.FromSeconds(7_999)), Assert.Single(_feeds.Untold()));
    }
}
