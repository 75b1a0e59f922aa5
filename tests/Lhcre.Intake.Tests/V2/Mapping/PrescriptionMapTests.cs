namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>
/// ORC, RXE, RXO, RXR, RXC and TQ1 → MedicationRequest, row by row of ORC[ServiceRequest], RXO[MedicationRequest], RXR[MedicationRequest] and
/// TQ1[MedicationRequest].
/// </summary>
public class PrescriptionMapTests
{
    private const string Pid = "PID|||633^^^R0A^MR";
    private const string Orc = "ORC|NW|P1^EPMA|F1^PHARM|G1^EPMA|IP||||202603091000|||C1^Darwin^Samuel^^^Dr^^^GMC";
    private const string Medicine = "39732211000001100^Amoxicillin 500 mg capsules^SCT";
    private const string Rxe = $"RXE||{Medicine}|1|2|caps^capsule^L||^Take with water|||21|caps^capsule^L|2";
    private const string Ordered = "RXO|A^Aspirin^L|300||mg|tab^tablet^L||^After food||G||28|tab|1";

    /// <summary>The row, the segments behind PID, where to look, and what is there.</summary>
    public static TheoryData<string, string, string, string> Rows() => new()
    {
        { "ORC-2, rows 9 to 11", $"{Orc}\r{Rxe}", "MedicationRequest.identifier[0].type.coding[0].code", "PLAC" },
        { "ORC-3: id", $"{Orc}\r{Rxe}", "MedicationRequest.id", "PHARM.F1" },
        { "ORC-2 where there is no ORC-3", $"ORC|NW|P1^EPMA\r{Rxe}", "MedicationRequest.id", "EPMA.P1" },
        { "ORC-4, rows 15 to 17", $"{Orc}\r{Rxe}", "MedicationRequest.groupIdentifier.value", "G1" },
        { "RXE-15", $"{Orc}\r{Rxe}|||RX7", "MedicationRequest.groupIdentifier.value", "RX7" },
        { "ORC-9, row 28", $"{Orc}\r{Rxe}", "MedicationRequest.authoredOn", "2026-03-09T10:00:00+00:00" },
        { "ORC-9 of a change", $"{Orc.Replace("|NW|", "|XO|")}\r{Rxe}", "MedicationRequest.authoredOn", "" },
        { "RXE-32", $"{Orc}\r{Rxe}{new string('|', 20)}20260301", "MedicationRequest.authoredOn", "2026-03-01" },
        { "ORC-12, row 34", $"{Orc}\r{Rxe}", "MedicationRequest.requester.display", "Dr Samuel Darwin" },
        { "ORC-28, row 53", $"{Orc}{new string('|', 16)}R\r{Rxe}", "MedicationRequest.meta.security[0].code", "R" },
        { "RXE-13", $"ORC|NW||F1\r{Rxe}|C2^Jones", "MedicationRequest.requester.display", "Jones" },
        { "ORC row 4", $"{Orc}\r{Rxe}", "MedicationRequest.intent", "order" },
        { "RXO row 3", $"{Orc}\r{Ordered}", "MedicationRequest.intent", "original-order" },
        { "RXE-2", $"{Orc}\r{Rxe}", "MedicationRequest.medicationCodeableConcept.coding", """[{"system":"http://snomed.info/sct","code":"39732211000001100","display":"Amoxicillin 500 mg capsules"}]""" },
        { "RXE-2 before RXO-1, row 4", $"{Orc}\r{Ordered}\r{Rxe}", "MedicationRequest.medicationCodeableConcept.coding[0].code", "39732211000001100" },
        { "RXO-1 where there is no RXE", $"{Orc}\r{Ordered}", "MedicationRequest.contained[0].code.coding[0].display", "Aspirin" },
        { "RXE-3 to RXE-5: RXO rows 5 to 11", $"{Orc}\r{Rxe}", "MedicationRequest.dosageInstruction[0].doseAndRate[0].doseRange", """{"low":{"value":1,"unit":"capsule","system":"https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/L","code":"caps"},"high":{"value":2,"unit":"capsule","system":"https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/L","code":"caps"}}""" },
        { "RXE-3 alone", $"{Orc}\rRXE||{Medicine}|500||mg^^UCUM", "MedicationRequest.dosageInstruction[0].doseAndRate[0].doseQuantity", """{"value":500,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}""" },
        { "RXO row 6", $"{Orc}\r{Rxe}", "MedicationRequest.dosageInstruction[0].doseAndRate[0].type.coding[0].code", "ordered" },
        { "RXE-6: RXO row 12", $"{Orc}\rRXE||{Medicine}||||cap^Capsule^L", "MedicationRequest.contained[0].form.coding[0].display", "Capsule" },
        { "RXE-6: a reference", $"{Orc}\rRXE||{Medicine}||||cap^Capsule^L", "MedicationRequest.medicationReference.reference", "#medication" },
        { "RXE-7", $"{Orc}\r{Rxe}", "MedicationRequest.dosageInstruction[0].text", "Take with water" },
        { "RXO-7 where RXE-7 is empty", $"{Orc}\r{Ordered}\rRXE||{Medicine}|1", "MedicationRequest.dosageInstruction[0].text", "After food" },
        { "RXE-7 before RXO-7", $"{Orc}\r{Ordered}\r{Rxe}", "MedicationRequest.dosageInstruction[0].text", "Take with water" },
        { "RXO-9 beside an RXE", $"{Orc}\r{Ordered}\r{Rxe}", "MedicationRequest.substitution.allowedCodeableConcept.coding[0].code", "G" },
        { "RXO-20 where RXE-27 is empty", $"{Orc}\r{Ordered}|||||||R07^Chest pain^I10\r{Rxe}", "MedicationRequest.reasonCode[0].coding[0].code", "R07" },
        { "RXO-9, row 16", $"{Orc}\r{Ordered}", "MedicationRequest.substitution.allowedCodeableConcept.coding[0].code", "G" },
        { "RXE-10 and RXE-11: RXO rows 18 to 20", $"{Orc}\r{Rxe}", "MedicationRequest.dispenseRequest.quantity.value", "21" },
        { "RXE-12: RXO row 21", $"{Orc}\r{Rxe}", "MedicationRequest.dispenseRequest.numberOfRepeatsAllowed", "2" },
        { "RXE-19: RXO rows 32 to 34", $"{Orc}\rRXE||{Medicine}|||||||||||||||||4^g&gram&UCUM", "MedicationRequest.dosageInstruction[0].maxDosePerPeriod", """{"numerator":{"value":4,"unit":"gram","system":"http://unitsofmeasure.org","code":"g"},"denominator":{"value":1,"unit":"day","system":"http://unitsofmeasure.org","code":"d"}}""" },
        { "RXE-23 and RXE-24", $"{Orc}\rRXE||{Medicine}|||||||||||||||||||||50|mL/h^^UCUM", "MedicationRequest.dosageInstruction[0].doseAndRate[0].rateQuantity.code", "mL/h" },
        { "RXE-25 and RXE-26: RXO rows 26 to 28", $"{Orc}\rRXE||{Medicine}{new string('|', 23)}250|mg^^UCUM{new string('|', 7)}5|mL^^UCUM", "MedicationRequest.contained[0].ingredient[0].strength", """{"numerator":{"value":250,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"},"denominator":{"value":5,"unit":"mL","system":"http://unitsofmeasure.org","code":"mL"}}""" },
        { "RXE-27", $"{Orc}\rRXE||{Medicine}{new string('|', 25)}R07^Chest pain^I10", "MedicationRequest.reasonCode[0].coding[0].system", "http://hl7.org/fhir/sid/icd-10" },
        { "RXC", $"{Orc}\r{Rxe}\rRXC|A|C1^Ceftriaxone^L|2|g^^UCUM\rRXC|B|S1^Saline^L|50|mL^^UCUM", "MedicationRequest.contained[0].ingredient[0].strength.numerator.value", "2" },
        { "RXC", $"{Orc}\r{Rxe}\rRXC|A|C1^Ceftriaxone^L|2|g^^UCUM\rRXC|B|S1^Saline^L|50|mL^^UCUM", "MedicationRequest.contained[0].ingredient[1].isActive", "false" },
        { "RXR-1, RXR row 3", $"{Orc}\r{Rxe}\rRXR|PO^Oral^HL70162", "MedicationRequest.dosageInstruction[0].route.coding[0].code", "PO" },
        { "RXR behind RXE before RXR behind RXO", $"{Orc}\r{Ordered}\rRXR|IV\r{Rxe}\rRXR|PO^Oral^HL70162", "MedicationRequest.dosageInstruction[0].route.coding[0].code", "PO" },
        { "RXR behind RXO", $"{Orc}\r{Ordered}\rRXR|IV\r{Rxe}", "MedicationRequest.dosageInstruction[0].route.coding[0].code", "IV" },
        { "RXR-2, RXR row 4", $"{Orc}\r{Rxe}\rRXR|IM|LA^Left arm^HL70163", "MedicationRequest.dosageInstruction[0].site.coding[0].display", "Left arm" },
        { "RXR-4, RXR row 6", $"{Orc}\r{Rxe}\rRXR|IM|||PUSH^Push^L", "MedicationRequest.dosageInstruction[0].method.coding[0].code", "PUSH" },
        { "TQ1-2, TQ1 row 4", $"{Orc}\rRXE||{Medicine}\rTQ1|1|2^tab", "MedicationRequest.dosageInstruction[0].doseAndRate[0].doseQuantity", """{"value":2,"unit":"tab"}""" },
        { "TQ1-3, TQ1 row 5", $"{Orc}\r{Rxe}\rTQ1|1||BID", "MedicationRequest.dosageInstruction[0].timing.code.coding[0]", """{"system":"http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation","code":"BID"}""" },
        { "TQ1-3: an interval", $"{Orc}\r{Rxe}\rTQ1|1||Q12H", "MedicationRequest.dosageInstruction[0].timing", """{"repeat":{"frequency":1,"period":12,"periodUnit":"h"}}""" },
        { "TQ1-3: PRN", $"{Orc}\r{Rxe}\rTQ1|1||PRNQ6H", "MedicationRequest.dosageInstruction[0].asNeededBoolean", "true" },
        { "TQ1-3: words", $"{Orc}\r{Rxe}\rTQ1|1||three times daily", "MedicationRequest.dosageInstruction[0].timing.code.text", "three times daily" },
        { "TQ1-4, TQ1 row 6", $"{Orc}\r{Rxe}\rTQ1|1|||0800~2000", "MedicationRequest.dosageInstruction[0].timing.repeat.timeOfDay", """["08:00:00","20:00:00"]""" },
        { "TQ1-6, TQ1 row 8", $"{Orc}\r{Rxe}\rTQ1|1|||||7^d", "MedicationRequest.dosageInstruction[0].timing.repeat.boundsDuration", """{"value":7,"unit":"d","system":"http://unitsofmeasure.org","code":"d"}""" },
        { "TQ1-6 and TQ1-7, TQ1 row 9", $"{Orc}\r{Rxe}\rTQ1|1|||||7^d|20260309", "MedicationRequest.dosageInstruction[0].timing.repeat.boundsPeriod", """{"start":"2026-03-09","end":"2026-03-16"}""" },
        { "TQ1-6 beyond the last year", $"{Orc}\r{Rxe}\rTQ1|1|||||9999^W|99000101", "MedicationRequest.dosageInstruction[0].timing.repeat.boundsPeriod", """{"start":"9900-01-01"}""" },
        { "TQ1-7 and TQ1-8, TQ1 rows 11 and 12", $"{Orc}\r{Rxe}\rTQ1|1||||||20260309|20260312", "MedicationRequest.dosageInstruction[0].timing.repeat.boundsPeriod.end", "2026-03-12" },
        { "TQ1-9, TQ1 row 13", $"{Orc}\r{Rxe}\rTQ1|1||||||||A", "MedicationRequest.priority", "asap" },
        { "TQ1-10, TQ1 row 14", $"{Orc}\r{Rxe}\rTQ1|1|||||||||pulse over 60", "MedicationRequest.dosageInstruction[0].additionalInstruction[0].text", "pulse over 60" },
        { "TQ1-11, TQ1 row 15", $"{Orc}\rRXE||{Medicine}\rTQ1|1||||||||||one at night", "MedicationRequest.dosageInstruction[0].text", "one at night" },
        { "TQ1-13, TQ1 rows 17 and 18", $"{Orc}\r{Rxe}\rTQ1|1||||||||||||30^min", "MedicationRequest.dosageInstruction[0].timing.repeat", """{"duration":30,"durationUnit":"min"}""" },
        { "TQ1-14, TQ1 row 19", $"{Orc}\r{Rxe}\rTQ1|1|||||||||||||5", "MedicationRequest.dosageInstruction[0].timing.repeat.count", "5" },
        { "RXE-1 of before TQ1", $"{Orc}\rRXE|^Q24H&0600^D4^20210330144208^^A|{Medicine}", "MedicationRequest.dosageInstruction[0].timing.repeat", """{"boundsPeriod":{"start":"2021-03-30T14:42:08+01:00","end":"2021-04-03T14:42:08+01:00"},"timeOfDay":["06:00:00"],"frequency":1,"period":24,"periodUnit":"h"}""" },
        { "ORC-7 of before TQ1", $"ORC|NW|P1|||||10^BID^D4^^^R\rRXE||{Medicine}", "MedicationRequest.dosageInstruction[0].timing.repeat.boundsDuration.value", "4" },
        { "RXE-1, repeated", $"{Orc}\rRXE|1^QAM~2^QPM|{Medicine}", "MedicationRequest.dosageInstruction[1].timing.code.coding[0].code", "QPM" },
        { "TQ.1 where there is no RXE-3", $"{Orc}\rRXE|1&tab^QAM~2&tab^QPM|{Medicine}", "MedicationRequest.dosageInstruction[1].doseAndRate[0].doseQuantity", """{"value":2,"unit":"tab"}""" },
        { "RXE-1, repeated with the same dose: in turn", $"{Orc}\rRXE|1^QAM~1^QAM|{Medicine}", "MedicationRequest.dosageInstruction[1].sequence", "2" },
        { "TQ1-3, repeated", $"{Orc}\r{Rxe}\rTQ1|1||QAM~QHS", "MedicationRequest.dosageInstruction[0].timing", """{"code":{"text":"QAM, QHS"}}""" },
        { "TQ1-3, repeated intervals", $"{Orc}\r{Rxe}\rTQ1|1||Q12H~Q3D", "MedicationRequest.dosageInstruction[0].timing", """{"code":{"text":"Q12H, Q3D"}}""" },
        { "TQ1-3: PRN beside an interval", $"{Orc}\r{Rxe}\rTQ1|1||PRN~Q12H", "MedicationRequest.dosageInstruction[0].timing", """{"repeat":{"frequency":1,"period":12,"periodUnit":"h"}}""" },
        { "RXE-3 that is no number", $"{Orc}\rRXE||{Medicine}|half||tab^tablet^L||^Take with water", "MedicationRequest.dosageInstruction[0].text", "half tablet: Take with water" },
        { "RXE-3 and RXE-4 that are no numbers", $"{Orc}\rRXE||{Medicine}|1/2|1 1/2|tab", "MedicationRequest.dosageInstruction[0].text", "1/2 - 1 1/2 tab" },
        { "RXE-4 that is no number", $"{Orc}\rRXE||{Medicine}|1|a few|tab", "MedicationRequest.dosageInstruction[0].text", "1 - a few tab" },
        { "ORC-7.6", $"ORC|NW|P1|||||10^BID^D4^^^R\rRXE||{Medicine}", "MedicationRequest.priority", "routine" },
        { "NTE", $"{Orc}\r{Rxe}\rNTE|1||crushed", "MedicationRequest.note[0].text", "crushed" },
        { "OBX", $"{Orc}\r{Rxe}\rOBX|1|NM|WT^Weight^L||90|kg|||||F|||20260309", "Observation.valueQuantity.value", "90" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_has_its_element(string row, string segments, string path, string expected) =>
        Assert.Equal((row, expected), (row, Mapped.Of("RDE^O11", Pid, segments).At(path)));

    /// <summary>ORC-1 and ORC-5 (concept maps OrderControlCode[ServiceRequest.status] and OrderStatus) and the status.</summary>
    [Theory]
    [InlineData("NW", "", "active")]
    [InlineData("OK", "", "active")]
    [InlineData("XO", "", "active")]
    [InlineData("CA", "", "cancelled")]
    [InlineData("CR", "", "cancelled")]
    [InlineData("OC", "", "cancelled")]
    [InlineData("DC", "", "stopped")]
    [InlineData("DR", "", "stopped")]
    [InlineData("OD", "", "stopped")]
    [InlineData("RP", "", "stopped")]
    [InlineData("HD", "", "on-hold")]
    [InlineData("RL", "", "active")]
    [InlineData("FU", "", "completed")]
    [InlineData("RE", "", "unknown")]
    [InlineData("NW", "CA", "cancelled")]
    [InlineData("NW", "DC", "stopped")]
    [InlineData("NW", "CM", "completed")]
    [InlineData("NW", "HD", "on-hold")]
    [InlineData("NW", "IP", "active")]
    [InlineData("NW", "SC", "active")]
    [InlineData("NW", "ER", "entered-in-error")]
    [InlineData("NW", "??", "unknown")]
    public void What_is_stopped_or_cancelled_is_not_shown_as_active(string control, string status, string expected) =>
        Assert.Equal(expected, Mapped.Of("RDE^O11", Pid, $"ORC|{control}|P1|||{status}", Rxe).At("MedicationRequest.status"));

    [Fact]
    public void A_later_message_about_a_prescription_has_its_id_and_another_medicine_of_one_number_has_not()
    {
        string[] Ids(params string[] segments) => [.. Mapped.Of("RDE^O11", [Pid, .. segments]).All("MedicationRequest").Select(m => m.GetProperty("id").GetString()!)];

        Assert.Equal(Ids(Orc, Rxe), Ids(Orc.Replace("|NW|", "|DC|"), Rxe));
        Assert.Equal(["PHARM.F1.A", "PHARM.F1.B"], Ids(Orc, "RXE||A^Aspirin", Orc, "RXE||B^Bisoprolol"));
    }

    [Fact]
    public void What_was_measured_once_and_sent_with_each_medicine_is_one_observation()
    {
        const string weight = "OBX|1|NM|WT^Weight^L||90|kg|||||F|||20260309";
        var mapped = Mapped.Of("RDE^O11", Pid, Orc, Rxe, weight, "ORC|NW|P2", "RXE||B^Bisoprolol", weight, weight.Replace("|90|", "|91|"));

        Assert.Equal(["90", "91"], mapped.All("Observation").Select(o => o.GetProperty("valueQuantity").GetProperty("value").GetRawText()));
    }

    [Fact]
    public void A_dose_that_is_no_number_is_kept_in_words_and_said_to_be_and_no_half_of_it_is_a_number()
    {
        var mapped = Mapped.Of("RDE^O11", Pid, Orc, $"RXE|1^BID|{Medicine}|1|a few|tab|||||lots");

        Assert.Equal("", mapped.At("MedicationRequest.dosageInstruction[0].doseAndRate"));
        Assert.Equal("", Mapped.Of("RDE^O11", Pid, Orc, $"RXE||{Medicine}|half||tab", "TQ1|1|1|BID").At("MedicationRequest.dosageInstruction[0].doseAndRate"));
        Assert.Equal("", Mapped.Of("RDE^O11", Pid, Orc, $"RXE|1^BID|{Medicine}").At("MedicationRequest.dosageInstruction[0].doseAndRate"));
        Assert.Contains("LHC624 RXE-4", mapped.Issues, StringComparison.Ordinal);
        Assert.Contains("LHC615 RXE-10", mapped.Issues, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_RXE_and_RXO_there_is_nothing_to_take() =>
        Assert.Contains("LHC622", Mapped.Of("RDE^O11", Pid, Orc).Issues, StringComparison.Ordinal);
}
