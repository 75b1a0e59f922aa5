using CsCheck;

namespace Lhcre.Record.Tests.Feeds;

/// <summary>What several processes heard of a source, told late, twice and in any order, comes to the same.</summary>
public sealed class SourceContactTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    // Few values, so that instants meet.
    private static readonly Gen<SourceContact> Contacts = Gen.Select(
        Gen.OneOf("dorset", "hampshire"), Gen.Int[0, 5], Gen.Int[-1, 5], Gen.Int[-1, 3], Gen.Int[-1, 3].Array[3],
        (source, contact, applied, lag, others) => new SourceContact(
            source,
            Noon.AddSeconds(contact),
            Second(applied),
            applied < 0 || lag < 0 ? null : TimeSpan.FromSeconds(lag))
        {
            LastAccepted = Second(others[0]),
            LastRefused = Second(others[1]),
            Watermark = Second(others[2]),
        });

    [Fact]
    public void Any_order_and_any_repetition_tell_the_same() =>
        Gen.Select(Contacts.Array[1, 8], Gen.Int[0, 1_000_000]).Sample((contacts, seed) =>
        {
            var expected = SourceContact.Merge(contacts);
            var shuffled = contacts.Concat(contacts.Where((_, i) => (seed >> i) % 2 == 1)).OrderBy(c => (c.GetHashCode() ^ seed) * 7919).ToArray();
            Assert.Equal<SourceContact>(expected, SourceContact.Merge(shuffled));
            // In flushes of any size, each merged with what is kept.
            var kept = shuffled.Chunk((seed % 3) + 1).Aggregate(SourceContact.Merge(), (before, flush) => SourceContact.Merge([.. before, .. flush]));
            Assert.Equal<SourceContact>(expected, kept);
        });

    [Fact]
    public void The_times_are_the_latest_of_all_and_the_lag_is_that_of_the_last_applied() =>
        Contacts.Array[1, 8].Sample(contacts =>
        {
            foreach (var merged in SourceContact.Merge(contacts))
            {
                var own = contacts.Where(c => c.Source == merged.Source).ToArray();
                Assert.Equal(own.Max(c => c.LastContact), merged.LastContact);
                Assert.Equal(own.Max(c => c.LastApplied), merged.LastApplied);
                Assert.Equal(
                    (own.Max(c => c.LastAccepted), own.Max(c => c.LastRefused), own.Max(c => c.Watermark)), (merged.LastAccepted, merged.LastRefused, merged.Watermark));
                Assert.Equal(own.Where(c => c.LastApplied == merged.LastApplied).Max(c => c.Lag), merged.Lag);
            }

            Assert.Equal(contacts.Select(c => c.Source).Distinct().Order(), SourceContact.Merge(contacts).Select(c => c.Source));
        });

    [Fact]
    public void A_clock_that_is_ahead_is_not_followed()
    {
        var ahead = new SourceContact("dorset", Noon.AddDays(400), Noon.AddDays(399), TimeSpan.Zero) { LastAccepted = Noon.AddDays(1), LastRefused = Noon.AddDays(2), Watermark = Noon.AddDays(3) };

        Assert.Equal(new SourceContact("dorset", Noon, Noon, TimeSpan.Zero) { LastAccepted = Noon, LastRefused = Noon, Watermark = Noon }, ahead.NotAfter(Noon));
        Assert.Equal(ahead, ahead.NotAfter(Noon.AddDays(400)));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(1, null, false)]
    [InlineData(null, 1, true)]
    [InlineData(1, 2, true)]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, false)]
    public void A_feed_is_refused_where_nothing_was_accepted_since(int? accepted, int? refused, bool isRefused) =>
        Assert.Equal(isRefused, new SourceContact("dorset", Noon) { LastAccepted = Second(accepted ?? -1), LastRefused = Second(refused ?? -1) }.IsRefused);

    private static DateTimeOffset? Second(int n) => n < 0 ? null : Noon.AddSeconds(n);

    [Fact]
    public void Two_sources_are_not_one() =>
        Assert.Throws<ArgumentException>(() => new SourceContact("dorset", Noon).Merge(new SourceContact("hampshire", Noon)));
}
