using Lhcre.Grains.Journal;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    [Fact]
    public async Task An_entry_is_its_patients_as_soon_as_its_row_is_appended()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1), At("o2", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o3", 1)] });

        Assert.Equal(
            [Bob, null, Ann, Ann, Bob],
            await Journal.FindPatients([Key("o3"), Key("o9"), Key("o1"), Key("o2"), Key("o3")], None));
        Assert.Empty(await Journal.FindPatients([], None));
        Assert.Empty(await Pending());
    }

    [Fact]
    public async Task The_same_id_of_another_type_or_source_is_another_entry()
    {
        await Commit(Append(Ann, 1) with { Index = [At("1", 1)] });

        Assert.Equal([null, null], await Journal.FindPatients([Key("1", "Condition"), Key("1") with { Source = "hampshire" }], None));
    }

    [Fact]
    public async Task A_higher_version_under_another_patient_takes_the_entry_and_withdraws_it_from_the_first()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o1", 2)] });

        Assert.Equal(Bob, await Holder("o1"));
        Assert.Equal([Withdraw(Ann, "o1", 2)], await Pending());
    }

    [Fact]
    public async Task A_lower_version_that_arrives_second_is_withdrawn_from_its_own_record()
    {
        await Commit(Append(Bob, 1) with { Index = [At("o1", 2)] });
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1)] });

        Assert.Equal(Bob, await Holder("o1"));
        Assert.Equal([Withdraw(Ann, "o1", 2)], await Pending());
    }

    [Fact]
    public async Task An_entry_that_is_dropped_is_nobodys_until_any_version_claims_it()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 5), At("o2", 5), At("o3", 5)] });
        await Commit(Append(Bob, 1) with { Index = [At("o4", 5)] });

        // What is another's stays; what is dropped and claimed at once is held in the version that is claimed.
        await Commit(Append(Ann, 2) with { Unindexed = [Key("o1"), Key("o2"), Key("o4"), Key("o9")], Index = [At("o2", 3)] });
        Assert.Equal([null, Ann, Ann, Bob], await Journal.FindPatients([Key("o1"), Key("o2"), Key("o3"), Key("o4")], None));
        Assert.Empty(await Pending());

        await Commit(Append(Bob, 2) with { Index = [At("o1", 1), At("o2", 4)] });
        Assert.Equal([Bob, Bob], await Journal.FindPatients([Key("o1"), Key("o2")], None));
        Assert.Equal([Withdraw(Ann, "o2", 4)], await Pending());
    }

    [Fact]
    public async Task A_fenced_append_drops_nothing()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 5)] });

        Assert.Equal(AppendOutcome.Fenced, await Journal.Append(Append(Ann, 3) with { Unindexed = [Key("o1")] }, None));

        Assert.Equal(Ann, await Holder("o1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_equal_versions_the_smaller_patient_key_holds_whichever_came_first(bool smallerFirst)
    {
        await Commit(Append(smallerFirst ? Ann : Bob, 1) with { Index = [At("o1", 1)] });
        await Commit(Append(smallerFirst ? Bob : Ann, 1) with { Index = [At("o1", 1)] });

        Assert.Equal(Ann, await Holder("o1"));
        Assert.Equal([Withdraw(Bob, "o1", 1)], await Pending());
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public async Task Versions_of_the_same_patient_move_nothing_and_the_highest_counts(byte first, byte second)
    {
        await Commit(Append(Bob, 1) with { Index = [At("o1", first)] });
        await Commit(Append(Bob, 2) with { Index = [At("o1", second)] });
        Assert.Empty(await Pending());

        var highest = Math.Max(first, second);
        await Commit(Append(Cyd, 1) with { Index = [At("o1", highest)] });

        Assert.Equal(Bob, await Holder("o1"));
        Assert.Equal([Withdraw(Cyd, "o1", highest)], await Pending());
    }

    [Fact]
    public async Task Versions_compare_as_bytes_and_the_longer_of_two_that_begin_alike_is_higher()
    {
        await Commit(Append(Ann, 1) with { Index = [new(Key("o1"), new byte[] { 0x7F, 0xFF }), new(Key("o2"), new byte[] { 1, 2 })] });
        await Commit(Append(Bob, 1) with { Index = [new(Key("o1"), new byte[] { 0x80 }), new(Key("o2"), new byte[] { 1, 2, 0 })] });

        Assert.Equal([Bob, Bob], await Journal.FindPatients([Key("o1"), Key("o2")], None));
    }

    [Fact]
    public async Task An_entry_may_come_back_and_each_move_withdraws_it_from_the_holder_before()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o1", 2)] });
        await Commit(Append(Ann, 2) with { Index = [At("o1", 3)] });

        Assert.Equal(Ann, await Holder("o1"));
        Assert.Equal([Withdraw(Ann, "o1", 2), Withdraw(Bob, "o1", 3)], await Pending());
    }

    [Fact]
    public async Task A_follow_up_takes_the_place_of_the_pending_one_of_its_patient_kind_and_key_under_a_new_id()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1), At("o2", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o1", 3), At("o2", 3)] });
        var former = (await Journal.FollowUps(0, 10, None)).Select(followUp => followUp.Id).ToArray();

        await Commit(Append(Cyd, 1) with { Index = [At("o1", 5)] });
        await Commit(Append(Ann, 2) with { Index = [At("o1", 2)] });

        Assert.Equal([Withdraw(Ann, "o2", 3), Withdraw(Bob, "o1", 5), Withdraw(Ann, "o1", 5)], await Pending());
        await Journal.Settle([former[0]], None);
        Assert.Equal(3, (await Pending()).Length);
    }

    [Fact]
    public async Task An_append_removes_the_follow_ups_and_the_parked_resources_that_it_settles()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1), At("o2", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o1", 2), At("o2", 2)] });
        await Journal.Park([Parked("x"), Parked("y")], None);
        var first = (await Journal.FollowUps(0, 1, None)).Single();

        await Commit(Append(Ann, 2) with { Settles = [first.Id, 999], Unparks = ["x", "unknown"] });

        Assert.Equal([Withdraw(Ann, "o2", 2)], await Pending());
        Assert.Equal(["y"], (await Journal.Parked(Source, null, 10, None)).Page.Select(parked => parked.Id));
    }

    [Fact]
    public async Task Follow_ups_are_read_in_the_order_in_which_they_were_written_behind_an_id_and_up_to_a_limit()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1), At("o2", 1), At("o3", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o3", 2), At("o1", 2), At("o2", 2)] });

        var first = await Journal.FollowUps(0, 2, None);
        var rest = await Journal.FollowUps(first[^1].Id, 2, None);

        Assert.Equal([Withdraw(Ann, "o3", 2), Withdraw(Ann, "o1", 2), Withdraw(Ann, "o2", 2)], first.Concat(rest).Select(Text));
        Assert.True(first[0].Id > 0 && first[1].Id > first[0].Id && rest[0].Id > first[1].Id);
    }

    [Fact]
    public async Task A_follow_ups_id_is_never_given_twice()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1), At("o2", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o1", 2)] });
        var settled = (await Journal.FollowUps(0, 1, None)).Single().Id;
        await Journal.Settle([settled], None);
        await Reopen();

        await Commit(Append(Bob, 2) with { Index = [At("o2", 2)] });

        Assert.True((await Journal.FollowUps(0, 1, None)).Single().Id > settled);
    }

    [Fact]
    public async Task A_local_identifier_names_everybody_who_was_given_it_at_its_source()
    {
        var (one, both) = (new LocalIdentifier("mrn", "1"), new LocalIdentifier("mrn", "2"));
        await Commit(Append(Bob, 1) with { LocalIdentifiers = [one, both] });
        await Commit(Append(Ann, 1) with { LocalIdentifiers = [both] });
        await Commit(Append(Ann, 2) with { LocalIdentifiers = [both] });

        Assert.Equal([Bob], await Journal.FindPatients(Source, one, None));
        Assert.Equal([Ann, Bob], await Journal.FindPatients(Source, both, None));
        Assert.Empty(await Journal.FindPatients("hampshire", one, None));
        Assert.Empty(await Journal.FindPatients(Source, one with { System = "other" }, None));
    }

    [Fact]
    public async Task A_former_identifier_names_the_person_no_longer_unless_it_is_given_again()
    {
        var (gone, kept) = (new LocalIdentifier("mrn", "1"), new LocalIdentifier("mrn", "2"));
        await Commit(Append(Ann, 1) with { LocalIdentifiers = [gone, kept] });
        await Commit(Append(Bob, 1) with { LocalIdentifiers = [gone] });

        await Commit(Append(Ann, 2) with { FormerIdentifiers = [gone, kept, new("mrn", "3")], LocalIdentifiers = [kept] });

        Assert.Equal([Bob], await Journal.FindPatients(Source, gone, None));
        Assert.Equal([Ann], await Journal.FindPatients(Source, kept, None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7\0")]
    [InlineData("7\0" + "1")]
    [InlineData("Zoë's 病院 №7")]
    [InlineData("7'; DROP TABLE record_log; --")]
    public async Task Every_text_is_an_identifier_of_its_own(string value)
    {
        await Commit(Append(Bob, 1) with { LocalIdentifiers = [new("mrn", "7")] });
        await Commit(Append(Ann, 1) with { LocalIdentifiers = [new("mrn", value)] });

        Assert.Equal([Ann], await Journal.FindPatients(Source, new LocalIdentifier("mrn", value), None));
        Assert.Equal([Bob], await Journal.FindPatients(Source, new LocalIdentifier("mrn", "7"), None));
    }
}
