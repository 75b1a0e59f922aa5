using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Lhcre.Grains.Imports;

namespace Lhcre.Silo.Imports;

/// <summary>
/// Imports as JSON: <c>{"id", "source", "state", "accepted", "began", "ended", "bytes", "lines": {"total", "done"}, "resources": {"applied",
/// "unchanged", "parked", "refused"}, "rate", "resumed", "codes": {code: count}, "refused": [{"line", "entry", "code", "expression"}], "next"}</c>.
/// Nothing of what was sent stands in it.
/// </summary>
internal static class ImportAnswers
{
    /// <summary>Where an import is told of.</summary>
    public static string Path(Import import) => $"/sources/{import.Source}/imports/{import.Id}";

    /// <summary>Behind which line and entry a page begins, as <c>next</c> says it; null for the start.</summary>
    public static (long Line, int? Entry)? Place(string? after) =>
        after?.Split('.') is [var line, .. var entry] && entry.Length <= 1 && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, entry is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : null)
            : null;

    /// <summary>Sends what is written.</summary>
    public static Task Send(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = buffer.WrittenCount;
        return http.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted).AsTask();
    }

    /// <summary>One, in short.</summary>
    public static void Write(Utf8JsonWriter writer, Import import, DateTimeOffset now)
    {
        writer.WriteStartObject();
        WriteMembers(writer, import, now);
        writer.WriteEndObject();
    }

    /// <summary>One, with a page of the lines that were refused.</summary>
    public static void Write(
        Utf8JsonWriter writer, Import import, DateTimeOffset now, IReadOnlyList<(string Code, long Count)> codes, IReadOnlyList<ImportRefusal> refused, int count)
    {
        writer.WriteStartObject();
        WriteMembers(writer, import, now);
        writer.WriteStartObject("codes");
        foreach (var (code, number) in codes)
            writer.WriteNumber(code, number);
        writer.WriteEndObject();
        writer.WriteStartArray("refused");
        foreach (var refusal in refused)
            Write(writer, refusal);
        writer.WriteEndArray();
        if (refused.Count == count)
            writer.WriteString("next", string.Create(CultureInfo.InvariantCulture, $"{Path(import)}?_count={count}&after={refused[^1].Line}{(refused[^1].Entry is { } entry ? $".{entry}" : "")}"));
        writer.WriteEndObject();
    }

    /// <summary>A page of a source's.</summary>
    public static void Write(Utf8JsonWriter writer, string source, IReadOnlyList<Import> page, DateTimeOffset now, int count)
    {
        writer.WriteStartObject();
        writer.WriteString("source", source);
        writer.WriteStartArray("imports");
        foreach (var import in page)
            Write(writer, import, now);
        writer.WriteEndArray();
        if (page.Count == count)
            writer.WriteString("next", string.Create(CultureInfo.InvariantCulture, $"/sources/{source}/imports?_count={count}&after={page[^1].Id}"));
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, Import import, DateTimeOffset now)
    {
        writer.WriteString("id", import.Id);
        writer.WriteString("source", import.Source);
        writer.WriteString("state", import.State switch
        {
            ImportState.Waiting => "waiting",
            ImportState.Running => "running",
            ImportState.Done => "done",
            _ => "cancelled",
        });
        writer.WriteString("accepted", import.At);
        if (import.Began is { } began)
            writer.WriteString("began", began);
        if (import.Ended is { } ended)
            writer.WriteString("ended", ended);
        writer.WriteNumber("bytes", import.Bytes);
        writer.WriteStartObject("lines");
        writer.WriteNumber("total", import.Lines);
        writer.WriteNumber("done", import.LinesDone);
        writer.WriteEndObject();
        writer.WriteStartObject("resources");
        writer.WriteNumber("applied", import.Counts.Applied);
        writer.WriteNumber("unchanged", import.Counts.Unchanged);
        writer.WriteNumber("parked", import.Counts.Parked);
        writer.WriteNumber("refused", import.Counts.Refused);
        writer.WriteEndObject();
        if (import.Began is { } from && ((import.Ended ?? now) - from).TotalSeconds is > 0 and var seconds)
            writer.WriteNumber("rate", Math.Round(import.Counts.Resources / seconds, 1));
        if (import.Resumed > 0)
            writer.WriteNumber("resumed", import.Resumed);
    }

    private static void Write(Utf8JsonWriter writer, ImportRefusal refusal)
    {
        writer.WriteStartObject();
        writer.WriteNumber("line", refusal.Line);
        if (refusal.Entry is { } entry)
            writer.WriteNumber("entry", entry);
        writer.WriteString("code", refusal.Code);
        if (refusal.Expression is { } expression)
            writer.WriteString("expression", expression);
        writer.WriteEndObject();
    }
}
