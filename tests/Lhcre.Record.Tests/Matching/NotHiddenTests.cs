using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

/// <summary>
/// What one of those who are joined states, and another leaves out, is shown, whoever spoke last: a cluster is shown in one member's words, and
/// those of a later one who says less must not hide what is contested (CLINICAL.md).
/// </summary>
public class NotHiddenTests
{
    private const string Peanut = "'code':{'coding':[{'system':'http://snomed.info/sct','code':'91935009'}]}";
    private const string Amlodipine = "'medicationCodeableConcept':{'coding':[{'system':'https://dmd.nhs.uk','code':'319283006'}]},'authoredOn':'2024-05-12'";
    private const string Potassium = "'identifier':[{'system':'https://example.org/ids','value':'1'}],'code':{'coding':[{'system':'s','code':'1'}]},'effectiveDateTime':'2024-05-12T10:15:00Z'";

    [Theory]
    [InlineData("AllergyIntolerance", Peanut, "'criticality':'high'")]
    [InlineData("AllergyIntolerance", Peanut, "'clinicalStatus':{'coding':[{'code':'active'}]}")]
    [InlineData("AllergyIntolerance", Peanut, "'verificationStatus':{'coding':[{'code':'confirmed'}]}")]
    [InlineData("Condition", Peanut, "'clinicalStatus':{'coding':[{'code':'resolved'}]}")]
    [InlineData("MedicationRequest", Amlodipine, "'dosageInstruction':[{'text':'One daily'}]")]
    [InlineData("MedicationRequest", Amlodipine, "'status':'stopped'")]
    [InlineData("Observation", Potassium, "'valueQuantity':{'value':6.9,'unit':'mmol/L'}")]
    [InlineData("Observation", Potassium, "'component':[{'code':{'coding':[{'system':'s','code':'2'}]},'valueInteger':0}]")]
    public void What_one_states_and_a_later_one_leaves_out_is_shown(string type, string both, string stated)
    {
        foreach (var (one, other) in new[] { (Dorset, Hampshire), (Hampshire, Dorset) })
        {
            var diary = Arrivals.Told(Of(one, type, "1", 1, $"{both},{stated}"), Of(other, type, "2", 9, both));

            Assert.Single(diary.Clusters(type));
            Assert.Contains(Text(Json(stated)), Text(diary.Of(one, type, "1")!.Resource));
        }
    }
}
