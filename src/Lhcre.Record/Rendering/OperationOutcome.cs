using System.Buffers;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>Writes issues as a FHIR OperationOutcome, the stable code of each in <c>issue.details.coding</c>.</summary>
public static class OperationOutcome
{
    /// <summary>The code system of <c>LHC###</c>.</summary>
    public const string CodeSystem = "https://fhir.wessexcarerecords.org.uk/CodeSystem/issue";

    private const string SourceUrl = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/source";

    /// <summary>An OperationOutcome in bytes; with no issues, one that says that all is well.</summary>
    public static byte[] Bytes(IReadOnlyList<Issue> issues)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, issues);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same as a Bundle entry of mode <c>outcome</c>.</summary>
    public static byte[] BundleEntry(IReadOnlyList<Issue> issues) => [.. "{\"resource\":"u8, .. Bytes(issues), .. ",\"search\":{\"mode\":\"outcome\"}}"u8];

    /// <summary>Writes it as a JSON value.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Issue> issues)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType", "OperationOutcome");
        writer.WriteStartArray("issue");
        if (issues.Count == 0)
        {
            writer.WriteStartObject();
            writer.WriteString("severity", "information");
            writer.WriteString("code", "informational");
            writer.WriteString("diagnostics", "All is well.");
            writer.WriteEndObject();
        }

        foreach (var issue in issues)
            Write(writer, issue);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Issue issue)
    {
        writer.WriteStartObject();
        if (issue.Source is { } source)
            WriteSource(writer, source);
        writer.WriteString("severity", issue.Code.Severity switch
        {
            IssueSeverity.Error => "error",
            IssueSeverity.Warning => "warning",
            _ => "information",
        });
        writer.WriteString("code", issue.Code.FhirType);
        writer.WriteStartObject("details");
        writer.WriteStartArray("coding");
        writer.WriteStartObject();
        writer.WriteString("system", CodeSystem);
        writer.WriteString("code", issue.Code.Code);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("text", issue.Code.Meaning);
        writer.WriteEndObject();
        if (!string.IsNullOrWhiteSpace(issue.Diagnostics))
            writer.WriteString("diagnostics", Quoted(issue.Diagnostics));
        if (!string.IsNullOrWhiteSpace(issue.Expression))
        {
            writer.WriteStartArray("expression");
            writer.WriteStringValue(Quoted(issue.Expression));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    // A value of megabytes that is refused is not sent back whole; and no character is cut in two.
    private static string Quoted(string text)
    {
        text = text.Trim();
        if (text.Length <= Limits.QuotedCharacters)
            return text;
        var end = Limits.QuotedCharacters - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    // As an added identifier or coding names the source that it comes from.
    private static void WriteSource(Utf8JsonWriter writer, string source)
    {
        writer.WriteStartArray("extension");
        writer.WriteStartObject();
        writer.WriteString("url", SourceUrl);
        writer.WriteString("valueCode", source);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
