using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lhcre.Record.Summaries;

/// <summary>
/// Writes a record's summary as a FHIR document: a Bundle of type <c>document</c> by the International Patient Summary (HL7 IPS 1.1.0), the Composition
/// first, every reference resolved inside it. It holds what sources state, in their words; of ours are the Composition with its narratives, the Device that
/// is its author, and what says that there is no information.
/// </summary>
public static class SummaryDocument
{
    private const string Profile = "http://hl7.org/fhir/uv/ips/StructureDefinition/";

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document in bytes: a FHIR R4 Bundle in JSON. The same arguments give the same bytes.</summary>
    /// <param name="record">The record. One of which nothing was received gives a document that says so.</param>
    /// <param name="sources">The sources to tell of: by their names, and what their silence means.</param>
    /// <param name="now">When it is made: <c>Composition.date</c> and <c>Bundle.timestamp</c>, and where the windows of time end (UK calendar).</param>
    /// <param name="notices">What else a reader has to know, such as that a source is silent: told in the Composition's narrative. Default none.</param>
    public static byte[] Write(PatientRecord record, SourceSystems sources, DateTimeOffset now, IReadOnlyList<Issue>? notices = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(sources);
        var summary = Summary.Of(record, sources, now, notices ?? []);
        var author = AuthoredResource.System(record);
        var composition = AuthoredResource.Of(record.Key, "Composition", "summary", writer => Write(writer, summary, author));
        List<byte[]> entries = [DocumentEntries.Entry(record.Addresses, composition.Reference, composition.Bytes), .. DocumentEntries.Of(summary, author)];
        return Bundle(entries, Rendering.Instant(now));
    }

    private static byte[] Bundle(List<byte[]> entries, string timestamp)
    {
        var id = IdOf(entries);
        var head = $"{{\"resourceType\":\"Bundle\",\"id\":\"{id}\",\"meta\":{{\"profile\":[\"{Profile}Bundle-uv-ips\"]}},"
            + $"\"identifier\":{{\"system\":\"urn:ietf:rfc:3986\",\"value\":\"urn:uuid:{id}\"}},\"type\":\"document\",\"timestamp\":\"{timestamp}\",\"entry\":[";
        var buffer = new ArrayBufferWriter<byte>(head.Length + entries.Sum(e => e.Length + 1) + 2);
        Rendering.Text(buffer, head);
        for (var i = 0; i < entries.Count; i++)
        {
            buffer.Write(i == 0 ? default : ","u8);
            buffer.Write(entries[i]);
        }

        buffer.Write("]}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    // A document is named by what it says: a UUID of version 8 (RFC 9562) of the SHA-256 of its entries.
    private static Guid IdOf(List<byte[]> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
            hash.AppendData(entry);
        var bytes = hash.GetHashAndReset().AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static void Write(Utf8JsonWriter writer, Summary summary, AuthoredResource author)
    {
        writer.WriteStartObject("meta");
        writer.WriteStartArray("profile");
        writer.WriteStringValue($"{Profile}Composition-uv-ips");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteString("language", "en-GB");
        Write(writer, summary.Overview);
        writer.WriteString("status", "final");
        AuthoredResource.Concept(writer, "type", "http://loinc.org", "60591-5", "Patient summary Document");
        Reference(writer, "subject", $"Patient/{summary.Record.Key}");
        writer.WriteString("date", Rendering.Instant(summary.Now));
        writer.WriteStartArray("author");
        Reference(writer, null, author.Reference);
        writer.WriteEndArray();
        writer.WriteString("title", "Patient summary");
        if (Confidentiality(summary.Patient) is { } code)
            writer.WriteString("confidentiality", code);
        writer.WriteStartArray("section");
        foreach (var section in summary.Sections)
            Write(writer, section);
        writer.WriteEndArray();
    }

    // PDS labels a person as restricted or very restricted (HL7 v3-Confidentiality R, V). That nothing is labelled says nothing.
    private static string? Confidentiality(SummaryItem? patient)
    {
        var labels = patient?.Json["meta"]["security"].Items.Select(l => l["code"].Text).ToList() ?? [];
        return labels.Contains("V") ? "V" : labels.Contains("R") ? "R" : null;
    }

    private static void Write(Utf8JsonWriter writer, SummarySection section)
    {
        writer.WriteStartObject();
        writer.WriteString("title", section.Title);
        AuthoredResource.Concept(writer, "code", section.Code.System, section.Code.Code, section.Code.Display);
        Write(writer, section.Narrative);
        writer.WriteStartArray("entry");
        foreach (var item in section.Items)
            Reference(writer, null, item.Reference);
        if (section.Absent is { } absent)
            Reference(writer, null, absent.Reference);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Who states what, and what silence means, stands in extensions and in our configuration.
    private static void Write(Utf8JsonWriter writer, Narrative narrative)
    {
        writer.WriteStartObject("text");
        writer.WriteString("status", "additional");
        writer.WriteString("div", narrative.Division);
        writer.WriteEndObject();
    }

    private static void Reference(Utf8JsonWriter writer, string? name, string reference)
    {
        if (name is null)
            writer.WriteStartObject();
        else
            writer.WriteStartObject(name);
        writer.WriteString("reference", reference);
        writer.WriteEndObject();
    }
}
