using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// Writes how feeds stand as a FHIR Parameters resource: for each source a <c>source</c> with <c>id</c>, <c>name</c>, <c>state</c> (unknown, never, fresh,
/// silent, late), <c>lastContact</c>, <c>lastApplied</c>, <c>lag</c>, <c>lastAccepted</c>, <c>lastRefused</c>, <c>allRefused</c> where nothing was accepted since,
/// <c>watermark</c>, <c>silentSince</c>, <c>silentAfter</c>, a <c>supplies</c> for each type, none where it supplies all, and <c>total</c> and <c>sinceStart</c>:
/// how many messages and resources, by what became of them.
/// </summary>
public static class StatusWriter
{
    /// <summary>The resource.</summary>
    /// <param name="statuses">Each source's status.</param>
    /// <param name="total">What a source pushed through all silos; null where that is not told.</param>
    /// <param name="sinceStart">The same through the silo that answers, since it started.</param>
    public static byte[] Write(ImmutableArray<SourceStatus> statuses, Func<string, SourceCounts>? total, Func<string, SourceCounts>? sinceStart)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType", "Parameters");
            // FHIR has no empty arrays.
            if (!statuses.IsEmpty)
            {
                writer.WriteStartArray("parameter");
                foreach (var status in statuses)
                    WriteSource(writer, status, total?.Invoke(status.Source.Id), sinceStart?.Invoke(status.Source.Id));
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSource(Utf8JsonWriter writer, SourceStatus status, SourceCounts? total, SourceCounts? sinceStart)
    {
        var (source, contact) = (status.Source, status.Contact);
        writer.WriteStartObject();
        writer.WriteString("name", "source");
        writer.WriteStartArray("part");
        WriteText(writer, "id", "valueCode", source.Id);
        WriteText(writer, "name", "valueString", source.Name);
        WriteText(writer, "state", "valueCode", StateCode(status.State));
        WriteInstant(writer, "lastContact", contact?.LastContact);
        WriteInstant(writer, "lastApplied", contact?.LastApplied);
        WriteDuration(writer, "lag", contact?.Lag);
        WriteInstant(writer, "lastAccepted", contact?.LastAccepted);
        WriteInstant(writer, "lastRefused", contact?.LastRefused);
        if (contact is { IsRefused: true })
            WritePart(writer, "allRefused", w => w.WriteBoolean("valueBoolean", true));
        WriteInstant(writer, "watermark", contact?.Watermark);
        WriteInstant(writer, "silentSince", status.SilentSince);
        WriteDuration(writer, "silentAfter", source.SilentAfter);
        foreach (var type in source.Supplies?.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>())
            WriteText(writer, "supplies", "valueCode", type);
        WriteCounts(writer, "total", total);
        WriteCounts(writer, "sinceStart", sinceStart);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string StateCode(SourceState state) => state switch
    {
        SourceState.Never => "never",
        SourceState.Fresh => "fresh",
        SourceState.Silent => "silent",
        SourceState.Late => "late",
        _ => "unknown",
    };

    // Every one, also where it is 0: an operator looks for what is not there.
    private static void WriteCounts(Utf8JsonWriter writer, string name, SourceCounts? counts)
    {
        if (counts is null)
            return;
        WritePart(writer, name, w =>
        {
            w.WriteStartArray("part");
            foreach (var kind in Enum.GetValues<Counted>())
                WritePart(w, JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), p => p.WriteNumber("valueDecimal", counts[kind]));
            w.WriteEndArray();
        });
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string kind, string value) => WritePart(writer, name, w => w.WriteString(kind, value));

    private static void WriteInstant(Utf8JsonWriter writer, string name, DateTimeOffset? at)
    {
        if (at is { } instant)
            WriteText(writer, name, "valueInstant", instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }

    // FHIR's Duration: a Quantity in UCUM units of time.
    private static void WriteDuration(Utf8JsonWriter writer, string name, TimeSpan? span)
    {
        if (span is not { } duration)
            return;
        WritePart(writer, name, w =>
        {
            w.WriteStartObject("valueDuration");
            w.WriteNumber("value", Math.Round((decimal)duration.Ticks / TimeSpan.TicksPerSecond, 3));
            w.WriteString("unit", "s");
            w.WriteString("system", "http://unitsofmeasure.org");
            w.WriteString("code", "s");
            w.WriteEndObject();
        });
    }

    private static void WritePart(Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> value)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        value(writer);
        writer.WriteEndObject();
    }
}
