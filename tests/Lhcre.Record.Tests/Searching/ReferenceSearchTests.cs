using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests.Searching;

public class ReferenceSearchTests
{
    private static readonly PatientRecord Record = Searched.Record(
        ("Patient", "p", "'name':[{'family':'Grün','given':['Mary Ann','Jo']}],'birthDate':'1980-05-12','identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'999 000 0018'}]"),
        ("Encounter", "e", "'subject':{'reference':'Patient/p'},'class':{'code':'AMB'},'period':{'start':'2025-01-02'},'participant':[{'individual':{'reference':'Practitioner/dr'}}]"),
        ("Encounter", "f", "'subject':{'reference':'Patient/p'},'class':{'code':'EMER'}"),
        ("Practitioner", "dr", "'name':[{'family':'Who'}],'identifier':[{'system':'urn:gmc','value':'7'}]"),
        ("Observation", "a", "'subject':{'reference':'Patient/p'},'encounter':{'reference':'Encounter/e'},'performer':[{'reference':'Practitioner/dr'}]"),
        ("Observation", "b", "'subject':{'reference':'Patient/p'},'encounter':{'reference':'Encounter/f'}"),
        ("Observation", "c", "'encounter':{'identifier':{'system':'urn:visit','value':'17'}}"),
        ("Observation", "d", "'subject':{'reference':'Device/pump'},'performer':[{'reference':'http://elsewhere.example/fhir/Practitioner/9'}]"));

    [Theory]
    [InlineData("Observation?encounter=Encounter/{Encounter/e}", "a")]
    [InlineData("Observation?encounter={Encounter/e}", "a")]
    [InlineData("Observation?encounter=http://127.0.0.1:8080/fhir/Encounter/{Encounter/e}", "a")]
    [InlineData("Observation?encounter:Encounter={Encounter/e}", "a")]
    [InlineData("Observation?encounter=Encounter/{Encounter/e},Encounter/{Encounter/f}", "a b")]
    [InlineData("Observation?encounter:not=Encounter/{Encounter/e}", "b c d")]
    [InlineData("Observation?encounter:missing=true", "d")]
    [InlineData("Observation?encounter:identifier=urn:visit|17", "c")]
    [InlineData("Observation?encounter:identifier=urn:visit|18", "")]
    [InlineData("Observation?performer=http://elsewhere.example/fhir/Practitioner/9", "d")]
    [InlineData("Observation?performer=9", "d")]
    [InlineData("Observation?performer=Practitioner/9", "")] // another server's
    [InlineData("Observation?encounter.class=AMB", "a")]
    [InlineData("Observation?encounter:Encounter.date=ge2025", "a")]
    [InlineData("Observation?performer:Practitioner.identifier=urn:gmc|7", "a")]
    [InlineData("Observation?performer.name=who", "a")]
    [InlineData("Observation?encounter.practitioner.family=Who", "a")]
    [InlineData("Observation?encounter.class=IMP", "")]
    [InlineData("Encounter?practitioner={Practitioner/dr}", "e")]
    [InlineData("Encounter?patient.birthdate=1980-05-12", "e f")]
    [InlineData("Encounter?patient.birthdate=1981", "")]
    [InlineData("Patient?name=grun", "p")]
    [InlineData("Patient?family=GRÜ", "p")]
    [InlineData("Patient?given=mary", "p")]
    [InlineData("Patient?given=ann", "")] // the beginning of the name
    [InlineData("Patient?given:contains=ann", "p")]
    [InlineData("Patient?given:exact=Jo", "p")]
    [InlineData("Patient?given:exact=jo", "")]
    [InlineData("Patient?given=jo,xx&family=gr", "p")]
    public void References_and_names_are_found(string query, string found) => Assert.Equal(found, Searched.Ids(Record, WithIds(query)));

    // Whose record is asked of the record: what is filed in it is found also where its own words name nobody, or a device of theirs.
    [Theory]
    [InlineData("Observation?patient={patient}", "a b c d")]
    [InlineData("Observation?patient=Patient/{patient}", "a b c d")]
    [InlineData("Observation?subject=Patient/{patient}", "a b c d")]
    [InlineData("Observation?subject:Patient={patient}", "a b c d")]
    [InlineData("Observation?patient=http://127.0.0.1:8080/fhir/Patient/{patient}", "a b c d")]
    [InlineData("Observation?patient=Patient/{Patient/p}", "a b c d")] // the id of a member
    [InlineData("Observation?patient:missing=true", "c d")]
    [InlineData("Practitioner?patient={patient}", "dr")]
    [InlineData("Observation?patient=pzyxwvutsrqponmlkjihgfedcb", "")]
    public void All_that_stands_in_a_persons_record_is_that_persons(string query, string found) => Assert.Equal(found, Searched.Ids(Record, WithIds(query)));

    [Theory]
    [InlineData("Observation?patient=abc", "abc", null, null)]
    [InlineData("Observation?subject=Patient/abc", "abc", null, null)]
    [InlineData("Observation?subject:Patient=abc", "abc", null, null)]
    [InlineData("Observation?patient={Observation/a}", "{patient}", null, null)]
    [InlineData("Observation?_id={Observation/a}", "{patient}", null, null)]
    [InlineData("Observation?patient.identifier=urn:x|9", null, "urn:x", "9")]
    [InlineData("Observation?subject:Patient.identifier=9", null, null, "9")]
    [InlineData("Observation?patient=abc&patient.identifier=urn:x|9", null, "urn:x", "9")] // the one who is found is then held against the id
    [InlineData("Patient?identifier=urn:x|9&_id=abc", null, "urn:x", "9")]
    [InlineData("Patient?_id=abc", "abc", null, null)]
    public void A_query_names_a_person(string query, string? id, string? system, string? value)
    {
        var person = Searched.Query(WithIds(query)).Patient!;
        Assert.Equal((id is null ? null : WithIds(id), system, value), (person.Id, person.System, person.Value));
    }

    [Theory]
    [InlineData("Observation?code=x")]
    [InlineData("Observation?patient=a,b")]
    [InlineData("Observation?patient=Device/a")]
    [InlineData("Patient?identifier=a,b")]
    [InlineData("Patient?family=Smith&birthdate=1980")]
    [InlineData("Observation?performer.identifier=urn:gmc|7")] // another kind of person
    public void A_query_names_nobody(string query) => Assert.Null(Searched.Query(query).Patient);

    [Theory]
    [InlineData("Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018", "p")] // found by it, however it is written there
    [InlineData("Patient?identifier=9990000018&family=grün", "p")]
    [InlineData("Patient?identifier=9990000018&_id={patient}", "p")]
    [InlineData("Patient?identifier=9990000018&_id=pzyxwvutsrqponmlkjihgfedcb", "")]
    [InlineData("Patient?_id={patient}&identifier=x,y", "")]
    [InlineData("Encounter?patient.identifier=9990000018&class=EMER", "f")]
    public void Who_was_found_by_an_identifier_is_not_asked_for_it_again(string query, string found) => Assert.Equal(found, Searched.Ids(Record, WithIds(query)));

    [Fact]
    public void An_id_is_that_of_any_member_of_the_cluster()
    {
        var diary = Diary.Of(
            Of(Dorset, "Encounter", "d", 1, Identified("x")), Of(Hampshire, "Encounter", "h", 1, Identified("x")),
            Of(Wight, "Observation", "o", 1, "'encounter':{'reference':'Encounter/w'}"), Of(Wight, "Encounter", "w", 1, Identified("x")));
        foreach (var (source, id) in new[] { (Dorset, "d"), (Hampshire, "h"), (Wight, "w") })
        {
            Assert.Equal("o", Searched.Ids(diary.Record, $"Observation?encounter={Id(source, "Encounter", id)}"));
            Assert.Equal(1, Searched.Found(diary.Record, $"Encounter?_id={Id(source, "Encounter", id)}").Total);
            Assert.Equal(0, Searched.Found(diary.Record, $"Encounter?_id:not={Id(source, "Encounter", id)}").Total);
        }
    }

    // {Type/id} stands for the merged id of what Dorset calls so.
    private static string WithIds(string text)
    {
        text = text.Replace("{patient}", Person.ToString(), StringComparison.Ordinal);
        while (text.IndexOf('{', StringComparison.Ordinal) is var start and >= 0)
        {
            var end = text.IndexOf('}', StringComparison.Ordinal);
            var (type, id) = (text[(start + 1)..end].Split('/')[0], text[(start + 1)..end].Split('/')[1]);
            text = $"{text[..start]}{Id(Dorset, type, id)}{text[(end + 1)..]}";
        }

        return text;
    }

    [Theory]
    [InlineData("MedicationRequest?medication.code=777", "r")]
    [InlineData("MedicationRequest?medication:Medication.code=urn:m|777", "r")]
    [InlineData("MedicationRequest?medication.code=778", "")] // contained as well, but not what is prescribed
    [InlineData("MedicationRequest?medication.manufacturer.name=Acme", "")] // no more than one step inside
    [InlineData("MedicationRequest?medication.code:not=777", "")]
    [InlineData("Medication?code=777", "")] // R4: a contained resource is no match of its own
    public void A_chain_leads_into_contained_resources(string query, string found)
    {
        var record = Searched.Record(("MedicationRequest", "r", """
            'contained':[{'resourceType':'Medication','id':'n','code':{'coding':[{'code':'778'}]}},
              {'resourceType':'Medication','id':'m','code':{'coding':[{'system':'urn:m','code':'777'}]},'manufacturer':{'reference':'#o'}}],
            'medicationReference':{'reference':'#m'}
            """));
        Assert.Equal(found, Searched.Ids(record, query));
    }
}
