namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>ORC, RXA, RXR and OBX → Immunization, row by row of ORC[Immunization], RXA[Immunization] and RXR[Immunization].</summary>
public class ImmunizationMapTests
{
    private const string Pid = "PID|||633^^^R0A^MR";
    private const string Orc = "ORC|RE|P1^GP|V1^REG||||||202603091000|||C2^Jones^Jo^^^Dr^^^GMP";
    private const string Rxa = "RXA|0|1|202603090930||39114911000001105^COVID-19 vaccine^SCT^208^COVID^CVX|0.3|mL^millilitre^UCUM||00^New^NIP001|C1^Lee^Ann^^^^^^NMC|^^^SURGERY||||LOT7|20270101|PFR^Pfizer^MVX||840539006^COVID^SCT|CP|A|202603091005";

    /// <summary>The row, RXA or what stands in its place, what follows it, where to look, and what is there.</summary>
    public static TheoryData<string, string, string, string, string> Rows() => new()
    {
        { "ORC-2, ORC rows 4 to 6", Rxa, "", "Immunization.identifier[0].type.coding[0].code", "PLAC" },
        { "ORC-3, ORC rows 7 to 9", Rxa, "", "Immunization.identifier[1].value", "V1" },
        { "ORC-3: id", Rxa, "", "Immunization.id", "REG.V1" },
        { "ORC-12, ORC rows 19 to 21", Rxa, "", "Immunization.performer[1].function.coding[0].code", "OP" },
        { "ORC-28, ORC row 37", $"ORC|RE||V9^REG{new string('|', 25)}R\r{Rxa}", "", "Immunization.meta.security[0].code", "R" },
        { "RXA-3, row 5", Rxa, "", "Immunization.occurrenceDateTime", "2026-03-09T09:30:00+00:00" },
        { "RXA-3, row 5: no date", "RXA|0|1|201501011||1^A^CVX", "", "Immunization.occurrenceString", "201501011" },
        { "RXA-5, row 7", Rxa, "", "Immunization.vaccineCode.coding[0].system", "http://snomed.info/sct" },
        { "RXA-5, row 7", Rxa, "", "Immunization.vaccineCode.coding[1]", """{"system":"http://hl7.org/fhir/sid/cvx","code":"208","display":"COVID"}""" },
        { "RXA-5, row 7: nothing", "RXA|0|1|20260101", "", "Immunization.vaccineCode.coding[0].code", "unknown" },
        { "RXA-6 and RXA-7, rows 8 and 9", Rxa, "", "Immunization.doseQuantity", """{"value":0.3,"unit":"millilitre","system":"http://unitsofmeasure.org","code":"mL"}""" },
        { "RXA-6 unknown", "RXA|0|1|20260101||1^A^CVX|999", "", "Immunization.doseQuantity", "" },
        { "RXA-9, row 11", Rxa, "", "Immunization.primarySource", "true" },
        { "RXA-9, row 11: history", "RXA|0|1|20260101||1^A^CVX||||01^historical^NIP001", "", "Immunization.primarySource", "false" },
        { "RXA-9, row 11: history", "RXA|0|1|20260101||1^A^CVX||||01^historical^NIP001", "", "Immunization.reportOrigin.coding[0].display", "historical" },
        { "RXA-9, row 11: notes", "RXA|0|1|20260101||1^A^CVX||||^left arm sore", "", "Immunization.note[0].text", "left arm sore" },
        { "RXA-10, rows 12 to 14", Rxa, "", "Immunization.performer[0].function.coding[0].code", "AP" },
        { "RXA-10: twice the same", Rxa.Replace("NMC|", "NMC~C1^Lee^Ann^^^^^^NMC|", StringComparison.Ordinal), "", "Immunization.performer[1].function.coding[0].code", "OP" },
        { "RXA-10, rows 12 to 14", Rxa, "", "Practitioner.identifier[0].system", "https://fhir.hl7.org.uk/Id/nmc-number" },
        { "RXA-11", Rxa, "", "Immunization.location.display", "SURGERY" },
        { "RXA-15, row 19", Rxa, "", "Immunization.lotNumber", "LOT7" },
        { "RXA-16, row 20", Rxa, "", "Immunization.expirationDate", "2027-01-01" },
        { "RXA-17, row 21", Rxa, "", "Immunization.manufacturer.display", "Pfizer" },
        { "RXA-18, row 22", "RXA|0|1|20260101||1^A^CVX|||||||||||||PATOBJ^Declined^L||RE", "", "Immunization.statusReason.coding[0].display", "Declined" },
        { "RXA-19, row 23", Rxa, "", "Immunization.reasonCode[0].coding[0].code", "840539006" },
        { "RXA-22, row 27", Rxa, "", "Immunization.recorded", "2026-03-09T10:05:00+00:00" },
        { "ORC-9, ORC row 16", "RXA|0|1|20260101||1^A^CVX", "", "Immunization.recorded", "2026-03-09T10:00:00+00:00" },
        { "RXR-1, RXR row 3", Rxa, "RXR|IM^Intramuscular^HL70162|LA^Left arm^HL70163", "Immunization.route.coding[0]", """{"system":"http://terminology.hl7.org/CodeSystem/v2-0162","code":"IM","display":"Intramuscular"}""" },
        { "RXR-2, RXR row 4", Rxa, "RXR|IM|LA^Left arm^HL70163", "Immunization.site.coding[0].display", "Left arm" },
        { "NTE", Rxa, "NTE|1||given late", "Immunization.note[0].text", "given late" },
        { "OBX 64994-7", Rxa, "OBX|1|CE|64994-7^eligibility^LN|1|V02^Eligible^HL70064||||||F", "Immunization.programEligibility[0].coding[0].code", "V02" },
        { "OBX 30963-3", Rxa, "OBX|1|CE|30963-3^funding^LN|1|VXC2^State^L||||||F", "Immunization.fundingSource.coding[0].code", "VXC2" },
        { "OBX 30973-2", Rxa, "OBX|1|NM|30973-2^dose^LN|1|2||||||F", "Immunization.protocolApplied[0].doseNumberPositiveInt", "2" },
        { "OBX 48767-8", Rxa, "OBX|1|ST|48767-8^note^LN|1|felt faint||||||F", "Immunization.note[0].text", "felt faint" },
        { "OBX 29768-9", Rxa, "OBX|1|DT|29768-9^VIS^LN|1|20250101||||||F\rOBX|2|DT|29769-7^VIS^LN|1|20260309||||||F", "Immunization.education[0]", """{"documentType":"VIS","publicationDate":"2025-01-01","presentationDate":"2026-03-09"}""" },
        { "OBX 31044-1", Rxa, "OBX|1|CE|31044-1^reaction^LN|1|39579001^Anaphylaxis^SCT||||||F|||20260309", "Immunization.reaction[0]", """{"date":"2026-03-09","detail":{"reference":"Observation/REG.V1.31044-1.1"}}""" },
        { "OBX of another kind", Rxa, "OBX|1|CE|59784-9^presumed immunity^LN|1|38907003^Varicella^SCT||||||F", "Observation.partOf[0].reference", "Immunization/REG.V1" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_has_its_element(string row, string rxa, string behind, string path, string expected) =>
        Assert.Equal((row, expected), (row, Mapped.Of("VXU^V04", Pid, Orc, rxa, behind).At(path)));

    /// <summary>RXA-5, RXA-18, RXA-20, RXA-21 (rows 24 to 26, concept map CompletionStatus) and the status.</summary>
    [Theory]
    [InlineData("1^A^CVX", "", "CP", "A", "completed")]
    [InlineData("1^A^CVX", "", "PA", "A", "completed")]
    [InlineData("1^A^CVX", "", "RE", "A", "not-done")]
    [InlineData("1^A^CVX", "", "NA", "A", "not-done")]
    [InlineData("1^A^CVX", "", "", "", "completed")]
    [InlineData("1^A^CVX", "00^Refused^NIP002", "", "", "not-done")]
    [InlineData("998^No vaccine^CVX", "", "CP", "A", "not-done")]
    [InlineData("998^Another table's^L", "", "CP", "A", "completed")]
    [InlineData("1^A^CVX", "", "CP", "D", "entered-in-error")]
    [InlineData("1^A^CVX", "", "RE", "D", "entered-in-error")]
    public void What_was_refused_is_not_done_and_what_was_deleted_was_an_error(string vaccine, string refusal, string completion, string action, string status) =>
        Assert.Equal(status, Mapped.Of("VXU^V04", Pid, Orc, $"RXA|0|1|20260101||{vaccine}|||||||||||||{refusal}||{completion}|{action}").At("Immunization.status"));

    [Fact]
    public void A_deletion_has_the_id_of_what_it_deletes()
    {
        string Id(string vaccine, string action) => Mapped.Of("VXU^V04", Pid, Orc, $"RXA|0|1|20260101||{vaccine}||||||||||||||||{action}").At("Immunization.id");

        Assert.Equal(Id("1^A^CVX", "A"), Id("2^B^CVX", "D"));
    }

    [Fact]
    public void Different_vaccines_under_one_number_stay_apart()
    {
        var mapped = Mapped.Of("VXU^V04", Pid, Orc, "RXA|0|1|20260101||1^A^CVX", Orc, "RXA|0|1|20260101||2^B^CVX", "ORC|RE||9999^REG", "RXA|0|1|20260101||3^C^CVX|999||||||||||||||RE", "ORC|RE||9999^REG", "RXA|0|1|20260101||4^D^CVX|999||||||||||||||RE");

        Assert.Equal(4, mapped.All("Immunization").Count);
        Assert.DoesNotContain(mapped.All("Immunization"), i => i.ToString().Contains("9999", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_vaccination_twice_in_a_message_is_stated_once_and_named()
    {
        var mapped = Mapped.Of("VXU^V04", Pid, Orc, Rxa, Orc, Rxa);

        Assert.Equal("REG.V1", Assert.Single(mapped.All("Immunization")).GetProperty("id").GetString());
        Assert.Contains("LHC618 RXA[2]", mapped.Issues, StringComparison.Ordinal);
    }
}
