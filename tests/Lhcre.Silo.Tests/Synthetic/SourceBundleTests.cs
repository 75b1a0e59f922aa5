using Hl7.Fhir.Model;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Silo.Tests.Synthetic;

public class SourceBundleTests
{
    private const string VerificationStatus = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";

    private static readonly List<(SyntheticPerson Person, SyntheticPush Push)> Pushes =
        [.. SyntheticRegion.People(40).SelectMany(person => person.Pushes().Select(push => (person, push)))];

    [Fact]
    public void Every_bundle_is_strictly_valid_fhir_also_of_large_records()
    {
        Assert.All(Pushes, p => ReadBundles.Read(p.Push));
        Assert.All(SyntheticRegion.Person(3, resourcesPerPerson: 600).Pushes(), p => ReadBundles.Read(p));
    }

    [Fact]
    public void The_intake_takes_every_entry_without_an_issue_and_knows_whose_it_is() => Assert.All(Pushes, p =>
    {
        var received = FhirIntake.Read(p.Push.Bundle, new Interaction("POST", null, null), p.Push.Source, "http://127.0.0.1:8080/sources/" + p.Push.Source + "/fhir");
        Assert.Empty(received.Issues);
        Assert.All(received.Entries.Where(e => e.Key?.Type != "MessageHeader"), entry =>
        {
            Assert.Empty(entry.Issues);
            Assert.NotNull(entry.Fragment);
            if (PatientCompartment.Contains(entry.Key!.Type))
                Assert.Equal(p.Person.NhsNumber, Assert.IsType<PersonClue.Named>(entry.Person).Number);
        });
        Assert.Equal(p.Push.Resources, received.Entries.Count(e => e.Fragment is not null));
    });

    [Theory]
    [InlineData("dorset", Bundle.BundleType.Transaction)]
    [InlineData("hampshire", Bundle.BundleType.Batch)]
    [InlineData("hampshire", Bundle.BundleType.Collection)]
    [InlineData("isle-of-wight", Bundle.BundleType.Message)]
    public void Every_source_sends_in_its_own_form(string source, Bundle.BundleType form)
    {
        var bundles = From(source).Select(p => ReadBundles.Read(p.Push)).ToList();
        Assert.Contains(bundles, b => b.Type == form);
        if (source != "hampshire")
            Assert.All(bundles, b => Assert.Equal(form, b.Type));
    }

    [Fact]
    public void Dorset_posts_resources_without_ids_under_uuids() => Assert.All(From("dorset"), p => Assert.All(ReadBundles.Entries(p.Push), entry =>
    {
        Assert.Null(entry.Resource.Id);
        Assert.StartsWith("urn:uuid:", entry.FullUrl, StringComparison.Ordinal);
        Assert.Equal(Bundle.HTTPVerb.POST, entry.Request?.Method);
        Assert.Equal(entry.Resource.TypeName, entry.Request?.Url);
    }));

    [Fact]
    public void Hampshire_sends_its_own_ids_with_versions() => Assert.All(From("hampshire"), p => Assert.All(ReadBundles.Entries(p.Push), entry =>
    {
        Assert.True(EntryKey.IsValidId(entry.Resource.Id));
        Assert.NotNull(entry.Resource.Meta?.VersionId);
        Assert.True(entry.Resource.Meta?.LastUpdated <= SyntheticRegion.AsOf);
        if (entry.Request is { } request)
            Assert.Equal($"{entry.Resource.TypeName}/{entry.Resource.Id}", request.Url);
    }));

    [Fact]
    public void The_isle_of_wight_sends_messages_with_header_and_time() => Assert.All(From("isle-of-wight"), p =>
    {
        Assert.NotNull(ReadBundles.Read(p.Push).Timestamp);
        var entries = ReadBundles.Entries(p.Push);
        Assert.IsType<MessageHeader>(entries[0].Resource);
        Assert.All(entries, entry => Assert.True(EntryKey.IsValidId(entry.Resource.Id)));
    });

    [Fact]
    public void Other_content_of_the_same_person_is_another_message()
    {
        var person = Pushes.First(p => p.Push.Source == "isle-of-wight").Person;
        var more = SyntheticRegion.Person(person.Number, resourcesPerPerson: 100);
        Assert.NotEqual(HeaderId(person), HeaderId(more));

        static string? HeaderId(SyntheticPerson p) => ReadBundles.Entries(p.Pushes().Single(x => x.Source == "isle-of-wight"))[0].Resource.Id;
    }

    [Fact]
    public void Every_reference_resolves_inside_its_bundle() => Assert.All(Pushes, p =>
    {
        var entries = ReadBundles.Entries(p.Push);
        var names = entries.Select(e => e.FullUrl).Concat(entries.Select(e => $"{e.Resource.TypeName}/{e.Resource.Id}")).ToHashSet();
        Assert.Subset(names, entries.SelectMany(e => ReadBundles.References(e.Resource)).ToHashSet());
    });

    [Fact]
    public void Full_urls_are_unique_in_a_bundle() => Assert.All(Pushes, p =>
    {
        var urls = ReadBundles.Entries(p.Push).Select(e => e.FullUrl).ToList();
        Assert.Equal(urls.Count, urls.Distinct().Count());
    });

    [Fact]
    public void Every_bundle_has_one_patient_with_a_verified_nhs_number_and_a_hospital_number() => Assert.All(Pushes, p =>
    {
        var patient = Assert.Single(ReadBundles.Resources(p.Push).OfType<Patient>());
        var number = Assert.Single(patient.Identifier, i => i.System == NhsNumber.System);
        Assert.Equal(p.Person.NhsNumber.Digits(), number.Value);
        var status = Assert.IsType<CodeableConcept>(number.GetExtension(VerificationStatus)?.Value);
        Assert.Equal("01", status.Coding.Single().Code);
        Assert.Single(patient.Identifier, i => i.System == $"https://{p.Push.Source}.example/Id/hospital-number");
        Assert.Equal(p.Person.FamilyName, patient.Name.Single().Family);
        Assert.Equal(p.Person.BirthDate.ToString("yyyy-MM-dd"), patient.BirthDate);
        Assert.NotEmpty(patient.Address);
        Assert.NotEmpty(patient.Telecom);
    });

    [Fact]
    public void The_facts_read_from_its_bytes_say_whose_number_it_is_and_how_sure()
    {
        var push = Pushes.First(p => p.Push.Source == "hampshire").Push;
        using var bundle = System.Text.Json.JsonDocument.Parse(push.Bundle);
        var patient = bundle.RootElement.GetProperty("entry").EnumerateArray()
            .Select(e => e.GetProperty("resource"))
            .First(r => r.GetProperty("resourceType").GetString() == "Patient");
        var facts = FactsReader.Read("Patient", patient.GetProperty("id").GetString()!, System.Text.Encoding.UTF8.GetBytes(patient.GetRawText()));
        Assert.Equal("01", facts.NhsNumberStatus);
        Assert.Contains(facts.Identifiers, i => NhsNumber.IsSystem(i.System));
    }

    [Fact]
    public void A_practice_says_the_same_in_every_persons_bundle()
    {
        // Compared as text, all but the ids of the people: a source's Organization is one resource, not one a patient.
        var practices = From("dorset")
            .SelectMany(p => ReadBundles.Entries(p.Push))
            .Where(e => e.Resource is Organization or Practitioner)
            .GroupBy(e => e.FullUrl);
        Assert.All(practices, sent => Assert.All(sent, entry => Assert.True(entry.Resource.IsExactly(sent.First().Resource))));
    }

    [Fact]
    public void A_fact_that_shares_its_identifier_carries_it_at_every_source()
    {
        var checkedFacts = 0;
        foreach (var person in Pushes.Select(p => p.Person).Distinct())
        {
            var values = person.Pushes().ToDictionary(p => p.Source, p => ReadBundles.Resources(p).SelectMany(Identifiers).ToHashSet());
            foreach (var telling in person.Tellings.Where(t => t.IdentifierOf is not null))
            {
                var system = $"https://{telling.IdentifierOf}.example/Id/{telling.Fact.Type.ToLowerInvariant()}";
                Assert.Contains(values[telling.Source], i => i.System == system && i.Value!.EndsWith($"-{telling.Fact.Number}", StringComparison.Ordinal));
                checkedFacts++;
            }
        }

        Assert.True(checkedFacts > 500);

        static IEnumerable<(string? System, string? Value)> Identifiers(Resource resource) =>
            resource is IIdentifiable<List<Hl7.Fhir.Model.Identifier>> list ? list.Identifier.Select(i => (i.System, i.Value)) : [];
    }

    [Theory]
    [InlineData("2025-03-30T00:59:59Z", "2025-03-30T00:59:59+00:00", "2025-03-30")]
    [InlineData("2025-03-30T01:00:00Z", "2025-03-30T02:00:00+01:00", "2025-03-30")]
    [InlineData("2025-06-30T23:30:00Z", "2025-07-01T00:30:00+01:00", "2025-07-01")]
    [InlineData("2025-10-26T00:59:59Z", "2025-10-26T01:59:59+01:00", "2025-10-26")]
    [InlineData("2025-10-26T01:00:00Z", "2025-10-26T01:00:00+00:00", "2025-10-26")]
    [InlineData("2024-12-31T23:59:00Z", "2024-12-31T23:59:00+00:00", "2024-12-31")]
    public void Uk_time_knows_summer(string utc, string instant, string day)
    {
        var when = DateTimeOffset.Parse(utc);
        Assert.Equal(instant, UkTime.Text(when, DatePrecision.Instant));
        Assert.Equal(day, UkTime.Text(when, DatePrecision.Day));
        Assert.Equal(day[..7], UkTime.Text(when, DatePrecision.Month));
        Assert.Equal(utc, UkTime.Text(when, DatePrecision.Instant, zulu: true));
    }

    private static IEnumerable<(SyntheticPerson Person, SyntheticPush Push)> From(string source) => Pushes.Where(p => p.Push.Source == source);
}
