using System.Text;
using Lhcre.Intake.V2;
using static Lhcre.Intake.Tests.V2.Er7;

namespace Lhcre.Intake.Tests.V2;

/// <summary>In which charset a message is, and how that is known.</summary>
public class Hl7CharsetTests
{
    private static byte[] Message(string msh18, string name, Encoding charset) =>
        charset.GetBytes($"{Msh}||||||{msh18}\rPID|1||||{name}^\r");

    private static string? Name(byte[] bytes) => Read(bytes).First("PID")![5].Value;

    [Theory]
    [InlineData("8859/1", 28591, "Zoë Müller")]
    [InlineData("ISO-8859-1", 28591, "Zoë")]
    [InlineData("8859/1", 1252, "O’Neill €")]
    [InlineData("8859/2", 28592, "Łukasz Čapek")]
    [InlineData("8859/3", 28593, "Ġorġ")]
    [InlineData("8859/4", 28594, "Jānis")]
    [InlineData("8859/5", 28595, "Иван")]
    [InlineData("8859/6", 28596, "علي")]
    [InlineData("8859/7", 28597, "Άννα")]
    [InlineData("8859/8", 28598, "דוד")]
    [InlineData("8859/9", 28599, "Işık")]
    [InlineData("8859/15", 28605, "Œuvre €")]
    [InlineData("UNICODE", 65001, "Łukasz Œ 王")]
    [InlineData("UNICODE UTF-8", 65001, "Łukasz")]
    [InlineData("utf-8", 65001, "Łukasz")]
    [InlineData("UNICODE UTF-16", 1200, "Łukasz 王")]
    [InlineData("UNICODE", 1201, "Łukasz")]
    [InlineData("UNICODE UTF-16", 65001, "Łukasz")]
    [InlineData("GB 18030-2000", 54936, "王|小明")]
    [InlineData("BIG-5", 950, "許功蓋")]
    [InlineData("KS X 1001", 949, "김")]
    [InlineData("", 65001, "Zoë")]
    [InlineData("", 28591, "Zoë")]
    [InlineData("ASCII", 28591, "Zoë")]
    [InlineData("ASCII", 65001, "Zoë")]
    [InlineData("\"\"", 65001, "Zoë")]
    [InlineData("8859/2~UNICODE UTF-8", 28592, "Čapek")]
    [InlineData("EBCDIC", 65001, "Zoë")]
    public void MSH_18_names_the_charset(string msh18, int page, string name)
    {
        var charset = CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page);

        Assert.Equal(name.Split('|')[0], Name(Message(msh18, name, charset)));
    }

    [Theory]
    [InlineData(65001)]
    [InlineData(1200)]
    [InlineData(1201)]
    [InlineData(12000)]
    [InlineData(12001)]
    public void A_byte_order_mark_is_believed_whatever_MSH_18_says(int page)
    {
        var charset = Encoding.GetEncoding(page);

        Assert.Equal("Łukasz", Name([.. charset.GetPreamble(), .. Message("8859/1", "Łukasz", charset)]));
    }

    [Theory]
    [InlineData("EBCDIC", 0xFF, "LHC603")]
    [InlineData("UNICODE UTF-8", 0xEB, "LHC604")]
    [InlineData("8859/3", 0xA5, "LHC604")]
    [InlineData("BIG-5", 0xA4, "LHC604")]
    public void Bytes_that_are_not_of_the_charset_are_refused_not_guessed(string msh18, byte last, string code) =>
        Assert.Equal(code, Fault([.. Bytes($"{Msh}||||||{msh18}"), .. "PID|1||||Zo"u8, last]).Code);

    [Theory]
    [InlineData("MSH\n^~\\&|PAS|RDZ")]
    [InlineData("MSH\r|^~\\&|PAS|RDZ")]
    public void A_header_that_ends_behind_its_name_is_refused_whatever_follows(string sent) =>
        Assert.Null(Hl7Message.Parse(Encoding.Latin1.GetBytes(sent + "\u00e9"), out _));

    // UTF-8 that says GB 18030: its last byte and the separator behind it make one character, and what follows moves up a field.
    [Fact]
    public void A_charset_in_which_the_header_no_longer_names_it_is_refused() =>
        Assert.Equal("LHC604", Fault([.. "MSH|^~\\&|PAS|RDZ|LHCRE|"u8, 0xEF, 0xBF, 0xBF, .. "|20260302||ADT^A08|1|P|2.5.1||||||GB 18030-2000\rPID|1"u8]).Code);

    [Fact]
    public void A_byte_order_mark_that_lies_is_refused()
    {
        Assert.Equal("LHC604", Fault([0xEF, 0xBB, 0xBF, .. Bytes(Msh), 0xE9]).Code);
        Assert.Equal("LHC604", Fault([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Msh), 0x41]).Code);
    }

    [Fact]
    public void The_bytes_of_a_frame_are_not_part_of_the_message() =>
        Assert.Equal(["MSH", "PID"], Read([0x0B, .. Bytes(Msh, "PID|1"), 0x1C, 0x0D]).Segments.Select(s => s.Name));
}
