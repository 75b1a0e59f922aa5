using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <content>What rows bring that other rows depend on: whole pushes, and whom a resource refers to.</content>
public sealed partial class LiveRecordCorrectionTests
{
    [Fact]
    public async Task What_a_whole_push_left_out_is_back_when_that_push_does_not_count()
    {
        await Take(Push("1", Patient(), Observation("weight", time: Noon)));
        await Take(Push("2", Patient()) with { Extent = new SourceExtent(Source, Noon.AddHours(1), []) });
        await Take(Push("3", Observation("pulse", time: Noon)));
        Assert.Empty(Versions("Observation"));

        await Quarantine("q", 2, 3);

        Assert.Equal(["pulse 4", "weight 4"], Versions("Observation"));
        await End("q");
        Assert.Empty(Versions("Observation"));
    }

    [Fact]
    public async Task What_a_whole_push_left_out_while_it_did_not_count_stays_withdrawn()
    {
        await Take(Push("1", Patient()));
        await Take(Push("2", Observation("weight", time: Noon)));
        await Quarantine("q", 2, 3);
        await Take(Push("3", Patient()) with { Extent = new SourceExtent(Source, Noon.AddHours(1), []) });

        await End("q");

        Assert.Empty(Versions("Observation"));
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task Whom_it_refers_to_is_shown_as_is_kept_though_the_row_that_brought_them_does_not_count()
    {
        await Take(Push("1", Patient(), Observation("weight", performer: "gp", time: Noon)));
        await Take(Push("2", Practitioner("gp", "After")));
        Assert.Equal(1, _live.Snapshot.OfType("Practitioner").Length);

        await Quarantine("q", 2, 3);

        Assert.Contains("After", Served(_live.Snapshot), StringComparison.Ordinal);
        Assert.Contains($"\"reference\":\"Practitioner/{JournalExamples.Ann}", Served(_live.Snapshot), StringComparison.Ordinal);
        Assert.Equal(Served(_live.Snapshot), Served(await Replayed(_journal)));
    }

    [Fact]
    public async Task Whom_nobody_referred_to_any_more_is_delivered_again_to_who_refers_to_them_later()
    {
        await Take(Push("1", Patient()));
        await Take(Push("2", Observation("weight", performer: "gp", time: Noon), Practitioner("gp")));
        await Quarantine("q", 2, 3);
        Assert.Empty(_live.Snapshot.OfType("Practitioner").ToArray());
        Assert.Empty(await _journal.FollowUps(0, 10, default));

        await Take(Push("3", Observation("pulse", performer: "gp", time: Noon)));

        Assert.Equal((JournalExamples.Ann, FollowUpKind.Deliver, Key("Practitioner", "gp")), Assert.Single((await _journal.FollowUps(0, 10, default)).Select(f => (f.Patient, f.Kind, f.Key))));
    }
}
