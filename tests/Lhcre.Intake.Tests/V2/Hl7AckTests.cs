using System.Text;
using Lhcre.Intake.V2;
using Lhcre.Record;
using static Lhcre.Intake.Tests.V2.Er7;

namespace Lhcre.Intake.Tests.V2;

/// <summary>Acknowledgements: what a sender's engine reads.</summary>
public class Hl7AckTests
{
    private static readonly DateTimeOffset At = new(2026, 7, 1, 9, 5, 6, TimeSpan.FromHours(1));

    private static string Write(Hl7Message? to, string code, params Issue[] issues) => Encoding.UTF8.GetString(Hl7Ack.Write(to, code, "L1", At, issues));

    [Fact]
    public void A_message_that_was_taken_is_answered_in_two_segments() =>
        Assert.Equal(
            "MSH|^~\\&|LHCRE|WESSEX|PAS|RDZ|20260701090506+0100||ACK^A08^ACK|L1|P|2.4\rMSA|AA|42\r",
            Write(Read(Bytes(Msh)), "AA"));

    [Fact]
    public void What_is_wrong_is_told_as_error_segments_with_place_and_codes()
    {
        var to = Read(Bytes(Msh.Replace("|2.4", "|2.5.1", StringComparison.Ordinal)));
        var ack = Write(
            to, "AE",
            new Issue(IssueCodes.InvalidNhsNumber, null, "PID-3[2].1"),
            new Issue(IssueCodes.InvalidValue, "A|B\n\u001c\v", "OBX[3]-5"),
            new Issue(IssueCodes.UnknownElement, "x", "Bundle.entry[0].resource"));

        Assert.Equal(
        [
            @"MSH|^~\&|LHCRE|WESSEX|PAS|RDZ|20260701090506+0100||ACK^A08^ACK|L1|P|2.5.1",
            "MSA|AE|42|A value does not fit its FHIR type.",
            @"ERR||OBX^3^5|102^Data type error^HL70357|E|LHC202^A value does not fit its FHIR type.^L||A\F\B\.br\  |A value does not fit its FHIR type.",
            $"ERR||PID^1^3^2^1|102^Data type error^HL70357|W|LHC301^{IssueCodes.InvalidNhsNumber.Meaning}^L|||{IssueCodes.InvalidNhsNumber.Meaning}",
            $"ERR|||100^Segment sequence error^HL70357|W|LHC254^{IssueCodes.UnknownElement.Meaning}^L||Bundle.entry[0].resource: x|{IssueCodes.UnknownElement.Meaning}",
            "",
        ],
        ack.Split('\r'));
    }

    [Theory]
    [InlineData("MSH-9.2", "201")]
    [InlineData("MSH-9", "200")]
    [InlineData("MSH-9.1", "200")]
    [InlineData("MSH-11", "202")]
    [InlineData("MSH-12.1", "203")]
    [InlineData("PID-3", "200")]
    [InlineData(null, "200")]
    public void What_is_not_supported_has_the_code_of_its_field(string? place, string condition)
    {
        var ack = Write(null, "AR", new Issue(IssueCodes.InteractionNotSupported, null, place));

        Assert.Contains($"|{condition}^", ack, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.5.1", "|0^Message accepted^HL70357|W|LHC614^")]
    [InlineData("2.3", "0&Message accepted&HL70357&LHC614&")]
    public void A_message_of_which_a_field_has_no_map_is_no_message_of_an_unsupported_type(string version, string told)
    {
        var to = Read(Bytes(Msh.Replace("|2.4", $"|{version}", StringComparison.Ordinal)));

        Assert.Contains(told, Write(to, "AA", new Issue(IssueCodes.NotMapped, "EVN-5")), StringComparison.Ordinal);
    }

    [Fact]
    public void Before_version_2_5_there_is_one_error_segment_of_places_and_codes()
    {
        var ack = Write(Read(Bytes(Msh)), "AE", new Issue(IssueCodes.InvalidValue, "x", "OBX[3]-5"), new Issue(IssueCodes.InvalidId));

        Assert.EndsWith(
            "\rERR|OBX^3^5^102&Data type error&HL70357&LHC202&A value does not fit its FHIR type.&L~^^^102&Data type error&HL70357&LHC207&An id is 1 to 64 letters, digits, dashes and dots.&L\r",
            ack, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_in_the_separators_and_the_charset_of_the_sender()
    {
        var latin = CodePagesEncodingProvider.Instance.GetEncoding(28592)!;
        var to = Read(latin.GetBytes("MSH$*%?@$PAS*1$Č$$$$$ADT*A01$4?F?2$T$2.3$$$$$$8859/2"));
        var ack = Hl7Ack.Write(to, "AE", "a$b", At, [new Issue(IssueCodes.InvalidId, "Č$ł")]);
        var text = latin.GetString(ack);

        Assert.StartsWith("MSH$*%?@$$$PAS*1$Č$20260701090506+0100$$ACK*A01*ACK$a?F?b$T$2.3$$$$$$8859/2\rMSA$AE$4?F?2$", text, StringComparison.Ordinal);
        Assert.Equal("4$2", Read(ack).First("MSA")![2].Value);
    }

    [Fact]
    public void What_cannot_be_read_is_answered_without_a_name()
    {
        Assert.Equal(
            ["MSH|^~\\&|||||20260701090506+0100||ACK|L1|P|2.5.1", $"MSA|AR||{IssueCodes.NotHl7.Meaning}", $"ERR|||100^Segment sequence error^HL70357|E|LHC601^{IssueCodes.NotHl7.Meaning}^L|||{IssueCodes.NotHl7.Meaning}", ""],
            Write(null, "AR", new Issue(IssueCodes.NotHl7)).Split('\r'));
    }

    [Theory]
    [InlineData("MSH|^")]
    [InlineData("MSH|^|A\u001cB|\v")]
    [InlineData("MSH|^~\\&|A\n\nB|C|||||ADT^A\u0085|1\n2\n|T|2.x")]
    [InlineData("MSH|.~\\&|||||||x.y|1|2|2.2")]
    [InlineData("MSH^!|;/^\n^^^^^^^^^9\n")]
    [InlineData("MSH|-~\\&|||||||x.y|1|2|9999999999999999999999999999999999")]
    public void Whatever_was_sent_the_answer_is_whole_and_one_message(string sent)
    {
        var to = Read(Encoding.UTF8.GetBytes(sent));
        var ack = Hl7Ack.Write(to, "AE", "L1\r\u001c", At, [new Issue(IssueCodes.InvalidValue, sent, sent), new Issue(IssueCodes.InvalidValue, sent, "PID")]);

        Assert.False(ack.AsSpan()[..^1].ContainsAny((byte)0x0B, (byte)0x1C, (byte)'\n'));
        Assert.Equal(["MSH", "MSA", "ERR"], Read(ack).Segments.Select(s => s.Name).Distinct());
        Assert.Equal("AE", Read(ack).First("MSA")![1].Value);
    }

    [Fact]
    public void A_sender_in_UTF_16_is_answered_in_UTF_16()
    {
        var ack = Hl7Ack.Write(Read([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Msh)]), "AA", "L1", At, []);

        Assert.Equal([0xFE, 0xFF, 0, (byte)'M'], ack[..4]);
        Assert.Equal("42", Read(ack).First("MSA")![2].Value);
    }

    [Fact]
    public void The_charset_is_named_as_far_as_it_was_read()
    {
        byte[] sent = [.. "MSH|^~\\&|PAS|RDZ|LHCRE|"u8, 0xA7, 0xF5, .. "|20260102||ADT^A08|7|P|2.5.1||||||BIG-5\u0001EVN\rPID|1\r"u8];

        Assert.Equal("李", Read(Hl7Ack.Write(Read(sent), "AA", "1", At, [])).Header[4].Value);
    }

    [Fact]
    public void A_sender_whose_byte_order_mark_shows_another_charset_than_it_says_is_answered_in_the_one_that_it_shows()
    {
        byte[] sent = [0xEF, 0xBB, 0xBF, .. "MSH|^~\\&|PAS|RDZ|LHCRE|李|20260102||ADT^A08|7|P|2.5.1||||||GB 18030-2000\rPID|1\r"u8];

        var header = Read(Hl7Ack.Write(Read(sent), "AA", "1", At, [])).Header;

        Assert.Equal(("李", "UNICODE UTF-8"), (header[4].Value, header[18].Value));
    }

    [Fact]
    public void Very_many_issues_are_told_in_part()
    {
        var ack = Hl7Ack.Write(null, "AE", "L1", At, [.. Enumerable.Repeat(new Issue(IssueCodes.TrimmedValue), 5_000), new Issue(IssueCodes.InvalidValue)]);

        Assert.Equal(100, Read(ack).Named("ERR").Count());
        Assert.Equal("E", Read(ack).First("ERR")![4].Value);
    }

    [Fact]
    public void A_control_id_beyond_ASCII_is_repeated_although_MSH_18_says_nothing()
    {
        var ack = Hl7Ack.Write(Er7.Read(Er7.Bytes(Er7.Msh.Replace("|42|", "|Zoë|", StringComparison.Ordinal))), "AA", "1", DateTimeOffset.UnixEpoch, []);

        Assert.Contains("\rMSA|AA|Zoë\r", Encoding.UTF8.GetString(ack), StringComparison.Ordinal);
    }
}
