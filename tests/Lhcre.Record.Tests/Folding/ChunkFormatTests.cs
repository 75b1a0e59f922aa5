namespace Lhcre.Record.Tests;

/// <summary>The bytes of chunks: FORMAT.md, field by field. What was written once is read for ever, or known to be of no use.</summary>
public class ChunkFormatTests
{
    private static readonly FoldedDiary Two = TwoFolds();

    [Fact]
    public void The_bytes_of_history_are_pinned()
    {
        var rows = Two.History[0];
        var plain = PackedBytes.Unpack(rows.Body);
        var bodies = Two.Log().Take(2).Select(row => LogBody.Unpack(LogBody.Write([.. row.Fragments]))).ToList();
        string[] expected =
        [
            "02", // two rows
            "01", Push(1), "08DE48C8D8BB4600", "02", "03", Number(bodies[0].Length), // row 1, its push, its time, facts reader 2, merge rules 3, its length
            "02", Push(2), "08DE48C8FC7E8C00", "02", "03", Number(bodies[1].Length),
            .. bodies.Select(Convert.ToHexString),
        ];

        Assert.Equal(string.Concat(expected), Convert.ToHexString(plain));
        Assert.Equal("0502", Convert.ToHexString(rows.Body.Span[..2]));
    }

    [Fact]
    public void History_that_an_older_facts_reader_made_is_read_for_ever_and_its_facts_anew()
    {
        var row = Assert.Single(HistoryChunk.Read(Convert.FromHexString(OfReader1)));
        var fragment = Assert.Single(row.Fragments);
        Assert.Equal(new EntryKey(Said.Dorset, "Condition", "a"), fragment.Key);
        Assert.Equal(ClinicalDate.Parse("2024-05"), fragment.Facts.When);
        Assert.Equal(1, row.Rules);
        Assert.Equal(Said.Text(Said.Json("{'resourceType':'Condition','id':'a','subject':{'reference':'Patient/p'},'onsetDateTime':'2024-05'}")), Said.Text(fragment.AsSent));
    }

    private const string OfReader1 = "0201DA019E4D985B1BD90000C4FF1873FF4FA5ADEDEEDD9228A25A37FF884AA392098544D524E299066CC08940E0830D26832C3AE2B0019740F0601D66DE3E6C9A9CAA5B37AD75C4FEF7B69C9BBADFDAF3F7FD6AE24366D6A687C7C665C250313C94EE9DE81D1E5224743FEEF25DC71F31EDE07AE4D5DEDC337D620946ECC70F444444A0189115B08BB848AF6B4D4CF4CAD084622445F31893F1E1C9B19474CE8E08F27132C18BDE34F29180178175217F1E397497A194201F5B6960048B5E0C0F8DCB446562423A7B0705F90807C399BE60161601";

    [Fact]
    public void The_bytes_of_what_is_served_are_pinned()
    {
        var (served, _) = LiveChunk.Parts(Two.Live[1].Body);
        var resource = Two.Record.OfType("Observation")[0];
        string[] expected =
        [
            "03", "03", "08DE48C92041D200", "08DE48C92041D200", "03", // as of row 3, which is its version, when that was appended, and under which rules
            "01", "01", "01", "06", // of one chunk below, the first, one byte of bits: its second and third items are superseded
            "01", "07646F72736574", "0C4F62736572766174696F6E", "0261", // one resource: dorset, Observation, a
            Number(resource.BundleEntryBytes.Length), Number(resource.ResourceRange.Start), Number(resource.ResourceRange.Length),
            Convert.ToHexString(resource.BundleEntryBytes),
        ];

        Assert.Equal(string.Concat(expected), Convert.ToHexString(PackedBytes.Unpack(served)));
    }

    [Fact]
    public void The_bytes_of_the_state_are_pinned()
    {
        var (_, state) = LiveChunk.Parts(Two.Live[1].Body);
        var resource = Two.Record.OfType("Observation")[0];
        var versions = resource.Shown!.Versions;
        string[] expected =
        [
            "01", // one resource
            Number(resource.Segment.Stamp.Start), Number(resource.Segment.Stamp.Length), "02", "08DE48C8FC7E8C00", // its stamp; its bytes are of row 2, when the Patient came
            "01", "00", "01", // what sources state: the first of one member is shown
            "01", "07646F72736574", "0C4F62736572766174696F6E", "0261", // stated, dorset, Observation, a
            Version(versions[1]), "01", Version(versions[0]), // its version, and the one below it
            "03", "00", // row 3, place 0
            "01", "0850617469656E74", "0270", // one target: Patient, p
            AboutP,
            "00", "00", // no possible duplicates, no disagreement
            "01", // one withdrawn entry
            "02", "07646F72736574", "0C4F62736572766174696F6E", "0262", Version(Two.Record.Entry(new EntryKey(Said.Dorset, "Observation", "b"))!.Version),
            "01", Version(Two.Record.Entry(new EntryKey(Said.Dorset, "Observation", "b"))!.Versions[0]), "03", "01", "00",
            "01", Version(Two.Record.Entry(new EntryKey(Said.Dorset, "Observation", "b"))!.Versions[0]), AboutP, // what was stated last
            "00", // no redirects
            "01", Push(3), "03", "08DE48C92041D200", // one push
        ];

        Assert.Equal(string.Concat(expected), Convert.ToHexString(PackedBytes.Unpack(state)));
    }

    [Fact]
    public void The_envelope_of_a_live_chunk_is_pinned()
    {
        var body = Two.Live[1].Body;
        var (served, state) = LiveChunk.Parts(body);
        // Format 6, merge rules 3, the addresses' hash, two items, the length of what is served.
        var head = "0603" + Convert.ToHexString(Hash(Said.Home.Hash)) + "02" + Number(served.Length);
        Assert.Equal(head + Convert.ToHexString(served.Span) + Convert.ToHexString(state.Span), Convert.ToHexString(body.Span));
    }

    [Fact]
    public void Chunks_for_other_addresses_other_merge_rules_or_another_facts_reader_are_not_used()
    {
        Assert.NotNull(FoldedRecord.Read(Said.Person, Said.Home, Two.Live));
        Assert.Null(FoldedRecord.Read(Said.Person, new Addresses("https://elsewhere.example"), Two.Live));
        Assert.Null(FoldedRecord.Read(Said.Person, Said.Home, []));
        foreach (var at in new[] { 0, 1, Two.Live[0].Body.Length - LiveChunk.Parts(Two.Live[0].Body).State.Length + 1 })
        {
            var bytes = Two.Live[0].Body.ToArray();
            bytes[at]++;
            Assert.Null(FoldedRecord.Read(Said.Person, Said.Home, [Two.Live[0] with { Body = bytes }, Two.Live[1]]));
        }
    }

    [Fact]
    public void A_flipped_bit_is_never_served()
    {
        var whole = Two.Live[0].Body.ToArray();
        var expected = FoldLawsTests.State(FoldedRecord.Read(Said.Person, Said.Home, Two.Live)!.Unfold(default));
        for (var bit = 0; bit < whole.Length * 8; bit += 7)
        {
            var damaged = (byte[])whole.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            PatientRecord? record = null;
            var exception = Xunit.Record.Exception(() =>
                record = FoldedRecord.Read(Said.Person, Said.Home, [Two.Live[0] with { Body = damaged }, Two.Live[1]])?.Unfold(default));
            if (exception is not null)
                Assert.IsType<InvalidDataException>(exception);
            else if (record is not null)
                Assert.Equal(expected, FoldLawsTests.State(record));
        }
    }

    [Fact]
    public void Damaged_history_is_refused()
    {
        var body = Two.History[0].Body.ToArray();
        Assert.Throws<InvalidDataException>(() => HistoryChunk.Read(Two.Live[0].Body));
        body[^3] ^= 1;
        Assert.Throws<InvalidDataException>(() => HistoryChunk.Read(body));
    }

    // A Patient and four Observations in two rows; then one changes and one is withdrawn.
    private static FoldedDiary TwoFolds()
    {
        var diary = new FoldedDiary();
        diary.Push(Observation("a", 1), Observation("b", 1), Observation("c", 1), Observation("d", 1));
        diary.Push(Said.Of(Said.Dorset, "Patient", "p", 1));
        diary.Fold();
        diary.Push(Observation("a", 2), Said.Gone(Said.Dorset, "Observation", "b", 2));
        diary.Fold();
        return diary;
    }

    private static Fragment Observation(string id, int day) => Said.Of(Said.Dorset, "Observation", id, day, "'subject':{'reference':'Patient/p'}");

    // Facts that say nothing but that the subject is p.
    private const string AboutP = "00" + "0000000000000000" + "0000000000000000" + "0270" + "00" + "00" + "00" + "00" + "00" + "00" + "00" + "00";

    private static string Push(int n) => Convert.ToHexString(Hash(PushId.Of("test", $"{n}").Hash));

    private static byte[] Hash(ContentHash hash)
    {
        var bytes = new byte[ContentHash.Length];
        hash.Write(bytes);
        return bytes;
    }

    private static string Version(FragmentVersion version) =>
        $"{version.Time!.Value.UtcTicks:X16}{(version.IsDeclared ? "01" : "00")}00{Convert.ToHexString(Hash(version.Content))}";

    private static string Number(int value)
    {
        Span<byte> bytes = stackalloc byte[5];
        return Convert.ToHexString(bytes[..LogWriter.Number(bytes, value)]);
    }
}
