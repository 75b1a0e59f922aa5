using System.Text;
using Lhcre.Contracts;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>What they answer: what is known already, what was shown under other rules, histories.</summary>
public sealed partial class PastReadingTests
{
    [Fact]
    public async Task A_known_version_is_not_modified_and_nothing_is_made_of_it()
    {
        await Pushed(5);
        await _live.Fold(TaskScheduler.Default, default);
        var cold = Activation();
        await cold.Load(default);
        var known = ReadRequest.Everything with { KnownVersion = 5 };

        var answer = await cold.Read(known, default);
        Assert.Equal((ReadStatus.NotModified, 5, 0), (answer.Status, answer.Version, answer.Entries.Length));
        Assert.Equal(_live.Snapshot.LastUpdated, answer.LastUpdated);
        foreach (var request in new[] { new ReadRequest(null, "Observation"), new ReadRequest { Operation = ReadOperation.History } })
        {
            Assert.Equal(ReadStatus.NotModified, (await cold.Read(request with { KnownVersion = 5 }, default)).Status);
            Assert.Equal(ReadStatus.Found, (await cold.Read(request with { KnownVersion = 4 }, default)).Status);
        }

        Assert.Equal(ReadStatus.Found, (await cold.Read(known with { KnownVersion = 4 }, default)).Status);
        _clock.Advance(LiveRecord.ConfirmedFor + TimeSpan.FromSeconds(1));
        Assert.True((await cold.Read(known, default)).IsUnconfirmed);
    }

    [Fact]
    public async Task Of_a_single_resource_its_own_version_is_the_known_one()
    {
        await Pushed(5);
        var one = new ReadRequest(null, "Observation", Id("1"));

        Assert.Equal(ReadStatus.NotModified, (await _live.Read(one with { KnownVersion = 2 }, default)).Status);
        Assert.Equal(2, (await _live.Read(one with { KnownVersion = 2 }, default)).Version);
        Assert.Equal(ReadStatus.Found, (await _live.Read(one with { KnownVersion = 5 }, default)).Status);
        Assert.Equal(ReadStatus.NotModified, (await _live.Read(one with { KnownVersion = 5, Operation = ReadOperation.Explain }, default)).Status);
    }

    [Fact]
    public async Task What_was_shown_under_other_merge_rules_is_rebuilt_and_says_so()
    {
        await Appended(1, rules: 1, Patient());
        await Appended(2, rules: 1, Observation("1", time: Noon));
        await _live.Push(Push("3", Observation("2")), default);

        Assert.True((await AsOf(1)).IsRebuilt);
        Assert.True((await AsOf(2)).IsRebuilt);
        Assert.True((await _live.Read(ReadRequest.Everything with { AsOf = new RecordMoment(null, At(2)) }, default)).IsRebuilt);
        Assert.False((await AsOf(3)).IsRebuilt);
        Assert.False((await _live.Read(ReadRequest.Everything, default)).IsRebuilt);
        Assert.True((await _live.Read(new ReadRequest { Operation = ReadOperation.History }, default)).IsRebuilt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_an_instant_the_present_version_may_have_been_shown_under_other_rules_too(bool isFolded)
    {
        await Appended(1, rules: 1, Patient());
        await _live.Load(default);
        if (isFolded)
        {
            await _live.Fold(TaskScheduler.Default, default);
            _live.Settle();
        }

        var cold = Activation();
        await cold.Load(default);
        Assert.True((await cold.Read(ReadRequest.Everything with { AsOf = new RecordMoment(null, At(1)) }, default)).IsRebuilt);
        Assert.False((await cold.Read(ReadRequest.Everything with { AsOf = new RecordMoment(1, null) }, default)).IsRebuilt);
    }

    [Fact]
    public async Task The_history_of_a_member_that_never_had_an_address_is_that_of_what_it_is_a_part_of()
    {
        var identified = """{"resourceType":"Observation","id":"x","identifier":[{"system":"https://example.org/ids","value":"1"}],"code":{"text":"x"},"subject":{"reference":"Patient/ann"}}""";
        await _live.Push(Push("1", Patient(), Stated(identified, Source), Stated(identified, "hampshire")), default);
        var shown = Assert.Single(_live.Snapshot.OfType("Observation").ToArray());
        var other = shown.Members.Select(m => new MergedId(JournalExamples.Ann, m.Key.Hash())).Single(id => id != shown.Id);

        var answer = await _live.Read(new ReadRequest(null, "Observation", other.ToString()) { Operation = ReadOperation.History }, default);

        Assert.Equal((ReadStatus.Found, shown.Id.ToString(), 1), (answer.Status, answer.PresentId, answer.Total));
        Assert.Equal(ReadStatus.NotFound, (await _live.Read(new ReadRequest(null, "Condition", other.ToString()) { Operation = ReadOperation.History }, default)).Status);
        Assert.Equal(ReadStatus.NotFound, (await _live.Read(new ReadRequest(null, "Observation", Id("never")) { Operation = ReadOperation.History }, default)).Status);
    }

    [Fact]
    public async Task Versions_that_were_current_in_a_stretch_of_time_are_found_by_its_bounds()
    {
        await _live.Push(Push("patient", Patient()), default);
        // Not to the millisecond, to which times are shown.
        _clock.Advance(TimeSpan.FromTicks(1234));
        foreach (var value in new[] { "1", "2" })
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await _live.Push(Push(value, Observation("o", value)), default);
        }

        _clock.Advance(TimeSpan.FromHours(1));
        await _live.Push(Push("gone", Fragment.Deleted(Key("Observation", "o"), null)), default);

        // Made at noon, 13:00, 14:00, and ended at 15:00.
        Assert.Equal("4 3 2", await Seqs(new HistoryBounds(Noon.AddHours(1), null, null)));
        Assert.Equal("2", await Seqs(new HistoryBounds(null, Noon.AddHours(1.5), Noon.AddHours(2))));
        Assert.Equal("3", await Seqs(new HistoryBounds(null, Noon.AddHours(2), Noon.AddHours(2).AddTicks(1))));
        Assert.Equal("3 2", await Seqs(new HistoryBounds(null, Noon.AddHours(1.5), Noon.AddHours(2.5))));
        Assert.Equal("4 3", await Seqs(new HistoryBounds(null, Noon.AddHours(2), null)));
        Assert.Equal("", await Seqs(new HistoryBounds(null, Noon.AddHours(4), null)));
        Assert.Equal("3", await Seqs(null, skip: 1, count: 1));

        async Task<string> Seqs(HistoryBounds? bounds, int skip = 0, int? count = null)
        {
            var answer = await _live.Read(new ReadRequest(null, "Observation") { Operation = ReadOperation.History, Bounds = bounds, Skip = skip, Count = count }, default);
            return string.Join(' ', answer.Entries.Select(e => Encoding.UTF8.GetString(e).Split("W/\\\"")[1].Split('\\')[0]));
        }
    }
}
