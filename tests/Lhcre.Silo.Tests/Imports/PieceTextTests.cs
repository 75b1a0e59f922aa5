using System.Text;
using CsCheck;
using Lhcre.Silo.Imports;

namespace Lhcre.Silo.Tests.Imports;

public sealed class PieceTextTests
{
    private static ImportLine Line(long number, string text) => new(number, Encoding.UTF8.GetBytes(text));

    private static IEnumerable<(long, string)> Read(byte[] stored, long first) =>
        PieceText.Read(stored, first).Select(l => (l.Number, Encoding.UTF8.GetString(l.Bytes.Span)));

    [Fact]
    public void Lines_come_back_with_their_numbers_whatever_stood_between_them() =>
        Gen.Select(Gen.Long[1, 1_000_000], Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 3000]).Array[1, 20]).Sample((first, gaps) =>
        {
            var (piece, number, lines) = (new PieceText(), first, new List<(long, string)>());
            foreach (var (gap, length) in gaps)
            {
                lines.Add((number, new string((char)('a' + gap % 26), length)));
                piece.Add(Line(number, lines[^1].Item2));
                number += gap;
            }

            Assert.Equal((first, lines[^1].Item1, lines.Count), (piece.First, piece.Last, piece.Lines));
            return Read(piece.Take(), first).SequenceEqual(lines) && piece.Lines == 0;
        });

    [Fact]
    public void A_piece_is_full_at_a_mebibyte_and_a_longer_line_is_one_by_itself()
    {
        var piece = new PieceText();
        Assert.True(piece.HasRoomFor(Line(1, new string('x', 3 * PieceText.Full))));
        piece.Add(Line(1, new string('x', PieceText.Full - 10)));

        Assert.True(piece.HasRoomFor(Line(2, "0123456789")));
        Assert.False(piece.HasRoomFor(Line(2, "0123456789a")));
        Assert.False(piece.HasRoomFor(Line(5000, "0")));
        piece.Take();
        for (var number = 5000; number < 5000 + PieceText.MostLines; number++)
        {
            Assert.True(piece.HasRoomFor(Line(number, "0123456789a")));
            piece.Add(Line(number, "0123456789a"));
        }

        Assert.False(piece.HasRoomFor(Line(9999, "0")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000080")]
    [InlineData("FFFFFFFF00")]
    [InlineData("0500000011223344")]
    public void What_is_no_piece_is_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => PieceText.Read(Convert.FromHexString(hex), 1));

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""", "Patient", true)]
    [InlineData("""{"id":"a","contained":[{"resourceType":"Patient"}],"resourceType":"Observation"}""", "Observation", false)]
    [InlineData("""{"resourceType":"Practitioner"}""", "Practitioner", true)]
    [InlineData("""{"resourceType":"Bundle","entry":[]}""", "Bundle", true)]
    [InlineData("""{"resourceType":7}""", null, true)]
    [InlineData("""{"id":""", null, true)]
    [InlineData("[]", null, true)]
    [InlineData("x", null, true)]
    public void What_others_may_refer_to_goes_first(string text, string? type, bool isFirst) =>
        Assert.Equal((type, isFirst), (Line(1, text).Type(), Line(1, text).IsFirst()));
}
