using System.Text;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;

namespace Lhcre.Grains.Tests;

/// <summary>Small pushes of one person, and what a record serves as text, so that two records compare by what they say.</summary>
internal static class RecordExamples
{
    public const string Source = "dorset";

    public static readonly DateTimeOffset Noon = JournalExamples.Noon;

    public static readonly Addresses Here = new("http://127.0.0.1:8080");

    public static FakeTimeProvider NoonClock() => new(Noon);

    public static EntryKey Key(string type, string id) => new(Source, type, id);

    public static Fragment Patient(string id = "ann", string? mrn = "M1", string source = Source) => Stated(
        mrn is null
            ? $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"family":"Example"}]}"""
            : $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"https://example.org/mrn","value":"{{mrn}}"}]}""",
        source);

    public static Fragment Observation(string id, string value = "1", string? performer = null, DateTimeOffset? time = null) => Stated(
        $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"text":"{{{id}}}"},"subject":{"reference":"Patient/ann"},"valueString":"{{{value}}}"{{{(performer is null ? "" : $$""","performer":[{"reference":"Practitioner/{{performer}}"}]""")}}}}""",
        Source,
        time);

    public static Fragment Practitioner(string id, string family = "Before", DateTimeOffset? time = null) =>
        Stated($$"""{"resourceType":"Practitioner","id":"{{id}}","name":[{"family":"{{family}}"}]}""", Source, time ?? Noon);

    public static Fragment Device(string id, bool isAnns, DateTimeOffset? time = null) => Stated(
        $$"""{"resourceType":"Device","id":"{{id}}"{{(isAnns ? ""","patient":{"reference":"Patient/ann"}""" : "")}}}""", Source, time ?? Noon);

    public static Fragment Stated(string json, string source, DateTimeOffset? time = null) => Fragment.Stated(source, Encoding.UTF8.GetBytes(json), time: time);

    public static PushRequest Push(string name, params IEnumerable<Fragment> fragments) =>
        new() { Source = Source, Push = PushId.Of(Source, name), Fragments = new FragmentBatch([.. fragments]) };

    /// <summary>All that a record serves, with its stamps.</summary>
    public static string Served(PatientRecord record)
    {
        var text = new StringBuilder($"{record.Seq} {record.Version} {record.LastUpdated:O} {record.LastAppended:O}");
        foreach (var resource in record.All)
            text.Append('\n').Append(Encoding.UTF8.GetString(resource.BundleEntryBytes));
        return text.ToString();
    }

    /// <summary>What a fresh activation makes of the journal.</summary>
    public static async Task<PatientRecord> Replayed(IJournal journal)
    {
        var fresh = new LiveRecord(JournalExamples.Ann, journal, Here, NoonClock());
        await fresh.Load(CancellationToken.None);
        return fresh.Snapshot;
    }
}
