using System.Text;
using CsCheck;
using Lhcre.Silo.Imports;

namespace Lhcre.Silo.Tests.Imports;

public sealed class PackedBodyTests
{
    private const string Text = "{\"resourceType\":\"Basic\"}\n{\"resourceType\":\"Basic\",\"id\":\"2\"}\n";

    private static byte[] Packed(string text) => ImportHttp.Packed(Encoding.UTF8.GetBytes(text));

    // What comes out; null where it is told to be no whole gzip.
    private static async Task<string?> Unpacked(byte[] body)
    {
        using var unpacked = new MemoryStream();
        try
        {
            await PackedBody.Unpack(new MemoryStream(body)).CopyToAsync(unpacked);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        var bytes = unpacked.ToArray();
        return bytes.AsSpan().EndsWith(PackedBody.End) ? Encoding.UTF8.GetString(bytes.AsSpan(..^PackedBody.Extra)) : null;
    }

    [Fact]
    public async Task What_is_whole_comes_out_as_it_went_in()
    {
        Assert.Equal(Text, await Unpacked(Packed(Text)));
        Assert.Equal("", await Unpacked(Packed("")));
        Assert.Equal(Text + Text, await Unpacked([.. Packed(Text), .. Packed(Text)]));
    }

    [Fact]
    public async Task What_was_cut_off_anywhere_is_not_taken_for_whole()
    {
        var packed = Packed(Text);
        for (var length = 1; length < packed.Length; length++)
            Assert.Null(await Unpacked(packed[..length]));
    }

    [Fact]
    public async Task What_was_changed_anywhere_is_not_taken_for_what_it_was() =>
        await Gen.Select(Gen.Int[10, 1000], Gen.Byte[1, 255]).SampleAsync(async (place, change) =>
        {
            var packed = Packed(Text);
            packed[10 + place % (packed.Length - 10)] ^= change;
            // Some bits of a gzip mean nothing.
            return await Unpacked(packed) is null or Text;
        }, iter: 200);

    [Fact]
    public async Task More_than_the_limit_is_not_read()
    {
        await using var counted = new CountedStream(PackedBody.Unpack(new MemoryStream(Packed(new string('\n', 1_000_000)))), 100_000);

        await Assert.ThrowsAsync<CountedStream.TooLongException>(() => counted.CopyToAsync(Stream.Null));
        Assert.InRange(counted.Count, 100_001, 300_000);
    }
}
