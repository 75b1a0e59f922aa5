using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lhcre.Record.Summaries;

namespace Lhcre.Record.Tests.Summaries;

/// <summary>A summary document read back, as a client reads it: from its bytes alone.</summary>
internal sealed partial class ReadSummary
{
    public const string Problems = "11450-4";
    public const string Allergies = "48765-2";
    public const string Medicines = "10160-0";
    public const string Immunisations = "11369-6";
    public const string Results = "30954-2";
    public const string Procedures = "47519-4";
    public const string Alerts = "104605-1";
    public const string Directives = "42348-3";
    public const string Plans = "18776-5";
    public const string Devices = "46264-8";
    public const string Disagreements = "disagreements";

    /// <summary>When the summaries of these tests are made.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly SourceSystems Wessex = new(SourceSystem.Wessex);

    private ReadSummary(byte[] bytes) => (Bytes, Bundle) = (bytes, JsonSerializer.Deserialize<JsonElement>(bytes));

    public byte[] Bytes { get; }

    public JsonElement Bundle { get; }

    public IReadOnlyList<JsonElement> Resources => [.. Bundle.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"))];

    public JsonElement Composition => Resources[0];

    public string[] SectionCodes => [.. Composition.GetProperty("section").EnumerateArray().Select(CodeOf)];

    /// <summary>What was pushed by one who merges nothing: each fragment alone in a push.</summary>
    public static ReadSummary Of(params Fragment[] fragments) => Of(Diary.Of(fragments).Record);

    public static ReadSummary Of(PatientRecord record, SourceSystems? sources = null, DateTimeOffset? now = null, Issue[]? notices = null) =>
        new(SummaryDocument.Write(record, sources ?? Wessex, now ?? Now, notices));

    /// <summary>The resources of a section, in their order.</summary>
    public JsonElement[] Section(string code) => [.. SectionOf(code).GetProperty("entry").EnumerateArray().Select(e => Resource(e.GetProperty("reference").GetString()!))];

    /// <summary>What the resources of a section are of: the first code of each.</summary>
    public string[] Codes(string section) => [.. Section(section).Select(r =>
        (r.TryGetProperty("code", out var code) || r.TryGetProperty("vaccineCode", out code) || r.TryGetProperty("medicationCodeableConcept", out code)
            ? code.GetProperty("coding")[0].GetProperty("code").GetString()! : "")).Order(StringComparer.Ordinal)];

    /// <summary>What a section says to people, cells and paragraphs with a bar between.</summary>
    public string Words(string section) => Text(SectionOf(section));

    /// <summary>What the head says to people.</summary>
    public string Overview => Text(Composition);

    /// <summary>A resource of the Bundle.</summary>
    public JsonElement Resource(string reference) => Resources.Single(r => $"{r.GetProperty("resourceType").GetString()}/{r.GetProperty("id").GetString()}" == reference);

    private JsonElement SectionOf(string code) => Composition.GetProperty("section").EnumerateArray().Single(s => CodeOf(s) == code);

    private static string CodeOf(JsonElement section) => section.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!;

    private static string Text(JsonElement narrated) =>
        Bars().Replace(string.Join('|', XElement.Parse(narrated.GetProperty("text").GetProperty("div").GetString()!).DescendantNodes().OfType<XText>().Select(t => t.Value)), "|");

    [GeneratedRegex(@"\|+")]
    private static partial Regex Bars();
}
