using System.Text;
using CsCheck;
using Lhcre.Intake.V2;
using static Lhcre.Intake.Tests.V2.Er7;

namespace Lhcre.Intake.Tests.V2;

/// <summary>Files of several messages.</summary>
public class Hl7BatchTests
{
    private const string A = @"MSH|^~\&|A";
    private const string B = @"MSH|^~\&|B";

    private static string[] Pieces(byte[] file) => [.. Hl7Message.Split(file).Select(p => Encoding.UTF8.GetString(p.Span).Trim('\r', '\n', '\v', '\uFEFF'))];

    public static TheoryData<string, string[]> Files => new()
    {
        { "", [] },
        { " \r\n\r\n", [] },
        { A, [A] },
        { $"{A}\r{B}", [A, B] },
        { $"{A}\nPID|1\n\n\n{B}\nPID|2\n", [A + "\nPID|1", B + "\nPID|2"] },
        { $"{A}\r\nPID|1\r\n{B}\r\n", [A + "\r\nPID|1", B] },
        { $"FHS|^~\\&|x\rBHS|^~\\&|x\r{A}\rPID|1\rBTS|1\rBHS|^~\\&\r{B}\rBTS|1\rFTS|2\r", [A + "\rPID|1", B] },
        { $"\v{A}\rPID|1\r\u001c\r\v{B}\r\u001c\r", [A + "\rPID|1", B] },
        { $"\v{A}\r\u001c\v{B}\r\u001c", [A, B] },
        { $"not a message\r{A}", ["not a message", A] },
        { $"\v{A}\r\u001c\rlost\r\v{B}", [A, "lost", B] },
        { $"{A}|MSH|MSH\rNTE|1||MSHA\rNTE|MSH|", [$"{A}|MSH|MSH\rNTE|1||MSHA\rNTE|MSH|"] },
        { "PID|1\rPV1|1", ["PID|1\rPV1|1"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_split_into_its_messages_and_nothing_is_left_out(string file, string[] pieces) =>
        Assert.Equal(pieces, Pieces(Encoding.UTF8.GetBytes(file)));

    [Theory]
    [InlineData(65001)]
    [InlineData(1200)]
    [InlineData(1201)]
    public void A_file_with_a_byte_order_mark_is_read_as_what_it_is_to_its_end(int page)
    {
        var charset = Encoding.GetEncoding(page);
        byte[] file = [.. charset.GetPreamble(), .. charset.GetBytes($"{Msh}||||||8859/1\rPID|1||||Łukasz\r{Msh}||||||8859/1\rPID|1||||Čapek")];

        Assert.Equal(["Łukasz", "Čapek"], Hl7Message.Split(file).Select(p => Read(p.ToArray()).First("PID")![5].Value));
    }

    [Fact]
    public void Pieces_are_views_of_the_file()
    {
        byte[] file = [.. Bytes(Msh), .. Bytes(Msh)];

        Assert.All(Hl7Message.Split(file), piece => Assert.True(piece.Span.Overlaps(file)));
    }

    [Fact]
    public void Every_line_of_a_file_is_in_exactly_one_piece_in_its_order()
    {
        string[] lines = [A, B, "PID|1", "OBX|1||MSH|x", "FHS|^~\\&", "BHS|^~\\&", "BTS|1", "FTS|1", "free text", "MSH", "MSHX|y", "PV1"];
        string[] ends = ["\r", "\n", "\r\n", "\r\v", "\u001c\r", "\r\u001c\r\v"];
        Gen.Select(Gen.Int[0, lines.Length - 1], Gen.Int[0, ends.Length - 1]).Array[0, 12].Sample(file =>
        {
            var pieces = Pieces(Encoding.UTF8.GetBytes(string.Concat(file.Select(l => lines[l.Item1] + ends[l.Item2]))));

            Assert.Equal(
                file.Select(l => lines[l.Item1]).Where(l => l[1] == 'S' && l[0] == 'M' || l[2] != 'S'),
                pieces.SelectMany(p => p.Split(['\r', '\n', '\v'], StringSplitOptions.RemoveEmptyEntries)));
            Assert.All(pieces, p => Assert.Equal(p.Contains(@"MSH|^~\&", StringComparison.Ordinal), p.StartsWith(@"MSH|^~\&", StringComparison.Ordinal)));
        });
    }
}
