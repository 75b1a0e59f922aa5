using System.Collections.Immutable;
using System.Text;
using Lhcre.Record;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Lhcre.Contracts.Tests;

/// <summary>Every record on the wire arrives as it was sent, and goes as it is within a process.</summary>
public sealed class WireTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer(s => s.AddAssembly(typeof(Caller).Assembly)).BuildServiceProvider();

    public static TheoryData<FragmentBatch> Batches =>
    [
        new FragmentBatch([]),
        new FragmentBatch([Observation("stamped", time: Noon), Observation("unstamped")]),
        new FragmentBatch([Observation("put", stampRule: StampRule.AboveLive), Observation("mended", mended: """{"resourceType":"Observation","id":"mended"}""")]),
        new FragmentBatch([Fragment.Deleted(new EntryKey("dorset", "Observation", "dated"), Noon), Fragment.Deleted(new EntryKey("dorset", "Observation", "undated"))]),
        new FragmentBatch([Fragment.Moved(new EntryKey("dorset", "Observation", "moved"), Observation("moved", time: Noon).Version)]),
    ];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Batches))]
    public void Fragments_arrive_as_they_were_sent(FragmentBatch batch)
    {
        var arrived = Sent(batch).Fragments;

        Assert.Equal(batch.Fragments.Select(Text), arrived.Select(Text));
        Assert.Equal(LogBody.Write(batch.Fragments).ToArray(), LogBody.Write(arrived).ToArray());
    }

    [Fact]
    public void A_push_arrives_as_it_was_sent()
    {
        var push = new PushRequest
        {
            Source = "dorset",
            Push = PushId.Of("dorset", "1"),
            Fragments = new FragmentBatch([Observation("weight", time: Noon)]),
            Settles = [7, 8],
            Unparks = ["aside"],
            Extent = new SourceExtent("dorset", Noon, ["Condition", "Procedure"]),
            Received = Noon,
        };

        var arrived = Sent(push);

        Assert.Equal((push.Source, push.Push, Noon), (arrived.Source, arrived.Push, arrived.Received));
        Assert.Equal(push.Fragments.Fragments.Select(Text), arrived.Fragments.Fragments.Select(Text));
        Assert.Equal(push.Settles.AsEnumerable(), arrived.Settles);
        Assert.Equal(push.Unparks.AsEnumerable(), arrived.Unparks);
        Assert.Equal(("dorset", Noon, "Condition Procedure"), (arrived.Extent!.Source, arrived.Extent.Time, string.Join(' ', arrived.Extent.Types)));
    }

    [Fact]
    public void A_push_that_settles_nothing_arrives_with_empty_lists()
    {
        var arrived = Sent(new PushRequest { Source = "dorset", Push = default, Fragments = new FragmentBatch([]) });

        Assert.Equal((false, false), (arrived.Settles.IsDefault, arrived.Unparks.IsDefault));
        Assert.Equal((true, true, null), (arrived.Settles.IsEmpty, arrived.Unparks.IsEmpty, arrived.Extent));
    }

    public static TheoryData<Correction> Corrections =>
    [
        new Quarantine(PushId.Of("operator", "1"), "dorset", "a wrong mapping", Noon, Noon.AddDays(1)),
        new Quarantine(PushId.Of("operator", "2"), "dorset", "", default, null),
        new Quarantine(PushId.Of("operator", "4"), "dorset", "there", default, null) { Move = PushId.Of("operator", "5") },
        new QuarantineEnd(PushId.Of("operator", "3"), "dorset", "mended", PushId.Of("operator", "1")),
    ];

    [Theory]
    [MemberData(nameof(Corrections))]
    public void A_correction_arrives_as_it_was_sent(Correction correction) =>
        Assert.Equal(correction, Sent(CorrectionRequest.Of(correction) with { Lane = Lane.Backfill }).Correction());

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "p")]
    public void A_move_arrives_as_it_was_sent(bool isHere, string? unit)
    {
        var move = new Move(
            PushId.Of("operator", "6"), "dorset", "another person's", PushId.Of("operator", "5"), isHere, PatientKey.Parse("pabcdefghijklmnopqrstuvwxyz"),
            [new EntryKey("dorset", "Patient", "p"), new EntryKey("dorset", "Basic", "b")], unit);

        var arrived = Assert.IsType<Move>(Sent(CorrectionRequest.Of(move)).Correction());

        Assert.Equal((move.Id, move.Source, move.Reason, move.Of, move.IsHere, move.Other, move.Unit), (arrived.Id, arrived.Source, arrived.Reason, arrived.Of, arrived.IsHere, arrived.Other, arrived.Unit));
        Assert.Equal(move.Entries.AsEnumerable(), arrived.Entries);
        // A source's own ids are patient data, and a call is printed where it fails.
        Assert.DoesNotContain("Basic", CorrectionRequest.Of(move).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_push_answer_arrives_as_it_was_sent()
    {
        ImmutableArray<FragmentOutcome> outcomes = [.. Enum.GetValues<FragmentOutcome>()];

        var arrived = Sent(new PushAnswer(PushStatus.Applied, long.MaxValue, outcomes) { Withdrawn = 3 });

        Assert.Equal((PushStatus.Applied, long.MaxValue, 3), (arrived.Status, arrived.Version, arrived.Withdrawn));
        Assert.Equal(outcomes.AsEnumerable(), arrived.Outcomes);
    }

    [Fact]
    public void What_is_known_of_a_feed_arrives_as_it_was_sent()
    {
        var contact = new SourceContact("dorset", Noon, Noon.AddMinutes(-1), TimeSpan.FromSeconds(2)) { LastAccepted = Noon.AddMinutes(-2), LastRefused = Noon.AddMinutes(-3), Watermark = Noon.AddMinutes(-4) };
        var counts = new SourceCounts("dorset", [.. Enumerable.Range(1, 15).Select(i => (long)i)]);

        Assert.Equal((contact, counts), (Sent(contact), Sent(counts)));
    }

    [Fact]
    public void A_read_answer_arrives_as_it_was_sent()
    {
        var answer = new ReadAnswer
        {
            Status = ReadStatus.Found,
            Version = 9,
            LastUpdated = Noon.AddTicks(1),
            Entries = [[1, 2, 3, 4], []],
            EntryBytes = 4,
            ResourceStart = 1,
            ResourceLength = 2,
            PresentId = "present",
            Beside = [[5], [6, 7]],
            Sources = -8,
            IsRestricted = true,
        };

        var arrived = Sent(answer);

        Assert.Equal(answer.Entries, arrived.Entries);
        Assert.Equal(answer.Beside, arrived.Beside);
        Assert.Equal(answer with { Entries = arrived.Entries, Beside = arrived.Beside }, arrived);
        Assert.Equal([2, 3], arrived.Resource.ToArray());
    }

    [Fact]
    public void Small_records_arrive_as_they_were_sent()
    {
        Assert.Equal(new Caller("who", "RDY", "TREAT"), Sent(new Caller("who", "RDY", "TREAT")));
        Assert.Equal(new ReadRequest("dorset", "Observation", "weight"), Sent(new ReadRequest("dorset", "Observation", "weight")));
        Assert.Equal(ReadRequest.Everything, Sent(new ReadRequest()));
        Assert.True(Sent(new ReadRequest { IsByLocalIdentifier = true }).IsByLocalIdentifier);
        Assert.Equal(new ReadRequest(null, "Observation", "weight") { Operation = ReadOperation.Explain }, Sent(new ReadRequest(null, "Observation", "weight") { Operation = ReadOperation.Explain }));
        var history = new ReadRequest { Operation = ReadOperation.History, AsOf = new RecordMoment(3, null), Bounds = new HistoryBounds(Noon, null, Noon.AddDays(1)) };
        Assert.Equal(history, Sent(history));
        Assert.Equal(new RecordVersion(3, Noon, "dorset", 2), Sent(new RecordVersion(3, Noon, "dorset", 2)));
        Assert.Equal(PushId.Of("dorset", "1"), Sent(PushId.Of("dorset", "1")));
        Assert.Equal((ReadStatus.NotFound, null, 0), (Sent(ReadAnswer.NotFound).Status, Sent(ReadAnswer.NotFound).LastUpdated, Sent(ReadAnswer.NotFound).Entries.Length));
    }

    [Fact]
    public void Within_a_process_nothing_that_carries_bytes_is_copied()
    {
        var copier = _services.GetRequiredService<DeepCopier>();
        var push = new PushRequest { Source = "dorset", Push = default, Fragments = new FragmentBatch([Observation("weight")]) };
        var answer = new ReadAnswer { Status = ReadStatus.Found, Entries = [[1]] };

        Assert.Same(push, copier.Copy(push));
        Assert.Same(answer, copier.Copy(answer));
    }

    [Fact]
    public void What_a_call_prints_of_itself_holds_no_id_and_no_content()
    {
        object[] printed =
        [
            new ReadRequest("dorset", "Observation", "weight-4711"),
            new ReadAnswer { Status = ReadStatus.Found, PresentId = "weight-4711" },
            new PushRequest { Source = "dorset", Push = PushId.Of("dorset", "1"), Fragments = new FragmentBatch([Observation("weight-4711")]) },
            new FragmentBatch([Observation("weight-4711")]),
            new PushAnswer(PushStatus.Applied, 1, [FragmentOutcome.Created]),
        ];

        Assert.All(printed, p => Assert.DoesNotContain("4711", p.ToString(), StringComparison.Ordinal));
    }

    private static Fragment Observation(string id, DateTimeOffset? time = null, StampRule stampRule = StampRule.Arrival, string? mended = null)
    {
        var sent = Encoding.UTF8.GetBytes(
            $$"""{ "resourceType":"Observation","id":"{{id}}","subject":{"reference":"Patient/ann"},"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]} }""");
        // A conditional expression would make empty bytes of null here.
        ReadOnlyMemory<byte>? without = null;
        if (mended is not null)
            without = Encoding.UTF8.GetBytes(mended);
        return Fragment.Stated("dorset", sent, without, time, stampRule);
    }

    private static string Text(Fragment fragment) =>
        $"{fragment.Key.Source}/{fragment.Key.Reference} {fragment.Kind} {fragment.Version} {fragment.StampRule} {Encoding.UTF8.GetString(fragment.AsSent.Span)} "
        + (fragment.Mended is { } mended ? Encoding.UTF8.GetString(mended.Span) : "without faults")
        + $" {fragment.IsSupporting} {fragment.Id} {fragment.Meta} {string.Join(' ', fragment.References.Select(r => $"{r.Value} {r.Target.Reference}"))}";

    private T Sent<T>(T value)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
