namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>
/// Components that are one text (ST) are taken whole: an ampersand that its sender has not escaped, as in "A&amp;E" or "Smith &amp; Partners",
/// would otherwise end them, and half of an allergy's or a diagnosis's name would pass for all of it.
/// </summary>
public class WholeTextTests
{
    private const string Pid = "PID|||633^^^R0A^MR";
    private const string Pv1 = "PV1||I|||||||||||||||||2139^^^VISITID";

    /// <summary>The segments, where to look, and what is there.</summary>
    public static TheoryData<string, string, string> Texts() => new()
    {
        { "AL1|1|DA|X1^Penicillins & cephalosporins^L", "AllergyIntolerance.code.coding[0].display", "Penicillins & cephalosporins" },
        { "AL1|1|DA|^Fish & shellfish", "AllergyIntolerance.code.text", "Fish & shellfish" },
        { "AL1|1|DA|X1^X^L^Y1^Fish & shellfish^L2", "AllergyIntolerance.code.coding[1].display", "Fish & shellfish" },
        { "AL1|1|DA|X1^X^L^^^^^^Fish & shellfish", "AllergyIntolerance.code.text", "Fish & shellfish" },
        { "AL1|1|DA|X1^X^L||^Rash & wheeze", "AllergyIntolerance.reaction[0].manifestation[0].text", "Rash & wheeze" },
        { "IAM|1|DA|X1^X^L|||||||||since A & E", "AllergyIntolerance.onsetString", "since A & E" },
        { "DG1|1||S82^^I10|Fracture of tibia & fibula", "Condition.code.text", "Fracture of tibia & fibula" },
        { "PR1|1||W19^^OPCS4|Reduction & fixation|20260701", "Procedure.code.text", "Reduction & fixation" },
        { "PD1|||Smith & Partners^^Y06601", "Organization.name", "Smith & Partners" },
        { "PD1|||Smith & Partners", "Patient.generalPractitioner[0].display", "Smith & Partners" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void An_ampersand_does_not_end_a_text(string segment, string path, string expected) =>
        Assert.Equal((segment, expected), (segment, Mapped.Of("ADT^A01", Pid, Pv1, segment).At(path)));

    [Fact]
    public void Urea_and_electrolytes_is_no_test_called_U()
    {
        var mapped = Mapped.Of("ORU^R01", Pid, "OBR|1||F1^LAB|U&E^Urea & electrolytes^L", "OBX|1|CE|U&E^U&E^L||HI&LO^High & low^L", "OBR|2||F1^LAB|U", "OBX|1|NM|U||4");

        Assert.Equal(("U&E", "Urea & electrolytes"), (mapped.At("DiagnosticReport.code.coding[0].code"), mapped.At("DiagnosticReport.code.coding[0].display")));
        Assert.Equal(("U&E", "HI&LO"), (mapped.At("Observation.code.coding[0].code"), mapped.At("Observation.valueCodeableConcept.coding[0].code")));
        Assert.Equal("U", mapped.At("DiagnosticReport[1].code.coding[0].code"));
    }

    [Theory]
    [InlineData("5&", "5")]
    [InlineData("5&&^", "5")]
    [InlineData("&5", "&5")]
    public void Separators_at_the_end_of_a_component_separate_it_from_nothing(string sent, string value) =>
        Assert.Equal(value, Er7.Read($"ZZZ|{sent}").First("ZZZ")![1].Value);

    [Theory]
    [InlineData("1 High St^Brooks & Co^Brighton & Hove^Tyne & Wear^BN1 1AA", """[{"line":["1 High St","Brooks & Co"],"city":"Brighton & Hove","state":"Tyne & Wear","postalCode":"BN1 1AA"}]""")]
    [InlineData("1 High St&High St&1^^Brighton", """[{"line":["1 High St","High St","1"],"city":"Brighton"}]""")]
    public void An_address_has_subcomponents_in_its_street_alone(string xad, string expected) =>
        Assert.Equal(expected, Mapped.Of("ADT^A28", $"{Pid}||||||||{xad}").At("Patient.address"));

    [Fact]
    public void A_place_of_birth_is_one_text() =>
        Assert.Equal("Tyne & Wear", Mapped.Of("ADT^A28", $"{Pid}{new string('|', 20)}Tyne & Wear").At("Patient.extension[0].valueAddress.text"));

    /// <summary>PV1-3, and the name of the smallest place. A part of PL may be an HD: then its second part is an identifier for the whole world.</summary>
    [Theory]
    [InlineData("A&E", "A&E")]
    [InlineData("A & E^BAY1", "BAY1, A & E")]
    [InlineData("ED&1.2.826.0.1&ISO", "ED")]
    [InlineData("ED&2.16.840.1.113883.2.1", "ED")]
    [InlineData("ED&ed.example.nhs.uk&DNS", "ED")]
    public void The_accident_and_emergency_department_is_not_ward_A(string place, string expected)
    {
        var mapped = Mapped.Of("ADT^A01", Pid, Pv1.Replace("||I|", $"||I|{place}", StringComparison.Ordinal));

        Assert.Equal(expected, mapped.At("Encounter.location[0].location.display"));
    }
}
