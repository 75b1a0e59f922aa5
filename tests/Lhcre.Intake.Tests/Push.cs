using System.Text;
using System.Text.Json;
using Hl7.Fhir.Serialization;
using Lhcre.Record;

namespace Lhcre.Intake.Tests;

/// <summary>Pushes of the tests: what one source sends, and its answer.</summary>
internal static class Push
{
    public const string Source = "dorset";
    public const string Base = "http://127.0.0.1:8080/sources/dorset/fhir";
    public const string NhsSystem = NhsNumber.System;

    public static readonly NhsNumber Ann = Number(1);
    public static readonly NhsNumber Bob = Number(2);

    /// <summary>Two numbers of the test range that fail: the check digit, and all digits the same.</summary>
    public const string WrongCheckDigit = "9990000001";

    public static Received ToBase(string json) => FhirIntake.Read(Bytes(json), new Interaction("POST", null, null), Source, Base);

    public static Received Post(string type, string json) => FhirIntake.Read(Bytes(json), new Interaction("POST", type, null), Source, Base);

    public static Received Put(string type, string id, string json) => FhirIntake.Read(Bytes(json), new Interaction("PUT", type, id), Source, Base);

    public static ReceivedEntry One(string type, string json) => Assert.Single(Post(type, json).Entries);

    public static Fragment Accepted(string type, string json)
    {
        var entry = One(type, json);
        Assert.True(entry.Fragment is not null, string.Join("; ", entry.Issues));
        return entry.Fragment;
    }

    /// <summary>A Bundle of these entries, each the text of an entry.</summary>
    public static string Bundle(string type, params IEnumerable<string> entries) =>
        $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""";

    /// <summary>An entry as a message, collection or document has it.</summary>
    public static string Entry(string resource, string? fullUrl = null) =>
        fullUrl is null ? $$"""{"resource":{{resource}}}""" : $$"""{"fullUrl":"{{fullUrl}}","resource":{{resource}}}""";

    /// <summary>An entry as a batch or transaction has it.</summary>
    public static string Request(string method, string url, string? resource = null, string? fullUrl = null)
    {
        var name = fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",";
        var content = resource is null ? "" : $"\"resource\":{resource},";
        return $$"""{{{name}}{{content}}"request":{"method":"{{method}}","url":"{{url}}"} }""";
    }

    public static string Patient(string id, NhsNumber number) => Patient(id, number.Digits());

    public static string Patient(string id, string number) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"{{NhsSystem}}","value":"{{number}}"}],"gender":"female"}""";

    public static string Observation(string id, string? subject) =>
        $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"Pulse"}{{(subject is null ? "" : $",\"subject\":{subject}")}}}""";

    public static string About(string reference) => $$"""{"reference":"{{reference}}"}""";

    public static EntryKey Key(string type, string id) => new(Source, type, id);

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);

    /// <summary>What the FHIR library has against these bytes at its strictest; empty for nothing.</summary>
    public static string StrictFaults(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        FhirJsonDeserializer.STRICT.TryDeserializeResource(ref reader, out _, out var faults);
        return string.Join("; ", faults.Select(f => f.Message));
    }

    public static NhsNumber Number(int n)
    {
        for (var first9 = 999_000_000 + (n * 20); ; first9++)
        {
            if (NhsNumber.TryComplete(first9, out var number))
                return number;
        }
    }
}
