using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>Valid pushes, damaged at random by a seed: nothing is thrown, and nothing is shown that does not parse strictly.</summary>
public class MutationTests(ITestOutputHelper output)
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1" ? 200_000 : 6_000;

    private static readonly string[] Seeds =
    [
        $$$"""
        {"resourceType":"Patient","id":"p","meta":{"versionId":"3","lastUpdated":"2026-01-02T03:04:05.678+01:00","security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Ann &amp; co</p></div>"},
        "contained":[{"resourceType":"Organization","id":"gp","name":"Surgery"}],
        "identifier":[{"use":"official","system":"{{{NhsSystem}}}","value":"{{{Ann.Digits()}}}","extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{"coding":[{"code":"01"}]}}]}],
        "active":true,"name":[{"family":"Bell","given":["Ann","M\u00e9lanie"],"_given":[null,{"id":"g2"}]}],"birthDate":"1980-02-29","_birthDate":{"extension":[{"url":"http://example.org/t","valueDateTime":"1980-02-29T10:00:00Z"}]},
        "deceasedBoolean":false,"multipleBirthInteger":2,"address":[{"line":["1 High Street"],"postalCode":"DT1 1AA"}],"generalPractitioner":[{"reference":"#gp"}]}
        """,
        """
        {"resourceType":"Observation","id":"o","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}],"text":"Blood pressure"},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-01-02T03:04:05Z","issued":"2026-01-02T03:04:05.1Z",
        "component":[{"code":{"text":"systolic"},"valueQuantity":{"value":120.0,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"text":"diastolic"},"valueInteger":0}],
        "referenceRange":[{"low":{"value":1e2},"text":"x"}]}
        """,
        """
        {"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","medicationReference":{"reference":"Medication/x"},"subject":{"reference":"Patient/p","identifier":{"value":"1"}},
        "authoredOn":"2026-01","dosageInstruction":[{"timing":{"repeat":{"frequency":1,"period":1,"periodUnit":"d","boundsPeriod":{"start":"2026-01-01"}}},"asNeededBoolean":true,"doseAndRate":[{"doseQuantity":{"value":5}}]}]}
        """,
        """{"resourceType":"Appointment","id":"a","status":"booked","participant":[{"actor":{"reference":"Patient/p"},"status":"accepted"},{"actor":{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"1"}},"status":"accepted"}]}""",
        """{"resourceType":"DocumentReference","id":"d","status":"current","subject":{"reference":"Patient?identifier=urn:x|1"},"content":[{"attachment":{"contentType":"text/plain","url":"Binary/b","hash":"QQ=="}}]}""",
        """{"resourceType":"Practitioner","id":"r","name":[{"text":"Dr"}],"qualification":[{"code":{"text":"x"},"period":{"start":"2000"}}]}""",
    ];

    private static readonly string[] Odd =
        ["null", "true", "0", "-1.50", "1e400", "\"\"", "\" \"", "\"x\"", "\" Patient/p \"", "\"2026-13-40\"", "{}", "[]", "[[]]", "[null]", "{\"a\":1}", "{\"\":1}",
         "{\"reference\":5}", "{\"reference\":\"Patient/q\"}", "[{\"system\":5}]", "\"\\ud800\"", "{\"resourceType\":\"Patient\"}", "{\"resourceType\":5}", "{\"coding\":{\"code\":[]}}"];

    private static readonly string[] Names =
        ["", "_", "_id", "id", "resourceType", "_value", "value", "valueString", "valueNonsense", "Status", "identifier", "extension", "contained", "meta", "subject", "fhir_comments", "reference", "\\u0069d"];

    [Fact]
    public void Damaged_pushes_are_answered_and_what_is_shown_parses_strictly()
    {
        var random = new Random(20_260_102);
        var (accepted, mended, refused, whole) = (0, 0, 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Damage(random);
            var received = Read(body, random, round);
            whole += received.IsRefused ? 1 : 0;
            foreach (var entry in received.Entries)
            {
                if (entry.Fragment is not { } fragment)
                {
                    refused += entry.IsRefused ? 1 : 0;
                    continue;
                }

                accepted++;
                mended += fragment.Mended is null ? 0 : 1;
                Assert.True(StrictFaults(fragment.Body).Length == 0, $"Round {round}: {Encoding.UTF8.GetString(body)}");
                Assert.False(entry.IsRefused);
            }
        }

        output.WriteLine($"{Rounds} pushes: {accepted} entries accepted, {mended} of them mended, {refused} refused; {whole} pushes refused whole.");
        // A test in which everything is refused would show nothing.
        Assert.True(accepted > Rounds / 20 && mended > Rounds / 100 && refused > Rounds / 10 && whole > Rounds / 100);
    }

    private static Received Read(byte[] body, Random random, int round)
    {
        try
        {
            return FhirIntake.Read(body, random.Next(4) == 0 ? new Interaction("PUT", "Patient", "p") : new Interaction("POST", null, null), Source, Base);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Round {round}: {Encoding.UTF8.GetString(body)}", e);
        }
    }

    private static byte[] Damage(Random random)
    {
        var resource = Pick(random, Seeds);
        if (random.Next(3) > 0)
            resource = DamageTree(resource, random);
        var kind = Pick(random, ["collection", "message", "document"]);
        var push = random.Next(5) == 0
            ? resource
            : Bundle(kind, Entry(resource, "urn:uuid:00000000-0000-4000-8000-000000000001"), Entry(Pick(random, Seeds)));
        var bytes = Bytes(push);
        return random.Next(3) == 0 ? DamageBytes(bytes, random) : bytes;
    }

    // One to three values replaced, members added or renamed, lists made or unmade, anywhere in the resource.
    private static string DamageTree(string json, Random random)
    {
        var root = JsonNode.Parse(json)!;
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var places = Descendants(root).ToList();
            var place = Pick(random, places);
            switch (random.Next(6))
            {
                case 0:
                    place.ReplaceWith(Parse(Pick(random, Odd)));
                    break;
                case 1:
                    place.ReplaceWith(new JsonArray(place.DeepClone()));
                    break;
                case 2:
                    place.ReplaceWith(new JsonArray(place.DeepClone(), place.DeepClone()));
                    break;
                case 3 when place.GetValueKind() == JsonValueKind.String:
                    place.ReplaceWith(JsonValue.Create($" {place.GetValue<string>()}\n"));
                    break;
                case 4 when place.Parent is JsonObject owner:
                    owner[Pick(random, Names)] = Parse(Pick(random, Odd));
                    break;
                default:
                    Remove(place);
                    break;
            }
        }

        return root.ToJsonString();
    }

    private static void Remove(JsonNode place)
    {
        if (place.Parent is JsonObject owner)
            owner.Remove(place.GetPropertyName());
        else if (place.Parent is JsonArray list)
            list.RemoveAt(place.GetElementIndex());
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        var children = node switch
        {
            JsonObject owner => owner.Select(m => m.Value),
            JsonArray list => list,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => Descendants(child).Prepend(child));
    }

    // A lone surrogate cannot be in a tree of texts; as raw bytes it can be sent.
    private static JsonNode? Parse(string json) => json.Contains("\\ud800", StringComparison.Ordinal) ? JsonValue.Create("surrogate") : JsonNode.Parse(json);

    private static byte[] DamageBytes(byte[] bytes, Random random)
    {
        var (from, length) = (random.Next(bytes.Length), random.Next(1, 12));
        var to = Math.Min(from + length, bytes.Length);
        return random.Next(5) switch
        {
            0 => bytes[..from],
            1 => [.. bytes[..from], .. bytes[to..]],
            2 => [.. bytes[..to], .. bytes[from..]],
            3 => [.. bytes[..from], (byte)random.Next(256), .. bytes[(from + 1)..]],
            _ => [.. bytes[..from], .. Bytes(Pick(random, Odd)), .. bytes[to..]],
        };
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
