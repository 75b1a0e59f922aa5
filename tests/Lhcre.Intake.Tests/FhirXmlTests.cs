using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Hl7.Fhir.Serialization;
using Lhcre.Record;
using Xunit.Abstractions;

namespace Lhcre.Intake.Tests;

/// <summary>What is said in JSON is said in XML, or it is refused: never less, never otherwise.</summary>
public sealed class FhirXmlTests(ITestOutputHelper output) : IDisposable
{
    private static readonly XNamespace Fhir = "http://hl7.org/fhir";
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1";

    private readonly string _unpacked = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_unpacked))
            Directory.Delete(_unpacked, true);
    }

    [Fact]
    public void A_resource_is_written_as_FHIR_has_it()
    {
        var xml = XDocument.Parse(Written("""{"resourceType":"Patient","id":"1","active":true,"birthDate":"1950-03","_birthDate":{"id":"b"},"name":[{"family":"Śmith & <Co>","given":["Ann","Eve"]}]}"""));

        Assert.Equal(Fhir + "Patient", xml.Root!.Name);
        Assert.Equal(["1", "true", "1950-03"], new[] { "id", "active", "birthDate" }.Select(n => (string?)xml.Root.Element(Fhir + n)!.Attribute("value")));
        Assert.Equal("b", (string?)xml.Root.Element(Fhir + "birthDate")!.Attribute("id"));
        Assert.Equal(["Śmith & <Co>", "Ann", "Eve"], xml.Root.Element(Fhir + "name")!.Elements().Select(e => (string?)e.Attribute("value")));
    }

    [Theory]
    [InlineData("decimals keep their digits", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":70.10}}""")]
    [InlineData("a great decimal", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1234567890123456789012345.67}}""")]
    [InlineData("a small decimal", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":0.0000000}}""")]
    [InlineData("partial dates", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"effectiveDateTime":"2020-02"}""")]
    [InlineData("a time zone", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"effectiveDateTime":"2020-02-29T23:59:59.123456789+01:00"}""")]
    [InlineData("an instant", """{"resourceType":"Observation","meta":{"lastUpdated":"2020-02-29T23:59:59Z"},"status":"final","code":{"text":"x"}}""")]
    [InlineData("an instant's fractions", """{"resourceType":"Observation","meta":{"lastUpdated":"2020-02-29T23:59:59.100Z"},"status":"final","code":{"text":"x"}}""")]
    [InlineData("lines and tabs", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"note":[{"text":"one\r\n\ttwo  \n three"}]}""")]
    [InlineData("other planes", """{"resourceType":"Observation","status":"final","code":{"text":"\ud83d\ude00 𝔘nicode"}}""")]
    [InlineData("a narrative", """{"resourceType":"Observation","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a &amp; b<br/>c</p></div>"},"status":"final","code":{"text":"x"}}""")]
    [InlineData("contained resources", """{"resourceType":"MedicationRequest","contained":[{"resourceType":"Medication","id":"m","code":{"text":"x"}}],"status":"active","intent":"order","medicationReference":{"reference":"#m"},"subject":{"reference":"Patient/1"}}""")]
    [InlineData("lists with gaps", """{"resourceType":"Patient","name":[{"given":["Ann",null],"_given":[null,{"extension":[{"url":"http://example.org/x","valueString":"y"}]}]}]}""")]
    [InlineData("extensions of values that are not there", """{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}""")]
    [InlineData("base64", """{"resourceType":"Binary","contentType":"text/plain","data":"aGVsbG8gd29ybGQ="}""")]
    [InlineData("a Bundle", """{"resourceType":"Bundle","type":"searchset","total":1,"link":[{"relation":"self","url":"http://127.0.0.1/fhir/Patient?_id=1&x=%3C"}],"entry":[{"fullUrl":"http://127.0.0.1/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1"},"search":{"mode":"match"}}]}""")]
    public void Either_all_comes_back_or_nothing_is_written(string what, string json)
    {
        var (xml, refusal) = FhirXml.Write(Encoding.UTF8.GetBytes(json));

        output.WriteLine($"{what}: {(refusal is null ? "written" : $"refused at {refusal.Expression}")}");
        Assert.Null(refusal);
        Assert.Null(Difference(Encoding.UTF8.GetBytes(json), xml));
    }

    [Theory]
    [InlineData("not of FHIR", """{"resourceType":"Patient","shoeSize":9}""")]
    [InlineData("a value of a wrong type", """{"resourceType":"Patient","active":"yes"}""")]
    [InlineData("a code of none", """{"resourceType":"Patient","gender":"women"}""")]
    [InlineData("a date of none", """{"resourceType":"Patient","birthDate":"2020-13-45"}""")]
    [InlineData("more digits than a decimal holds", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":0.12345678901234567890123456789012345}}""")]
    [InlineData("an exponent", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.0e3}}""")]
    [InlineData("a character that XML has not", """{"resourceType":"Observation","status":"final","code":{"text":"a\u0001b"}}""")]
    [InlineData("an empty list", """{"resourceType":"Patient","name":[]}""")]
    [InlineData("no resource", """{"id":"1"}""")]
    public void What_would_be_lost_or_changed_is_refused(string what, string json)
    {
        var (xml, refusal) = FhirXml.Write(Encoding.UTF8.GetBytes(json));

        Assert.True(refusal?.Code == IssueCodes.NotAsXml, $"{what}: {Encoding.UTF8.GetString(xml.Span)}");
        Assert.True(xml.IsEmpty);
    }

    [Fact]
    public void Numbers_are_written_alike_under_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        try
        {
            Assert.Contains("value=\"70.10\"", Written("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":70.10}}"""), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_examples_of_the_specification_come_back_whole()
    {
        if (Find("spec/hl7.fhir.r4.examples-4.0.1-full.tar.xz") is not { } archive)
            return;
        var (written, refused) = (0, new List<string>());
        foreach (var file in Unpack(archive).Order(StringComparer.Ordinal).Where((_, i) => i % (IsLong ? 1 : 25) == 0))
        {
            var json = File.ReadAllBytes(file);
            if (json.Length > 1_000_000 || !HasType(json))
                continue;
            var (xml, refusal) = FhirXml.Write(json);
            if (refusal is not null)
            {
                refused.Add($"{Path.GetFileName(file)}: {refusal.Expression}");
                continue;
            }

            written++;
            var difference = Difference(json, xml);
            Assert.True(difference is null, $"{Path.GetFileName(file)}: {difference}");
        }

        output.WriteLine($"{written} written, {refused.Count} refused:\n{string.Join('\n', refused)}");
        Assert.True(written > 150 && refused.Count < written / 20, $"{refused.Count} refused of {written + refused.Count}");
    }

    private static string Written(string json)
    {
        var (xml, refusal) = FhirXml.Write(Encoding.UTF8.GetBytes(json));
        Assert.Null(refusal);
        return Encoding.UTF8.GetString(xml.Span);
    }

    [Fact]
    public void White_space_around_a_text_is_left_out()
    {
        // FHIR R4 datatypes.html#string: "Leading and Trailing whitespace is allowed, but SHOULD be removed when using the XML format."
        var xml = XDocument.Parse(Written("""{"resourceType":"Observation","status":"final","code":{"text":"  a \n"}}"""));
        Assert.Equal("a", (string?)xml.Root!.Element(Fhir + "code")!.Element(Fhir + "text")!.Attribute("value"));
    }

    // Where what is read back differs; how a narrative's tags are closed and quoted apart, and white space around texts, which the library's XML reader trims.
    private static string? Difference(byte[] json, ReadOnlyMemory<byte> xml) => JsonDifference.Find(Trimmed(json), Trimmed(Back(xml)));

    private static byte[] Trimmed(byte[] json)
    {
        var root = JsonNode.Parse(json)!;
        Visit(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString());

        static void Visit(JsonNode? node)
        {
            if (node is JsonArray list)
            {
                for (var i = 0; i < list.Count; i++)
                    Visit(list[i]);
            }
            else if (node is JsonObject found)
            {
                if (found["div"] is JsonValue div && div.GetValueKind() == JsonValueKind.String)
                    found["div"] = XElement.Parse(div.GetValue<string>(), LoadOptions.PreserveWhitespace).ToString(SaveOptions.DisableFormatting);
                foreach (var (name, value) in found.ToArray())
                {
                    Visit(value);
                    if (value is JsonValue && value.GetValueKind() == JsonValueKind.String)
                        found[name] = value.GetValue<string>().Trim();
                }
            }
        }
    }

    // Read by the library's own XML reader, and written as JSON again.
    private static byte[] Back(ReadOnlyMemory<byte> xml)
    {
        using var reader = System.Xml.XmlReader.Create(new MemoryStream(xml.ToArray()));
        var resource = new FhirXmlDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Recoverable)).DeserializeResource(reader);
        return new FhirJsonSerializer().SerializeToBytes(resource);
    }

    private static bool HasType(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("resourceType", out _);
    }

    private string[] Unpack(string archive)
    {
        Directory.CreateDirectory(_unpacked);
        using var tar = Process.Start("tar", ["-xJf", archive, "-C", _unpacked, "--wildcards", "*.json"]);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
        return Directory.GetFiles(_unpacked, "*.json", SearchOption.AllDirectories);
    }

    private string? Find(string path, [CallerFilePath] string here = "")
    {
        var root = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../shared/data");
        var found = Path.Combine(root, path);
        if (File.Exists(found))
            return found;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{found} is not there, and in CI it must be.");
        output.WriteLine($"Not run: {found} is not there. LHCRE_SHARED_DATA names the folder of real data.");
        return null;
    }
}
