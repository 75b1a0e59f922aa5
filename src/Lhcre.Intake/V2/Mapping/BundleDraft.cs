using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>The FHIR <c>collection</c> that one message becomes, on its way into bytes.</summary>
/// <param name="timestamp">The time of the message (MSH-7) as a FHIR instant: the first part of every resource's version. Null where the message gives none.</param>
/// <param name="versionId">The time of the event, in digits that compare as numbers: the second part. Null where the message gives none.</param>
internal sealed class BundleDraft(string? timestamp, string? versionId)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // 1970-01-01: the time of what has none. The year 1, which some software writes for it, is read as no time, and the Bundle's would count.
    private const string Timeless = "1970-01-01T00:00:00Z";

    private readonly List<Element> _resources = [];
    private readonly HashSet<(string Type, string Id)> _keys = [];
    private int _room = 4096;

    /// <summary>Begins a resource about the person. Its version follows the event that the message tells of.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="id">As <see cref="ResourceId"/> makes it.</param>
    /// <param name="security">A label of v3-Confidentiality, such as <c>R</c>; null for none.</param>
    /// <param name="version">What takes the place of the event's time in its version; null for nothing.</param>
    /// <returns>The resource, to be filled; null where this message has begun it before.</returns>
    public Element? Add(string type, string id, string? security = null, string? version = null) =>
        Begin(type, id, new Element().Set("versionId", version ?? versionId)
            .Add("security", Element.Coding("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", security)));

    /// <summary>
    /// Begins a resource about nobody: a practitioner, an organisation, a place. Its id is made of all that it says and its version is always the same one:
    /// under the message's time each message would state a later version of a practice, to be written into the records of all its patients.
    /// </summary>
    /// <inheritdoc cref="Add"/>
    public Element? AddSupporting(string type, string id) => Begin(type, id, new Element().Set("lastUpdated", Timeless));

    /// <summary>Makes room for what is long, so that the Bundle is not copied again and again while it grows.</summary>
    public void Reserve(int bytes) => _room += bytes;

    /// <summary>How many resources there are.</summary>
    public int Count => _resources.Count;

    /// <summary>The Bundle as UTF-8 JSON.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(_room);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType", "Bundle");
            writer.WriteString("type", "collection");
            if (timestamp is not null)
                writer.WriteString("timestamp", timestamp);
            writer.WriteStartArray("entry");
            foreach (var resource in _resources)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("resource");
                resource.WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private Element? Begin(string type, string id, Element? meta)
    {
        if (!_keys.Add((type, id)))
            return null;
        var resource = new Element().Set("resourceType", type).Set("id", id).Set("meta", meta);
        _resources.Add(resource);
        return resource;
    }
}
