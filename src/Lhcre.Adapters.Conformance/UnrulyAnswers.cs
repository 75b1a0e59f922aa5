using System.Text;
using System.Text.Json;

namespace Lhcre.Adapters.Conformance;

/// <summary>What a record answers when it answers.</summary>
internal static class UnrulyAnswers
{
    private const string Refusal =
        """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"value","details":{"coding":[{"code":"LHC202"}]},"diagnostics":"It asks to be refused."}]}""";

    private const string Later =
        """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"transient","details":{"coding":[{"code":"LHC902"}]},"diagnostics":"Not now."}]}""";

    /// <summary>Status and body.</summary>
    /// <param name="entries">What was pushed.</param>
    /// <param name="taken">How many of them were read; the others are told to come again.</param>
    /// <param name="isHl7">An HL7 v2 message.</param>
    /// <param name="isBundle">A Bundle; else one resource.</param>
    public static (int Status, byte[] Body) Of(IReadOnlyList<PushedEntry> entries, int taken, bool isHl7, bool isBundle)
    {
        if (isHl7)
        {
            var (status, code) = entries[0].IsToBeRefused ? (422, "AE") : (200, "AA");
            return (status, Encoding.ASCII.GetBytes($"MSH|^~\\&|LHCRE|WESSEX|||20261123060000||ACK|1|P|2.4\rMSA|{code}|{entries[0].Key["MSH-10 ".Length..]}\r"));
        }

        if (!isBundle)
            return entries[0].IsToBeRefused ? (422, Encoding.UTF8.GetBytes(Refusal)) : (200, "{}"u8.ToArray());
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType", "Bundle");
            writer.WriteString("type", "batch-response");
            writer.WriteStartArray("entry");
            for (var n = 0; n < entries.Count; n++)
                Entry(writer, n >= taken ? "503" : entries[n].IsToBeRefused ? "422" : "201 Created");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return (200, body.ToArray());
    }

    private static void Entry(Utf8JsonWriter writer, string status)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("response");
        writer.WriteString("status", status);
        if (status[0] != '2')
        {
            writer.WritePropertyName("outcome");
            writer.WriteRawValue(status == "422" ? Refusal : Later);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
