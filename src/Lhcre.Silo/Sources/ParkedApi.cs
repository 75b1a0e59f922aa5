using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;

namespace Lhcre.Silo.Sources;

/// <summary>What a source sent and could not be filed yet, for its operators: <c>GET /sources/{source}/parked</c>.</summary>
internal sealed class ParkedApi(IJournal journal)
{
    private const int DefaultCount = 100;
    private const int MostCount = 1000;

    /// <summary>
    /// A page, oldest first: <c>{"source", "total", "parked": [{"id", "received", "code", "reason", "resourceType", "waitsFor",
    /// "resource"}], "next"}</c>. <c>_count</c> 1 to 1000, default 100; <c>after</c> as the page before said it.
    /// </summary>
    public async Task List(HttpContext http, SourceSystem source)
    {
        if (Wanted.Of(http).Written.Kind != MediaKind.Json)
        {
            // It is no FHIR, and has no other form.
            await Answers.Issue(http, IssueCodes.NotAcceptable);
            return;
        }

        var count = DefaultCount;
        if (http.Request.Query["_count"] is [{ } text] && !(int.TryParse(text, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MostCount))
        {
            await Answers.Issue(http, IssueCodes.InvalidSearchValue, $"_count is 1 to {MostCount}.");
            return;
        }

        var (page, total) = await journal.Parked(source.Id, http.Request.Query["after"] is [{ } after] ? after : null, count, http.RequestAborted);
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("source", source.Id);
            writer.WriteNumber("total", total);
            writer.WriteStartArray("parked");
            foreach (var resource in page)
                Write(writer, resource);
            writer.WriteEndArray();
            if (page.Count == count)
                writer.WriteString("next", $"/sources/{source.Id}/parked?_count={count}&after={page[^1].Id}");
            writer.WriteEndObject();
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter writer, ParkedResource parked)
    {
        var fragment = LogBody.Read(parked.Body)[0];
        writer.WriteStartObject();
        writer.WriteString("id", parked.Id);
        writer.WriteString("received", parked.At);
        writer.WriteString("code", parked.Code);
        writer.WriteString("reason", parked.Reason);
        writer.WriteString("resourceType", parked.Type);
        writer.WriteString("resourceId", fragment.Key.Id);
        if (parked.WaitsFor is { } awaited)
            writer.WriteString("waitsFor", awaited.Reference);
        if (fragment.Kind == FragmentKind.Stated)
        {
            writer.WritePropertyName("resource");
            writer.WriteRawValue(fragment.AsSent.Span, skipInputValidation: true);
        }
        else
        {
            writer.WriteBoolean("isDelete", true);
        }

        writer.WriteEndObject();
    }
}
