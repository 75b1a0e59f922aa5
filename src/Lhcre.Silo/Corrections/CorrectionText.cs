using System.Globalization;
using System.Text.Json;
using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Silo.Corrections;

/// <summary>
/// Corrections as JSON: <c>{"id", "source", "kind", "state", "from", "to", "person", "ends", "unit", "entries", "reason", "by", "ordered", "began", "ended", "records": {"told", "changed",
/// "failed"}, "round", "rate", "resumed"}</c>.
/// </summary>
internal static class CorrectionText
{
    /// <summary>As it stands in URLs: 32 hexadecimal digits.</summary>
    public static string Id(PushId id) => id.Hash.Bits.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The id that a text names; null for none.</summary>
    public static PushId? Id(string text) =>
        text.Length == 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) ? new PushId(new ContentHash(bits)) : null;

    /// <summary>Where it is told of.</summary>
    public static string Path(CorrectionJob job) => $"/sources/{job.Request.Source}/corrections/{Id(job.Request.Id)}";

    /// <summary>One.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="job">The job.</param>
    /// <param name="isEnded">Of a quarantine: whether its end was ordered.</param>
    /// <param name="now">Now.</param>
    public static void Write(Utf8JsonWriter writer, CorrectionJob job, bool isEnded, DateTimeOffset now)
    {
        var request = job.Request;
        writer.WriteStartObject();
        writer.WriteString("id", Id(request.Id));
        writer.WriteString("source", request.Source);
        writer.WriteString("kind", request.Ends is not null ? "release" : request.Move is not null ? "move" : request.To is null ? "withdrawal" : "quarantine");
        writer.WriteString("state", job.Ended is not null ? "done" : job.Began is not null ? "running" : "waiting");
        if (request.Ends is { } ends)
            writer.WriteString("ends", Id(ends));
        else
            writer.WriteBoolean("released", isEnded);
        if (request is { Ends: null, Move: null } && request.From != default)
            writer.WriteString("from", request.From);
        if (request.To is { } to)
            writer.WriteString("to", to);
        if (job.Person is { } person)
            writer.WriteString("person", person);
        if (request.Move is { } move)
            Write(writer, move);
        writer.WriteString("reason", request.Reason);
        if (job.By is { } by)
            writer.WriteString("by", by);
        writer.WriteString("ordered", job.At);
        if (job.Began is { } began)
            writer.WriteString("began", began);
        if (job.Ended is { } ended)
            writer.WriteString("ended", ended);
        writer.WriteNumber("round", job.Round + 1);
        writer.WriteStartObject("records");
        writer.WriteNumber("told", job.Told);
        writer.WriteNumber("changed", job.Changed);
        writer.WriteNumber("failed", job.Failed);
        writer.WriteEndObject();
        if (job.Began is { } start && ((job.Ended ?? now) - start).TotalSeconds is > 0 and var seconds)
            writer.WriteNumber("rate", Math.Round(job.Told / seconds, 1));
        if (job.Resumed > 0)
            writer.WriteNumber("resumed", job.Resumed);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, MoveRequest move)
    {
        writer.WriteString("to", move.Other);
        if (move.Unit is { } unit)
            writer.WriteString("unit", unit);
        writer.WriteStartArray("entries");
        foreach (var (type, id) in move.Types.Zip(move.Ids))
            writer.WriteStringValue($"{type}/{id}");
        writer.WriteEndArray();
    }
}
