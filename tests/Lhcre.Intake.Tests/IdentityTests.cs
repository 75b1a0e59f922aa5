using Lhcre.Record;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>Which key an entry gets.</summary>
public class IdentityTests
{
    private const string Uuid = "0b2e6c7a-9d3f-4b53-8d0e-1f2a3b4c5d6e";
    private const string Nameless = """{"resourceType":"Patient","active":true}""";

    // The first half of its SHA-256, as sha256sum prints it.
    private const string Hash = "8b28bf5207b2599ece6a02ea669cb3e3";

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"own","active":true}""", "urn:uuid:" + Uuid, "own")]
    [InlineData(Nameless, "urn:uuid:" + Uuid, Uuid)]
    [InlineData(Nameless, "URN:UUID:0B2E6C7A-9D3F-4B53-8D0E-1F2A3B4C5D6E", Uuid)]
    [InlineData(Nameless, "urn:uuid:1", Hash)]
    [InlineData(Nameless, "https://elsewhere.example/fhir/Patient/7", Hash)]
    [InlineData("""{ "resourceType" : "Patient", "active" : true }""", null, Hash)]
    public void A_POSTed_resource_keeps_its_id_else_takes_its_uuid_else_the_hash_of_its_content(string resource, string? fullUrl, string id)
    {
        foreach (var bundle in new[]
        {
            Bundle("batch", Request("POST", "Patient", resource, fullUrl)),
            Bundle("transaction", Request("POST", "Patient", resource, fullUrl)),
            Bundle("message", Entry(resource, fullUrl)),
            Bundle("collection", Entry(resource, fullUrl)),
            Bundle("document", Entry(resource, fullUrl)),
        })
        {
            var entry = Assert.Single(ToBase(bundle).Entries);
            Assert.Equal(Key("Patient", id), entry.Key);
            Assert.Equal(entry.Key, entry.Fragment!.Key);
        }
    }

    [Fact]
    public void Resources_that_say_the_same_without_an_id_stay_two()
    {
        var entries = ToBase(Bundle("transaction", Request("POST", "Patient", Nameless), Request("POST", "Patient", Nameless))).Entries;

        Assert.Equal([Hash, $"{Hash}-2"], entries.Select(e => e.Key!.Id));
        Assert.All(entries, e => Assert.NotNull(e.Fragment));
    }

    [Fact]
    public void An_id_that_is_not_there_is_put_behind_the_type_and_nothing_else_changes()
    {
        var entry = Assert.Single(Put("Patient", "a1", """{ "resourceType" : "Patient" , "active": true }""").Entries);

        Assert.Equal("""{ "resourceType" : "Patient","id":"a1" , "active": true }""", Text(entry.Fragment!.AsSent));
        Assert.Equal(Key("Patient", "a1"), entry.Fragment.Key);
        Assert.Equal("PUT", entry.Method);
    }

    [Fact]
    public void A_PUT_without_a_version_goes_above_what_it_replaces_and_a_POST_goes_by_its_arrival()
    {
        var put = Assert.Single(Put("Patient", "a1", Nameless).Entries);
        var post = Assert.Single(Post("Patient", Nameless).Entries);

        Assert.Equal(StampRule.AboveLive, put.Fragment!.StampRule);
        Assert.Equal(StampRule.Arrival, post.Fragment!.StampRule);
    }

    [Theory]
    [InlineData("Patient/a")]
    [InlineData("/Patient/a")]
    [InlineData(Base + "/Patient/a")]
    public void A_PUT_takes_the_id_of_its_url(string url)
    {
        var entries = ToBase(Bundle("batch", Request("PUT", url, Nameless), Request("PUT", url, Patient("a", Ann)))).Entries;

        Assert.All(entries, e => Assert.Equal(Key("Patient", "a"), e.Fragment!.Key));
    }

    [Fact]
    public void A_DELETE_withdraws_by_its_own_key_at_the_time_of_the_Bundle()
    {
        var single = Assert.Single(FhirIntake.Read(default, new Interaction("DELETE", "Observation", "o"), Source, Base).Entries);
        var bundle = ToBase("""{"resourceType":"Bundle","type":"batch","timestamp":"2026-02-03T04:05:06+01:00","entry":[{"request":{"method":"DELETE","url":"Observation/o"}}]}""");
        var entry = Assert.Single(bundle.Entries);

        Assert.Equal((FragmentKind.Deleted, Key("Observation", "o")), (single.Fragment!.Kind, single.Key!));
        Assert.Null(single.Fragment.Version.Time);
        Assert.Equal((FragmentKind.Deleted, Key("Observation", "o")), (entry.Fragment!.Kind, entry.Key!));
        Assert.Equal(new DateTimeOffset(2026, 2, 3, 3, 5, 6, TimeSpan.Zero), entry.Fragment.Version.Time);
        Assert.Equal(bundle.Time, entry.Fragment.Version.Time);
    }

    [Theory]
    [InlineData("PUT", "Patient", null)]
    [InlineData("PUT", null, null)]
    [InlineData("POST", "Patient", "a")]
    [InlineData("DELETE", "Patient", null)]
    [InlineData("PATCH", "Patient", "a")]
    [InlineData("PUT", "Bundle", "a")]
    public void Other_interactions_are_refused(string method, string? type, string? id)
    {
        var body = type == "Bundle" ? Bundle("batch") : Patient("a", Ann);

        var entry = Assert.Single(FhirIntake.Read(Bytes(body), new Interaction(method, type, id), Source, Base).Entries);

        Assert.Contains(IssueCodes.InteractionNotSupported, entry.Issues.Select(i => i.Code));
        Assert.Null(entry.Fragment);
    }

    [Fact]
    public void A_Bundle_may_be_posted_to_its_own_type() => Assert.Equal(BundleKind.Collection, Post("Bundle", Bundle("collection")).Bundle);

    [Fact]
    public void White_space_around_an_id_is_a_formal_fault()
    {
        foreach (var id in new[] { " a", "a\\n" })
        {
            var fragment = Accepted("Patient", $$"""{"resourceType":"Patient","id":"{{id}}","active":true}""");
            Assert.Equal(Key("Patient", "a"), fragment.Key);
            Assert.Equal("""{"resourceType":"Patient","id":"a","active":true}""", Text(fragment.Body));
        }
    }

    [Theory]
    [InlineData("\"identifier\":{\"system\":\"urn:s\",\"value\":\"v\"},", "urn:s|v")]
    [InlineData("\"identifier\":{\"value\":\" v \"},", "|v")]
    [InlineData("\"identifier\":{\"system\":\"urn:s\"},", "m1")]
    [InlineData("", "m1")]
    public void A_message_is_named_by_its_Bundle_identifier_else_by_its_header(string identifier, string pushId)
    {
        const string Header = """{"resourceType":"MessageHeader","id":"m1","eventCoding":{"code":"a"},"source":{"endpoint":"http://a"}}""";
        var received = ToBase(Bundle("message", Entry(Header), Entry(Patient("a", Ann)))
            .Replace("\"type\"", $"{identifier}\"timestamp\":\"2026-02-03T04:05:06Z\",\"type\"", StringComparison.Ordinal));

        Assert.Equal(pushId, received.PushId);
        Assert.Equal(received.Time, received.Entries[1].Fragment!.Version.Time);
        Assert.Null(received.Entries[0].Fragment);
    }

    [Theory]
    [InlineData("Patient", true)]
    [InlineData("Observation", true)]
    [InlineData("patient", false)]
    [InlineData("DomainResource", false)]
    [InlineData("HumanName", false)]
    [InlineData("", false)]
    public void Resource_types_are_those_of_R4_in_their_own_spelling(string name, bool isResource) => Assert.Equal(isResource, FhirTypes.IsResource(name));
}
