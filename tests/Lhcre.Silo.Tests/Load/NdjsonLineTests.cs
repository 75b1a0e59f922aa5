using System.Text;
using CsCheck;
using Lhcre.Record;
using Lhcre.Silo.Load;

namespace Lhcre.Silo.Tests.Load;

public sealed class NdjsonLineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "1:a")]
    [InlineData("a\n", "1:a")]
    [InlineData("a\nb", "1:a 2:b")]
    [InlineData("a\r\nb\r\n", "1:a 2:b")]
    [InlineData("\n\n  \na\n\t\nb\n\n", "4:a 6:b")]
    public async Task Lines_keep_their_number_and_blank_ones_are_passed_over(string text, string expected)
    {
        var path = _folder.Write("x.ndjson", text);
        var lines = await NdjsonLine.Read(path).ToListAsync();
        Assert.Equal(expected, string.Join(' ', lines.Select(l => $"{l.Number}:{Encoding.UTF8.GetString(l.Bytes!).Trim()}")));
        Assert.Equal(lines.Count, await NdjsonLine.Count(path, default));
    }

    [Fact]
    public async Task Lines_come_whole_whatever_their_length() =>
        await Gen.Int[1, 200_000].Array[0, 12].SampleAsync(async lengths =>
        {
            var path = _folder.Write($"{string.Join('-', lengths).GetHashCode(StringComparison.Ordinal):x}.ndjson", string.Join('\n', lengths.Select(l => new string('x', l))));
            var read = await NdjsonLine.Read(path).Select(l => l.Bytes!.Length).ToListAsync();
            File.Delete(path);
            return read.SequenceEqual(lengths);
        }, iter: 20);

    [Fact]
    public async Task A_line_that_is_longer_than_a_push_may_be_is_not_read_and_the_next_one_is()
    {
        var path = System.IO.Path.Combine(_folder.Path, "long.ndjson");
        using (var file = File.Create(path))
        {
            file.Write("a\n"u8);
            for (var written = 0; written <= Limits.BodyBytes; written += 1024 * 1024)
                file.Write(Enumerable.Repeat((byte)'x', 1024 * 1024).ToArray());
            file.Write("\nb"u8);
        }

        var lines = await NdjsonLine.Read(path).ToListAsync();
        Assert.Equal([(1, 1), (2, null), (3, 1)], lines.Select(l => (l.Number, l.Bytes?.Length)));
    }
}
