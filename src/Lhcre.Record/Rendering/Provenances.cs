using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// Where merged resources come from, as FHIR <c>Provenance</c>: one for each, made of its members when it is asked for. <c>recorded</c> is our
/// receipt; an agent is a source that contributes; an entity an entry that states it, at its source's base, with the time at which its source
/// recorded it in an extension. What sources say of provenance themselves stands in the record as what they say.
/// </summary>
public static class Provenances
{
    private const string Type = "Provenance";

    /// <summary>The extension of an entity: when its source recorded it.</summary>
    private const string RecordedUrl = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/recorded";

    private const string SourceSystemUrl = "https://fhir.wessexcarerecords.org.uk/Id/source";

    /// <summary>The id of the Provenance of a merged resource. It routes itself, as every merged id does.</summary>
    public static MergedId IdOf(MergedResource resource) => IdOf(resource.Id.Patient, resource.Smallest);

    /// <summary>The merged resource whose Provenance has this id: that of any of its members, or of one that was withdrawn from it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="id">The id in the request; of this person.</param>
    /// <param name="isGone">When null is returned: whether there was such a resource.</param>
    // A hash for each entry, since an entry's key cannot be had from the hash of its hash: some microseconds each, and rarely asked for.
    public static MergedResource? Find(PatientRecord record, MergedId id, out bool isGone)
    {
        isGone = false;
        foreach (var resource in record.All)
        {
            if (IdOf(resource) == id)
                return resource;
        }

        foreach (var entry in record.Entries.ToArray())
        {
            if (IdOf(record.Key, entry.Key) == id)
                return record.Find(entry.Key.Type, MergedResource.IdOf(record.Key, entry.Key), out isGone);
        }

        return null;
    }

    /// <summary>The Provenance of a merged resource as a Bundle entry, and where in it the resource stands.</summary>
    /// <param name="record">The record.</param>
    /// <param name="resource">A merged resource of it.</param>
    /// <param name="sources">The names of sources.</param>
    /// <param name="isMatch">Whether it is what was searched for; else it is included.</param>
    public static (byte[] Entry, ByteRange Resource) Of(PatientRecord record, MergedResource resource, SourceSystems sources, bool isMatch)
    {
        var id = IdOf(resource).ToString();
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Write(record.Addresses.FullUrlPrefix);
        Rendering.Text(buffer, $"{Type}/{id}");
        buffer.Write(Rendering.ResourceMember);
        var start = buffer.WrittenCount;
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, id, resource, record, sources);
        var length = buffer.WrittenCount - start;
        buffer.Write(isMatch ? Rendering.SearchMember : Rendering.IncludeMember);
        return (buffer.WrittenSpan.ToArray(), new ByteRange(start, length));
    }

    /// <summary>The Provenance of every merged resource, to be searched beside what stands in the record: none of them is kept.</summary>
    /// <param name="record">The record.</param>
    /// <param name="sources">The names of sources.</param>
    public static IEnumerable<MergedResource> All(PatientRecord record, SourceSystems sources)
    {
        foreach (var resource in record.All.ToArray())
        {
            var (entry, range) = Of(record, resource, sources, isMatch: true);
            // What nobody states, as a disagreement: the address makes its id.
            var made = new Disagreement([resource.Smallest], [], [], resource.LastUpdated) { Address = AddressOf(resource.Smallest) };
            yield return new MergedResource(record.Key, made, new RenderedSegment(entry, range, default), resource.Version, resource.LastUpdated);
        }
    }

    /// <summary>What sources themselves say of where these resources come from: their Provenance in the record, as included entries.</summary>
    public static IEnumerable<byte[]> OfSources(PatientRecord record, IEnumerable<MergedResource> resources)
    {
        var targets = resources.Select(r => $"{r.Type}/{r.Id}").ToHashSet();
        foreach (var provenance in record.OfType(Type).ToArray())
        {
            if (TargetsOf(provenance.Resource.Span).Any(targets.Contains))
                yield return provenance.IncludedEntry();
        }
    }

    private static MergedId IdOf(PatientKey patient, EntryKey smallest) => new(patient, AddressOf(smallest).Hash());

    private static EntryKey AddressOf(EntryKey smallest) => new("", Type, smallest.Hash().ToString());

    private static void Write(Utf8JsonWriter writer, string id, MergedResource resource, PatientRecord record, SourceSystems sources)
    {
        var members = record.MembersBehind(resource);
        var updated = Rendering.Instant(resource.LastUpdated);
        writer.WriteStartObject();
        writer.WriteString("resourceType", Type);
        writer.WriteString("id", id);
        writer.WriteStartObject("meta");
        writer.WriteString("versionId", resource.Version.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("lastUpdated", updated);
        writer.WriteEndObject();
        writer.WriteStartArray("target");
        writer.WriteStartObject();
        writer.WriteString("reference", $"{resource.Type}/{resource.Id}");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("recorded", updated);
        writer.WritePropertyName("activity");
        // ISO 21089: several statements made one, or one taken in.
        Concept(writer, "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", members.Count > 1 ? "merge" : "receive");
        writer.WriteStartArray("agent");
        foreach (var source in members.Select(m => m.Key.Source).Distinct())
            WriteAgent(writer, source, sources);
        writer.WriteEndArray();
        writer.WriteStartArray("entity");
        foreach (var member in members)
            WriteEntity(writer, member, record.Addresses);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteAgent(Utf8JsonWriter writer, string source, SourceSystems sources)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("type");
        // FHIR R4, provenance-participant-type: who provided the copy.
        Concept(writer, "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "transmitter");
        writer.WriteStartObject("who");
        writer.WriteStartObject("identifier");
        writer.WriteString("system", SourceSystemUrl);
        writer.WriteString("value", source);
        writer.WriteEndObject();
        writer.WriteString("display", sources.Name(source));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEntity(Utf8JsonWriter writer, Entry member, Addresses addresses)
    {
        writer.WriteStartObject();
        if (member.Recorded is { } recorded)
        {
            writer.WriteStartArray("extension");
            writer.WriteStartObject();
            writer.WriteString("url", RecordedUrl);
            writer.WriteString("valueInstant", Rendering.Instant(recorded));
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteString("role", "source");
        writer.WriteStartObject("what");
        writer.WriteString("reference", $"{addresses.Source(member.Key.Source)}/{member.Key.Reference}");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Concept(Utf8JsonWriter writer, string system, string code)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("coding");
        writer.WriteStartObject();
        writer.WriteString("system", system);
        writer.WriteString("code", code);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<string> TargetsOf(ReadOnlySpan<byte> provenance)
    {
        var found = new List<string>();
        var reader = new Utf8JsonReader(provenance, Limits.JsonReader);
        var isTarget = false;
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
                isTarget = reader.ValueTextEquals("target"u8);
            else if (isTarget && reader.CurrentDepth == 3 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("reference"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                    found.Add(reader.GetString()!);
            }
        }

        return found;
    }
}
