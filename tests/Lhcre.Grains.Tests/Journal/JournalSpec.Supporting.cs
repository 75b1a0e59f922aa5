using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    [Fact]
    public async Task A_supporting_resource_is_kept_once_in_its_highest_version()
    {
        await Journal.KeepSupporting([Supporting("dr", 2), Supporting("ward", 1)], None);
        await Journal.KeepSupporting([Supporting("dr", 1), Supporting("ward", 2)], None);

        Assert.Equal(
            [Text(Supporting("ward", 2)), "none", Text(Supporting("dr", 2))],
            (await Journal.FindSupporting([Key("ward", "Practitioner"), Key("dr", "Organization"), Key("dr", "Practitioner")], None)).Select(Text));
    }

    [Fact]
    public async Task An_append_keeps_supporting_resources_too()
    {
        await Commit(Append(Ann, 1) with { Supporting = [Supporting("dr", 1)] });
        await Commit(Append(Ann, 2) with { Supporting = [Supporting("dr", 2)] });

        Assert.Equal([Text(Supporting("dr", 2))], (await Journal.FindSupporting([Key("dr", "Practitioner")], None)).Select(Text));
    }

    [Fact]
    public async Task A_resource_that_nobody_uses_is_delivered_to_nobody()
    {
        await Journal.KeepSupporting([Supporting("dr", 1)], None);

        Assert.Empty(await Pending());
    }

    [Fact]
    public async Task A_resource_that_arrives_behind_its_users_is_delivered_to_each()
    {
        await Commit(Append(Bob, 1) with { Uses = [Use("dr")] });
        await Commit(Append(Ann, 1) with { Uses = [Use("dr"), Use("ward")] });
        Assert.Empty(await Pending());

        await Journal.KeepSupporting([Supporting("dr", 1)], None);

        Assert.Equal([Deliver(Ann, "dr", 1), Deliver(Bob, "dr", 1)], await Pending());
    }

    [Fact]
    public async Task What_was_delivered_and_is_forgotten_is_delivered_again_where_it_is_still_used()
    {
        await Journal.KeepSupporting([Supporting("dr", 2), Supporting("ward", 2)], None);
        await Commit(Append(Ann, 1) with { Uses = [Use("dr", 2), Use("ward", 2)] });
        await Commit(Append(Bob, 1) with { Uses = [Use("dr", 2)] });

        await Commit(Append(Ann, 2) with { Unused = [Key("dr", "Practitioner"), Key("ward", "Practitioner"), Key("never", "Practitioner")], Uses = [Use("dr", 1)] });
        Assert.Equal([Deliver(Ann, "dr", 2)], await Pending());

        await Journal.KeepSupporting([Supporting("ward", 3)], None);
        Assert.Equal([Deliver(Ann, "dr", 2)], await Pending());
    }

    [Fact]
    public async Task A_use_of_a_kept_resource_that_was_not_delivered_with_it_is_delivered()
    {
        await Journal.KeepSupporting([Supporting("dr", 2)], None);
        await Commit(Append(Ann, 1) with { Uses = [Use("dr")] });
        await Commit(Append(Bob, 1) with { Uses = [Use("dr", 1)] });
        await Commit(Append(Cyd, 1) with { Uses = [Use("dr", 2)] });

        Assert.Equal([Deliver(Ann, "dr", 2), Deliver(Bob, "dr", 2)], await Pending());
    }

    [Fact]
    public async Task A_resource_in_the_same_append_as_its_use_is_delivered_where_the_row_does_not_hold_it()
    {
        await Commit(Append(Ann, 1) with { Supporting = [Supporting("dr", 1)], Uses = [Use("dr")] });
        await Commit(Append(Bob, 1) with { Supporting = [Supporting("ward", 1)], Uses = [Use("ward", 1)] });

        Assert.Equal([Deliver(Ann, "dr", 1)], await Pending());
    }

    [Fact]
    public async Task A_newer_version_is_delivered_to_all_who_hold_a_lower_one_whoever_brings_it()
    {
        await Commit(Append(Ann, 1) with { Supporting = [Supporting("dr", 1)], Uses = [Use("dr", 1)] });
        await Commit(Append(Bob, 1) with { Uses = [Use("dr", 1)] });

        await Commit(Append(Cyd, 1) with { Supporting = [Supporting("dr", 2)], Uses = [Use("dr", 2)] });

        Assert.Equal([Deliver(Ann, "dr", 2), Deliver(Bob, "dr", 2)], await Pending());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_version_that_is_not_above_the_kept_one_is_delivered_to_nobody(byte version)
    {
        await Commit(Append(Ann, 1) with { Supporting = [Supporting("dr", 2)], Uses = [Use("dr", 2)] });

        await Journal.KeepSupporting([Supporting("dr", version)], None);

        Assert.Empty(await Pending());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task A_use_that_is_stated_again_without_a_version_keeps_the_delivered_one(int? again)
    {
        await Commit(Append(Ann, 1) with { Supporting = [Supporting("dr", 2)], Uses = [Use("dr", 2)] });
        await Commit(Append(Ann, 2) with { Uses = [Use("dr", (byte?)again)] });

        Assert.Empty(await Pending());
    }

    [Fact]
    public async Task A_row_that_delivers_settles_its_follow_up_and_is_asked_for_no_other()
    {
        await Commit(Append(Ann, 1) with { Uses = [Use("dr")] });
        await Journal.KeepSupporting([Supporting("dr", 1)], None);
        var followUp = (await Journal.FollowUps(0, 10, None)).Single();

        await Commit(Append(Ann, 2) with { Uses = [Use("dr", 1)], Settles = [followUp.Id] });

        Assert.Empty(await Pending());
    }

    [Fact]
    public async Task A_delivery_that_is_overtaken_by_a_newer_version_leaves_the_newer_one_to_be_delivered()
    {
        await Commit(Append(Ann, 1) with { Uses = [Use("dr")] });
        await Journal.KeepSupporting([Supporting("dr", 1)], None);
        var followUp = (await Journal.FollowUps(0, 10, None)).Single();
        await Journal.KeepSupporting([Supporting("dr", 2)], None);

        await Commit(Append(Ann, 2) with { Uses = [Use("dr", 1)], Settles = [followUp.Id] });

        Assert.Equal([Deliver(Ann, "dr", 2)], await Pending());
    }

    [Fact]
    public async Task Settling_a_delivery_marks_it_as_delivered()
    {
        await Commit(Append(Ann, 1) with { Uses = [Use("dr")] });
        await Journal.KeepSupporting([Supporting("dr", 2)], None);
        var followUp = (await Journal.FollowUps(0, 10, None)).Single();

        await Journal.Settle([followUp.Id, 999], None);
        await Commit(Append(Ann, 2) with { Uses = [Use("dr")] });
        Assert.Empty(await Pending());

        await Journal.KeepSupporting([Supporting("dr", 3)], None);
        Assert.Equal([Deliver(Ann, "dr", 3)], await Pending());
    }

    [Fact]
    public async Task Settling_a_withdrawal_removes_it_and_nothing_else()
    {
        await Commit(Append(Ann, 1) with { Index = [At("o1", 1), At("o2", 1)] });
        await Commit(Append(Bob, 1) with { Index = [At("o1", 2), At("o2", 2)] });
        var first = (await Journal.FollowUps(0, 1, None)).Single();

        await Journal.Settle([first.Id], None);

        Assert.Equal([Withdraw(Ann, "o2", 2)], await Pending());
        Assert.Equal(Bob, await Holder("o1"));
    }
}
