using System.Globalization;
using System.Text;

namespace Lhcre.Record.Tests;

/// <summary>What sources say, in few words.</summary>
internal static class Said
{
    public const string Dorset = "dorset";
    public const string Hampshire = "hampshire";
    public const string Wight = "isle-of-wight";

    public static readonly Addresses Home = new("http://127.0.0.1:8080");

    public static readonly PatientKey Person = PatientKey.Parse("pabcdefghijklmnopqrstuvwxyz");

    public static readonly string[] Sources = [Dorset, Hampshire, Wight];

    /// <summary>The n-th day of 2025, which stands for "then": a source's time, never ours.</summary>
    public static DateTimeOffset Day(int n) => new DateTimeOffset(2025, 1, 1, 9, 0, 0, TimeSpan.Zero).AddDays(n - 1);

    /// <summary>A resource; <c>'</c> stands for <c>"</c>. With a time it is declared, as if its Bundle had told it.</summary>
    public static Fragment By(string source, string json, int? day = null, StampRule rule = StampRule.Arrival) =>
        Fragment.Stated(source, Json(json), time: day is { } n ? Day(n) : null, stampRule: rule);

    /// <summary>A resource of the least words: what is in <paramref name="more"/> comes behind type and id.</summary>
    public static Fragment Of(string source, string type, string id, int? day = null, string more = "", StampRule rule = StampRule.Arrival) =>
        By(source, $"{{'resourceType':'{type}','id':'{id}'{(more.Length > 0 ? "," + more : "")}}}", day, rule);

    /// <summary>A DELETE.</summary>
    public static Fragment Gone(string source, string type, string id, int? day = null) =>
        Fragment.Deleted(new EntryKey(source, type, id), day is { } n ? Day(n) : null);

    /// <summary>An <c>identifier</c> of one, its type a code of HL7 v2 table 0203.</summary>
    public static string Identified(string value, string system = "https://example.org/ids", string? type = null) =>
        $"'identifier':[{{'system':'{system}',{(type is null ? "" : $"'type':{{'coding':[{{'code':'{type}'}}]}},")}'value':'{value}'}}]";

    /// <summary>A <c>code</c> of one coding.</summary>
    public static string Coded(string code) => $"'code':{{'coding':[{{'system':'http://snomed.info/sct','code':'{code}'}}]}}";

    /// <summary>The merged id whose hash is this entry's.</summary>
    public static MergedId Id(string source, string type, string id) => new(Person, new EntryKey(source, type, id).Hash());

    /// <summary>The URL at which a source's own entry is served.</summary>
    public static string AtSource(string source, string reference) => $"{Home.Base}/sources/{source}/fhir/{reference}";

    public static byte[] Json(string text) => Encoding.UTF8.GetBytes(text.Replace('\'', '"'));

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
