using System.Text;
using Lhcre.Record;

namespace Lhcre.Intake.Tests;

/// <summary>The summary of each type, as FHIR marks it, cut out of resources.</summary>
public sealed class FhirElementsTests
{
    [Fact]
    public void Every_type_has_its_elements() => Assert.All(FhirTypes.All, type => Assert.Contains(FhirElements.Traits.OfType[type], t => t.Name == "meta"));

    [Theory]
    [InlineData("Patient", "birthDate", "summary")]
    [InlineData("Patient", "name", "summary")]
    [InlineData("Patient", "active", "summary modifier")]
    [InlineData("Patient", "deceased", "choice summary modifier")]
    [InlineData("Patient", "photo", "")]
    [InlineData("Patient", "text", "")]
    [InlineData("Patient", "modifierExtension", "summary modifier")]
    [InlineData("Observation", "status", "summary mandatory modifier")]
    [InlineData("Observation", "code", "summary mandatory")]
    [InlineData("Observation", "value", "choice summary")]
    [InlineData("Observation", "note", "")]
    [InlineData("AllergyIntolerance", "verificationStatus", "summary modifier")]
    [InlineData("AllergyIntolerance", "reaction", "")]
    [InlineData("MedicationRequest", "medication", "choice summary mandatory")]
    [InlineData("MedicationRequest", "doNotPerform", "summary modifier")]
    [InlineData("Immunization", "vaccineCode", "summary mandatory")]
    public void An_element_is_what_FHIR_says(string type, string element, string expected)
    {
        var trait = FhirElements.Traits.OfType[type].Single(t => t.Name == element);

        string[] found =
        [
            .. trait.IsChoice ? ["choice"] : Array.Empty<string>(), .. trait.IsInSummary ? ["summary"] : Array.Empty<string>(),
            .. trait.IsMandatory ? ["mandatory"] : Array.Empty<string>(), .. trait.IsModifier ? ["modifier"] : Array.Empty<string>(),
        ];
        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public void A_summary_of_a_resource_is_a_resource()
    {
        var (part, _) = Subset.Read(["true"], [], FhirElements.Traits);
        var whole = """{"resourceType":"AllergyIntolerance","id":"1","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"verificationStatus":{"coding":[{"code":"refuted"}]},"code":{"text":"x"},"patient":{"reference":"Patient/1"},"note":[{"text":"n"}]}""";

        var json = part!.Resource(Encoding.UTF8.GetBytes(whole));

        Assert.Equal(
            """{"resourceType":"AllergyIntolerance","meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]},"id":"1","verificationStatus":{"coding":[{"code":"refuted"}]},"code":{"text":"x"},"patient":{"reference":"Patient/1"}}""",
            Encoding.UTF8.GetString(json.Span));
        Assert.Null(FhirXml.Write(json.Span).Refusal);
    }
}
