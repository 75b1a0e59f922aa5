using System.Buffers;
using System.Text.Json;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Record.Searching;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Fhir;

/// <summary>What <c>/metadata</c> says, written from the tables by which requests are served.</summary>
internal static class CapabilityStatement
{
    // The day on which what is served last changed; not the day of the request, since the statement is the same until then.
    private const string Date = "2026-11-23";

    private const string Ours = "https://fhir.wessexcarerecords.org.uk/OperationDefinition";

    private const string OfSource =
        "A Bundle pushed with the header X-Lhcre-Extent: whole (or whole; types=Condition,Procedure) is all that this source says of one person: what is missing is withdrawn as of "
        + "Bundle.timestamp. Beside this base, POST ../$heartbeat says that the source is there and up to when it has sent everything (watermark), and GET ../$status how its feed stands.";

    // What each type may be included with: the references of all types, by the type that they lead to.
    private static readonly ILookup<string, string> ReferredBy = SearchTable.AllTypes
        .SelectMany(type => References(type).SelectMany(p => p.Targets.Select(target => (Target: target, Inclusion: $"{type}:{p.Name}"))))
        .ToLookup(r => r.Target, r => r.Inclusion);

    /// <summary>Of the merged record: read only.</summary>
    public static byte[] Merged(Addresses addresses) => Write(addresses.Merged, "The merged record", writer =>
    {
        writer.WriteStartArray("resource");
        foreach (var type in FhirTypes.All)
            WriteMerged(writer, type);
        writer.WriteEndArray();
        WriteCodes(writer, "interaction", "code", ["history-system"]);
        writer.WriteStartArray("operation");
        WriteOperation(writer, "source-status", $"{Ours}/source-status");
        writer.WriteEndArray();
    });

    /// <summary>Of a source's own base: it writes there, and reads what it said.</summary>
    public static byte[] Source(Addresses addresses, SourceSystem source) => Write(addresses.Source(source.Id), $"{source.Name}: its own base", writer =>
    {
        writer.WriteString("documentation", OfSource);
        writer.WriteStartArray("resource");
        foreach (var type in FhirTypes.All)
            WriteOfSource(writer, type);
        writer.WriteEndArray();
        WriteCodes(writer, "interaction", "code", ["transaction", "batch"]);
    });

    private static byte[] Write(string url, string description, Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>(256 * 1024);
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
            WriteTexts(writer, "format", ["application/fhir+json", "application/fhir+xml", "json", "xml"]);
            writer.WriteStartArray("rest");
            writer.WriteStartObject();
            writer.WriteString("mode", "server");
            rest(writer);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMerged(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        WriteCodes(writer, "interaction", "code", ["read", "vread", "history-instance", "history-type", "search-type"]);
        writer.WriteString("versioning", "versioned");
        writer.WriteBoolean("readHistory", true);
        WriteTexts(writer, "searchInclude", SearchTable.AllTypes.Contains(type) ? [.. References(type).Select(p => $"{type}:{p.Name}")] : []);
        WriteTexts(writer, "searchRevInclude", [.. ReferredBy[type].Concat(ReferredBy["*"]).Append("Provenance:target").Distinct().Order(StringComparer.Ordinal)]);
        writer.WriteStartArray("searchParam");
        foreach (var parameter in SearchTable.Of(type).Concat(SearchTable.Everywhere))
            WriteParameter(writer, parameter.Name, parameter.KindCode, parameter.Documentation);
        writer.WriteEndArray();
        writer.WriteStartArray("operation");
        if (type == "Patient")
        {
            WriteOperation(writer, "everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything");
            WriteOperation(writer, "summary", "http://hl7.org/fhir/uv/ips/OperationDefinition/summary");
            WriteOperation(writer, "erase", $"{Ours}/erase");
        }

        WriteOperation(writer, "explain", $"{Ours}/explain");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOfSource(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        WriteCodes(writer, "interaction", "code", ["read", "search-type", "create", "update", "delete"]);
        writer.WriteString("versioning", "versioned");
        writer.WriteStartArray("searchParam");
        foreach (var parameter in SourceParameters.Of(type))
            WriteParameter(writer, parameter.Name, parameter.Type, parameter.Documentation);
        writer.WriteEndArray();
        if (type == "Patient")
        {
            writer.WriteStartArray("operation");
            WriteOperation(writer, "everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything");
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<SearchParameter> References(string type) => SearchTable.Of(type).Where(p => p.Kind == SearchKind.Reference);

    private static void WriteParameter(Utf8JsonWriter writer, string name, string kind, string documentation)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("type", kind);
        writer.WriteString("documentation", documentation);
        writer.WriteEndObject();
    }

    private static void WriteOperation(Utf8JsonWriter writer, string name, string definition)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("definition", definition);
        writer.WriteEndObject();
    }

    private static void WriteCodes(Utf8JsonWriter writer, string list, string member, string[] codes)
    {
        writer.WriteStartArray(list);
        foreach (var code in codes)
        {
            writer.WriteStartObject();
            writer.WriteString(member, code);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // FHIR knows no empty lists.
    private static void WriteTexts(Utf8JsonWriter writer, string list, string[] texts)
    {
        if (texts.Length == 0)
            return;
        writer.WriteStartArray(list);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
