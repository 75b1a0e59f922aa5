using CsCheck;

namespace Lhcre.Record.Tests;

public class FragmentVersionTests
{
    private static readonly DateTimeOffset Noon = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string?> VersionIds = Gen.Frequency(
        (5, Gen.OneOf<string?>(null, "0", "00", "1", "2", "7", "07", "007", "10", "1a", "a", "a.1", "Z", "-", "é", "é€")),
        (2, Gen.ULong.Select(n => (string?)n.ToString("D", null))),
        (2, Gen.String[Gen.Char["0123456789"], 1, 70].Select(s => (string?)s)),
        (1, Gen.String[Gen.Char["01ab.-"], 1, 12].Select(s => (string?)s)));

    // Times and hashes from a small set, so that ties come about.
    private static readonly Gen<FragmentVersion> Versions = Gen.Select(
        Gen.Int[-1, 3], Gen.Bool, VersionIds, Gen.OneOf(0UL, 1UL, ulong.MaxValue),
        (days, declared, id, hash) => new FragmentVersion(days < 0 ? null : Noon.AddDays(days).AddTicks(days), declared, id, new ContentHash(hash)));

    [Fact]
    public void The_order_is_antisymmetric_and_equal_only_to_itself() =>
        Gen.Select(Versions, Versions).Sample((a, b) =>
            Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a)) && (a.CompareTo(b) == 0) == (a == b));

    [Fact]
    public void The_order_is_transitive() =>
        Gen.Select(Versions, Versions, Versions).Sample((a, b, c) => !(a.CompareTo(b) <= 0 && b.CompareTo(c) <= 0) || a.CompareTo(c) <= 0);

    [Fact]
    public void Sort_keys_compare_as_versions_do() =>
        Gen.Select(Versions, Versions).Sample((a, b) =>
            Math.Sign(a.SortKey().AsSpan().SequenceCompareTo(b.SortKey())) == Math.Sign(a.CompareTo(b)));

    [Fact]
    public void A_sort_key_gives_its_version_back() =>
        Versions.Sample(version => FragmentVersion.FromSortKey(version.SortKey()) == version);

    [Fact]
    public void Later_is_higher_whatever_else() =>
        Gen.Select(Versions, Versions).Sample((a, b) => a.Time is not { } t || b.Time is not { } u || t == u || Math.Sign(a.CompareTo(b)) == Math.Sign(t.CompareTo(u)));

    [Fact]
    public void Nothing_is_between_a_version_and_the_ones_next_to_it() =>
        Gen.Select(Versions, Versions).Where((a, _) => a.Time is not null && a.Content != default).Sample((a, b) =>
            a.Below().CompareTo(a) < 0 && a.Above().CompareTo(a) > 0 && a.Above().Below() == a && a.Below().Above() == a
            && (b == a || b == a.Above() || b == a.Below() || (Math.Sign(b.CompareTo(a)) == Math.Sign(b.CompareTo(a.Above())) && Math.Sign(b.CompareTo(a)) == Math.Sign(b.CompareTo(a.Below())))));

    [Fact]
    public void The_versionIds_of_one_moment_have_one_order()
    {
        // None, then numbers as numbers, then texts as texts: 2 < 10 < 1a < 2 would be a circle.
        string?[] ascending =
        [
            null, "00", "0", "001", "01", "1", "2", "07", "7", "10", "11", "99", "100", "18446744073709551616", new('9', 64),
            "-", new('1', 65), "1a", "1b", "A", "a", "a1", "b", "é",
        ];
        for (var i = 0; i < ascending.Length; i++)
        {
            for (var j = 0; j < ascending.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(Of(ascending[i]).CompareTo(Of(ascending[j]))));
        }
    }

    [Theory]
    [InlineData("7", "007")]
    [InlineData("0", "00")]
    [InlineData("10", "0010")]
    public void A_number_with_leading_zeros_is_just_below_the_same_without(string plain, string padded)
    {
        var above = (int.Parse(plain, null) + 1).ToString("D", null);
        Assert.True(Of(padded).CompareTo(Of(plain)) < 0);
        Assert.True(Of(plain).CompareTo(Of(above)) < 0);
        Assert.True(Of(padded).CompareTo(Of(above)) < 0);
    }

    [Fact]
    public void Of_one_moment_and_versionId_the_hash_decides_and_then_who_gave_the_time()
    {
        var low = new FragmentVersion(Noon, true, "1", new ContentHash(1));
        var high = new FragmentVersion(Noon, false, "1", new ContentHash(2));
        Assert.True(low.CompareTo(high) < 0);
        Assert.True((low with { IsDeclared = false }).CompareTo(low) < 0);
    }

    [Fact]
    public void An_instant_is_one_in_every_zone()
    {
        var summer = new FragmentVersion(new DateTimeOffset(2025, 6, 1, 13, 0, 0, TimeSpan.FromHours(1)), true, "1", default);
        Assert.Equal(0, summer.CompareTo(new FragmentVersion(Noon, true, "1", default)));
        Assert.Equal(new FragmentVersion(Noon, true, "1", default).SortKey(), summer.SortKey());
    }

    [Fact]
    public void An_empty_versionId_is_none() => Assert.Equal(Of(null), Of(""));

    [Fact]
    public void The_first_moment_of_the_calendar_is_no_time()
    {
        // 0001-01-01T00:00:00Z is what software writes that has none; it must not be told apart from none by memory and not by the journal.
        var version = new FragmentVersion(DateTimeOffset.MinValue, true, "1", default);
        Assert.Null(version.Time);
        Assert.False(version.IsDeclared);
    }

    private static FragmentVersion Of(string? versionId) => new(Noon, true, versionId, default);
}
