using System.Text;
using CsCheck;
using Lhcre.Intake.V2;
using static Lhcre.Intake.Tests.V2.Er7;

namespace Lhcre.Intake.Tests.V2;

/// <summary>Escape sequences, in the default separators and in others.</summary>
public class Hl7EscapeTests
{
    [Theory]
    [InlineData(@"a\F\b\S\c\T\d\R\e\E\f", @"a|b^c&d~e\f")]
    [InlineData(@"one\.br\two\.BR\three", "one\ntwo\nthree")]
    [InlineData(@"one\.sp\two\.sp2\three\.sp+2\four", "one\ntwo\n\nthree\n\nfour")]
    [InlineData(@"a\.sk3\b\.ce\c", "a   b\nc")]
    [InlineData(@"\.in+4\a\.ti-2\b\.fi\c\.nf\d", "abcd")]
    [InlineData(@"very \H\high\N\!", "very high!")]
    [InlineData(@"\X41\\X0D0A\\X4a4B\", "A\r\nJK")]
    [InlineData(@"\XC3A9\", "é")]
    [InlineData(@"37 \XB0\C", "37 °C")]
    [InlineData(@"\X00\\X1C\", @"\X00\\X1C\")]
    [InlineData(@"\X4\\XGG\\X\", @"\X4\\XGG\\X\")]
    [InlineData(@"\C2842\a\M261B00\b\Zown1\c", @"\C2842\a\M261B00\b\Zown1\c")]
    [InlineData(@"C:\Temp\notes", @"C:\Temp\notes")]
    [InlineData(@"C:\Temp \.br\next", "C:\\Temp \nnext")]
    [InlineData(@"a\b", @"a\b")]
    [InlineData(@"\", @"\")]
    [InlineData(@"\\", @"\\")]
    [InlineData(@"\E\\E\", @"\\")]
    [InlineData(@"\.sp21\\.sp-1\\.sk999999999\\.br2\\.\\.xx\", @"\.sp21\\.sp-1\\.sk999999999\\.br2\\.\\.xx\")]
    [InlineData(@"\P\\f\", @"\P\\f\")]
    [InlineData(@"cut#", "cut#")]
    public void Sequences_become_what_they_stand_for_and_unknown_ones_stay(string sent, string expected)
    {
        var repetition = Read($"OBX|1|ST|c||{sent}").First("OBX")![5].Repetitions[0];

        Assert.Equal((expected, expected, sent), (repetition.Text(), repetition.Value, repetition.Raw));
        Assert.Equal(expected, Encoding.UTF8.GetString(repetition.Utf8(1).Span));
    }

    [Theory]
    [InlineData(@"MSH$*%?@!$a?F?b?S?c?R?d?E?e?T?f?P?g\F\h", @"a$b*c%d?e@f!g\F\h")]
    [InlineData(@"MSH|^~\&#|a\P\b#", "a#b#")]
    [InlineData(@"MSH|^~\|a\T\b", "a&b")]
    [InlineData(@"MSH|^~|a\T\b\.br\", @"a\T\b\.br\")]
    public void Sequences_are_of_the_separators_that_the_message_names(string msh, string expected) =>
        Assert.Equal(expected, Read(Encoding.UTF8.GetBytes(msh)).Header[3].Value);

    [Fact]
    public void Hexadecimal_data_is_in_the_charset_of_its_message()
    {
        Assert.Equal("Č", Read(Bytes(Msh + "||||||8859/2", @"NTE|1||\XC8\")).First("NTE")![3].Value);
        Assert.Equal("È", Read(Bytes(Msh + "||||||8859/1", @"NTE|1||\XC8\")).First("NTE")![3].Value);
    }

    [Fact]
    public void Whatever_is_escaped_for_an_answer_reads_back()
    {
        var texts = Gen.String[Gen.Char[" ab|^~\\&#$*%?@!\n\u00e9"], 1, 12].Where(t => !string.IsNullOrWhiteSpace(t) && t != "\"\"");
        string[] headers = [@"MSH|^~\&", @"MSH|^~\&#", "MSH$*%?@!", @"MSH|^~\"];
        Gen.Select(Gen.Int[0, headers.Length - 1], texts).Sample((header, text) =>
        {
            var msh = headers[header];
            var syntax = Read(Encoding.UTF8.GetBytes(msh)).Syntax;
            var escaped = Hl7Escapes.Escape(text, syntax);
            var field = Read(Encoding.UTF8.GetBytes($"{msh}\rNTE{(char)syntax.Field}{escaped}")).First("NTE")![1];
            Assert.Equal(text, field.Value);
            Assert.Single(field.Repetitions);
        });
    }

    [Fact]
    public void A_text_full_of_escape_characters_is_read_in_linear_time_and_space()
    {
        foreach (var piece in (string[])[@"\", @"\a", @"\.sp20\", @"\X41\", @"\E\"])
        {
            var bytes = Bytes(Msh, "NTE|1||x" + string.Concat(Enumerable.Repeat(piece, 2_000_000 / piece.Length)));
            var text = Read(bytes).First("NTE")![3].Value!;
            Assert.InRange(text.Length, 2_000_000 / 6, 2_000_000 * 3);
        }
    }
}
