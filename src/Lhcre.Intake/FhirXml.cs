using System.Globalization;
using System.Text.Json;
using System.Xml;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Hl7.Fhir.Validation;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>
/// FHIR JSON written as FHIR XML, by the FHIR library. Nothing is lost on the way: whatever the library does not read, and whatever it
/// would write back differently, refuses the whole. White space around texts is left out, as FHIR asks of XML.
/// </summary>
public static class FhirXml
{
    private static readonly FhirJsonDeserializer Reader =
        new(new DeserializerSettings().UsingMode(DeserializationMode.Strict, NarrativeValidationKind.None));

    private static readonly FhirXmlSerializer Writer = new();
    private static readonly FhirJsonSerializer JsonWriter = new();

    /// <summary>Writes it, in UTF-8 without a byte order mark.</summary>
    /// <param name="json">One resource; a Bundle is one.</param>
    /// <returns>The XML, or why there is none: <see cref="IssueCodes.NotAsXml"/>, with the place.</returns>
    public static (ReadOnlyMemory<byte> Xml, Issue? Refusal) Write(ReadOnlySpan<byte> json)
    {
        // The library parses and writes numbers by the culture of the thread.
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var reader = new Utf8JsonReader(json, JsonSoundness.Options);
            if (!Reader.TryDeserializeResource(ref reader, out var resource, out var faults) || resource is null)
                return (default, new Issue(IssueCodes.NotAsXml, null, Place(faults)));
            if (JsonDifference.Find(json, JsonWriter.SerializeToBytes(resource)) is { } difference)
                return (default, new Issue(IssueCodes.NotAsXml, null, difference));
            return (Writer.SerializeToBytes(resource), null);
        }
        catch (Exception e) when (e is CodedException or XmlException or FormatException or ArgumentException or InvalidOperationException or JsonException or NotSupportedException or IndexOutOfRangeException)
        {
            // What the library throws on odd values: characters that XML has not, above all.
            return (default, new Issue(IssueCodes.NotAsXml));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static string? Place(IEnumerable<CodedException>? faults) => (faults?.FirstOrDefault() as ExtendedCodedException)?.InstancePath;
}
