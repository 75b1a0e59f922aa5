namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>OBR, ORC and SPM → DiagnosticReport, ServiceRequest and Specimen, row by row of their tables.</summary>
public class ReportMapTests
{
    private const string Pid = "PID|||633^^^R0A^MR";
    private const string Orc = "ORC|NW|P1^OE|F1^LAB|G1^OE|CM||||202603090800|||C1^Darwin^Samuel^^^Dr^^^GMC";
    private const string Obr = "OBR|1|P1^OE|F1^LAB|FBC^Full blood count^L|S|202603090815|202603091500||||G|||||C2^Jones|||||" + "|202603091630||HM|F";
    private const string Obx = "OBX|1|NM|HB^Hb^L||149|g/L|||||F";
    private const string Spm = "SPM|1|P9&OE^S9&LAB||119297000^Blood^SCT||EDTA^EDTA^L|VEN^Venepuncture^L|ARM^Arm^L||||5^mL&millilitre&UCUM||taken late|||202603091500^202603091505|202603091530||N||||HEM^Haemolysed^HL70493|||TUBE^Tube^L|||A7^^^LAB";
    private static readonly string Pdf = Convert.ToBase64String("%PDF-1.4 a report"u8);

    /// <summary>The row, the segment that is under test behind PID, where to look, and what is there.</summary>
    public static TheoryData<string, string, string, string> Rows() => new()
    {
        { "ORC-2, ORC rows 4 to 6", $"{Orc}\r{Obr}\r{Obx}", "DiagnosticReport.identifier[1]", """{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PLAC"}]},"system":"https://fhir.wessexcarerecords.org.uk/Id/dorset/OE","value":"P1"}""" },
        { "OBR-3, rows 7 to 9", $"{Obr}\r{Obx}", "DiagnosticReport.identifier[0]", """{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"FILL"}]},"system":"https://fhir.wessexcarerecords.org.uk/Id/dorset/LAB","value":"F1"}""" },
        { "OBR-3, OBR-4", $"{Obr}\r{Obx}", "DiagnosticReport.id", "LAB.F1.FBC" },
        { "ORC-4, ORC row 11", $"{Orc}\r{Obr}\r{Obx}", "DiagnosticReport.identifier[2].type.coding[0].code", "PGN" },
        { "OBR-4, row 10", $"{Obr}\r{Obx}", "DiagnosticReport.code.coding[0].display", "Full blood count" },
        { "OBR-4, row 10: nothing", $"OBR|1||F1\r{Obx}", "DiagnosticReport.code.coding[0].code", "unknown" },
        { "OBR-7, row 13", $"{Obr}\r{Obx}", "DiagnosticReport.effectiveDateTime", "2026-03-09T15:00:00+00:00" },
        { "OBR-7 and OBR-8, rows 14 and 15", $"OBR|1||F1|A|||20260309|20260310\r{Obx}", "DiagnosticReport.effectivePeriod", """{"start":"2026-03-09","end":"2026-03-10"}""" },
        { "OBR-22, row 29", $"{Obr}\r{Obx}", "DiagnosticReport.issued", "2026-03-09T16:30:00+00:00" },
        { "OBR-24, row 31", $"{Obr}\r{Obx}", "DiagnosticReport.category[0].coding[0]", """{"system":"http://terminology.hl7.org/CodeSystem/v2-0074","code":"HM"}""" },
        { "OBR-25, row 32", $"{Obr}\r{Obx}", "DiagnosticReport.status", "final" },
        { "OBR-32, row 40", $"OBR|1||F1|A{new string('|', 28)}C3&Loh&Robert&&&Dr\r{Obx}", "DiagnosticReport.resultsInterpreter[0].display", "Dr Robert Loh" },
        { "OBR-32, row 40: an XCN", $"OBR|1||F1|A{new string('|', 28)}C3^Loh^Robert~C4^Winter\r{Obx}", "DiagnosticReport.resultsInterpreter[1].display", "Winter" },
        { "OBR-34, rows 42 to 45", $"OBR|1||F1|A{new string('|', 30)}T1^Lee\r{Obx}", "DiagnosticReport.performer[0].extension[0].valueCodeableConcept.coding[0].code", "SPRF" },
        { "OBR-35, rows 46 to 49", $"OBR|1||F1|A{new string('|', 31)}T1^Lee\r{Obx}", "DiagnosticReport.performer[0].extension[0].valueCodeableConcept.coding[0].code", "TRANS" },
        { "OBX → result", $"{Obr}\r{Obx}", "DiagnosticReport.result", """[{"reference":"Observation/LAB.F1.FBC.HB"}]""" },
        { "OBR NTE → conclusion", $"{Obr}\rNTE|1||Iron\rNTE|2||is low\r{Obx}", "DiagnosticReport.conclusion", "Iron\nis low" },
        { "OBX without OBX-3 → text of the report", $"{Obr}\rOBX|1|TX|||All\rOBX|2|TX|||is well", "DiagnosticReport.presentedForm[0].data", Convert.ToBase64String("All\nis well"u8) },
        { "OBX under OBR-4 → text of the report", $"{Obr}\rOBX|1|FT|FBC^Full blood count||All is well", "DiagnosticReport.presentedForm[0].contentType", "text/plain; charset=utf-8" },
        { "OBX ED → presentedForm", $"{Obr}\rOBX|1|ED|PDF^Report||^AP^PDF^Base64^{Pdf}||||||F", "DiagnosticReport.presentedForm[0]", $$"""{"contentType":"application/pdf","title":"Report","data":"{{Pdf}}"}""" },
        { "OBX ED in two pieces", $"{Obr}\rOBX|1|ED|PDF^Report|1|^AP^PDF^Base64^{Pdf[..16]}||||||F\rOBX|2|ED|PDF^Report|1|^AP^PDF^Base64^{Pdf[16..]}||||||F", "DiagnosticReport.presentedForm", $$"""[{"contentType":"application/pdf","title":"Report","data":"{{Pdf}}"}]""" },
        { "OBX ED cut anywhere", $"{Obr}\rOBX|1|ED|PDF^Report|1|^AP^PDF^Base64^{Pdf[..9]}||||||F\rOBX|2|ED|PDF^Report|1|^AP^PDF^Base64^{Pdf[9..15]}||||||F\rOBX|3|ED|PDF^Report|1|^AP^PDF^Base64^{Pdf[15..]}||||||F", "DiagnosticReport.presentedForm", $$"""[{"contentType":"application/pdf","title":"Report","data":"{{Pdf}}"}]""" },
        { "OBX ED: another kind of document is none that goes on", $"{Obr}\rOBX|1|ED|PDF^Report|1|^AP^PDF^Base64^{Pdf}||||||F\rOBX|2|ED|PDF^Report|1|^IM^PNG^Base64^iVBORw0KGgo=||||||F", "DiagnosticReport.presentedForm[1].contentType", "image/png" },
        { "OBX ED without ED.4, by its first bytes", $"{Obr}\rOBX|1|ED|PDF^Report|1|^AP^PDF^^{Pdf[..16]}||||||F\rOBX|2|ED|PDF^Report|1|^AP^PDF^^{Pdf[16..]}||||||F", "DiagnosticReport.presentedForm", $$"""[{"contentType":"application/pdf","title":"Report","data":"{{Pdf}}"}]""" },
        { "OBX ED without ED.4, a document and words", $"{Obr}\rOBX|1|ED|PDF^Report|1|^AP^PDF^^{Pdf}||||||F\rOBX|2|ED|PDF^Report|1|^TEXT^PLAIN^^All is well.||||||F", "DiagnosticReport.presentedForm[1].data", Convert.ToBase64String("All is well."u8) },
        { "OBX ED without ED.4, text", $"{Obr}\rOBX|1|ED|PDF^Report|1|^TEXT^PLAIN^^All is well||||||F", "DiagnosticReport.presentedForm[0].data", Convert.ToBase64String("All is well"u8) },
        { "OBR-32 as a CNN: its number", $"OBR|1||F1|A{new string('|', 28)}C1&Darwin&Samuel&&&Dr&&&GMC\r{Obx}", "Practitioner.identifier", """[{"system":"https://fhir.hl7.org.uk/Id/gmc-number","value":"C1"}]""" },
        { "OBR-32 as a CNN: its reference", $"OBR|1||F1|A{new string('|', 28)}C1&Darwin&Samuel&&&Dr&&&GMC\r{Obx}", "DiagnosticReport.resultsInterpreter[0].display", "Dr Samuel Darwin" },
        { "OBX ED twice", $"{Obr}\rOBX|1|ED|PDF^Report|1|^AP^PDF^Base64^{Pdf}||||||F\rOBX|2|ED|PDF^Report|1|^AP^PDF^Base64^{Pdf}||||||F", "DiagnosticReport.presentedForm[1].data", Pdf },
        { "ORC → basedOn", $"{Orc}\r{Obr}\r{Obx}", "DiagnosticReport.basedOn", """[{"reference":"ServiceRequest/OE.P1.FBC"}]""" },
        { "ORC-5, ServiceRequest row 24", $"{Orc}\r{Obr}\r{Obx}", "ServiceRequest.status", "completed" },
        { "ORC-1, ServiceRequest row 3", $"{Orc.Replace("|CM|", "||")}\r{Obr}\r{Obx}", "ServiceRequest.status", "active" },
        { "ORC-1 that cancels", $"{Orc.Replace("|CM|", "||").Replace("|NW|", "|CA|")}\r{Obr}\r{Obx}", "ServiceRequest.status", "revoked" },
        { "ORC-4, ServiceRequest rows 15 to 17", $"{Orc}\r{Obr}\r{Obx}", "ServiceRequest.requisition.value", "G1" },
        { "ORC-9, ServiceRequest row 28", $"{Orc}\r{Obr}\r{Obx}", "ServiceRequest.authoredOn", "2026-03-09T08:00:00+00:00" },
        { "ORC-12, ServiceRequest row 34", $"{Orc}\r{Obr}\r{Obx}", "ServiceRequest.requester.display", "Dr Samuel Darwin" },
        { "OBR-16, ServiceRequest row 28", $"ORC|RE|P1\r{Obr}\r{Obx}", "ServiceRequest.requester.display", "Jones" },
        { "OBR-5, ServiceRequest row 13", $"{Orc}\r{Obr}\r{Obx}", "ServiceRequest.priority", "stat" },
        { "OBR-6, ServiceRequest row 14", $"{Orc}\r{Obr}\r{Obx}", "ServiceRequest.occurrenceDateTime", "2026-03-09T08:15:00+00:00" },
        { "OBR-11, ServiceRequest row 20", $"{Orc}\r{Obr}\r{Obx}", "ServiceRequest.intent", "reflex-order" },
        { "no ORC: no order", $"{Obr}\r{Obx}", "ServiceRequest", "" },
        { "SPM-2, rows 4 and 5", $"{Obr}\r{Obx}\r{Spm}", "Specimen.identifier[1].value", "S9" },
        { "SPM-2: id", $"{Obr}\r{Obx}\r{Spm}", "Specimen.id", "LAB.S9" },
        { "SPM-4, row 8", $"{Obr}\r{Obx}\r{Spm}", "Specimen.type.coding[0].system", "http://snomed.info/sct" },
        { "SPM-6, row 10; SPM-27, row 32", $"{Obr}\r{Obx}\r{Spm}", "Specimen.container[0].additiveCodeableConcept.coding[0].code", "EDTA" },
        { "SPM-7, row 11", $"{Obr}\r{Obx}\r{Spm}", "Specimen.collection.method.coding[0].code", "VEN" },
        { "SPM-8, row 12", $"{Obr}\r{Obx}\r{Spm}", "Specimen.collection.bodySite.coding[0].code", "ARM" },
        { "SPM-12, row 16", $"{Obr}\r{Obx}\r{Spm}", "Specimen.collection.quantity", """{"value":5,"unit":"millilitre","system":"http://unitsofmeasure.org","code":"mL"}""" },
        { "SPM-14, row 18", $"{Obr}\r{Obx}\r{Spm}", "Specimen.note[0].text", "taken late" },
        { "SPM-17, row 21", $"{Obr}\r{Obx}\r{Spm}", "Specimen.collection.collectedPeriod.end", "2026-03-09T15:05:00+00:00" },
        { "SPM-17, row 22", $"{Obr}\r{Obx}\r{Spm.Replace("^202603091505", "")}", "Specimen.collection.collectedDateTime", "2026-03-09T15:00:00+00:00" },
        { "SPM-18, row 23", $"{Obr}\r{Obx}\r{Spm}", "Specimen.receivedTime", "2026-03-09T15:30:00+00:00" },
        { "SPM-20, row 25", $"{Obr}\r{Obx}\r{Spm}", "Specimen.status", "unavailable" },
        { "SPM-24, row 29", $"{Obr}\r{Obx}\r{Spm}", "Specimen.condition[0].coding[0].code", "HEM" },
        { "SPM-30, row 35", $"{Obr}\r{Obx}\r{Spm}", "Specimen.accessionIdentifier.value", "A7" },
        { "SPM → specimen of results, ORU row 75", $"{Obr}\r{Obx}\r{Spm}", "Observation.specimen.reference", "Specimen/LAB.S9" },
        { "two SPM: a result may be of either", $"{Obr}\r{Obx}\r{Spm}\rSPM|2|^S10", "Observation.specimen", "" },
        { "two SPM", $"{Obr}\r{Obx}\r{Spm}\rSPM|2|^S10", "DiagnosticReport.specimen[1].reference", "Specimen/RCB.S10" },
        { "OBR-15, SPS.1", $"OBR|1||F1|A|||20260309|||||||202603091600|BLD&Blood&HL70487^^by the nurse^ARM&Arm\r{Obx}", "Specimen.type.coding[0]", """{"system":"http://terminology.hl7.org/CodeSystem/v2-0487","code":"BLD","display":"Blood"}""" },
        { "OBR-15, SPS.3", $"OBR|1||F1|A|||20260309|||||||202603091600|BLD&Blood&HL70487^^by the nurse^ARM&Arm\r{Obx}", "Specimen.note[0].text", "by the nurse" },
        { "OBR-14, row 18", $"OBR|1||F1|A|||20260309|||||||202603091600|BLD\r{Obx}", "Specimen.receivedTime", "2026-03-09T16:00:00+00:00" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_has_its_element(string row, string segments, string path, string expected) =>
        Assert.Equal((row, expected), (row, Mapped.Of("ORU^R01", Pid, segments).At(path)));

    [Theory]
    [InlineData("A", "partial")]
    [InlineData("C", "corrected")]
    [InlineData("F", "final")]
    [InlineData("I", "registered")]
    [InlineData("M", "preliminary")]
    [InlineData("N", "registered")]
    [InlineData("O", "registered")]
    [InlineData("P", "preliminary")]
    [InlineData("R", "partial")]
    [InlineData("S", "registered")]
    [InlineData("X", "cancelled")]
    [InlineData("Y", "unknown")]
    [InlineData("", "unknown")]
    public void OBR_25_is_the_status_of_the_report(string code, string status) =>
        Assert.Equal(status, Mapped.Of("ORU^R01", Pid, $"OBR|1||F1|A{new string('|', 21)}{code}", Obx).At("DiagnosticReport.status"));

    [Fact]
    public void Tests_that_share_a_laboratory_s_number_stay_apart_and_are_not_joined_by_it()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, "OBR|1||914694928301|B3051^HbA1c", "OBX|1|NM|B3553||49", "OBR|2||914694928301|B0001^FBC", "OBX|1|NM|B0300||3.5");

        Assert.Equal(["RCB.914694928301.B3051", "RCB.914694928301.B0001"], mapped.All("DiagnosticReport").Select(r => r.GetProperty("id").GetString()));
        Assert.Equal("ACSN", mapped.At("DiagnosticReport.identifier[0].type.coding[0].code"));
        Assert.Equal(2, mapped.All("Observation").Count);
    }

    [Fact]
    public void The_sensitivities_of_two_organisms_stay_apart()
    {
        var mapped = Mapped.Of(
            "ORU^R01", Pid, "OBR|1||F1^MIC|CUL^Culture", "OBX|1|CE|ORG^Organism|1|E^E. coli^L", "OBX|2|CE|ORG^Organism|2|K^Klebsiella^L",
            $"OBR|2||F1^MIC|SENS^Sensitivities{new string('|', 22)}ORG&Organism^1", "OBX|1|ST|AMP^Ampicillin||R",
            $"OBR|3||F1^MIC|SENS^Sensitivities{new string('|', 22)}ORG&Organism^2", "OBX|1|ST|AMP^Ampicillin||S",
            "OBR|4||F1^MIC|SENS^Sensitivities", "OBX|1|ST|AMP^Ampicillin||I", "OBR|5||F1^MIC|SENS^Sensitivities", "OBX|1|ST|AMP^Ampicillin||S");

        Assert.Equal(
            ["MIC.F1.CUL", "MIC.F1.SENS.ORG.1", "MIC.F1.SENS.ORG.2", "MIC.F1.SENS", "MIC.F1.SENS.n2"],
            mapped.All("DiagnosticReport").Select(r => r.GetProperty("id").GetString()));
        Assert.Equal(["R", "S", "I", "S"], mapped.All("Observation").Skip(2).Select(o => o.GetProperty("valueString").GetString()));
        Assert.DoesNotContain("LHC618", mapped.Issues, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_which_everything_is_taken_back_is_taken_back()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, Obx.Replace("|F", "|W"), $"OBX|2|ED|PDF||^AP^PDF^Base64^{Pdf}||||||D");

        Assert.Equal("entered-in-error", mapped.At("DiagnosticReport.status"));
        Assert.Equal("", mapped.At("DiagnosticReport.presentedForm"));
        Assert.Equal("", mapped.At("DiagnosticReport.result"));
        Assert.Equal("entered-in-error", mapped.At("Observation.status"));
    }

    [Theory]
    [InlineData("R", "R")]
    [InlineData("V", "V")]
    [InlineData("U", "")]
    [InlineData("", "")]
    public void A_restricted_order_restricts_its_report_and_each_of_its_results(string code, string label)
    {
        var mapped = Mapped.Of("ORU^R01", Pid, $"{Orc}{new string('|', 16)}{code}", Obr, Obx);

        Assert.All(["DiagnosticReport", "Observation", "ServiceRequest"], type => Assert.Equal(label, mapped.At($"{type}.meta.security[0].code")));
    }

    [Fact]
    public void A_report_keeps_what_is_not_taken_back()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, Obx, "OBX|2|NM|WBC||3.5||||||D");

        Assert.Equal("final", mapped.At("DiagnosticReport.status"));
        Assert.Equal("""[{"reference":"Observation/LAB.F1.FBC.HB"}]""", mapped.At("DiagnosticReport.result"));
    }

    [Fact]
    public void A_document_in_a_report_that_cannot_be_decoded_is_shown_as_missing_and_named()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, Obx, "OBX|2|ED|PDF||^AP^PDF^Base64^JVBERi0x...||||||F");

        Assert.Contains("LHC620 OBX[2]-5", mapped.Issues, StringComparison.Ordinal);
        Assert.Equal("error", mapped.At("DiagnosticReport.presentedForm[0].extension[0].valueCode"));
        Assert.Equal("149", mapped.At("Observation.valueQuantity.value"));
    }

    [Fact]
    public void Without_OBR_and_OBX_there_is_nothing_to_take() =>
        Assert.Contains("LHC622", Mapped.Of("ORU^R01", Pid).Issues, StringComparison.Ordinal);
}
