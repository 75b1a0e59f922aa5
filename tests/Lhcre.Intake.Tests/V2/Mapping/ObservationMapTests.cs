namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>OBX and NTE → Observation, row by row of OBX[Observation], OBX[Observation-Component] and NTE[Observation].</summary>
public class ObservationMapTests
{
    private const string Pid = "PID|||633^^^R0A^MR";
    private const string Obr = "OBR|1||F1^LAB|FBC^Full blood count^L|||202603091500|||||||||||||||202603091630||HM|F";
    private const string Ucum = "g/L^gram per litre^UCUM";

    /// <summary>OBX-2, OBX-5, OBX-6, the element, and what it is.</summary>
    public static TheoryData<string, string, string, string, string> Values() => new()
    {
        // Row 7, with row 31 and CWE[Quantity], rows 3 to 6.
        { "NM", "49", "mmol/mol", "valueQuantity", """{"value":49,"unit":"mmol/mol"}""" },
        { "NM", "7.30", Ucum, "valueQuantity", """{"value":7.30,"unit":"gram per litre","system":"http://unitsofmeasure.org","code":"g/L"}""" },
        { "NM", "0", "", "valueQuantity", """{"value":0}""" },
        { "NM", "-.5", "", "valueQuantity", """{"value":-0.5}""" },
        { "NM", "+007", "", "valueQuantity", """{"value":7}""" },
        { "NM", @"3.5", @"x10\S\9/L", "valueQuantity", """{"value":3.5,"unit":"x10^9/L"}""" },
        { "NM", "<5", "g/L", "valueQuantity", """{"value":5,"comparator":"<","unit":"g/L"}""" },
        { "NM", ">=10.0", "", "valueQuantity", """{"value":10.0,"comparator":">="}""" },
        { "NM", "haemolysed", "g/L", "valueString", "haemolysed g/L" },
        { "NM", "1E5", "", "valueString", "1E5" },
        // Row 8. Separators that are left unescaped do not end a text.
        { "ST", "B & W ^ C", "", "valueString", "B & W ^ C" },
        { "TX", "A~B", "", "valueString", "A\nB" },
        { "FT", @"A\.br\B", "", "valueString", "A\nB" },
        { "", "said without a type", "", "valueString", "said without a type" },
        // Rows 9 to 13.
        { "CE", "27268008^Salmonella^SCT", "", "valueCodeableConcept.coding", """[{"system":"http://snomed.info/sct","code":"27268008","display":"Salmonella"}]""" },
        { "CWE", "1^A^L^2^B^SCT^^^said so", "", "valueCodeableConcept.text", "said so" },
        { "CWE", "^Negative", "", "valueCodeableConcept", """{"text":"Negative"}""" },
        { "CNE", "X^Y^LN", "", "valueCodeableConcept.coding[0].system", "http://loinc.org" },
        { "IS", "POS", "", "valueCodeableConcept", """{"coding":[{"code":"POS"}],"text":"POS"}""" },
        // Rows 14 to 18.
        { "DR", "20260101^20260131", "", "valuePeriod", """{"start":"2026-01-01","end":"2026-01-31"}""" },
        { "DR", "soon", "", "valueString", "soon" },
        { "DT", "20260101", "", "valueDateTime", "2026-01-01" },
        { "TS", "202607010930", "", "valueDateTime", "2026-07-01T09:30:00+01:00" },
        { "DTM", "2026", "", "valueDateTime", "2026" },
        { "DTM", "yesterday", "", "valueString", "yesterday" },
        { "NR", "3^5", "g", "valueRange", """{"low":{"value":3,"unit":"g"},"high":{"value":5,"unit":"g"}}""" },
        { "NR", "3^", "g", "valueString", "3" },
        { "VR", "A^B", "", "valueString", "A-B" },
        { "TM", "0930", "", "valueTime", "09:30:00" },
        { "TM", "093015.25", "", "valueTime", "09:30:15.25" },
        { "TM", "0930+0100", "", "valueString", "0930+0100" },
        // Rows 19 to 24.
        { "SN", "<^149", "g/L", "valueQuantity", """{"value":149,"comparator":"<","unit":"g/L"}""" },
        { "SN", "=^5", "", "valueQuantity", """{"value":5}""" },
        { "SN", "^1^:^128", "", "valueRatio", """{"numerator":{"value":1},"denominator":{"value":128}}""" },
        { "SN", ">^1^/^128", "", "valueRatio.numerator", """{"value":1,"comparator":">"}""" },
        { "SN", "^2^-^5", "mL", "valueRange", """{"low":{"value":2,"unit":"mL"},"high":{"value":5,"unit":"mL"}}""" },
        { "SN", "^2^+", "", "valueString", "2 +" },
        { "SN", "<>^2", "g", "valueString", "<> 2 g" },
        { "SN", "<^149, haemolysed", "g/L", "valueString", "< 149, haemolysed g/L" },
        // No row: what FHIR has no value for.
        { "EI", "A^B", "", "valueString", "A B" },
        { "XPN", "Smith^Ann", "", "valueString", "Smith Ann" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Each_type_of_OBX_2_becomes_its_value(string type, string value, string unit, string element, string expected)
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, $"OBX|1|{type}|HB^Hb^L|a|{value}|{unit}|||||F");

        Assert.Equal((value, expected), (value, mapped.At($"Observation.{element}")));
        Assert.Equal(element == "valueString" && type is not ("" or "ST" or "TX" or "FT" or "VR"), mapped.Issues.Contains("LHC624 OBX-5", StringComparison.Ordinal));
    }

    /// <summary>The row, OBX from OBX-3 on, where to look, and what is there.</summary>
    public static TheoryData<string, string, string, string> Rows() => new()
    {
        { "OBX-3, row 5", "HB^Hb^LN|||||||||F", "Observation.code.coding", """[{"system":"http://loinc.org","code":"HB","display":"Hb"}]""" },
        { "OBX-3: pathology of the NHS", "1022431000000105^Haemoglobin estimation^SNM3|||||||||F", "Observation.code.coding[0].system", "http://snomed.info/sct" },
        { "OBX-3: Read codes", "42W5.^HbA1c^RD2|||||||||F", "Observation.code.coding[0].system", "http://read.info/readv2" },
        { "OBX-3, OBX-4", "HB|2||||||||F", "Observation.id", "LAB.F1.FBC.HB.2" },
        { "OBX-3", "||||||||||F", "DiagnosticReport.result", "" },
        { "OBX-7, row 37", "HB||9|g/L|130-180||||F", "Observation.referenceRange", """[{"low":{"value":130,"unit":"g/L"},"high":{"value":180,"unit":"g/L"},"text":"130-180"}]""" },
        { "OBX-7, row 37", "HB||9|g/L|-2.0 - 5||||F", "Observation.referenceRange[0].low.value", "-2.0" },
        { "OBX-7, row 37: 48 itself is outside", "HB||9||<48||||F", "Observation.referenceRange", """[{"text":"<48"}]""" },
        { "OBX-7, row 37", "HB||9||<=48||||F", "Observation.referenceRange[0].high.value", "48" },
        { "OBX-7, row 37", "HB||9||Negative||||F", "Observation.referenceRange", """[{"text":"Negative"}]""" },
        { "OBX-8, row 38", "HB||9|||H|||F", "Observation.interpretation[0].coding[0]", """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"H"}""" },
        { "OBX-8, row 38: repeated", "HB||9|||H~A|||F", "Observation.interpretation[1].coding[0].code", "A" },
        { "OBX-8, row 38: not of the table", "HB||9|||odd^Odd^L|||F", "Observation.interpretation[0].coding[0].code", "odd" },
        { "OBX-10, rows 40 and 41", "HB||9|||||S|F", "Observation.extension[0].valueCodeableConcept.coding[0].code", "S" },
        { "OBX-11, row 42", "HB||9||||||F", "Observation.status", "final" },
        { "OBX-11, rows 43 to 45", "HB||||||||X", "Observation._status.extension[0].valueCodeableConcept.coding[0].code", "X" },
        { "OBX-11, row 46", "HB||||||||N", "Observation.dataAbsentReason.coding[0].code", "not-asked" },
        { "OBX-11 X with words", "HB||no sample||||||X", "Observation.dataAbsentReason", "" },
        { "OBX-14, row 50", "HB||9||||||F|||202603091615", "Observation.effectiveDateTime", "2026-03-09T16:15:00+00:00" },
        { "OBR-7 where OBX-14 is empty", "HB||9||||||F", "Observation.effectiveDateTime", "2026-03-09T15:00:00+00:00" },
        { "OBX-15, row 51", "HB||9||||||F||||RCB55^St Mary's^ODS", "Organization.identifier[0]", """{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RCB55"}""" },
        { "OBX-16, row 53", "HB||9||||||F|||||C1^Darwin^Samuel^^^Dr^^^GMC", "Observation.performer[0].display", "Dr Samuel Darwin" },
        { "OBX-16: consultant's code", "HB||9||||||F|||||C1^Darwin^Samuel^^^Dr^^^GMC", "Practitioner.identifier[0].system", "https://fhir.hl7.org.uk/Id/gmc-number" },
        { "OBX-17, row 56", "HB||9||||||F||||||AUTO^Automatic^L", "Observation.method.coding[0].code", "AUTO" },
        { "OBX-18, row 57", "HB||9||||||F|||||||DEV1^LAB", "Observation.device.identifier.value", "DEV1" },
        { "OBX-19, rows 58 and 59", "HB||9||||||F||||||||20260310", "Observation.extension[0].valueDateTime", "2026-03-10" },
        { "OBX-20, row 60", "HB||9||||||F|||||||||ARM^Arm^L", "Observation.bodySite.coding[0].display", "Arm" },
        { "OBX-21, rows 61 and 62", "HB||9||||||F||||||||||I7^LAB", "Observation.identifier[0].value", "I7" },
        { "OBX-23, row 63", "HB||9||||||F||||||||||||MyLab^^RCB^^^ODS", "Observation.performer[0].display", "MyLab" },
        { "NTE-3, row 5: lines", "HB||9||||||F\rNTE|1||first\rNTE|2||second~third", "Observation.note", """[{"text":"first\nsecond\nthird"}]""" },
        { "NTE-5, row 7", "HB||9||||||F\rNTE|1||A||C1^Darwin\rNTE|2||B", "Observation.note[0].authorReference.display", "Darwin" },
        { "NTE-6, row 8", "HB||9||||||F\rNTE|1||A|||20260310", "Observation.note[0].time", "2026-03-10" },
        { "OBR-24 → category", "HB||9||||||F", "Observation.category[0].coding[0].code", "laboratory" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_has_its_element(string row, string obx, string path, string expected) =>
        Assert.Equal((row, expected), (row, Mapped.Of("ORU^R01", Pid, Obr, $"OBX|1|ST|{obx}").At(path)));

    [Theory]
    [InlineData("A", "amended")]
    [InlineData("B", "amended")]
    [InlineData("C", "corrected")]
    [InlineData("D", "entered-in-error")]
    [InlineData("F", "final")]
    [InlineData("I", "registered")]
    [InlineData("N", "cancelled")]
    [InlineData("O", "registered")]
    [InlineData("P", "preliminary")]
    [InlineData("R", "preliminary")]
    [InlineData("S", "preliminary")]
    [InlineData("V", "final")]
    [InlineData("W", "entered-in-error")]
    [InlineData("X", "cancelled")]
    [InlineData("?", "unknown")]
    [InlineData("", "final")]
    public void OBX_11_is_the_status_and_where_it_is_empty_the_report_s(string code, string status) =>
        Assert.Equal(status, Mapped.Of("ORU^R01", Pid, Obr, $"OBX|1|ST|HB||9||||||{code}").At("Observation.status"));

    [Fact]
    public void A_result_that_is_final_now_and_not_repeated_is_left_as_it_was()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, "OBX|1|NM|HB||||||||U", "OBX|2|NM|WBC||4||||||U");

        Assert.Equal(["LAB.F1.FBC.WBC"], mapped.All("Observation").Select(o => o.GetProperty("id").GetString()));
        Assert.Contains("LHC623 OBX-11", mapped.Issues, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_values_of_one_OBX_are_its_components()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, "OBX|1|CE|ORG^Organisms^L||1^E. coli^L~2^Klebsiella^L||||||F");

        Assert.Equal("E. coli", mapped.At("Observation.component[0].valueCodeableConcept.coding[0].display"));
        Assert.Equal("Klebsiella", mapped.At("Observation.component[1].valueCodeableConcept.coding[0].display"));
        Assert.Equal("ORG", mapped.At("Observation.component[1].code.coding[0].code"));
    }

    [Fact]
    public void Lines_of_text_under_one_name_are_one_result()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, "OBX|1|TX|INT^Interpretation||Iron is low.||||||F", "OBX|2|TX|INT^Interpretation||~Treat.||||||F", "OBX|3|TX|INT^Interpretation||wrong||||||W");

        Assert.Equal("Iron is low.\n\nTreat.", mapped.At("Observation.valueString"));
        Assert.Equal("entered-in-error", mapped.At("Observation[1].status"));
        Assert.Equal("LAB.F1.FBC.INT.n2", mapped.At("Observation[1].id"));
    }

    [Fact]
    public void Results_that_their_sender_does_not_tell_apart_are_all_kept()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, "OBX|1|NM|K||4.1||||||F", "OBX|2|NM|K||4.2||||||F");

        Assert.Equal(["LAB.F1.FBC.K", "LAB.F1.FBC.K.n2"], mapped.All("Observation").Select(o => o.GetProperty("id").GetString()));
    }

    [Fact]
    public void Results_without_an_order_are_the_person_s()
    {
        string[] Ids(string value) => [.. Mapped.Of("ORU^R01", Pid, $"OBX|1|NM|HT^Height||{value}|cm|||||F|||20260301").All("Observation").Select(o => o.GetProperty("id").GetString()!)];

        Assert.Equal(Ids("180"), Ids("181"));
        Assert.Single(Ids("180"));
    }
}
