using Lhcre.Grains.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    private static Lease Held(PatientKey patient, int from, int until, string source = Source) => new(patient, source, Noon.AddDays(from), Noon.AddDays(until));

    private async Task<Lease> Only(PatientKey patient) => Assert.Single(await Journal.Leases(patient, None));

    [Fact]
    public async Task What_a_row_brings_is_held_with_it_or_not_at_all()
    {
        await Commit(Append(Ann, 1) with { Lease = Held(Ann, 0, 14) });
        await Fence(Append(Bob, 2) with { Lease = Held(Bob, 0, 14) });

        await Reopen();
        Assert.Equal(Held(Ann, 0, 14), await Only(Ann));
        Assert.Empty(await Journal.Leases(Bob, None));
    }

    [Fact]
    public async Task A_later_pull_holds_it_longer_and_an_earlier_one_does_not_shorten_that()
    {
        await Journal.Hold(Held(Ann, 0, 14), None);
        await Journal.Hold(Held(Ann, 3, 17), None);
        await Journal.Hold(Held(Ann, 2, 16), None);

        Assert.Equal(Held(Ann, 0, 17), await Only(Ann));
    }

    [Fact]
    public async Task When_the_stay_is_over_no_pull_holds_it_longer_and_one_behind_its_end_is_of_another()
    {
        await Journal.Hold(Held(Ann, 0, 14), None);
        await Journal.Hold(Held(Ann, 0, 14, "wales"), None);
        await Journal.Hold(Held(Bob, 0, 14), None);

        await Journal.Discharge(Ann, Noon.AddDays(5), None);
        await Journal.Hold(Held(Ann, 4, 18), None);

        Assert.Equal(
            [Held(Ann, 0, 5) with { IsDischarged = true }, Held(Ann, 0, 5, "wales") with { IsDischarged = true }],
            await Journal.Leases(Ann, None));
        Assert.Equal(Held(Bob, 0, 14), await Only(Bob));
        await Journal.Hold(Held(Ann, 6, 20), None);
        Assert.Equal(Held(Ann, 0, 20), (await Journal.Leases(Ann, None))[0]);
    }

    [Fact]
    public async Task Of_two_ends_of_a_stay_the_earlier_one_counts_and_a_stay_may_end_behind_the_default()
    {
        await Journal.Hold(Held(Ann, 0, 3), None);

        await Journal.Discharge(Ann, Noon.AddDays(6), None);
        Assert.Equal(Noon.AddDays(6), (await Only(Ann)).Until);
        await Journal.Discharge(Ann, Noon.AddDays(5), None);
        await Journal.Discharge(Ann, Noon.AddDays(7), None);
        await Journal.Discharge(Bob, Noon.AddDays(7), None);

        Assert.Equal(Held(Ann, 0, 5) with { IsDischarged = true }, await Only(Ann));
        Assert.Empty(await Journal.Leases(Bob, None));
    }

    [Fact]
    public async Task What_is_due_is_found_by_its_end_the_longest_due_first()
    {
        foreach (var lease in new[] { Held(Bob, 0, 2), Held(Ann, 0, 1), Held(Ann, 0, 2, "wales"), Held(Ann, 0, 3, "jersey"), Held(Cyd, 0, 2) })
            await Journal.Hold(lease, None);

        Assert.Equal([Held(Ann, 0, 1), Held(Ann, 0, 2, "wales"), Held(Bob, 0, 2), Held(Cyd, 0, 2)], await Journal.LeasesDue(Noon.AddDays(2), 10, None));
        Assert.Equal([Held(Ann, 0, 1), Held(Ann, 0, 2, "wales")], await Journal.LeasesDue(Noon.AddDays(2), 2, None));
        Assert.Empty(await Journal.LeasesDue(Noon.AddDays(1).AddTicks(-1), 10, None));
        Assert.Equal(new LeaseCount(3, 3, Noon.AddDays(1)), await Journal.CountLeases(Source, Noon.AddDays(2), None));
        Assert.Equal(new LeaseCount(1, 0, null), await Journal.CountLeases("jersey", Noon.AddDays(2), None));
        Assert.Equal(new LeaseCount(0, 0, null), await Journal.CountLeases("nowhere", Noon.AddDays(2), None));
    }

    [Fact]
    public async Task Whoever_is_in_a_sources_index_without_a_lease_gets_one()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1), At("o2", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o3", 1)], Lease = Held(Bob, 0, 2) });
        await Commit(Append(Cyd, 1) with { Index = [new VersionedKey(Key("o4") with { Source = "hampshire" }, Version(1))] });

        await Journal.Adopt(Source, Noon, Noon.AddDays(9), None);
        await Journal.Adopt(Source, Noon, Noon.AddDays(10), None);

        Assert.Equal(Held(Ann, 0, 9), await Only(Ann));
        Assert.Equal(Held(Bob, 0, 2), await Only(Bob));
        Assert.Empty(await Journal.Leases(Cyd, None));
    }
}
