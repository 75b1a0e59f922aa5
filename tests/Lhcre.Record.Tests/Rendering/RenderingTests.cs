using System.Text;
using System.Text.Json;
using CsCheck;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

public class RenderingTests
{
    private const string Contributor = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor";

    private static readonly string Merged = $"{Id(Dorset, "Basic", "1")}";
    private static readonly string Stamp = $"\"versionId\":\"1\",\"lastUpdated\":\"{Instant(Diary.At(1))}\"";
    private static readonly string Us =
        $"{{\"url\":\"{Contributor}\",\"extension\":[{{\"url\":\"source\",\"valueCode\":\"dorset\"}},{{\"url\":\"reference\",\"valueString\":\"Basic/1\"}},"
        + $"{{\"url\":\"recorded\",\"valueInstant\":\"{Instant(Day(1))}\"}}]}}";

    /// <summary>What is sent, and what is served of it; ID, US and STAMP stand for what is ours.</summary>
    [Theory]
    [InlineData("""{"resourceType":"Basic","id":"1"}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP}}""")]
    [InlineData("""{"id":"1","z":0,"resourceType":"Basic"}""", """{"id":"ID","meta":{"extension":[US],STAMP},"z":0,"resourceType":"Basic"}""")]
    [InlineData("""{"z":{"id":"2"},"resourceType":"Basic","id":"1"}""", """{"z":{"id":"2"},"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP}}""")]
    [InlineData("""{"resourceType":"Basic","meta":{},"z":1,"id":"1"}""", """{"resourceType":"Basic","meta":{"extension":[US],STAMP},"z":1,"id":"ID"}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","meta":{"profile":["p"],"tag":[{"code":"t"}],"source":"s"},"z":1}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],"profile":["p"],"tag":[{"code":"t"}],"source":"s",STAMP},"z":1}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","meta":{"extension":[{"url":"e","valueDecimal":1.10},{"url":"f"}]}}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[{"url":"e","valueDecimal":1.10},{"url":"f"},US],STAMP}}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","meta":{"extension":{"url":"e"},"security":{"code":"R"}}}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[{"url":"e"},US],"security":[{"code":"R"}],STAMP}}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","meta":{"security":[{"code":"R","display":"d"}],"extension":[]}}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],"security":[{"code":"R","display":"d"}],STAMP}}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","meta":{"_versionId":{"id":"x"},"_lastUpdated":{"id":"y"},"_source":{"id":"z"},"versionId":"9"}}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],"_source":{"id":"z"},STAMP}}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","meta":null,"z":1}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP},"z":1}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","meta":[{"profile":["p"]}],"z":1}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP},"z":1}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","contained":[{"resourceType":"Basic","id":"c","meta":{"versionId":"1"}}],"z":{"reference":"#c"}}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP},"contained":[{"resourceType":"Basic","id":"c","meta":{"versionId":"1"}}],"z":{"reference":"#c"}}""")]
    [InlineData("""{"resourceType":"Basic","id":"1","a":1.10,"b":-0,"c":1e-5,"d":"\u00e9\/\"\\€😀","e":[],"f":null,"g":false}""", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP},"a":1.10,"b":-0,"c":1e-5,"d":"\u00e9\/\"\\€😀","e":[],"f":null,"g":false}""")]
    [InlineData("{ \"resourceType\" : \"Basic\",\r\n\t\"id\" : \"1\" , \"a b\" : [ 1.10 , \" x  y \" ] }\n", """{"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP},"a b":[1.10," x  y "]}""")]
    [InlineData("""{"resourceType":"Basic","i\u0064":"\u0031"}""", """{"resourceType":"Basic","i\u0064":"ID","meta":{"extension":[US],STAMP}}""")]
    public void Everything_but_id_meta_and_references_is_the_sources_own_byte_for_byte(string sent, string served) =>
        Assert.Equal(Ours(served), Text(Rendered(sent).Resource));

    [Fact]
    public void A_bundle_entry_is_the_resource_at_its_address()
    {
        var resource = Rendered("""{"resourceType":"Basic","id":"1"}""");
        Assert.Equal($"{{\"fullUrl\":\"http://127.0.0.1:8080/fhir/Basic/{Merged}\",\"resource\":{Text(resource.Resource)},\"search\":{{\"mode\":\"match\"}}}}", Text(resource.BundleEntryBytes));
        Assert.Equal(Text(resource.Resource), Text(resource.ResourceRange.Of(resource.BundleEntryBytes).ToArray()));
    }

    [Fact]
    public void What_is_mended_is_shown_mended_and_kept_as_sent()
    {
        var sent = """{"resourceType":"Basic","id":"1","identifier":{"value":" x "},"author":{"reference":"Practitioner/1"}}"""u8.ToArray();
        var mended = """{"resourceType":"Basic", "id":"1", "author":{"reference":"Practitioner/1"}, "identifier":[{"value":"x"}]}"""u8.ToArray();
        var diary = Diary.Of(Fragment.Stated(Dorset, sent, mended, Day(1)));
        foreach (var record in new[] { diary.Record, diary.Replayed() })
        {
            Assert.Equal(
                Ours($$"""{"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP},"author":{"reference":"{{AtSource(Dorset, "Practitioner/1")}}"},"identifier":[{"value":"x"}]}"""),
                Text(record.All[0].Resource));
            Assert.Equal(Text(sent), Text(record.Fragments(record.LiveEntriesOf(Dorset)).Single().AsSent));
        }
    }

    [Theory]
    [InlineData("Practitioner/known", "Practitioner/KNOWN")]
    [InlineData("Practitioner/known/_history/3", "Practitioner/KNOWN")]
    [InlineData("Practitioner\\/\\u006bnown", "Practitioner/KNOWN")]
    [InlineData("Practitioner/never", "http://127.0.0.1:8080/sources/dorset/fhir/Practitioner/never")]
    [InlineData("Practitioner/withdrawn", "http://127.0.0.1:8080/sources/dorset/fhir/Practitioner/withdrawn")]
    [InlineData("Practitioner/hampshires", "http://127.0.0.1:8080/sources/dorset/fhir/Practitioner/hampshires")]
    [InlineData("Patient/p", "Patient/PERSON")]
    [InlineData("Basic/1", "Basic/ID")]
    [InlineData("#contained", "#contained")]
    [InlineData("https://example.org/fhir/Practitioner/known", "https://example.org/fhir/Practitioner/known")]
    [InlineData("urn:uuid:0b9b2ce4-7a5e-4b8a-9d1c-1d0a0f6a2f10", "urn:uuid:0b9b2ce4-7a5e-4b8a-9d1c-1d0a0f6a2f10")]
    public void A_reference_leads_to_the_merged_resource_or_out_to_its_source(string sent, string served)
    {
        var text = served
            .Replace("KNOWN", $"{Id(Dorset, "Practitioner", "known")}", StringComparison.Ordinal)
            .Replace("PERSON", $"{Person}", StringComparison.Ordinal).Replace("ID", Merged, StringComparison.Ordinal);
        var diary = Diary.Of(
            By(Dorset, $$$"""{"resourceType":"Basic","id":"1","meta":{"extension":[{"url":"e","valueReference":{"reference":"{{{sent}}}"}}],"profile":["p"]},"a":[{"reference":"{{{sent}}}"},{"z":{"reference":"{{{sent}}}"}}],"contained":[{"b":{"reference":"{{{sent}}}"}}]}""", 1),
            Of(Dorset, "Practitioner", "known", 1), Of(Hampshire, "Practitioner", "hampshires", 1),
            Of(Dorset, "Practitioner", "withdrawn", 1), Gone(Dorset, "Practitioner", "withdrawn", 2), Of(Dorset, "Patient", "p", 1));
        Assert.Equal(
            Ours($$$"""{"resourceType":"Basic","id":"ID","meta":{"extension":[{"url":"e","valueReference":{"reference":"{{{text}}}"}},US],"profile":["p"],STAMP},"a":[{"reference":"{{{text}}}"},{"z":{"reference":"{{{text}}}"}}],"contained":[{"b":{"reference":"{{{text}}}"}}]}"""),
            Text(diary.Of(Dorset, "Basic", "1")!.Resource));
    }

    [Fact]
    public void The_document_of_an_attachment_is_a_reference_too()
    {
        var diary = Diary.Of(
            Of(Dorset, "DocumentReference", "d", 1, "'content':[{'attachment':{'url':'Binary/b'}},{'attachment':{'url':'https://example.org/x'}}]"), Of(Dorset, "Binary", "b", 1));
        var content = JsonDocument.Parse(diary.Of(Dorset, "DocumentReference", "d")!.Resource).RootElement.GetProperty("content");
        Assert.Equal($"Binary/{Id(Dorset, "Binary", "b")}", content[0].GetProperty("attachment").GetProperty("url").GetString());
        Assert.Equal("https://example.org/x", content[1].GetProperty("attachment").GetProperty("url").GetString());
    }

    [Fact]
    public void Whoever_comes_after_its_referrer_is_referred_to_then_and_no_longer_once_withdrawn()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "o", 1, "'performer':[{'reference':'Practitioner/d'}]"), Of(Dorset, "Condition", "c", 1));
        Assert.Equal(AtSource(Dorset, "Practitioner/d"), Performer(diary));

        diary.Push(Of(Dorset, "Practitioner", "d", 1));
        Assert.Equal($"Practitioner/{Id(Dorset, "Practitioner", "d")}", Performer(diary));
        Assert.Equal((2, 1), (diary.Of(Dorset, "Observation", "o")!.Version, diary.Of(Dorset, "Condition", "c")!.Version));

        // A smaller member joins the cluster, which changes its id.
        diary.Push(Of(Dorset, "Practitioner", "d", 2, Identified("x", "https://fhir.nhs.uk/Id/sds-user-id")));
        diary.Push(Of("devon", "Practitioner", "e", 1, Identified("x", "https://fhir.nhs.uk/Id/sds-user-id")));
        Assert.Equal($"Practitioner/{Id("devon", "Practitioner", "e")}", Performer(diary));

        diary.Push(Gone(Dorset, "Practitioner", "d", 3));
        Assert.Equal(AtSource(Dorset, "Practitioner/d"), Performer(diary));
        Assert.Equal(5, diary.Of(Dorset, "Observation", "o")!.Version);

        static string? Performer(Diary diary) =>
            JsonDocument.Parse(diary.Of(Dorset, "Observation", "o")!.Resource).RootElement.GetProperty("performer")[0].GetProperty("reference").GetString();
    }

    [Fact]
    public void A_source_that_sends_back_what_it_read_here_contributes_for_itself_alone()
    {
        var served = Text(Rendered("""{"resourceType":"Basic","id":"1","meta":{"extension":[{"url":"e"}]}}""").Resource);
        var again = Diary.Of(By(Hampshire, served.Replace(Merged, "2", StringComparison.Ordinal), 1)).Record.All[0];
        var meta = JsonDocument.Parse(again.Resource).RootElement.GetProperty("meta");
        Assert.Equal(["e", Contributor], meta.GetProperty("extension").EnumerateArray().Select(e => e.GetProperty("url").GetString()));
        Assert.Contains("hampshire", meta.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("dorset", meta.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_resource_is_rendered_and_a_short_one_after_it()
    {
        var letter = new string('x', 3_000_000);
        Assert.Equal(letter, JsonDocument.Parse(Rendered($$"""{"resourceType":"Basic","id":"1","data":"{{letter}}"}""").Resource).RootElement.GetProperty("data").GetString());
        Assert.Equal(Ours("""{"resourceType":"Basic","id":"ID","meta":{"extension":[US],STAMP}}"""), Text(Rendered("""{"resourceType":"Basic","id":"1"}""").Resource));
    }

    [Fact]
    public void Whatever_is_said_is_served_as_valid_JSON_that_says_the_same() =>
        Gen.Select(JsonValues.Objects, Gen.Bool, Gen.Int).Sample(
            (members, typeFirst, seed) =>
            {
                using var own = JsonDocument.Parse(members);
                var rest = string.Join(',', own.RootElement.EnumerateObject().Where(m => m.Name is not ("id" or "resourceType")).Select(m => $"{JsonSerializer.Serialize(m.Name)}:{m.Value.GetRawText()}"));
                const string Frame = "\"resourceType\":\"Basic\",\"id\":\"1\"";
                var json = "{" + string.Join(',', (typeFirst ? new[] { Frame, rest } : [rest, Frame]).Where(part => part.Length > 0)) + "}";
                var diary = Diary.Of(Fragment.Stated(Dorset, Encoding.UTF8.GetBytes(JsonValues.WithWhiteSpace(json, seed)), time: Day(1)));
                Assert.Equal(Diary.Served(diary.Record), Diary.Served(diary.Replayed()));

                using var served = JsonDocument.Parse(diary.Record.All[0].Resource);
                var kept = served.RootElement.EnumerateObject().ToList();
                Assert.Equal(kept.Count, kept.DistinctBy(m => m.Name).Count());
                var sent = JsonDocument.Parse(json).RootElement;
                Assert.Equal(sent.EnumerateObject().Select(m => m.Name).Append("meta").Distinct().Order(), kept.Select(m => m.Name).Order());
                foreach (var member in kept.Where(m => m.Name is not ("id" or "meta")))
                    Assert.Equal(Pointed($"\"{member.Name}\":{sent.GetProperty(member.Name).GetRawText()}"), $"\"{member.Name}\":{member.Value.GetRawText()}");
                var meta = served.RootElement.GetProperty("meta").EnumerateObject().Select(m => m.Name).ToList();
                Assert.Equal(meta.Count, meta.Distinct().Count());
            },
            iter: 1_000);

    private static string Pointed(string json) =>
        json.Replace("\"reference\":\"Patient/1\"", $"\"reference\":\"{AtSource(Dorset, "Patient/1")}\"", StringComparison.Ordinal);

    private static MergedResource Rendered(string json) => Diary.Of(Fragment.Stated(Dorset, Encoding.UTF8.GetBytes(json), time: Day(1))).Record.All[0];

    private static string Ours(string text) =>
        text.Replace("US", Us, StringComparison.Ordinal).Replace("STAMP", Stamp, StringComparison.Ordinal).Replace("\"ID\"", $"\"{Merged}\"", StringComparison.Ordinal);
}
