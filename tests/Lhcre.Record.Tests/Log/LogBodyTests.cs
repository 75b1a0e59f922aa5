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
        var (observation, deleted) = Pinned();
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
            "00", "00", // no words, no date
            "01", "25", "097175616E74697479", "0D302E30303639206D6F6C2F4C", // one part, the value: quantity, 0.0069 mol/L
            "2401", "2E50", "01", "EF0109", "0850617469656E74", "0270", // id at 36, meta at 46, one reference at 239: Patient, p
            "AA02", "00", // 298 bytes as sent, not mended
            "02", "0E69736C652D6F662D7769676874", "064261736963", "0262", // deleted, isle-of-wight, Basic, b
            "08DD2A42AC18E800", "03", "00", new('0', 32), // declared, stamped above what it replaces if it were not
            Convert.ToHexString(observation.AsSent.Span),
        ];

        var body = LogBody.Write([observation, deleted]);

        Assert.Equal(string.Concat(expected), Convert.ToHexString(LogBody.Unpack(body)));
        // Format 1, facts reader 2, the length, the CRC-32C.
        Assert.Equal("0102" + "E103" + "2278B3B9", Convert.ToHexString(body.Span[..8]));
    }

    private static (Fragment Observation, Fragment Deleted) Pinned(string more = ",'valueQuantity':{'value':6.90,'unit':'mmol/l'}") => (
        Fragment.Stated(Said.Dorset, Said.Json(
            "{'resourceType':'Observation','id':'o','meta':{'versionId':'7','lastUpdated':'2025-06-01T12:00:00Z','security':[{'code':'R'}]},"
            + $"'identifier':[{{'system':'s','value':'v'}}],'code':{{'coding':[{{'system':'c','code':'1'}}]}},'subject':{{'reference':'Patient/p'}}{more}}}")),
        Fragment.Deleted(new EntryKey(Said.Wight, "Basic", "b"), Said.Day(1)));

    [Fact]
    public void A_row_says_under_which_merge_rules_it_was_appended_in_front_of_a_log_body()
    {
        var (observation, deleted) = Pinned();
        var (row, body) = (LogBody.WriteRow([observation, deleted]), LogBody.Write([observation, deleted]));

        // Format 4, merge rules 3.
        Assert.Equal("0403" + Convert.ToHexString(body.Span), Convert.ToHexString(row.Span));
        var back = LogBody.Read(row);
        AssertSame(observation, back[0]);
        AssertSame(deleted, back[1]);
        Assert.Equal(LogBody.Unpack(body), LogBody.Unpack(row));
    }

    [Theory]
    [InlineData("0403" + OnceWritten, 3)]
    [InlineData("0401" + OfReader1, 1)]
    [InlineData(OfReader1, 1)]
    [InlineData("0102" + "E1032278B3B9", 2)]
    public void A_row_from_before_merge_rules_were_written_down_is_of_those_of_its_facts_reader(string hex, int rules) =>
        Assert.Equal(rules, LogBody.Rules(Convert.FromHexString(hex)));

    [Fact]
    public void A_body_of_the_first_facts_reader_is_read_for_ever_and_its_facts_anew()
    {
        var back = LogBody.Read(Convert.FromHexString(OfReader1));
        var (observation, deleted) = Pinned("");
        Assert.Equal(2, back.Length);
        AssertSame(observation, back[0]);
        AssertSame(deleted, back[1]);
    }

    private const string OfReader1 = "01019803531CEF311B970100C4E75B6B33836BFE889DE944F0A4BE3267B68B5A883C9278A2140F8D7819B1D7797AE0D056202D90B6206F515BC231FC60C70BDFF86E63A371A2A112F2AD2B8CE6A8F19426F4C27E5913A925490FC6632C9E9BBEC8787D592094B9777BC68E6B2ADE769A2E6E8FEEBF4F0E991B80F33FB204A14C634B8450A6302B256CA89E9A06E81FCDCB1D90F4A088E92CF14F092B0E6A11618CFB8CCB417F40CF6E97B4A0C2E4DC746BFB5DED3BC920ED7D1D29A1C517538A18594D0870ECB90503822A38E230202A74097C1D27EC0EF7A9E070C38088A4E9A30955D2850A0E9BC5E6345A5C468B75C46AE3160BB758A66080132BE0D3EB50E2AA00C7103667370D38CAA6BEA04815A5D867706830E01DD8028E256CCE1AB8A03104637E8628C030ACDA2D38DEC0D711F31E454C11E0F0CBCD096C6E02";

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
    [InlineData("04")]
    [InlineData("0402")]
    [InlineData("04020402")] // a row in a row
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
        // Written by reader 1 without a word of its facts.
        var fragment = Said.By(
            Said.Dorset, "{'resourceType':'Condition','id':'b','meta':{'versionId':'3'},'subject':{'reference':'Patient/p'},'onsetDateTime':'2024-05'}", 1);
        Assert.Equal("2024-05", fragment.Facts.When.ToString());
        AssertSame(fragment, Assert.Single(LogBody.Read(Convert.FromHexString(PoorerOfReader1))));
    }

    private const string PoorerOfReader1 = "0101CA019627EE371BC90000C4FFFFB9FD0DBC5BBEB8FF08DEB491266FB8870AA99008894EE2743A09D88013B300358F68831BC1D0D41F826052E7AB356DACA5F94C1D6E86F399289BBFC1E2C3F9638298F2BD82DDFBFDFDC9DF7ACF85EDBF6668088CB10B3B6345EBF976A550F7B820708815C218AAE09011C6943612F819C7B9A1A18223856B184175C0CFC89FB73453081C4D6933A4D926B6C0358CF96C4D9BB2B4A1EE704AE048C693E9483C832B";

    [Theory]
    [InlineData(0)]
    [InlineData(FactsReader.Number + 1)]
    [InlineData(255)]
    public void Facts_of_a_reader_that_this_release_does_not_know_are_invalid_data(byte reader)
    {
        var body = LogBody.Write([Mended]).ToArray();
        body[1] = reader;
        Assert.Throws<InvalidDataException>(() => LogBody.Read(body));
    }

    [Fact]
    public void Facts_are_kept_whole_whatever_they_are() =>
        AnyFacts.Sample(
            facts =>
            {
                var fragment = new Fragment(new EntryKey(Said.Dorset, "Observation", "o"), FragmentKind.Stated, new FragmentVersion(null, false, facts.VersionId, default)) { Facts = facts };
                AssertSame(fragment, Assert.Single(LogBody.Read(LogBody.Write([fragment]))));
            },
            iter: 1_000);

    private static readonly Gen<string> Texts = Gen.OneOf(Gen.Const(""), Gen.OneOf("s", "http://snomed.info/sct", "quantity", "ä €", "6.9 mol/L"), Gen.String[Gen.Char.AlphaNumeric, 0, 200]);

    private static readonly Gen<Facts> AnyFacts =
        from texts in Texts.Array[4]
        from isAbsent in Gen.Bool.Array[4]
        from codes in Gen.Select(Texts, Texts, (system, code) => new Coding(system, code)).Array[0, 3]
        from identifiers in Gen.Select(Texts, Texts, (system, value) => new Identifier(system, value, null)).Array[0, 3]
        from date in Gen.OneOf(
            Gen.Const(default(ClinicalDate)), Gen.Int[1, 9999].Select(n => new ClinicalDate(Precision.Year, n)), Gen.Int[0, 119987].Select(n => new ClinicalDate(Precision.Month, n)),
            Gen.Int[0, 3652058].Select(n => new ClinicalDate(Precision.Day, n)), Gen.Int[0, int.MaxValue].Select(n => new ClinicalDate(Precision.Minute, n)))
        from parts in Gen.Select(Gen.Enum<FactElement>(), Texts, Texts, (element, form, value) => new FactPart(element, form, value)).Array[0, 5]
        select new Facts
        {
            VersionId = isAbsent[0] ? null : texts[0],
            SubjectId = isAbsent[1] ? null : texts[1],
            Words = isAbsent[2] ? null : texts[2],
            When = date,
            IsEnteredInError = isAbsent[3],
            NamesSeveralPatients = isAbsent[0],
            SubjectIdentifier = isAbsent[2] ? new Identifier(null, texts[3], null) : null,
            Codes = [.. codes],
            Identifiers = [.. identifiers],
            Parts = [.. parts],
        };

    private static void AssertSame(Fragment expected, Fragment actual)
    {
        Assert.Equal((expected.Key, expected.Kind, expected.Version), (actual.Key, actual.Kind, actual.Version));
        Assert.Equal((expected.StampRule, expected.Id, expected.Meta), (actual.StampRule, actual.Id, actual.Meta));
        Assert.Equal(Said.Text(expected.AsSent), Said.Text(actual.AsSent));
        Assert.Equal(Said.Text(expected.Body), Said.Text(actual.Body));
        Assert.Equal(expected.Mended is { } one ? Said.Text(one) : null, actual.Mended is { } other ? Said.Text(other) : null);
        Assert.Equal(expected.References.AsEnumerable(), actual.References);
        var (facts, back) = (expected.Facts, actual.Facts);
        Assert.Equal(facts with { Identifiers = back.Identifiers, Codes = back.Codes, Security = back.Security, Parts = back.Parts, SubjectIdentifier = null }, back with { SubjectIdentifier = null });
        Assert.Equal(facts.SubjectIdentifier, back.SubjectIdentifier);
        Assert.Equal(facts.Parts.AsEnumerable(), back.Parts);
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
