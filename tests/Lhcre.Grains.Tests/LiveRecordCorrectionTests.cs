using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>A record whose rows cease to count, and count again, over a journal: what is served, found and remembered (decision 0022).</summary>
public sealed partial class LiveRecordCorrectionTests : IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();
    private readonly LiveRecord _live;

    public LiveRecordCorrectionTests() => _live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task What_came_in_the_stretch_is_gone_and_the_rest_is_as_it_was()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Take(Push("2", Observation("weight", "2", time: Noon.AddHours(1)), Observation("pulse", time: Noon)));
        await Take(Push("3", Observation("height", time: Noon)));

        var answer = await Quarantine("q", 2, 3);

        Assert.Equal((PushStatus.Applied, 4), (answer.Status, answer.Version));
        Assert.Equal(["height 3", "weight 4"], Versions("Observation"));
        Assert.Equal(1, _live.Snapshot.Patient!.Version);
        Assert.Contains("\"valueString\":\"1\"", Served(_live.Snapshot), StringComparison.Ordinal);
        Assert.Equal(ReadStatus.NotFound, (await _live.Read(new ReadRequest(Source, "Observation", "pulse"), default)).Status);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task Its_end_brings_all_of_it_back_and_what_came_meanwhile_stays()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Take(Push("2", Observation("weight", "2", time: Noon.AddHours(1)), Observation("pulse", time: Noon)));
        await Quarantine("q", 2, 3);
        await Take(Push("3", Observation("height", time: Noon)));

        var answer = await End("q");

        Assert.Equal((PushStatus.Applied, 5), (answer.Status, answer.Version));
        Assert.Equal(["height 4", "pulse 5", "weight 5"], Versions("Observation"));
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task The_same_again_and_what_concerns_nothing_here_append_nothing()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Quarantine("q", 1, 2);

        Assert.Equal(PushStatus.Unchanged, (await Quarantine("q", 1, 2)).Status);
        Assert.Equal(PushStatus.Unchanged, (await Quarantine("other", 2, 3)).Status);
        Assert.Equal(PushStatus.Unchanged, (await End("unknown")).Status);
        await End("q");
        Assert.Equal(PushStatus.Unchanged, (await End("q")).Status);
        Assert.Equal(3, _live.Seq);
        Assert.Equal(PushStatus.Unchanged, (await new LiveRecord(JournalExamples.Bob, _journal, Here, _clock).Correct(Request("q", 1, null), default)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_known_from_chunks_as_from_rows(bool isFoldedBefore)
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Take(Push("2", Observation("pulse", time: Noon)));
        if (isFoldedBefore)
            await _live.Fold(TaskScheduler.Default, default);
        await Quarantine("q", 2, null);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
        await _live.Fold(TaskScheduler.Default, default);
        _live.Settle();
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));

        var next = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock);
        Assert.Equal([FragmentOutcome.Quarantined], (await next.Push(Push("3", Observation("height", time: Noon)), default)).Outcomes.AsEnumerable());
        await next.Fold(TaskScheduler.Default, default);
        await next.Correct(EndRequest("q"), default);

        Assert.Equal(3, next.Snapshot.OfType("Observation").Length);
        await next.Fold(TaskScheduler.Default, default);
        Assert.Equal(Served(next.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task What_a_withdrawn_source_pushes_is_kept_once_and_counts_when_it_is_brought_back()
    {
        await Take(Push("1", Patient(), Observation("weight")));
        await Quarantine("q", 0, null);
        Assert.Equal(0, _live.Snapshot.All.Length);

        var changed = await Take(Push("2", Observation("weight", "2"), Observation("pulse")));
        var again = await Take(Push("3", Observation("weight", "2"), Observation("pulse")));

        Assert.Equal((PushStatus.Applied, 2), (changed.Status, changed.Version));
        Assert.Equal([FragmentOutcome.Quarantined, FragmentOutcome.Quarantined], changed.Outcomes.AsEnumerable());
        Assert.Equal([FragmentOutcome.Unchanged, FragmentOutcome.Unchanged], again.Outcomes.AsEnumerable());
        Assert.Equal(0, _live.Snapshot.All.Length);
        // It is found as this person's all the time: a DELETE, or a push without a number, goes where it always went.
        Assert.Equal([JournalExamples.Ann, JournalExamples.Ann], await _journal.FindPatients([Key("Observation", "weight"), Key("Observation", "pulse")], default));

        await End("q");
        Assert.Equal(["pulse 4", "weight 4"], Versions("Observation"));
        Assert.Contains("\"valueString\":\"2\"", Served(_live.Snapshot), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_sources_are_as_they_were()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Take(Push("2", Patient("bee", "M2", "hampshire")) with { Source = "hampshire" });

        await Quarantine("q", 0, null);

        Assert.Equal(["hampshire"], _live.Snapshot.Patient!.Members.Select(m => m.Key.Source));
        Assert.Equal([FragmentOutcome.Unchanged], (await Take(Push("3", Patient("bee", "M2", "hampshire")) with { Source = "hampshire" })).Outcomes.AsEnumerable());
    }

    [Fact]
    public async Task What_it_is_found_by_goes_and_comes_with_it()
    {
        await Take(Push("1", Patient(mrn: "M1"), Observation("weight", time: Noon)));
        await Take(Push("2", Patient(mrn: "M2"), Observation("weight", time: Noon.AddHours(2)), Observation("pulse", time: Noon)));
        Assert.Equal([JournalExamples.Ann], await Named("M2"));

        await Quarantine("q", 2, 3);
        Assert.Equal([JournalExamples.Ann], await Named("M1"));
        Assert.Empty(await Named("M2"));
        Assert.Equal([JournalExamples.Ann, null], await _journal.FindPatients([Key("Observation", "weight"), Key("Observation", "pulse")], default));

        // In the version that counts here: another person's later one takes it, though the one that counts no longer was higher.
        var bob = new LiveRecord(JournalExamples.Bob, _journal, Here, _clock);
        await bob.Push(Push("3", Observation("weight", "3", time: Noon.AddHours(1))), default);
        Assert.Equal([JournalExamples.Bob], await _journal.FindPatients([Key("Observation", "weight")], default));

        await End("q");
        Assert.Empty(await Named("M1"));
        Assert.Equal([JournalExamples.Ann], await Named("M2"));
        Assert.Equal([JournalExamples.Ann, JournalExamples.Ann], await _journal.FindPatients([Key("Observation", "weight"), Key("Observation", "pulse")], default));
    }

    [Fact]
    public async Task An_entry_that_another_record_lets_go_of_is_claimed_when_it_is_corrected_again()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        var bob = new LiveRecord(JournalExamples.Bob, _journal, Here, _clock);
        var wrong = Observation("weight", "2", time: Noon.AddHours(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await bob.Push(Push("2", wrong), default);
        await Take(Push("moved", Fragment.Moved(wrong.Key, wrong.Version)) with { Received = Noon.AddMinutes(2) });
        Assert.Empty(Versions("Observation"));

        // Here first: it counts again, though the other record has the entry still.
        await Quarantine("q", 2, 3);
        Assert.Equal(["weight 3"], Versions("Observation"));
        await bob.Correct(Request("q", 2, 3), default);
        Assert.Equal([null], await _journal.FindPatients([wrong.Key], default));

        Assert.Equal(PushStatus.Applied, (await Quarantine("q", 2, 3)).Status);
        Assert.Equal([JournalExamples.Ann], await _journal.FindPatients([wrong.Key], default));
        Assert.Equal(PushStatus.Unchanged, (await Quarantine("q", 2, 3)).Status);
        Assert.Equal(["weight 3"], Versions("Observation"));
    }

    [Fact]
    public async Task What_was_received_in_the_stretch_and_filed_later_does_not_count_either()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Take(Push("2", Observation("pulse", time: Noon)));
        await Quarantine("q", 2, 3);

        var filed = await Take(Push("3", Observation("height", time: Noon)) with { Received = Noon.AddMinutes(2).AddSeconds(1) });

        Assert.Equal([FragmentOutcome.Quarantined], filed.Outcomes.AsEnumerable());
        Assert.Equal(["weight 1"], Versions("Observation"));
        await _live.Fold(TaskScheduler.Default, default);
        await End("q");
        Assert.Equal(["height 5", "pulse 5", "weight 1"], Versions("Observation"));
    }

    [Fact]
    public async Task What_it_said_then_is_what_is_read_of_then()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Take(Push("2", Observation("pulse", time: Noon)));
        var before = (await _live.Read(ReadRequest.Everything, default)).Entries;
        await Quarantine("q", 2, 3);
        await End("q");

        Assert.Equal(before, (await _live.Read(ReadRequest.Everything with { AsOf = new RecordMoment(2, null) }, default)).Entries);
        Assert.Equal(2, (await _live.Read(ReadRequest.Everything with { AsOf = new RecordMoment(3, null) }, default)).Entries.Length);
        var history = await _live.Read(new ReadRequest(null, "Observation") { Operation = ReadOperation.History }, default);
        Assert.Equal(4, history.Total);
    }

    [Theory]
    [InlineData(JournalFault.LostReply, PushStatus.Applied)]
    [InlineData(JournalFault.LostCall, PushStatus.Unavailable)]
    [InlineData(JournalFault.Refused, PushStatus.Unavailable)]
    public async Task Whatever_becomes_of_the_call_it_is_in_force_or_not_at_all(JournalFault fault, PushStatus status)
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        _journal.Fail(fault, verb: nameof(IJournal.Append));

        Assert.Equal(status, (await Quarantine("q", 1, 2)).Status);
        Assert.Equal(status == PushStatus.Applied ? 0 : 2, _live.Snapshot.All.Length);

        await Quarantine("q", 1, 2);
        Assert.Equal((0, 2), (_live.Snapshot.All.Length, _live.Seq));
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task An_activation_that_another_one_has_passed_is_fenced()
    {
        await Take(Push("1", Patient()));
        await new LiveRecord(JournalExamples.Ann, _journal, Here, _clock).Push(Push("2", Observation("pulse")), default);

        Assert.Equal(PushStatus.Fenced, (await Quarantine("q", 1, 2)).Status);
        Assert.True(_live.IsFenced);
    }

    // Whatever comes is a minute apart: the first in minute 1.
    private Task<PushAnswer> Take(PushRequest push) => Later(() => _live.Push(push, default));

    private Task<PushAnswer> Later(Func<Task<PushAnswer>> take)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        return take();
    }

    private Task<PushAnswer> Quarantine(string name, int from, int? to) => Take(Request(name, from, to));

    private Task<PushAnswer> End(string name) => Take(EndRequest(name));

    private Task<PushAnswer> Take(CorrectionRequest correction) => Later(() => _live.Correct(correction, default));

    private static CorrectionRequest Request(string name, int from, int? to) => CorrectionRequest.Of(
        new Quarantine(Id(name), Source, "a wrong mapping", Noon.AddMinutes(from), to is { } end ? Noon.AddMinutes(end) : null));

    private static CorrectionRequest EndRequest(string name) => CorrectionRequest.Of(new QuarantineEnd(Id($"end of {name}"), Source, "mended", Id(name)));

    private static PushId Id(string name) => PushId.Of("operator", name);

    private Task<IReadOnlyList<PatientKey>> Named(string mrn) => _journal.FindPatients(Source, new LocalIdentifier("https://example.org/mrn", mrn), default);

    // Of each resource of a type the first contributor's id and the version.
    private string[] Versions(string type) => [.. _live.Snapshot.OfType(type).ToArray().Select(r => $"{r.Members[0].Key.Id} {r.Version}")];
}
