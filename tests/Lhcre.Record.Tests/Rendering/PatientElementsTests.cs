using System.Text.Json;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

/// <summary>Of whom each element of the merged Patient is: of the first, by precedence, who states it (CLINICAL.md, "demographics: PDS-verified first").</summary>
public class PatientElementsTests
{
    private const string Source = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/source";

    /// <summary>What the verified source, an older and a newer one say, and what is shown of the element; SRC(x) is the extension that names source x.</summary>
    [Theory]
    [InlineData("telecom", "", "", "'telecom':[{'value':'1'}]", "[{'value':'1','extension':[SRC(isle-of-wight)]}]")]
    [InlineData("telecom", "'telecom':[{'value':'0'}]", "", "'telecom':[{'value':'1'}]", "[{'value':'0'}]")]
    [InlineData("telecom", "", "'telecom':[{'value':'2'}]", "'telecom':[{'value':'1'}]", "[{'value':'1','extension':[SRC(isle-of-wight)]}]")]
    [InlineData("telecom", "", "'telecom':[{'value':'2'},{'extension':[{'url':'e'}],'value':'3'},{}]", "", "[{'value':'2','extension':[SRC(hampshire)]},{'extension':[SRC(hampshire),{'url':'e'}],'value':'3'},{'extension':[SRC(hampshire)]}]")]
    [InlineData("address", "", "'address':[{'period':{'extension':[{'url':'e'}]},'line':['1 High St','Ringwood']}]", "", "[{'period':{'extension':[{'url':'e'}]},'line':['1 High St','Ringwood'],'extension':[SRC(hampshire)]}]")]
    [InlineData("address", "", "'address':[]", "'address':[{'city':'Ryde'}]", "[{'city':'Ryde','extension':[SRC(isle-of-wight)]}]")]
    [InlineData("maritalStatus", "", "'maritalStatus':{'text':'Married'}", "", "{'text':'Married','extension':[SRC(hampshire)]}")]
    [InlineData("gender", "", "'gender':'female'", "", "'female'")]
    [InlineData("_gender", "", "'gender':'female'", "", "{'extension':[SRC(hampshire)]}")]
    [InlineData("_birthDate", "", "'birthDate':'1950-01-02','_birthDate':{'extension':[{'url':'birthTime'}]}", "", "{'extension':[SRC(hampshire),{'url':'birthTime'}]}")]
    [InlineData("_birthDate", "'birthDate':'1950-01-02'", "'birthDate':'1950-01-02','_birthDate':{'extension':[{'url':'birthTime'}]}", "", "")]
    [InlineData("multipleBirthInteger", "", "'multipleBirthInteger':0", "'multipleBirthBoolean':false", "")]
    [InlineData("multipleBirthBoolean", "", "'multipleBirthInteger':0", "'multipleBirthBoolean':false", "false")]
    [InlineData("generalPractitioner", "", "'generalPractitioner':[{'reference':'#gp'}]", "", "")]
    [InlineData("generalPractitioner", "", "'generalPractitioner':[{'reference':'Practitioner/9'}]", "", "[{'reference':'http://127.0.0.1:8080/sources/hampshire/fhir/Practitioner/9','extension':[SRC(hampshire)]}]")]
    [InlineData("active", "", "'active':true", "'active':true", "")]
    [InlineData("managingOrganization", "", "'managingOrganization':{'display':'Trust'}", "", "")]
    [InlineData("deceasedDateTime", "", "", "'deceasedDateTime':'2025-03'", "'2025-03'")]
    [InlineData("deceasedBoolean", "'deceasedBoolean':false", "", "'deceasedDateTime':'2025-03'", "false")]
    [InlineData("deceasedDateTime", "'deceasedBoolean':false", "", "'deceasedDateTime':'2025-03'", "")]
    [InlineData("deceasedDateTime", "'deceasedBoolean':true", "", "'deceasedDateTime':'2025-03'", "'2025-03'")]
    [InlineData("_deceasedDateTime", "'deceasedBoolean':true,'gender':'male'", "", "'deceasedDateTime':'2025-03'", "{'extension':[SRC(isle-of-wight)]}")]
    [InlineData("deceasedBoolean", "'deceasedBoolean':true", "", "'deceasedDateTime':'2025-03'", "")]
    [InlineData("deceasedBoolean", "'deceasedBoolean':true", "'deceasedBoolean':false", "", "true")]
    [InlineData("deceasedDateTime", "'deceasedDateTime':'2025'", "", "'deceasedDateTime':'2025-03-04'", "'2025'")]
    public void An_element_is_of_the_first_by_precedence_who_states_it(string element, string verified, string older, string newer, string expected)
    {
        Fragment[] said = [Patient(Dorset, 1, verified, isVerified: true), Patient(Hampshire, 2, older), Patient(Wight, 3, newer)];
        foreach (var order in new[] { said, [said[2], said[0], said[1]], [said[1], said[2], said[0]] })
        {
            var diary = Diary.Of(order);
            foreach (var record in new[] { diary.Record, diary.Replayed() })
            {
                var shown = JsonSerializer.Deserialize<JsonElement>(record.All[0].Resource.Span);
                Assert.Equal(Expected(expected), shown.TryGetProperty(element, out var value) ? value.GetRawText() : "");
            }
        }
    }

    [Fact]
    public void What_its_source_withdraws_is_shown_no_longer_and_the_next_one_is()
    {
        var diary = Diary.Of(Patient(Dorset, 1, "", isVerified: true), Patient(Hampshire, 2, "'gender':'female'"), Patient(Wight, 3, "'gender':'male'"));
        Assert.Equal("male", Element(diary, "gender"));

        diary.Push(Gone(Wight, "Patient", "p", 4));
        Assert.Equal("female", Element(diary, "gender"));

        diary.Push(Patient(Dorset, 5, "'gender':'other'", isVerified: true));
        Assert.Equal("other", Element(diary, "gender"));
    }

    [Fact]
    public void A_general_practitioner_that_another_source_names_is_the_merged_one_as_soon_as_it_is_there()
    {
        var diary = Diary.Of(Patient(Dorset, 1, "", isVerified: true), Patient(Hampshire, 2, "'generalPractitioner':[{'reference':'Practitioner/9'}]"));

        diary.Push(Of(Hampshire, "Practitioner", "9", 3));

        Assert.Equal($"Practitioner/{Id(Hampshire, "Practitioner", "9")}", Patient(diary).GetProperty("generalPractitioner")[0].GetProperty("reference").GetString());
    }

    [Fact]
    public void What_is_told_of_a_patient_names_the_elements_that_others_add()
    {
        var diary = Diary.Of(
            Patient(Dorset, 1, "'gender':'female'", isVerified: true), Patient(Hampshire, 2, "'telecom':[{'value':'1'}],'gender':'male'"), Patient(Wight, 3, "'birthDate':'1950-01-02'"));

        var additions = diary.Record.Explain(diary.Record.All[0]).Additions;

        Assert.Equal([("telecom", Hampshire), ("birthDate", Wight)], additions.Where(a => a.Value is null).Select(a => (a.Element, a.Source)));
    }

    private static JsonElement Patient(Diary diary) => JsonSerializer.Deserialize<JsonElement>(diary.Record.All[0].Resource.Span);

    private static string? Element(Diary diary, string name) => Patient(diary).GetProperty(name).GetString();

    private static string Expected(string text) => System.Text.RegularExpressions.Regex
        .Replace(text, @"SRC\(([a-z-]+)\)", $"{{'url':'{Source}','valueCode':'$1'}}").Replace('\'', '"');

    private static Fragment Patient(string source, int day, string more, bool isVerified = false)
    {
        const string Status = "'extension':[{'url':'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus','valueCodeableConcept':{'coding':[{'code':'01'}]}}],";
        const string Trace = "'extension':[{'url':'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus','valueCodeableConcept':{'coding':[{'code':'02'}]}}],";
        var number = $"'identifier':[{{{(isVerified ? Status : Trace)}'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000204'}}]";
        return Of(source, "Patient", "p", day, more.Length > 0 ? $"{number},{more}" : number);
    }
}
