using Lhcre.Record;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>What the references of a push become.</summary>
public class ReferenceTests
{
    private const string Uuid = "0b2e6c7a-9d3f-4b53-8d0e-1f2a3b4c5d6e";
    private const string There = "https://elsewhere.example/fhir";

    [Theory]
    [InlineData("urn:uuid:" + Uuid, "urn:uuid:" + Uuid, "Patient/p")]
    [InlineData("urn:uuid:" + Uuid, "urn:uuid:0B2E6C7A-9D3F-4B53-8D0E-1F2A3B4C5D6E", "Patient/p")]
    [InlineData("urn:oid:1.2.3", "urn:oid:1.2.3", "Patient/p")]
    [InlineData(There + "/Patient/7", There + "/Patient/7", "Patient/p")]
    [InlineData(There + "/Patient/7", There + "/Patient/7/_history/2", "Patient/p/_history/2")]
    [InlineData(There + "/Patient/7", "Patient/7", "Patient/p")]
    [InlineData(There + "/Patient/7", "Patient/8", "Patient/8")]
    [InlineData("urn:uuid:" + Uuid, Base + "/Patient/8", "Patient/8")]
    [InlineData("urn:uuid:" + Uuid, "https://other.example/Patient/8", "https://other.example/Patient/8")]
    [InlineData("urn:uuid:" + Uuid, "#contained", "#contained")]
    [InlineData("urn:uuid:" + Uuid, "Patient?identifier=urn:local|4711", "Patient/p")]
    [InlineData("urn:uuid:" + Uuid, "Patient?identifier=urn%3Alocal%7C4711", "Patient/p")]
    [InlineData("urn:uuid:" + Uuid, "Patient?identifier=urn:local|4712", "Patient?identifier=urn:local|4712")]
    [InlineData("urn:uuid:" + Uuid, "urn:uuid:00000000-0000-0000-0000-00000000000a", "urn:uuid:00000000-0000-0000-0000-00000000000a")]
    public void A_reference_becomes_the_source_s_own_Type_and_id_where_that_is_known(string fullUrl, string reference, string becomes)
    {
        var patient = """{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:local","value":"4711"}]}""";
        var received = ToBase(Bundle("collection",
            Entry(patient, fullUrl),
            Entry(Observation("o", About(reference)), There + "/Observation/9")));

        Assert.Equal(Observation("o", About(becomes)), Text(received.Entries[1].Fragment!.AsSent));
    }

    [Fact]
    public void References_in_what_was_sent_and_in_what_is_shown_are_resolved_alike()
    {
        var entry = ToBase(Bundle("collection",
            Entry(Patient("p", Ann), "urn:uuid:" + Uuid),
            Entry($$"""{"resourceType":"Observation", "id":"o","status":" final","code":{"text":"x"},"subject":{"reference":"urn:uuid:{{Uuid}}"},"shoe":1}"""))).Entries[1];

        Assert.Equal("""{"resourceType":"Observation", "id":"o","status":" final","code":{"text":"x"},"subject":{"reference":"Patient/p"},"shoe":1}""", Text(entry.Fragment!.AsSent));
        Assert.Equal("""{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"}}""", Text(entry.Fragment.Body));
        Assert.Equal([Key("Patient", "p")], entry.Fragment.References.Select(r => r.Target));
    }

    [Fact]
    public void A_reference_to_a_refused_entry_resolves_to_its_key()
    {
        var received = ToBase(Bundle("batch",
            Request("POST", "Patient", """{"resourceType":"Patient","id":"p","birthDate":"never"}""", "urn:uuid:" + Uuid),
            Request("POST", "Observation", Observation("o", About("urn:uuid:" + Uuid)))));

        Assert.True(received.Entries[0].IsRefused);
        Assert.Equal([Key("Patient", "p")], received.Entries[1].Fragment!.References.Select(r => r.Target));
    }

    [Fact]
    public void A_fullUrl_that_two_entries_have_names_neither()
    {
        var received = ToBase(Bundle("collection",
            Entry(Patient("p", Ann), "urn:uuid:" + Uuid),
            Entry(Patient("q", Ann), "urn:uuid:" + Uuid),
            Entry(Observation("o", About("urn:uuid:" + Uuid)))));

        Assert.Contains(IssueCodes.UnresolvedReference, received.Entries[2].Issues.Select(i => i.Code));
        Assert.Equal(Observation("o", About("urn:uuid:" + Uuid)), Text(received.Entries[2].Fragment!.AsSent));
    }

    [Fact]
    public void The_url_of_an_attachment_that_is_a_Binary_of_the_Bundle_is_a_reference()
    {
        static string Document(string url) =>
            """{"resourceType":"DocumentReference","id":"d","status":"current","subject":{"reference":"Patient/1"},"content":[{"attachment":{"url":"?"}}]}"""
                .Replace("?", url, StringComparison.Ordinal);
        var received = ToBase(Bundle("collection",
            Entry("""{"resourceType":"Binary","id":"b","contentType":"text/plain","data":"QQ=="}""", There + "/Binary/7"),
            Entry(Document(There + "/Binary/7")),
            Entry(Document("urn:uuid:" + Uuid))));

        Assert.Equal(Document("Binary/b"), Text(received.Entries[1].Fragment!.AsSent));
        Assert.Equal(Document("urn:uuid:" + Uuid), Text(received.Entries[2].Fragment!.AsSent));
        Assert.All(received.Entries, e => Assert.Empty(e.Issues));
    }

    [Fact]
    public void A_conditional_reference_to_another_type_that_is_not_in_the_Bundle_is_kept_and_told()
    {
        const string Doctor = "Practitioner?identifier=https://fhir.hl7.org.uk/Id/gmc-number|1234567";
        var json = $$"""{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/1"},"performer":[{"reference":"{{Doctor}}"}]}""";

        var entry = One("Observation", json);

        Assert.Equal([(IssueCodes.UnresolvedReference, Doctor)], entry.Issues.Select(i => (i.Code, i.Diagnostics)));
        Assert.Equal(json, Text(entry.Fragment!.AsSent));
    }
}
