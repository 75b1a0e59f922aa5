using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Record.Searching;
using Lhcre.Silo.Load;
using Lhcre.Silo.Tests.Http;
using Lhcre.Silo.Tests.RealShapes;

namespace Lhcre.Silo.Tests.Searching;

/// <summary>One person's Bundle as it was pushed, read with nothing but <see cref="JsonDocument"/>, and the record that a push of it makes.</summary>
internal sealed class PushedPerson
{
    private static readonly Addresses Home = new("http://127.0.0.1:8080");
    private static readonly DateTimeOffset Arrival = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Escaping = Escapes();

    private readonly Dictionary<string, string> _references = [];

    private PushedPerson(PatientRecord record, JsonElement bundle)
    {
        Record = record;
        foreach (var entry in bundle.GetProperty("entry").EnumerateArray())
        {
            var resource = entry.GetProperty("resource");
            Resources.Add(resource);
            _references[entry.GetProperty("fullUrl").GetString()!] = $"{resource.GetProperty("resourceType").GetString()}/{resource.GetProperty("id").GetString()}";
        }

        foreach (var merged in record.All)
        {
            foreach (var member in merged.Members)
                MergedIds[member.Key.Reference] = merged.Id.ToString();
        }
    }

    /// <summary>The record.</summary>
    public PatientRecord Record { get; }

    /// <summary>What was pushed.</summary>
    public List<JsonElement> Resources { get; } = [];

    /// <summary>The merged id of what was pushed as <c>Type/id</c>.</summary>
    public Dictionary<string, string> MergedIds { get; } = [];

    /// <summary>The first people of an archive, each with a number of their own; every third with what dates, codes and references need written as escapes.</summary>
    public static IEnumerable<PushedPerson> Read(string archive, int count)
    {
        var numbers = TestNumbers.Take(count)!;
        return RealFiles.Within(archive).Take(count).Select((file, i) => Push(TestNumbers.Assign(i % 3 == 2 ? Escaped(file.Json) : file.Json, numbers[i]), numbers[i]));
    }

    /// <summary>What was pushed of one type.</summary>
    public IEnumerable<JsonElement> OfType(string type) => Resources.Where(r => r.GetProperty("resourceType").ValueEquals(type));

    /// <summary>What a pushed reference leads to, as <c>Type/id</c>.</summary>
    public string Target(string reference) => _references.GetValueOrDefault(reference, reference);

    /// <summary>The ids, as they were pushed, of what a query finds; and of what it includes.</summary>
    public (List<string> Matches, List<string> Included) Search(string query)
    {
        var (type, parameters) = (query.Split('?')[0], query[(query.IndexOf('?') + 1)..]);
        var read = SearchQuery.Read(
            type, [.. parameters.Split('&').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1]))], new ReadOptions(Home, Arrival, IsStrict: true));
        Assert.True(read.Issues.IsEmpty, $"{query}: {string.Join(", ", read.Issues)}");
        var found = read.Run(Record);
        Assert.Equal(found.Matches.Count, found.Total);
        return (Ids(found.Matches), Ids(found.Included));

        static List<string> Ids(IEnumerable<MergedResource> resources) => [.. resources.SelectMany(r => r.Members).Select(m => m.Key.Id)];
    }

    private static byte[] Escaped(byte[] json) => JsonSerializer.SerializeToUtf8Bytes(JsonNode.Parse(json), Escaping);

    private static JsonSerializerOptions Escapes()
    {
        var plain = new TextEncoderSettings(UnicodeRanges.BasicLatin);
        plain.ForbidCharacters('-', '+', ':', '/', '<', 'T');
        return new JsonSerializerOptions { Encoder = JavaScriptEncoder.Create(plain) };
    }

    private static PushedPerson Push(byte[] body, NhsNumber number)
    {
        var received = FhirIntake.Read(body, new Interaction("POST", null, null), "dorset", Home.Source("dorset"));
        Assert.False(received.IsRefused);
        var fragments = received.Entries.Where(e => e.Fragment is not null).Select(e => Fragment.Stated("dorset", e.Fragment!.AsSent, e.Fragment.Mended, received.Time)).ToList();
        var record = PatientRecord.Empty(TestSilo.Pseudonym.For(number), Home);
        var log = LogBody.Write(Merge.Accept(record, fragments, Arrival).Fragments);
        record = Merge.Apply(record, new RecordRow(1, PushId.Of("dorset", "1"), Arrival, log, LogBody.Read(log)));
        return new PushedPerson(record, JsonDocument.Parse(body).RootElement);
    }
}
