namespace Lhcre.Record.Tests;

/// <summary>Corrections in bytes: in rows, in history and in live chunks. What needs none of it is written as ever.</summary>
public sealed class CorrectionFormatTests
{
    private static readonly PushId Id = new(new ContentHash(1));
    private static readonly Fragment Fragment = Said.Gone(Said.Wight, "Basic", "b", 1);

    public static TheoryData<Correction> Corrections =>
    [
        new Quarantine(Id, Said.Dorset, "a wrong mapping", Said.Day(1), Said.Day(2)),
        new Quarantine(Id, Said.Dorset, "", default, null),
        new QuarantineEnd(Id, Said.Dorset, "mended", new PushId(new ContentHash(2))),
        new Quarantine(Id, Said.Dorset, "there", Said.Day(1), null) { Move = new PushId(new ContentHash(2)) },
    ];

    [Theory]
    [MemberData(nameof(Corrections))]
    public void A_row_says_what_it_corrects_and_when_it_was_received(Correction correction)
    {
        var body = LogBody.WriteRow([Fragment], Said.Day(3), correction);

        var row = LogBody.ReadRow(new LogRow(7, Id, Said.Day(4), body));

        Assert.Equal((7L, Id, Said.Day(4), (byte)PatientRecord.MergeRules), (row.Seq, row.Push, row.At, row.Rules));
        Assert.Equal((correction, Said.Day(3), Said.Day(3)), (row.Correction, row.Received, row.ReceivedAt));
        Assert.Equal(Fragment.Version, Assert.Single(row.Fragments).Version);
        Assert.Equal(Fragment.Version, Assert.Single(LogBody.Read(body)).Version);
        Assert.Equal([LogBody.CorrectingFormat, PatientRecord.MergeRules], body.Span[..2].ToArray());
    }

    [Fact]
    public void A_row_says_by_what_it_came()
    {
        var row = LogBody.ReadRow(new LogRow(7, Id, Said.Day(4), LogBody.WriteRow([Fragment], Said.Day(1), cause: Said.Day(3))));

        Assert.Equal(new Receipt(Said.Day(1), Said.Day(3)), row.Receipt);
        Assert.Null(LogBody.ReadRow(new LogRow(7, Id, Said.Day(4), LogBody.WriteRow([Fragment], Said.Day(1)))).Cause);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "p")]
    public void A_row_says_what_moves_and_by_which_move_it_is_here(bool isHere, string? unit)
    {
        var move = new Move(Id, Said.Dorset, "another person's", new PushId(new ContentHash(2)), isHere, Said.Person, [new EntryKey(Said.Dorset, "Patient", "p"), new EntryKey(Said.Dorset, "Basic", "b")], unit);

        var read = Assert.IsType<Move>(LogBody.ReadRow(new LogRow(7, Id, Said.Day(4), LogBody.WriteRow([], null, move))).Correction);
        var copy = LogBody.ReadRow(new LogRow(8, Id, Said.Day(4), LogBody.WriteRow([Fragment], Said.Day(1), move: move.Of)));

        Assert.Equal((move.Id, move.Source, move.Reason, move.Of, move.IsHere, move.Other, move.Unit), (read.Id, read.Source, read.Reason, read.Of, read.IsHere, read.Other, read.Unit));
        Assert.Equal(move.Entries.AsEnumerable(), read.Entries);
        Assert.Equal((move.Of, new Receipt(Said.Day(1), Move: move.Of)), (copy.Move, copy.Receipt));
        Assert.Equal(copy.Receipt, HistoryChunk.Read(HistoryChunk.Write([new LogRow(8, Id, Said.Day(4), LogBody.WriteRow([Fragment], Said.Day(1), move: move.Of))]))[0].Receipt);
    }

    [Fact]
    public void A_row_that_says_nothing_else_is_written_as_ever() =>
        Assert.Equal(LogBody.WriteRow([Fragment]).ToArray(), LogBody.WriteRow([Fragment], null).ToArray());

    [Fact]
    public void The_bytes_of_a_row_are_pinned()
    {
        var body = LogBody.WriteRow([Fragment], Said.Day(1), new Quarantine(Id, Said.Dorset, "why", Said.Day(1), null));
        string[] expected =
        [
            "03", // a receipt time and a correction
            "08DD2A42AC18E800", // received
            "01", new string('0', 31) + "1", "07646F72736574", "04776879", // a quarantine, its id, dorset, why
            "08DD2A42AC18E800", new('0', 16), // from, and on and on
            "01", // one fragment
            "02", "0E69736C652D6F662D7769676874", "064261736963", "0262", "08DD2A42AC18E800", "03", "00", new('0', 32),
        ];

        Assert.Equal(string.Concat(expected), Convert.ToHexString(LogBody.Unpack(body)));
        Assert.Equal("07030702", Convert.ToHexString(body.Span[..4]));
    }

    [Theory]
    [MemberData(nameof(Corrections))]
    public void History_keeps_it_beside_rows_without(Correction correction)
    {
        LogRow[] rows =
        [
            new(1, Id, Said.Day(1), LogBody.WriteRow([Fragment])),
            new(2, Id, Said.Day(2), LogBody.WriteRow([], null, correction)),
            new(3, Id, Said.Day(3), LogBody.WriteRow([Fragment], Said.Day(1))),
        ];

        var back = HistoryChunk.Read(HistoryChunk.Write(rows));

        Assert.Equal([null, correction, null], back.Select(r => r.Correction));
        Assert.Equal([null, null, Said.Day(1)], back.Select(r => r.Received));
        Assert.Equal([1, 0, 1], back.Select(r => r.Fragments.Count));
        Assert.Equal(HistoryChunk.CorrectingFormat, HistoryChunk.Write(rows).Span[0]);
        Assert.Equal(HistoryChunk.Format, HistoryChunk.Write(rows[..1]).Span[0]);
    }

    [Fact]
    public void Live_chunks_know_the_corrections_of_a_record_that_has_any()
    {
        var diary = new FoldedDiary();
        diary.Push(Said.Of(Said.Dorset, "Basic", "b", 1));
        Assert.Equal(LiveChunk.Format, diary.Fold().Live[0].Body.Span[0]);
        diary.Correct(new Quarantine(Id, Said.Wight, "why", Said.Day(1), null));

        Assert.Equal(LiveChunk.CorrectedFormat, diary.Fold().Live[0].Body.Span[0]);
        Assert.Single(diary.Live);
        Assert.True(diary.Loaded().Corrections.AreAs(diary.Record.Corrections));
        Assert.True(diary.Loaded().Corrections.IsInForce(Id));
    }

    [Theory]
    [InlineData("07030702")]
    [InlineData("0702")]
    public void A_row_cut_short_is_invalid_data(string hex) => Assert.Throws<InvalidDataException>(() => LogBody.Read(Convert.FromHexString(hex)));

    [Fact]
    public void A_row_that_says_what_only_a_later_release_knows_is_refused()
    {
        var body = PackedBytes.Pack(LogBody.CorrectingFormat, FactsReader.Number, [4, 0], [LogBody.CorrectingFormat, PatientRecord.MergeRules]);

        Assert.Throws<InvalidDataException>(() => LogBody.Read(body));
    }
}
