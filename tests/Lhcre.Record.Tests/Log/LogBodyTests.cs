using CsCheck;

namespace Lhcre.Record.Tests;

public class LogBodyTests
{
    private static readonly Fragment Mended = Fragment.Stated(
        Said.Dorset, Said.Json("{'resourceType':'Basic','id':'b','identifier':{'value':' x '}}"),
        Said.Json("{'resourceType':'Basic','id':'b','identifier':[{'value':'x'}]}"), Said.Day(1));

    [Fact]
    public void Fragments_read_what_they_wrote() =>
        FragmentSets.Fragments.Sample(
            fragments =>
            {
                var back = LogBody.Read(LogBody.Write(fragments));
                Assert.Equal(fragments.Length, back.Length);
                for (var i = 0; i < back.Length; i++)
                    AssertSame(fragments[i], back[i]);
            },
            iter: 500);

    [Fact]
    public void A_mended_resource_keeps_both_its_texts()
    {
        var back = Assert.Single(LogBody.Read(LogBody.Write([Mended])));
        AssertSame(Mended, back);
        Assert.Equal("""{"resourceType":"Basic","id":"b","identifier":[{"value":"x"}]}""", Said.Text(back.Body));
        Assert.Equal("""{"resourceType":"Basic","id":"b","identifier":{"value":" x "}}""", Said.Text(back.AsSent));
    }

    [Theory]
    [InlineData(StampRule.Arrival)]
    [InlineData(StampRule.AboveLive)]
    public void A_fragment_on_its_way_to_a_grain_keeps_its_rule_and_its_lack_of_a_stamp(StampRule rule)
    {
        var back = Assert.Single(LogBody.Read(LogBody.Write([Said.Of(Said.Dorset, "Basic", "b", rule: rule)])));
        Assert.Null(back.Version.Time);
        Assert.Equal(rule, back.StampRule);
    }

    [Fact]
    public void No_fragments_are_a_body_too() => Assert.Empty(LogBody.Read(LogBody.Write([])));

    [Fact]
    public void The_bytes_are_pinned()
    {
        // FORMAT.md, field by field. The compressor may change with the runtime; what it must give back may not.
        var observation = Fragment.Stated(Said.Dorset, Said.Json(
            "{'resourceType':'Observation','id':'o','meta':{'versionId':'7','lastUpdated':'2025-06-01T12:00:00Z','security':[{'code':'R'}]},"
            + "'identifier':[{'system':'s','value':'v'}],'code':{'coding':[{'system':'c','code':'1'}]},'subject':{'reference':'Patient/p'}}"));
        var deleted = Fragment.Deleted(new EntryKey(Said.Wight, "Basic", "b"), Said.Day(1));
        string[] expected =
        [
            "02", // two fragments
            "01", "07646F72736574", "0C4F62736572766174696F6E", "026F", // stated, dorset, Observation, o
            "08DDA103D5C66000", "01", "0237", // 2025-06-01T12:00Z, declared, 7
            Convert.ToHexString(Written(observation.Version.Content)),
            "0237", "08DDA103D5C66000", "08DDA103D5C66000", "0270", "00", // facts: version id, last updated, recorded, subject, flags
            "01", "0273", "0276", "00", // one identifier: s, v, no type
            "00", // no status of an NHS number
            "01", "0263", "0231", // one code: c, 1
            "01", "00", "0252", // one label: no system, R
            "2401", "2E50", "01", "EF0109", "0850617469656E74", "0270", // id at 36, meta at 46, one reference at 239: Patient, p
            "FB01", "00", // 251 bytes as sent, not mended
            "02", "0E69736C652D6F662D7769676874", "064261736963", "0262", // deleted, isle-of-wight, Basic, b
            "08DD2A42AC18E800", "03", "00", new('0', 32), // declared, stamped above what it replaces if it were not
            Convert.ToHexString(observation.AsSent.Span),
        ];

        var body = LogBody.Write([observation, deleted]);

        Assert.Equal(string.Concat(expected), Convert.ToHexString(LogBody.Unpack(body)));
        // Format 1, facts reader 1, the length, the CRC-32C.
        Assert.Equal("0101" + "9803" + "531CEF31", Convert.ToHexString(body.Span[..8]));
    }

    [Fact]
    public void A_body_that_was_once_written_is_read_for_ever()
    {
        var fragment = Assert.Single(LogBody.Read(Convert.FromHexString(OnceWritten)));
        Assert.Equal(FragmentKind.Deleted, fragment.Kind);
        Assert.Equal(new EntryKey(Said.Wight, "Basic", "b"), fragment.Key);
        Assert.Equal(new FragmentVersion(Said.Day(1), true, null, default), fragment.Version);
    }

    private const string OnceWritten = "010132E13448E01B31000064BDDD6D26C942B6BD94A786C1379BC0A616B1EA42AC4040854ED628342B1D697D1B8E4B3226FB025FFF4103";

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0101")]
    [InlineData("0201000000000000")] // a format of the future
    [InlineData("0001000000000000")]
    [InlineData("7B7D7B7D7B7D7B7D")]
    [InlineData("0101FFFFFFFF07000000003B")] // 2 GiB, it says
    [InlineData("0101FFFFFFFFFF00000000003B")] // a number without an end
    public void Bytes_of_no_known_format_are_invalid_data(string hex) =>
        Assert.Throws<InvalidDataException>(() => LogBody.Read(Convert.FromHexString(hex)));

    [Fact]
    public void A_body_cut_short_anywhere_is_invalid_data()
    {
        var body = LogBody.Write([Mended, Said.Gone(Said.Dorset, "Basic", "c", 2)]);
        for (var length = 0; length < body.Length; length++)
            Assert.Throws<InvalidDataException>(() => LogBody.Read(body[..length]));
    }

    [Fact]
    public void A_flipped_bit_is_invalid_data_or_does_no_harm()
    {
        Fragment[] fragments = [Mended, Said.Gone(Said.Dorset, "Basic", "c", 2), Said.Of(Said.Wight, "Basic", "d", 3, "'subject':{'reference':'Patient/p'}")];
        var body = LogBody.Write(fragments).ToArray();
        var noticed = 0;
        for (var bit = 0; bit < body.Length * 8; bit++)
        {
            var damaged = (byte[])body.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Xunit.Record.Exception(() => LogBody.Read(damaged)) is { } exception)
            {
                Assert.IsType<InvalidDataException>(exception);
                noticed++;
                continue;
            }

            // The number of the facts reader, and bits that the decompressor does not look at.
            var back = LogBody.Read(damaged);
            for (var i = 0; i < back.Length; i++)
                AssertSame(fragments[i], back[i]);
        }

        Assert.InRange(noticed, (body.Length * 8) - 16, body.Length * 8);
    }

    [Fact]
    public void Damage_behind_the_check_is_invalid_data_at_the_worst() =>
        Gen.Select(FragmentSets.Fragments, Gen.Int[0, 100_000], Gen.Byte.Array[1, 6]).Sample(
            (fragments, at, noise) =>
            {
                // As if nonsense had been written: nothing may be read that is not there, nor memory asked for it.
                var plain = LogBody.Unpack(LogBody.Write(fragments));
                noise.AsSpan(0, Math.Min(noise.Length, plain.Length)).CopyTo(plain.AsSpan(at % Math.Max(plain.Length - noise.Length, 1)));
                var exception = Xunit.Record.Exception(() => LogBody.Read(PackedBytes.Pack(LogBody.Format, FactsReader.Number, plain)));
                Assert.True(exception is null or InvalidDataException, exception?.ToString());
            },
            iter: 1_000);

    [Fact]
    public void Facts_of_an_older_reader_are_read_again()
    {
        var fragment = Said.By(Said.Dorset, "{'resourceType':'Basic','id':'b','meta':{'versionId':'3'},'subject':{'reference':'Patient/p'}}", 1);
        var poorer = new Fragment(fragment.Key, FragmentKind.Stated, fragment.Version) { AsSent = fragment.AsSent, Id = fragment.Id };
        var body = LogBody.Write([poorer]).ToArray();
        Assert.Null(LogBody.Read(body)[0].Facts.SubjectId);

        body[1] = FactsReader.Number - 1;

        AssertSame(fragment, LogBody.Read(body)[0]);
    }

    private static void AssertSame(Fragment expected, Fragment actual)
    {
        Assert.Equal((expected.Key, expected.Kind, expected.Version), (actual.Key, actual.Kind, actual.Version));
        Assert.Equal((expected.StampRule, expected.Id, expected.Meta), (actual.StampRule, actual.Id, actual.Meta));
        Assert.Equal(Said.Text(expected.AsSent), Said.Text(actual.AsSent));
        Assert.Equal(Said.Text(expected.Body), Said.Text(actual.Body));
        Assert.Equal(expected.Mended is { } one ? Said.Text(one) : null, actual.Mended is { } other ? Said.Text(other) : null);
        Assert.Equal(expected.References.AsEnumerable(), actual.References);
        var (facts, back) = (expected.Facts, actual.Facts);
        Assert.Equal(facts with { Identifiers = back.Identifiers, Codes = back.Codes, Security = back.Security }, back);
        Assert.Equal(facts.Identifiers.AsEnumerable(), back.Identifiers);
        Assert.Equal(facts.Codes.AsEnumerable(), back.Codes);
        Assert.Equal(facts.Security.AsEnumerable(), back.Security);
    }

    private static byte[] Written(ContentHash hash)
    {
        var bytes = new byte[ContentHash.Length];
        hash.Write(bytes);
        return bytes;
    }
}
