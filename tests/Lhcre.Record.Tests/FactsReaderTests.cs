using System.Text;
using System.Text.Json;
using CsCheck;

namespace Lhcre.Record.Tests;

public class FactsReaderTests
{
    [Theory]
    [InlineData("Observation", """{"subject":{"reference":"Patient/p1"}}""", "p1")]
    [InlineData("Observation", """{"subject":{"reference":"Patient/p1/_history/3"}}""", "p1")]
    [InlineData("Observation", """{"subject":{"reference":"Patient\/p\u0031","display":"x"}}""", "p1")]
    [InlineData("Observation", """{"subject":{"display":"x","type":"Patient","reference":"Patient/p1"}}""", "p1")]
    [InlineData("Observation", """{"subject":{"reference":"Group/g1"}}""", null)]
    [InlineData("Observation", """{"subject":{"reference":"https://example.org/fhir/Patient/p1"}}""", null)] // made relative by who knows the base, or nobody's
    [InlineData("Observation", """{"subject":{"reference":"#p1"}}""", null)]
    [InlineData("Observation", """{"subject":{"reference":"urn:uuid:1"}}""", null)]
    [InlineData("Observation", """{"subject":{"reference":"Patient"}}""", null)]
    [InlineData("Observation", """{"subject":{"reference":"Patient/p1/x/y"}}""", null)]
    [InlineData("Observation", """{"subject":{"reference":"Patient/p_1"}}""", null)]
    [InlineData("Observation", """{"patient":{"reference":"Patient/p1"}}""", null)] // not what names an Observation's subject
    [InlineData("Observation", """{"performer":[{"reference":"Patient/p1"}]}""", null)]
    [InlineData("Observation", """{"contained":[{"subject":{"reference":"Patient/p1"}}]}""", null)]
    [InlineData("AllergyIntolerance", """{"patient":{"reference":"Patient/p1"}}""", "p1")]
    [InlineData("Immunization", """{"patient":{"reference":"Patient/p1"}}""", "p1")]
    [InlineData("Coverage", """{"beneficiary":{"reference":"Patient/p1"}}""", "p1")]
    [InlineData("Task", """{"for":{"reference":"Patient/p1"}}""", "p1")]
    [InlineData("Device", """{"patient":{"reference":"Patient/p1"}}""", "p1")]
    [InlineData("Practitioner", """{"subject":{"reference":"Patient/p1"}}""", null)]
    [InlineData("Patient", """{"link":[{"other":{"reference":"Patient/p1"}}]}""", "own")]
    public void The_subject_is_the_Patient_in_the_element_that_names_it(string type, string json, string? expected) =>
        Assert.Equal(expected, Read(type, json).SubjectId);

    [Theory]
    [InlineData("Appointment", """{"participant":[{"actor":{"reference":"Practitioner/d"}},{"actor":{"reference":"Patient/p1"}}]}""", "p1", false)]
    [InlineData("Appointment", """{"participant":[{"actor":{"reference":"Patient/p1"}},{"actor":{"reference":"Patient/p1"}}]}""", "p1", false)]
    [InlineData("Appointment", """{"participant":[{"actor":{"reference":"Patient/p1"}},{"actor":{"reference":"Patient/p2"}}]}""", null, true)]
    [InlineData("Appointment", """{"participant":[{"actor":{"reference":"Location/l"}}]}""", null, false)]
    [InlineData("Provenance", """{"target":[{"reference":"Patient/p1"},{"reference":"Condition/c"}]}""", "p1", false)]
    [InlineData("AuditEvent", """{"entity":[{"what":{"reference":"Patient/p1"}}]}""", "p1", false)]
    [InlineData("Person", """{"link":[{"target":{"reference":"Patient/p1"}}]}""", "p1", false)]
    [InlineData("Observation", """{"performer":[{"reference":"Patient/p1"},{"reference":"Patient/p2"}]}""", null, false)]
    public void Types_whose_subject_is_nested_are_about_the_one_Patient_that_they_name(string type, string json, string? expected, bool several)
    {
        var facts = Read(type, json);
        Assert.Equal((expected, several), (facts.SubjectId, facts.NamesSeveralPatients));
    }

    [Fact]
    public void A_logical_reference_names_the_subject_by_its_identifier()
    {
        var facts = Read("Observation", """{"subject":{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":" 9990000018 "}}}""");
        Assert.Equal(new Identifier(NhsNumber.System, "9990000018", null), facts.SubjectIdentifier);
        Assert.Null(facts.SubjectId);
        Assert.Empty(facts.Identifiers);
    }

    [Theory]
    [InlineData("""[{"system":"s","value":"v"}]""", "s|v|")]
    [InlineData("""{"system":"s","value":"v"}""", "s|v|")] // the single value that some send instead of a list
    [InlineData("""[{"value":"v"}]""", "|v|")]
    [InlineData("""[{"system":"","value":"v"}]""", "|v|")]
    [InlineData("""[{"system":" s ","value":" v "}]""", "s|v|")]
    [InlineData("""[{"system":"s"},{"system":"s","value":""},{"system":"s","value":"  "},{}]""", "")]
    [InlineData("""[{"value":"v","type":{"coding":[{"system":"t","code":"PLAC"},{"code":"FILL"}]},"system":"s"}]""", "s|v|PLAC")]
    [InlineData("""[{"value":"v","type":{"text":"PLAC"},"system":"s"}]""", "s|v|")]
    [InlineData("""[{"value":"b","system":"s"},{"value":"a","system":"s"}]""", "s|b| s|a|")]
    [InlineData("""[{"value":"v\u0031","system":"\u0073","assigner":{"identifier":{"value":"no"}}}]""", "s|v1|")]
    [InlineData("""[7,null,"x",[{"value":"no"}],{"value":7,"system":"s"},{"value":{"value":"no"}}]""", "")]
    [InlineData("\"x\"", "")]
    [InlineData("null", "")]
    public void Identifiers_with_a_value_are_read_in_order(string json, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read("Observation", $$$"""{"identifier":{{{json}}}}""").Identifiers.Select(i => $"{i.System}|{i.Value}|{i.TypeCode}")));

    [Theory]
    [InlineData("01", "01")]
    [InlineData("08", "08")]
    [InlineData("number-present-and-verified", "01")]
    [InlineData("number-present-but-not-traced", "02")]
    [InlineData("trace-required", "03")]
    [InlineData("trace-attempted", "04")]
    [InlineData("trace-needs-to-be-resolved", "05")]
    [InlineData("trace-in-progress", "06")]
    [InlineData("number-not-present-and-trace-not-required", "07")]
    [InlineData("trace-postponed", "08")]
    [InlineData("something-else", "something-else")]
    public void The_status_of_the_NHS_number_is_the_code_of_its_extension_the_retired_words_as_numbers(string code, string expected)
    {
        var identifier = Status(NhsNumber.System, "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus", code);
        Assert.Equal(expected, Read("Patient", $$$"""{"identifier":[{"value":"x"},{{{identifier}}}]}""").NhsNumberStatus);
        Assert.Equal(expected, Read("Patient", $$$"""{"identifier":{{{identifier}}}}""").NhsNumberStatus);
        Assert.Null(Read("Observation", $$$"""{"subject":{"identifier":{{{identifier}}}}}""").NhsNumberStatus);
    }

    [Theory]
    [InlineData("https://fhir.nhs.uk/Id/local", "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus")]
    [InlineData("https://fhir.nhs.uk/Id/nhs-number", "https://example.org/other")]
    public void Another_identifiers_extension_or_another_extension_is_no_status(string system, string extension) =>
        Assert.Null(Read("Patient", $$$"""{"identifier":[{{{Status(system, extension, "01")}}}]}""").NhsNumberStatus);

    [Theory]
    [InlineData("Observation", "code")]
    [InlineData("ServiceRequest", "code")]
    [InlineData("Immunization", "vaccineCode")]
    [InlineData("MedicationStatement", "medicationCodeableConcept")]
    [InlineData("MedicationDispense", "medicationCodeableConcept")]
    public void Codes_are_all_codings_of_what_the_resource_says(string type, string element)
    {
        var facts = Read(type, $$$"""{"{{{element}}}":{"text":"t","coding":[{"system":"s","code":"1","display":"d"},{"code":"2"},{"system":"s"},7]},"category":{"coding":[{"code":"no"}]}}""");
        Assert.Equal<Coding>([new Coding("s", "1"), new Coding(null, "2")], facts.Codes);
    }

    [Theory]
    [InlineData("""{"code":"final"}""")]
    [InlineData("""{"code":["x"]}""")]
    [InlineData("""{"code":{"coding":{"code":7}}}""")]
    [InlineData("""{"code":{"coding":"x"}}""")]
    [InlineData("""{"code":{"text":"x"}}""")]
    [InlineData("""{"code":null}""")]
    public void A_code_of_another_kind_gives_no_coding(string json) => Assert.Empty(Read("Observation", json).Codes);

    [Fact]
    public void Meta_gives_the_version_the_time_and_the_labels()
    {
        var facts = Read("Observation", """
            {"meta":{"profile":["p"],"security":[{"system":"s","code":"R","display":"d"},{"display":"none"}],"versionId":"7","lastUpdated":"2025-06-01T13:00:00.5+01:00"}}
            """);
        Assert.Equal("7", facts.VersionId);
        Assert.Equal(new DateTimeOffset(2025, 6, 1, 12, 0, 0, 500, TimeSpan.Zero), facts.LastUpdated);
        Assert.Equal<Coding>([new Coding("s", "R")], facts.Security);
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""[{"versionId":"no"}]""")]
    [InlineData("""{"versionId":7,"lastUpdated":{"x":1},"security":"R"}""")]
    [InlineData("""{"versionId":["7"],"lastUpdated":"today","security":{"display":"no code"}}""")]
    public void A_meta_of_another_kind_says_nothing(string meta)
    {
        var facts = Read("Observation", $$$"""{"meta":{{{meta}}},"subject":{"reference":"Patient/p1"}}""");
        Assert.Equal((null, null, 0, "p1"), (facts.VersionId, facts.LastUpdated, facts.Security.Length, facts.SubjectId));
    }

    [Theory]
    [InlineData("2025-06-01T12:00:00Z", true)]
    [InlineData("2025-06-01T12:00:00.123456789Z", true)]
    [InlineData("2025-06-01T12:00:00+01:00", true)]
    [InlineData("2025-06-01T12:00:00-05:00", true)]
    [InlineData("2025-06-01T12:00:00", false)] // no zone
    [InlineData("2025-06-01T12:00Z", false)]
    [InlineData("2025-06-01", false)] // no time
    [InlineData("2025-06", false)]
    [InlineData("2025", false)]
    [InlineData("2025-06-31T12:00:00Z", false)]
    [InlineData("2025-06-01T25:00:00Z", false)]
    [InlineData("2025-06-01 12:00:00Z", false)]
    [InlineData("0001-01-01T00:00:00Z", false)] // what software writes that has none
    [InlineData("0001-01-01T00:00:00+01:00", false)]
    [InlineData("01 June 2025 at 12:00:00Z", false)]
    [InlineData("", false)]
    public void An_instant_has_a_day_a_time_and_a_zone(string text, bool expected) =>
        Assert.Equal(expected, Read("Observation", $$$"""{"meta":{"lastUpdated":"{{{text}}}"}}""").LastUpdated is not null);

    [Fact]
    public void Recorded_is_the_lastUpdated_else_the_first_recording_element_that_is_an_instant()
    {
        string[] believed = ["issued", "recordedDate", "recorded", "dateAsserted", "authoredOn", "created", "date"];
        for (var i = 0; i < believed.Length; i++)
        {
            // The others come before it in the text, and say another year.
            var members = believed.Skip(i).Select((name, rank) => $"\"{name}\":\"{2010 + i + rank}-01-01T00:00:00Z\"").Reverse();
            Assert.Equal(2010 + i, Read("Observation", $"{{{string.Join(',', members)}}}").Recorded?.Year);
        }

        Assert.Equal(2020, Read("Observation", """{"issued":"2010-01-01T00:00:00Z","meta":{"lastUpdated":"2020-01-01T00:00:00Z"}}""").Recorded?.Year);
        Assert.Equal(2012, Read("Observation", """{"issued":"2010-01-01","recordedDate":"2012-01-01T00:00:00Z"}""").Recorded?.Year);
        Assert.Null(Read("Observation", """{"date":"2010-01-01","created":{"x":"2010-01-01T00:00:00Z"},"effectiveDateTime":"2010-01-01T00:00:00Z"}""").Recorded);
    }

    [Theory]
    [InlineData("""{"subject":"Patient/p1"}""")]
    [InlineData("""{"subject":[{"reference":"Patient/p1"}]}""")]
    [InlineData("""{"subject":{"reference":7}}""")]
    [InlineData("""{"subject":{"reference":["Patient/p1"],"identifier":"x"}}""")]
    [InlineData("""{"subject":{"identifier":[{"value":"x"}]}}""")]
    [InlineData("""{"subject":null}""")]
    public void A_subject_of_another_kind_names_nobody(string json)
    {
        var facts = Read("Observation", json);
        Assert.Null(facts.SubjectId);
        Assert.Null(facts.SubjectIdentifier);
    }

    [Fact]
    public void Whatever_the_object_it_is_read_without_an_exception() =>
        Gen.Select(JsonValues.Objects, Gen.OneOf("Observation", "Patient", "Appointment", "Practitioner", "Unheard")).Sample(
            (json, type) => Assert.NotNull(FactsReader.Read(type, "own", Encoding.UTF8.GetBytes(json))), iter: 1_000);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":")]
    [InlineData("""{"meta":{"versionId":"\ud800"}}""")]
    public void Anything_but_one_JSON_object_in_Unicode_is_a_JsonException(string json) =>
        Assert.ThrowsAny<JsonException>(() => Read("Observation", json));

    [Theory]
    [InlineData("Patient/1", "Patient", "1")]
    [InlineData("Patient/1/_history/2", "Patient", "1")]
    [InlineData("Practitioner/a-b.C", "Practitioner", "a-b.C")]
    [InlineData("patient/1", null, null)]
    [InlineData("Patient/", null, null)]
    [InlineData("/1", null, null)]
    [InlineData("Patient/1/2", null, null)]
    [InlineData("Patient/1/history/2", null, null)]
    [InlineData("Patient?identifier=x", null, null)]
    [InlineData("#1", null, null)]
    [InlineData("", null, null)]
    [InlineData("https://example.org/fhir/Patient/1", null, null)]
    [InlineData("urn:uuid:1", null, null)]
    public void A_reference_names_its_own_sources_entry_by_type_and_id(string reference, string? type, string? id) =>
        Assert.Equal(type is null ? null : new EntryKey("dorset", type, id!), Fragment.LocalTarget("dorset", reference));

    private static Facts Read(string type, string json) => FactsReader.Read(type, "own", Encoding.UTF8.GetBytes(json));

    private static string Status(string system, string extension, string code) =>
        $$$"""{"system":"{{{system}}}","extension":[{"url":"https://example.org/x"},{"url":"{{{extension}}}","valueCodeableConcept":{"coding":[{"code":"{{{code}}}"}]}}],"value":"9990000018"}""";
}
