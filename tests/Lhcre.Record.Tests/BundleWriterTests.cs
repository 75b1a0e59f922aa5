using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Lhcre.Record.Tests;

public class BundleWriterTests
{
    private static readonly DateTimeOffset Then = new(2025, 6, 1, 13, 0, 0, 120, TimeSpan.FromHours(1));

    [Fact]
    public async Task A_bundle_is_its_entries_as_they_are_between_a_head_and_a_tail()
    {
        var (writer, text, _) = await Written(["{\"a\":1.10}", "{\"b\":2}"], "http://127.0.0.1:8080/fhir/Patient", Then);
        Assert.Equal(
            """{"resourceType":"Bundle","meta":{"lastUpdated":"2025-06-01T12:00:00.120Z"},"type":"searchset","total":2,"link":[{"relation":"self","url":"http://127.0.0.1:8080/fhir/Patient"}],"entry":[{"a":1.10},{"b":2}]}""",
            text);
        Assert.Equal(writer.Length, Encoding.UTF8.GetByteCount(text));
    }

    [Fact]
    public async Task An_empty_bundle_has_no_entry_since_FHIR_knows_no_empty_lists()
    {
        var (writer, text, _) = await Written([], "http://127.0.0.1:8080/fhir/Patient", null);
        Assert.Equal("""{"resourceType":"Bundle","type":"searchset","total":0,"link":[{"relation":"self","url":"http://127.0.0.1:8080/fhir/Patient"}]}""", text);
        Assert.Equal(writer.Length, Encoding.UTF8.GetByteCount(text));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018&_id=1")]
    [InlineData("http://127.0.0.1:8080/fhir/Patient?name=\"},{\"x\":\"")]
    [InlineData("http://127.0.0.1:8080/fhir/Patient?name=O'Brien\\é€😀\n<script>")]
    public async Task The_address_that_was_asked_for_comes_back_whatever_stands_in_it(string self)
    {
        var (writer, text, _) = await Written(["{}"], self, null);
        using var bundle = JsonDocument.Parse(text);
        Assert.Equal(self, bundle.RootElement.GetProperty("link")[0].GetProperty("url").GetString());
        Assert.Equal(["resourceType", "type", "total", "link", "entry"], bundle.RootElement.EnumerateObject().Select(m => m.Name));
        Assert.Equal(writer.Length, Encoding.UTF8.GetByteCount(text));
    }

    [Fact]
    public async Task The_length_is_that_of_the_bytes_written_and_no_more_than_asked_wait_for_a_flush() =>
        await Gen.Select(JsonValues.Objects.Array[0, 40], Gen.Int[1, 400], Gen.Int[1, 50]).SampleAsync(async (entries, stretch, part) =>
        {
            var (writer, text, flushes) = await Written(entries, "x", null, stretch, part);
            Assert.Equal((await Written(entries, "x", null)).Text, text);
            Assert.Equal(writer.Length, Encoding.UTF8.GetByteCount(text));
            Assert.Equal(entries.Length, JsonDocument.Parse(text).RootElement.TryGetProperty("entry", out var list) ? list.GetArrayLength() : 0);
            Assert.Equal(writer.Length, flushes[^1]);
            Assert.All(flushes.Prepend(0).Zip(flushes), pair => Assert.InRange(pair.Second - pair.First, 1, stretch));
        });

    [Fact]
    public async Task What_is_no_match_comes_behind_all_parts_and_links_stand_in_their_order()
    {
        var head = new BundleHead(BundleHead.History, null, null, ("self", "a"), ("next", "b"));
        var writer = new BundleWriter(head, ["1"u8.ToArray()], 2, 2, ["9"u8.ToArray()], _ => ValueTask.FromResult<byte[][]>(["2"u8.ToArray()]));
        var target = new ArrayBufferWriter<byte>();
        await writer.Write(target, 100, () => ValueTask.CompletedTask);
        Assert.Equal(
            """{"resourceType":"Bundle","type":"history","link":[{"relation":"self","url":"a"},{"relation":"next","url":"b"}],"entry":[1,2,9]}""",
            Encoding.UTF8.GetString(target.WrittenSpan));
        Assert.Equal(writer.Length, target.WrittenCount);
    }

    [Fact]
    public async Task Entries_that_end_too_early_are_no_Bundle()
    {
        var writer = new BundleWriter(new BundleHead(BundleHead.SearchSet, 2, null, ("self", "a")), ["1"u8.ToArray()], 2, 2, [], _ => ValueTask.FromResult<byte[][]>([]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.Write(new ArrayBufferWriter<byte>(), 100, () => ValueTask.CompletedTask).AsTask());
    }

    private static async ValueTask<(BundleWriter Writer, string Text, List<int> Flushes)> Written(
        string[] entries, string self, DateTimeOffset? lastUpdated, int stretch = 1_000, int part = int.MaxValue)
    {
        var bytes = entries.Select(Encoding.UTF8.GetBytes).ToArray();
        var head = new BundleHead(BundleHead.SearchSet, entries.Length, lastUpdated, ("self", self));
        var at = Math.Min(part, bytes.Length);
        var writer = new BundleWriter(head, bytes[..at], bytes.Sum(b => b.Length), bytes.Length, [], More);
        var target = new ArrayBufferWriter<byte>();
        var flushes = new List<int>();
        await writer.Write(target, stretch, () =>
        {
            flushes.Add(target.WrittenCount);
            return ValueTask.CompletedTask;
        });
        return (writer, Encoding.UTF8.GetString(target.WrittenSpan), flushes);

        ValueTask<byte[][]> More(CancellationToken cancellation)
        {
            var from = at;
            at = Math.Min(at + part, bytes.Length);
            return ValueTask.FromResult(bytes[from..at]);
        }
    }
}
