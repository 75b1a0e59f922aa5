using System.Buffers;
using System.Text.Json;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>What <c>/metadata</c> says, written from the tables by which requests are served.</summary>
internal static class CapabilityStatement
{
    // The day on which what is served last changed; not the day of the request, since the statement is the same until then.
    private const string Date = "2026-11-22";

    /// <summary>Of the merged record: read only.</summary>
    public static byte[] Merged(Addresses addresses) => Write(addresses.Merged, "The merged record", ["read", "search-type"], [], isMerged: true);

    /// <summary>Of a source's own base: it writes there, and reads what it said.</summary>
    public static byte[] Source(Addresses addresses, SourceSystem source) =>
        Write(addresses.Source(source.Id), $"{source.Name}: its own base", ["read", "search-type", "create", "update", "delete"], ["transaction", "batch"], isMerged: false);

    private static byte[] Write(string url, string description, string[] interactions, string[] systemInteractions, bool isMerged)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType", "CapabilityStatement");
            writer.WriteString("status", "active");
            writer.WriteString("date", Date);
            writer.WriteString("kind", "instance");
            writer.WriteStartObject("software");
            writer.WriteString("name", "Wessex shared care record");
            writer.WriteString("version", typeof(CapabilityStatement).Assembly.GetName().Version!.ToString(3));
            writer.WriteEndObject();
            writer.WriteStartObject("implementation");
            writer.WriteString("description", description);
            writer.WriteString("url", url);
            writer.WriteEndObject();
            writer.WriteString("fhirVersion", "4.0.1");
            writer.WriteStartArray("format");
            writer.WriteStringValue("application/fhir+json");
            writer.WriteStringValue("json");
            writer.WriteEndArray();
            writer.WriteStartArray("rest");
            writer.WriteStartObject();
            writer.WriteString("mode", "server");
            writer.WriteStartArray("resource");
            foreach (var type in FhirTypes.All)
                WriteType(writer, type, interactions, isMerged);
            writer.WriteEndArray();
            WriteInteractions(writer, systemInteractions);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteType(Utf8JsonWriter writer, string type, string[] interactions, bool isMerged)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        WriteInteractions(writer, interactions);
        writer.WriteString("versioning", "versioned");
        if (isMerged)
        {
            writer.WriteStartArray("searchRevInclude");
            writer.WriteStringValue(SearchParameters.RevInclude);
            writer.WriteEndArray();
        }

        writer.WriteStartArray("searchParam");
        foreach (var parameter in SearchParameters.Of(type))
        {
            writer.WriteStartObject();
            writer.WriteString("name", parameter.Name);
            writer.WriteString("type", parameter.Type);
            writer.WriteString("documentation", parameter.Documentation);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (type == "Patient" || isMerged)
        {
            writer.WriteStartArray("operation");
            if (type == "Patient")
                WriteOperation(writer, "everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything");
            if (isMerged)
                WriteOperation(writer, "explain", "https://fhir.wessexcarerecords.org.uk/OperationDefinition/explain");
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteOperation(Utf8JsonWriter writer, string name, string definition)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("definition", definition);
        writer.WriteEndObject();
    }

    private static void WriteInteractions(Utf8JsonWriter writer, string[] interactions)
    {
        if (interactions.Length == 0)
            return;
        writer.WriteStartArray("interaction");
        foreach (var interaction in interactions)
        {
            writer.WriteStartObject();
            writer.WriteString("code", interaction);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
