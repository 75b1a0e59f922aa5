namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>PV1 and PV2 → Encounter: the events, and row by row the tables PV1[Encounter] and PV2[Encounter].</summary>
public class EncounterMapTests
{
    private const string Pid = "PID|||633^^^R0A^MR";

    /// <summary>The event, PV1-2, PV1-44, PV1-45, and the status and period that follow. The message is of 4 July 2026, 09:00; it happened at 08:30.</summary>
    [Theory]
    [InlineData("A01", "I", "", "", "in-progress", """{"start":"2026-07-04T08:30:00+01:00"}""")]
    [InlineData("A01", "I", "20260703", "", "in-progress", """{"start":"2026-07-03"}""")]
    [InlineData("A02", "I", "20260703", "", "in-progress", """{"start":"2026-07-03"}""")]
    [InlineData("A03", "I", "20260703", "202607040800", "finished", """{"start":"2026-07-03","end":"2026-07-04T08:00:00+01:00"}""")]
    [InlineData("A03", "I", "20260703", "", "finished", """{"start":"2026-07-03","end":"2026-07-04T08:30:00+01:00"}""")]
    [InlineData("A04", "O", "", "", "in-progress", """{"start":"2026-07-04T08:30:00+01:00"}""")]
    [InlineData("A04", "E", "", "", "in-progress", """{"start":"2026-07-04T08:30:00+01:00"}""")]
    [InlineData("A04", "P", "20260801", "", "planned", """{"start":"2026-08-01"}""")]
    [InlineData("A04", "O", "202607030900", "202607031000", "finished", """{"start":"2026-07-03T09:00:00+01:00","end":"2026-07-03T10:00:00+01:00"}""")]
    [InlineData("A05", "P", "", "", "planned", "")]
    [InlineData("A05", "I", "20260801", "", "planned", """{"start":"2026-08-01"}""")]
    [InlineData("A08", "I", "20260703", "", "in-progress", """{"start":"2026-07-03"}""")]
    [InlineData("A08", "I", "", "", "unknown", "")]
    [InlineData("A08", "P", "", "", "planned", "")]
    [InlineData("A08", "I", "20260901", "", "unknown", """{"start":"2026-09-01"}""")]
    [InlineData("A08", "I", "20260701", "202607030800", "finished", """{"start":"2026-07-01","end":"2026-07-03T08:00:00+01:00"}""")]
    [InlineData("A08", "I", "20260701", "202607100800", "in-progress", """{"start":"2026-07-01","end":"2026-07-10T08:00:00+01:00"}""")]
    [InlineData("A08", "I", "20260703", "\"\"", "in-progress", """{"start":"2026-07-03"}""")]
    [InlineData("A11", "I", "20260703", "", "cancelled", """{"start":"2026-07-03"}""")]
    [InlineData("A13", "I", "20260703", "202607040800", "in-progress", """{"start":"2026-07-03"}""")]
    public void An_event_says_where_the_visit_stands(string trigger, string patientClass, string admitted, string discharged, string status, string period)
    {
        var mapped = Mapped.Of($"ADT^{trigger}", Pid, $"PV1|1|{patientClass}{Field(19)}2139^^^VISITID{Field(44, 19)}{admitted}|{discharged}");

        Assert.Equal(status, mapped.At("Encounter.status"));
        Assert.Equal(period, mapped.At("Encounter.period"));
        Assert.Equal("VISITID.2139", mapped.At("Encounter.id"));
        Assert.Equal("Patient/R0A.633", mapped.At("Encounter.subject.reference"));
    }

    [Fact]
    public void A_discharge_that_is_taken_back_leaves_nothing_of_how_and_where_to()
    {
        string[] Paths(string trigger)
        {
            var mapped = Mapped.Of($"ADT^{trigger}", Pid, $"PV1|1|I{Field(19)}2139{Field(36, 19)}1|19{Field(44, 37)}20260703|202607040800");
            return [mapped.At("Encounter.extension"), mapped.At("Encounter.hospitalization.dischargeDisposition")];
        }

        Assert.All(Paths("A13"), Assert.Empty);
        Assert.All(Paths("A03"), Assert.NotEmpty);
    }

    [Fact]
    public void An_event_that_only_the_EVN_names_says_the_same_of_the_visit()
    {
        var mapped = Mapped.OfText($"MSH|^~\\&|PAS|RCB|||20260704090000||ADT|1|P|2.2\rEVN|A13|20260704\r{Pid}\rPV1|1|I{Field(19)}2139{Field(44, 19)}20260703|202607040800\r");

        Assert.Equal(("in-progress", """{"start":"2026-07-03"}"""), (mapped.At("Encounter.status"), mapped.At("Encounter.period")));
    }

    [Theory]
    [InlineData("A28")]
    [InlineData("A31")]
    public void An_event_of_the_person_states_no_visit(string trigger)
    {
        Assert.Empty(Mapped.Of($"ADT^{trigger}", Pid, $"PV1|1|I{Field(19)}2139").All("Encounter"));
        Assert.DoesNotContain("LHC61", Mapped.Of($"ADT^{trigger}", Pid, "PV1|1|N").Issues.Replace("LHC614 EVN-5", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>The row, the number of the field of PV1, what it holds, where to look, and what is there.</summary>
    public static TheoryData<int, string, string, string> Rows() => new()
    {
        { 2, "I", "class.code", "IMP" },
        { 2, "O", "class.code", "AMB" },
        { 2, "E", "class", """{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"EMER"}""" },
        { 2, "R", "class.system", "http://terminology.hl7.org/CodeSystem/v2-0004" },
        { 2, "DC^Day case", "class", """{"code":"DC","display":"Day case"}""" },
        { 2, "", "class.code", "UNK" },
        { 3, "RCB^OBS1^BAY2-6^RCB55", "location[0].location.display", "BAY2-6, OBS1, RCB, RCB55" },
        { 3, "RCB^OBS1^BAY2-6^RCB55", "location[0].status", "active" },
        { 4, "E", "type[0].coding[0].system", "http://terminology.hl7.org/CodeSystem/v2-0007" },
        { 4, "13", "hospitalization.extension[0].valueCodeableConcept.coding[0]", """{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-AdmissionMethodEngland","code":"13"}""" },
        { 5, "55^^^PRE", "hospitalization.preAdmissionIdentifier.value", "55" },
        { 6, "RCB^WARD9", "location[0].status", "completed" },
        { 7, "C3456789^Darwin^Samuel^^^Dr^^^GMC", "participant[0].type[0].coding[0].code", "ATND" },
        { 7, "C3456789^Darwin^Samuel^^^Dr^^^GMC", "participant[0].individual.display", "Dr Samuel Darwin" },
        { 8, "^Townley^Gregory", "participant[0].type[0].coding[0].code", "REF" },
        { 9, "^A~^B", "participant[1].type[0].coding[0].code", "CON" },
        { 10, "300", "serviceType.coding[0].code", "300" },
        { 11, "X^TEMP", "location[0].status", "active" },
        { 13, "R", "hospitalization.reAdmission.coding[0].code", "R" },
        { 14, "19", "hospitalization.admitSource.coding[0].system", "https://fhir.hl7.org.uk/CodeSystem/UKCore-SourceOfAdmissionEngland" },
        { 14, "7", "hospitalization.admitSource.coding[0]", """{"code":"7"}""" },
        { 15, "B6", "hospitalization.specialArrangement[0].coding[0].code", "B6" },
        { 16, "V", "hospitalization.specialCourtesy[0].coding[0].code", "V" },
        { 17, "^A", "participant[0].type[0].coding[0].code", "ADM" },
        { 19, "2139^^^VISITID", "identifier[0].type.coding[0].code", "VN" },
        { 19, "2139^^^VISITID", "identifier[0].system", "https://fhir.wessexcarerecords.org.uk/Id/dorset/VISITID" },
        { 36, "1", "extension[0].valueCodeableConcept.coding[0].system", "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland" },
        { 36, "home", "hospitalization.dischargeDisposition.coding[0].code", "home" },
        { 37, "19", "hospitalization.dischargeDisposition.coding[0].system", "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland" },
        { 37, "Hospice", "hospitalization.destination.display", "Hospice" },
        { 38, "VEG", "hospitalization.dietPreference[0].coding[0].code", "VEG" },
        { 42, "A^B", "location[0].status", "reserved" },
        { 50, "77^^^ALT", "identifier[0].value", "77" },
        { 52, "^A", "participant[0].type[0].coding[0].code", "PART" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_of_PV1_is_followed(int field, string value, string path, string expected)
    {
        var fields = new string[53];
        (fields[2], fields[44]) = ("I", "20260703");
        if (field is not 50)
            fields[19] = "2139";
        fields[field] = value;
        var mapped = Mapped.Of("ADT^A01", Pid, $"PV1{string.Join('|', fields)}");

        Assert.Equal(expected, mapped.At($"Encounter.{path}"));
    }

    /// <summary>The same for PV2.</summary>
    [Theory]
    [InlineData(1, "A^B", "location[0].status", "planned")]
    [InlineData(3, "^Stroke", "reasonCode[0].text", "Stroke")]
    [InlineData(8, "20260801", "extension[0].valueDateTime", "2026-08-01")]
    [InlineData(9, "20260805", "extension[0].url", "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate")]
    [InlineData(11, "3", "length", """{"value":3,"unit":"d","system":"http://unitsofmeasure.org","code":"d"}""")]
    [InlineData(13, "^GP", "participant[0].type[0].coding[0].code", "REF")]
    [InlineData(22, "Y", "meta.security[0].code", "R")]
    [InlineData(22, "N", "meta.security", "")]
    [InlineData(25, "1", "priority.coding[0].code", "1")]
    [InlineData(38, "C", "extension[0].valueCoding.code", "C")]
    public void Each_row_of_PV2_is_followed(int field, string value, string path, string expected)
    {
        var mapped = Mapped.Of("ADT^A01", Pid, $"PV1||I{Field(19)}2139", $"PV2{new string('|', field)}{value}");

        Assert.Equal(expected, mapped.At($"Encounter.{path}"));
    }

    [Fact]
    public void A_transfer_tells_from_where_to_where_and_when()
    {
        var mapped = Mapped.Of("ADT^A02", Pid, $"PV1||I|RCB^WARD2^^RCB55|||RCB^WARD1^^RCB55{Field(19, 6)}2139");

        Assert.Equal("WARD2, RCB, RCB55", mapped.At("Encounter.location[0].location.display"));
        Assert.Equal("""{"start":"2026-07-04T08:30:00+01:00"}""", mapped.At("Encounter.location[0].period"));
        Assert.Equal("completed", mapped.At("Encounter.location[1].status"));
        Assert.Equal("""{"end":"2026-07-04T08:30:00+01:00"}""", mapped.At("Encounter.location[1].period"));
    }

    [Fact]
    public void A_bed_is_part_of_its_ward_and_so_on_up_to_the_site()
    {
        var mapped = Mapped.Of("ADT^A01", Pid, $"PV1||I|RCB^OBS1^BAY2-6^RCB55|||RCB^WARD1^^RCB55{Field(19, 6)}2139");

        var places = mapped.All("Location").ToDictionary(l => $"Location/{l.GetProperty("id").GetString()}");
        Assert.Equal(5, places.Count);
        var path = new List<string>();
        for (var at = mapped.At("Encounter.location[0].location.reference"); ;)
        {
            path.Add(places[at].GetProperty("name").GetString()!);
            if (!places[at].TryGetProperty("partOf", out var larger))
                break;
            at = larger.GetProperty("reference").GetString()!;
        }

        Assert.Equal(["BAY2-6", "OBS1", "RCB", "RCB55"], path);
    }

    [Fact]
    public void A_visit_without_a_number_is_named_by_person_and_admission_and_without_either_it_is_said()
    {
        static Mapped Of(string trigger, string person, string rest) => Mapped.Of($"ADT^{trigger}", $"PID|||{person}^^^R0A^MR", $"PV1||I{rest}");

        var admitted = Of("A01", "633", $"{Field(44)}202607030900").At("Encounter.id");
        Assert.NotEqual("", admitted);
        Assert.Equal(admitted, Of("A03", "633", $"{Field(44)}202607030900|202607040800").At("Encounter.id"));
        Assert.NotEqual(admitted, Of("A01", "634", $"{Field(44)}202607030900").At("Encounter.id"));
        var nameless = Of("A01", "633", "");
        Assert.Empty(nameless.All("Encounter"));
        Assert.Contains("LHC617 PV1", nameless.Issues, StringComparison.Ordinal);
    }

    // From PV1-2, or the field given, to a later one.
    private static string Field(int field, int from = 2) => new('|', field - from);
}
