using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lhcre.Record;
using Lhcre.Silo.Tests.RealShapes;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>One push of real resources.</summary>
/// <param name="Source">Who pushes.</param>
/// <param name="Name">What it is made of.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Numbers">The NHS numbers of the people in it.</param>
internal sealed record RealPush(string Source, string Name, byte[] Body, IReadOnlyList<string> Numbers)
{
    /// <summary>The source of what examples say of one person.</summary>
    public const string Examples = "examples";

    /// <summary>A second one, which says some of it too.</summary>
    public const string Again = "again";

    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    /// <summary>
    /// The specification's examples as pushes: what is said of one Patient in one push, so that the resources of a record refer to each other;
    /// every third of these by a second source as well, so that there is something to merge. A Bundle with people in it is pushed as it is, by
    /// the first further source that has not pushed a resource of that type and id yet.
    /// </summary>
    public static IReadOnlyList<RealPush> OfExamples(IEnumerable<RealFile> files)
    {
        var pushes = new List<RealPush>();
        var people = new Dictionary<string, List<(string Name, JsonObject[] Entries)>>(StringComparer.Ordinal);
        var taken = new List<HashSet<string>>();
        foreach (var shape in files.SelectMany(Shape.Of))
        {
            var entries = Entries(shape.Body);
            // What Shape makes of a resource: the Patient whose it is, or it alone where it is a Patient.
            if (entries.Length is 1 or 2 && entries[0]["request"] is not null && Patient(entries[0]) is { } patient)
            {
                (people.TryGetValue(patient, out var hers) ? hers : people[patient] = []).Add((shape.Name, entries));
                continue;
            }

            var references = entries.Select(e => e["resource"]).OfType<JsonObject>().Select(r => $"{Text(r["resourceType"])}/{Text(r["id"])}").ToHashSet(StringComparer.Ordinal);
            var source = taken.FindIndex(t => !t.Overlaps(references));
            if (source < 0)
            {
                source = taken.Count;
                taken.Add([]);
            }

            taken[source].UnionWith(references);
            pushes.Add(new RealPush($"bundles-{source}", shape.Name, shape.Body, NumbersIn(entries)));
        }

        foreach (var (n, (patient, said)) in people.OrderBy(p => p.Key, StringComparer.Ordinal).Index())
        {
            // The example of the Patient itself, where there is one.
            var her = (said.FirstOrDefault(s => s.Entries.Length == 1).Entries ?? said[0].Entries)[0];
            var body = Batch([her, .. said.Where(s => s.Entries.Length == 2).Select(s => s.Entries[1])]);
            pushes.Add(new RealPush(Examples, $"Patient/{patient}", body, NumbersIn([her])));
            if (n % 3 == 0)
                pushes.Add(pushes[^1] with { Source = Again });
        }

        return pushes;
    }

    /// <summary>Whole people, in turn by the sources; every fifth by the next one as well.</summary>
    public static IEnumerable<RealPush> OfPeople(IEnumerable<RealFile> files, IReadOnlyList<string> sources)
    {
        foreach (var (n, shape) in files.SelectMany(Shape.Of).Index())
        {
            var push = new RealPush(sources[n % sources.Count], shape.Name, shape.Body, NumbersIn(Entries(shape.Body)));
            yield return push;
            if (n % 5 == 0)
                yield return push with { Source = sources[(n + 1) % sources.Count] };
        }
    }

    private static JsonObject[] Entries(byte[] body)
    {
        var root = JsonNode.Parse(body.AsSpan(body is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), documentOptions: new JsonDocumentOptions { MaxDepth = 128 });
        return root?["entry"] is JsonArray entries ? [.. entries.OfType<JsonObject>()] : [];
    }

    private static string? Patient(JsonObject entry) =>
        entry["resource"] is JsonObject resource && Text(resource["resourceType"]) == "Patient" ? Text(resource["id"]) : null;

    private static List<string> NumbersIn(IEnumerable<JsonObject> entries) =>
        [.. entries.Where(e => Patient(e) is not null)
            .SelectMany(e => e["resource"]!["identifier"]?.AsArray() ?? [])
            .Where(i => NhsNumber.IsSystem(Text(i!["system"])))
            .Select(i => Text(i!["value"])).OfType<string>().Distinct()];

    // Of resources of one type and id (an example that stands in several files), the first.
    private static byte[] Batch(IEnumerable<JsonObject> entries)
    {
        var words = entries.DistinctBy(e => Text(e["request"]!["method"]) == "PUT" ? Text(e["request"]!["url"]) : e.ToJsonString())
            .Select(e => e.ToJsonString(AsItIs));
        return Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"batch","entry":[{{string.Join(',', words)}}]}""");
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
