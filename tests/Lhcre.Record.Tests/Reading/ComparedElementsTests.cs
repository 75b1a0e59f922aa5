namespace Lhcre.Record.Tests.Reading;

/// <summary>What of each type is compared, type by type (CLINICAL.md, "What makes two entries the same fact").</summary>
public class ComparedElementsTests
{
    [Theory]
    // A statement is in the codes of its substance, wherever that stands.
    [InlineData("AllergyIntolerance", "'code':{'coding':[{'system':'s','code':'1'}]},'reaction':[{'substance':{'coding':[{'code':'no'}]}}]", "s|1", null)]
    [InlineData("AllergyIntolerance", "'reaction':[{'substance':{'coding':[{'system':'s','code':'1'}]}},{'substance':{'coding':[{'system':'s','code':'2'}]}}]", "s|1 s|2", null)]
    [InlineData("AllergyIntolerance", "'reaction':{'substance':{'coding':{'system':'s','code':'1'}}}", "s|1", null)]
    [InlineData("AllergyIntolerance", "'code':{'text':'Penicillin!'}", "", "penicillin")]
    [InlineData("AllergyIntolerance", "'code':{'text':'Penicillin'},'reaction':[{'substance':{'coding':[{'system':'s','code':'1'}]}}]", "s|1", null)]
    [InlineData("AllergyIntolerance", "'reaction':[{'substance':{'text':'Nuts'}},{'substance':{'text':'Eggs'}}]", "", "eggs")]
    [InlineData("AllergyIntolerance", "'reaction':[{'manifestation':[{'coding':[{'code':'no'}]}]},7,null]", "", null)]
    [InlineData("Condition", "'code':{'coding':[{'system':'s','code':'1'},{'system':'t','code':'2'}],'text':'Asthma'}", "s|1 t|2", null)]
    [InlineData("Condition", "'code':{'text':'Ast\\u0068ma'}", "", "asthma")]
    [InlineData("Condition", "'code':{'coding':[{'system':'s','display':'Asthma'}]}", "", "asthma")]
    [InlineData("Condition", "'code':{'coding':[{'display':'no'}],'text':'Asthma'}", "", "asthma")]
    [InlineData("Condition", "'code':{'text':' - '}", "", null)]
    [InlineData("MedicationStatement", "'medicationCodeableConcept':{'coding':[{'system':'s','code':'1'}]}", "s|1", null)]
    [InlineData("MedicationRequest", "'medicationCodeableConcept':{'coding':[{'system':'s','code':'1'}]}", "s|1", null)]
    // A contained Medication, whether before the reference or behind it.
    [InlineData("MedicationStatement", "'contained':[{'resourceType':'Medication','id':'m','code':{'coding':[{'system':'s','code':'1'}]}}],'medicationReference':{'reference':'#m'}", "s|1", null)]
    [InlineData("MedicationRequest", "'medicationReference':{'reference':'#m'},'contained':[{'id':'n','code':{'coding':[{'code':'no'}]}},{'code':{'coding':[{'system':'s','code':'1'}]},'id':'m'}]", "s|1", null)]
    [InlineData("MedicationRequest", "'medicationReference':{'reference':'#m'},'contained':{'id':'m','code':{'coding':{'code':'1'}}}", "|1", null)]
    [InlineData("MedicationRequest", "'medicationReference':{'reference':'#m'},'contained':[{'id':'m','code':{'text':'Aspirin'}}]", "", "aspirin")]
    [InlineData("MedicationRequest", "'medicationReference':{'reference':'#m','display':'no'},'contained':[{'id':'n'},7]", "", null)]
    [InlineData("MedicationRequest", "'medicationReference':{'display':'Aspirin 75 mg'}", "", "aspirin 75 mg")]
    [InlineData("MedicationRequest", "'medicationReference':{'reference':'Medication/m','display':'Aspirin'}", "", null)]
    [InlineData("Immunization", "'vaccineCode':{'coding':[{'system':'s','code':'1'}]},'code':{'coding':[{'code':'no'}]}", "s|1", null)]
    [InlineData("Observation", "'code':{'coding':[{'system':'s','code':'1'}]},'category':[{'coding':[{'code':'no'}]}]", "s|1", null)]
    [InlineData("Procedure", "'code':{'coding':[{'system':'s','code':'1'}]}", "s|1", null)]
    [InlineData("DiagnosticReport", "'code':{'coding':[{'system':'s','code':'1'}]},'conclusionCode':[{'coding':[{'code':'no'}]}]", "s|1", null)]
    [InlineData("Encounter", "'type':[{'coding':[{'code':'no'}]}],'code':{'coding':[{'code':'no'}]}", "", null)]
    [InlineData("DocumentReference", "'type':{'coding':[{'code':'no'}]}", "", null)]
    [InlineData("ServiceRequest", "'code':{'coding':[{'system':'s','code':'1'}]}", "s|1", null)]
    public void Codes_and_words_say_what_it_is(string type, string members, string codes, string? words)
    {
        var facts = ReadFacts.Of(type, members);
        Assert.Equal((codes, words), (string.Join(' ', facts.Codes.Select(c => $"{c.System}|{c.Code}")), facts.Words));
    }

    [Theory]
    [InlineData("Condition", "'onsetDateTime':'2024-05'", "2024-05")]
    [InlineData("Condition", "'onsetPeriod':{'end':'2025','start':'2024-05-12'}", "2024-05-12")]
    [InlineData("Condition", "'recordedDate':'2024-05-12','onsetString':'2024','onsetAge':{'value':7},'abatementDateTime':'2025'", "")]
    [InlineData("AllergyIntolerance", "'onsetDateTime':'2024-05-12','recordedDate':'2024-05-12'", "")]
    [InlineData("MedicationStatement", "'effectiveDateTime':'2024-05-12T09:30:00Z','dateAsserted':'2025-01-01'", "2024-05-12T09:30Z")]
    [InlineData("MedicationStatement", "'effectivePeriod':{'start':'2024-05-12'}", "2024-05-12")]
    [InlineData("MedicationRequest", "'authoredOn':'2024-05-12'", "2024-05-12")]
    [InlineData("Immunization", "'occurrenceDateTime':'2024-05-12','recorded':'2025-01-01'", "2024-05-12")]
    [InlineData("Immunization", "'occurrenceString':'2024-05-12'", "")]
    [InlineData("Observation", "'effectiveDateTime':'2024-06-30T23:30:00Z','issued':'2025-01-01T00:00:00Z'", "2024-06-30T23:30Z")]
    [InlineData("Observation", "'effectiveInstant':'2024-05-12T09:30:00+01:00'", "2024-05-12T08:30Z")]
    [InlineData("Observation", "'effectivePeriod':{'start':'2024-05-12'}", "2024-05-12")]
    [InlineData("Procedure", "'performedDateTime':'2024'", "2024")]
    [InlineData("Procedure", "'performedPeriod':{'start':'2024'}", "2024")]
    [InlineData("DiagnosticReport", "'effectiveDateTime':'2024-05-12','issued':'2025-01-01T00:00:00Z'", "2024-05-12")]
    [InlineData("DiagnosticReport", "'effectivePeriod':{'start':'2024-05-12'}", "2024-05-12")]
    [InlineData("Encounter", "'period':{'start':'2024-05-12T09:30:00Z','end':'2024-05-12T10:30:00Z'}", "2024-05-12T09:30Z")]
    [InlineData("DocumentReference", "'date':'2024-05-12T09:30:00Z'", "")]
    [InlineData("CarePlan", "'period':{'start':'2024-05-12'},'created':'2024-05-12'", "")]
    // One element that cannot be read leaves the other.
    [InlineData("Condition", "'onsetPeriod':{'start':'2024-05'},'onsetDateTime':'yesterday'", "2024-05")]
    [InlineData("Condition", "'onsetDateTime':'2024','onsetPeriod':{'start':'2023'}", "2024")]
    [InlineData("Condition", "'onsetDateTime':['2024']", "")]
    [InlineData("Condition", "'onsetPeriod':'2024'", "")]
    [InlineData("Condition", "'onsetPeriod':[{'start':'2024'}]", "")]
    public void It_was_when_its_type_dates_it(string type, string members, string expected) => Assert.Equal(expected, ReadFacts.Of(type, members).When.ToString());

    [Fact]
    public void What_a_request_was_authored_on_is_also_when_it_was_recorded() =>
        Assert.Equal(2024, ReadFacts.Of("MedicationRequest", "'authoredOn':'2024-05-12T09:30:00Z'").Recorded?.Year);

    [Theory]
    [InlineData("MedicationStatement", "active", "active")]
    [InlineData("MedicationStatement", "intended", "active")]
    [InlineData("MedicationStatement", "on-hold", "on-hold")]
    [InlineData("MedicationStatement", "completed", "ended")]
    [InlineData("MedicationStatement", "stopped", "ended")]
    [InlineData("MedicationStatement", "not-taken", "not-taken")]
    [InlineData("MedicationStatement", "unknown", null)]
    [InlineData("MedicationStatement", "draft", null)]
    [InlineData("MedicationRequest", "active", "active")]
    [InlineData("MedicationRequest", "draft", "draft")]
    [InlineData("MedicationRequest", "on-hold", "on-hold")]
    [InlineData("MedicationRequest", "completed", "ended")]
    [InlineData("MedicationRequest", "stopped", "ended")]
    [InlineData("MedicationRequest", "cancelled", "cancelled")]
    [InlineData("MedicationRequest", "unknown", null)]
    [InlineData("Immunization", "completed", "completed")]
    [InlineData("Immunization", "not-done", "not-done")]
    [InlineData("Procedure", "completed", "done")]
    [InlineData("Procedure", "in-progress", "done")]
    [InlineData("Procedure", "not-done", "not-done")]
    [InlineData("Procedure", "preparation", "prepared")]
    [InlineData("Observation", "cancelled", "cancelled")]
    [InlineData("Observation", "final", null)]
    [InlineData("Observation", "corrected", null)]
    [InlineData("DiagnosticReport", "cancelled", "cancelled")]
    [InlineData("DiagnosticReport", "final", null)]
    [InlineData("Encounter", "cancelled", "cancelled")]
    [InlineData("Encounter", "finished", null)]
    [InlineData("DocumentReference", "superseded", null)]
    [InlineData("CarePlan", "completed", null)]
    public void Status_counts_as_far_as_it_tells_of_the_fact(string type, string status, string? expected)
    {
        var facts = ReadFacts.Of(type, $"'status':'{status}'");
        Assert.Equal((expected, false), (facts.Parts.Select(p => p.Value).SingleOrDefault(), facts.IsEnteredInError));
    }

    [Theory]
    [InlineData("Observation", "'status':'entered-in-error'", true)]
    [InlineData("MedicationStatement", "'status':'entered-in-error'", true)]
    [InlineData("CarePlan", "'status':'entered-in-error'", true)]
    [InlineData("DocumentReference", "'status':'entered-in-error'", true)]
    [InlineData("Condition", "'verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'entered-in-error'}]}", true)]
    [InlineData("AllergyIntolerance", "'verificationStatus':{'coding':[{'code':'x'},{'code':'entered-in-error'}]}", true)]
    [InlineData("AllergyIntolerance", "'verificationStatus':'entered-in-error'", true)]
    [InlineData("Observation", "'status':['entered-in-error']", false)]
    [InlineData("Observation", "'code':{'coding':[{'code':'entered-in-error'}]}", false)]
    public void Entered_in_error_takes_it_back_and_states_no_status(string type, string members, bool expected)
    {
        var facts = ReadFacts.Of(type, members);
        Assert.Equal((expected, 0), (facts.IsEnteredInError, facts.Parts.Length));
    }

    [Theory]
    [InlineData("'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]}", "ClinicalStatus active")]
    [InlineData("'clinicalStatus':{'coding':[{'system':'local','code':'A'},{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]}", "ClinicalStatus active")]
    [InlineData("'clinicalStatus':{'coding':[{'system':'local','code':'A'}]}", "ClinicalStatus A")]
    [InlineData("'clinicalStatus':'active'", "ClinicalStatus active")] // as STU3 had it
    [InlineData("'clinicalStatus':{'text':'active'},'verificationStatus':7", "")]
    [InlineData("'verificationStatus':{'coding':[{'code':'refuted'}]}", "VerificationStatus refuted")]
    public void Clinical_and_verification_status_are_their_codes(string members, string expected)
    {
        Assert.Equal(expected, ReadFacts.Parts("Condition", members));
        Assert.Equal(expected, ReadFacts.Parts("AllergyIntolerance", members));
    }

    [Theory]
    [InlineData("AllergyIntolerance", "'criticality':'high'", "Criticality high")]
    [InlineData("AllergyIntolerance", "'criticality':'unable-to-assess'", "")]
    [InlineData("Condition", "'bodySite':[{'coding':[{'system':'s','code':'left'},{'code':'l'}]},{'text':'Knee, left'}]", "BodySite l; BodySite s=left; BodySite text=knee left")]
    [InlineData("Observation", "'bodySite':{'coding':[{'system':'s','code':'left'}]}", "BodySite s=left")]
    [InlineData("Procedure", "'bodySite':[{'coding':[{'system':'s','code':'left'}]}]", "BodySite s=left")]
    [InlineData("MedicationRequest", "'medicationReference':{'reference':'Medication/m'}", "Medication Medication=m")]
    [InlineData("MedicationRequest", "'medicationReference':{'reference':'Medication/m/_history/2'}", "Medication Medication=m")]
    [InlineData("MedicationRequest", "'medicationReference':{'reference':'Substance/m'}", "")]
    [InlineData("DiagnosticReport", "'result':[{'reference':'Observation/b'},{'reference':'Observation/a'},{'reference':'Observation/b'},{'reference':'#c'},{'display':'x'}]", "Result Observation=a; Result Observation=b")]
    [InlineData("DiagnosticReport", "'result':{'reference':'Observation/b'}", "Result Observation=b")]
    [InlineData("Encounter", "'class':{'system':'s','code':'AMB'},'serviceProvider':{'reference':'Organization/o'},'identifier':[{'value':'V1'},{'system':'s','value':'V2'}]", "Class s=AMB; Visit V1; Organization Organization=o")]
    [InlineData("Encounter", "'class':[{'code':'AMB'}],'serviceProvider':{'reference':'https://elsewhere.example/Organization/o'}", "Class AMB")]
    [InlineData("Observation", "'identifier':[{'value':'V1'}]", "")]
    public void The_rest_is_compared_as_parts_in_order_each_once(string type, string members, string expected) =>
        Assert.Equal(expected, ReadFacts.Parts(type, members));

    [Theory]
    [InlineData("'content':[{'attachment':{'hash':'2jmj7l5rSw0yVb/vlWAYkK/YBwk='}}]", "sha1=2jmj7l5rSw0yVb/vlWAYkK/YBwk=")]
    [InlineData("'content':[{'attachment':{'data':'','hash':'2jmj7l5rSw0yVb/vlWAYkK/YBwk='}}]", "sha1=2jmj7l5rSw0yVb/vlWAYkK/YBwk=")]
    [InlineData("'content':[{'attachment':{'data':'YWJj'}}]", "sha1=qZk+NkcGgWq6PiVxeFDCbJzQ2J0=")] // SHA-1 of abc, FIPS 180-4
    [InlineData("'content':{'attachment':{'data':'YWJj'}}", "sha1=qZk+NkcGgWq6PiVxeFDCbJzQ2J0=")]
    [InlineData("'content':[{'attachment':{'data':'Y\\u0057Jj'}},{'attachment':{'hash':'h'}}]", "sha1=h; sha1=qZk+NkcGgWq6PiVxeFDCbJzQ2J0=")]
    [InlineData("'content':[{'attachment':{'hash':'stated','data':'YWJj'}}]", "sha1=stated")]
    [InlineData("'content':[{'attachment':{'url':'https://example.org/a'}},{'attachment':{'data':'no; base64'}},{'attachment':7},7]", "")]
    public void A_document_is_known_by_the_hash_of_its_attachment(string members, string expected) =>
        Assert.Equal(expected, ReadFacts.Of(FactElement.Attachment, "DocumentReference", members));

    [Fact]
    public void A_documents_master_identifier_is_one_of_its_identifiers() =>
        Assert.Equal<Identifier>(
            [new Identifier("s", "master", null), new Identifier("s", "other", null)],
            ReadFacts.Of("DocumentReference", "'masterIdentifier':{'system':'s','value':'master'},'identifier':[{'system':'s','value':'other'}]").Identifiers);

    [Theory]
    [InlineData("'birthDate':'1980-05-12'", "BirthDate 1980-05-12")]
    [InlineData("'birthDate':'1980'", "BirthDate 1980")]
    [InlineData("'birthDate':'12/05/1980'", "")]
    [InlineData("'deceasedBoolean':false", "Deceased false")]
    [InlineData("'deceasedBoolean':true", "Deceased true")]
    [InlineData("'deceasedDateTime':'2024-05'", "Deceased true; Deceased date=2024-05")]
    [InlineData("'deceasedDateTime':'2024-05-12T09:30:00Z'", "Deceased true; Deceased date=2024-05-12T09:30Z")]
    [InlineData("'deceasedDateTime':'long ago'", "Deceased true")]
    [InlineData("'deceasedBoolean':'no'", "")]
    [InlineData("'gender':'female'", "Gender female")]
    [InlineData("'name':[{'family':'O\\u0027Neill','given':['Siân','Mary']},{'use':'maiden','family':'Smith-Jones'},{'text':'no'}]", "FamilyName oneill; FamilyName smith jones; GivenName sian")]
    [InlineData("'name':{'family':['Smith'],'given':'Jim'}", "FamilyName smith; GivenName jim")]
    [InlineData("'name':[{'family':'-','given':[null,7,' ','Jim']}]", "GivenName jim")]
    [InlineData("'contact':[{'name':{'family':'no'}}]", "")]
    public void A_Patient_is_known_by_date_of_birth_gender_and_names(string members, string expected) => Assert.Equal(expected, ReadFacts.Parts("Patient", members));
}
