namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Whatever a message says is in a resource, or its place is named in the acknowledgement. Nothing is dropped in silence.</summary>
public class LeftOutTests
{
    private const string Pid = "PID|||633^^^R0A^MR||A";
    private const string Obr = "OBR|1||F1^LAB|FBC^Full blood count^L|||202603091500|||||||||||||||202603091630||HM|F";
    private const string Orc = "ORC|NW|P1^EPMA|F1^PHARM";
    private const string Rxa = "RXA|0|1|20260309|20260309|207^COVID^CVX|0.5|mL";

    /// <summary>The event, the segments, and the warning that names what was left out.</summary>
    public static TheoryData<string, string, string> LeftOut() => new()
    {
        // Notes that belong to nothing that is stated.
        { "ORU^R01", $"{Pid}\rNTE|1||of the person\r{Obr}\rOBX|1|NM|HB||9||||||F", "LHC614 NTE" },
        { "ORU^R01", $"{Pid}\rPV1||I\rNTE|1||a\r{Obr}\rNTE|2||b\rNTE|3||c\rOBX|1|NM|HB||9||||||F", "LHC614 NTE" },
        { "ADT^A01", $"{Pid}\rAL1|1|DA|X\rNTE|1||only once", "LHC614 NTE" },
        { "VXU^V04", $"{Pid}\rNTE|1||a\r{Orc}\r{Rxa}", "LHC614 NTE" },
        // What is no date.
        { "ORU^R01", $"{Pid}\r{Obr.Replace("202603091500", "9 March", StringComparison.Ordinal)}\rOBX|1|NM|HB||9||||||F\rOBX|2|NM|WBC||9||||||F", "LHC615 OBR-7" },
        { "ORU^R01", $"{Pid}\r{Obr.Replace("202603091500|", "202603091500|later", StringComparison.Ordinal)}\rOBX|1|NM|HB||9||||||F", "LHC615 OBR-8" },
        { "ORU^R01", $"{Pid}\r{Obr.Replace("202603091500|", "202603091500|202603081500", StringComparison.Ordinal)}\rOBX|1|NM|HB||9||||||F", "LHC615 OBR-8" },
        { "ORU^R01", $"{Pid}\r{Obr.Replace("202603091630", "soon", StringComparison.Ordinal)}\rOBX|1|NM|HB||9||||||F", "LHC615 OBR-22" },
        { "ADT^A01", $"{Pid}\rPV1||I{new string('|', 17)}1{new string('|', 25)}202607030900|202607020900", "LHC615 PV1-45" },
        { "ADT^A28", $"{Pid}\rNK1|1|B||||||soon", "LHC615 NK1-8" },
        { "ORU^R01", $"{Pid}\r{Obr}\rSPM|1|S1{new string('|', 15)}soon", "LHC615 SPM-17" },
        { "MDM^T02", $"{Pid}\rTXA|1|DS|TX|soon||||||||D1\rOBX|1|TX|||The letter.", "LHC615 TXA-4" },
        { "ADT^A28", $"{Pid}\rNK1|1|B||||||20260102|20260101", "LHC615 NK1-9" },
        { "RDE^O11", $"{Pid}\r{Orc}\rRXE||A^Aspirin{new string('|', 30)}soon", "LHC615 RXE-32" },
        // What FHIR has room for once.
        { "ADT^A28", $"{Pid}\rNK1|1|B^Ann~C^Ann", "LHC614 NK1-2[2]" },
        { "ADT^A28", $"{Pid}\rNK1|1|B|||\rNK1|2|C|SPO|1 High St~2 High St~3 High St", "LHC614 NK1-4[2]" },
        { "RDE^O11", $"{Pid}\r{Orc}|||||||||A^A~B^B\rRXE||A^Aspirin", "LHC614 ORC-12[2]" },
        { "RDE^O11", $"{Pid}\r{Orc}\rRXE||A^Aspirin\rRXR|PO\rRXR|IV", "LHC614 RXR[2]" },
        { "VXU^V04", $"{Pid}\r{Orc}\r{Rxa}{new string('|', 8)}LOT1~LOT2\rRXR|IM\rRXR|PO", "LHC614 RXR[2]" },
        { "VXU^V04", $"{Pid}\r{Orc}\r{Rxa}{new string('|', 8)}LOT1~LOT2", "LHC614 RXA-15[2]" },
        // Codes of no table, and what the table has no code for.
        { "VXU^V04", $"{Pid}\r{Orc}\r{Rxa}{new string('|', 13)}ZZ", "LHC616 RXA-20" },
        { "ADT^A01", $"{Pid}\rAL1|1|DA|X|MO", "LHC616 AL1-4" },
    };

    [Theory]
    [MemberData(nameof(LeftOut))]
    public void What_has_no_place_is_named_to_its_sender(string type, string segments, string issue)
    {
        var mapped = Mapped.Of(type, segments);

        Assert.NotNull(mapped.Message.Bundle);
        Assert.Single(mapped.Message.Issues, i => i.Code.Code == issue[..6] && (i.Expression ?? i.Diagnostics)!.Split(", ").Contains(issue[7..]));
    }

    [Fact]
    public void The_notes_of_an_order_stand_in_the_document_that_it_is_about()
    {
        var mapped = Mapped.Of("MDM^T02", Pid, "ORC|RE|P1", "NTE|1||of the order", "OBR|1||F1|X", "NTE|1||of the request", "TXA|1|DS|TX|||||||||D1^SYS", "OBX|1|TX|||The letter.");

        Assert.Equal("of the order\nof the request\nThe letter.", Text(mapped.At("DocumentReference.content[0].attachment.data")));
    }

    [Fact]
    public void Two_results_that_differ_in_anything_are_two()
    {
        var mapped = Mapped.Of(
            "ORU^R01", Pid, Obr, "OBX|1|NM|GLU||5|mmol/L|||||F", "OBX|2|NM|GLU||5|mg/dL|||||F", "OBX|3|NM|GLU||5|mmol/L|||||F", "NTE|1||repeated", "OBX|4|NM|GLU||5|mmol/L|||||F");

        Assert.Equal(["mmol/L", "mg/dL", "mmol/L"], mapped.All("Observation").Select(o => o.GetProperty("valueQuantity").GetProperty("unit").GetString()));
        Assert.Equal("repeated", mapped.At("Observation[2].note[0].text"));
        Assert.Contains("LHC618 OBX[4]", mapped.Issues, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_says_more_than_its_words_is_a_result_of_its_own()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, Obr, "OBX|1|ST|ORG^Organism||E. coli||||||F", "OBX|2|ST|ORG^Organism||MRSA|||AA|||F", "OBX|3|ST|ORG^Organism||heavy growth||||||F");

        Assert.Equal(["E. coli", "MRSA\nheavy growth"], mapped.All("Observation").Select(o => o.GetProperty("valueString").GetString()));
        Assert.Equal("AA", mapped.At("Observation[1].interpretation[0].coding[0].code"));
    }

    [Fact]
    public void Each_repetition_of_a_reference_range_is_one() =>
        Assert.Equal(
            """[{"low":{"value":130,"unit":"g/L"},"high":{"value":180,"unit":"g/L"},"text":"130-180"},{"text":"women 115-165"}]""",
            Mapped.Of("ORU^R01", Pid, Obr, "OBX|1|NM|HB||9|g/L|130-180~women 115-165||||F").At("Observation.referenceRange"));

    [Fact]
    public void Two_allergies_under_one_code_are_two_by_their_words()
    {
        static string[] Ids(params string[] segments) =>
            [.. Mapped.Of("ADT^A01", [Pid, .. segments]).All("AllergyIntolerance").Select(a => a.GetProperty("id").GetString()!)];

        var both = Ids("AL1|1|DA|FREE^Latex^L", "AL1|2|DA|FREE^Peanut^L", "AL1|3|DA|Z88.5^Opioids^L");
        Assert.Equal(3, both.Distinct().Count());
        Assert.Equal(both.Order(), Ids("AL1|1|DA|FREE^Peanut^L", "AL1|2|DA|FREE^Latex^L", "AL1|3|DA|Z88.5^Opioids^L").Order());
        Assert.Equal(Ids("AL1|1|DA|Z88.5^^L"), both[2..]);
    }

    /// <summary>The event, the segments behind ORC-28 R, and the resource that must not be shown where the order may not.</summary>
    [Theory]
    [InlineData("RDE^O11", "RXE||A^Aspirin\rOBX|1|NM|WT^Weight||70|kg|||||F", "Observation")]
    [InlineData("VXU^V04", "OBX|1|NM|WT^Weight||70|kg|||||F", "Observation")]
    [InlineData("ORU^R01", "OBX|1|NM|WT^Weight||70|kg|||||F", "Observation")]
    [InlineData("ORU^R01", "OBR|1||F1|X\rSPM|1|S1||SWAB^Urethral swab^L", "Specimen")]
    [InlineData("ORU^R01", "OBR|1||F1|X|||||||||||SWAB&Urethral swab&L", "Specimen")]
    [InlineData("MDM^T02", "OBR|1||F1|X\rTXA|1|DS|TX|||||||||D1\rOBX|1|TX|||The letter.", "DocumentReference")]
    public void Whatever_belongs_to_a_restricted_order_is_labelled_as_it_is(string type, string segments, string resource) =>
        Assert.Equal("R", Mapped.Of(type, Pid, $"{Orc}{new string('|', 25)}R", segments).At($"{resource}.meta.security[0].code"));

    private static string Text(string base64) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
