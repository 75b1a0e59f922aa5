using System.Text;
using CsCheck;

namespace Lhcre.Record.Tests.Reading;

/// <summary>What an Observation's value says, in the form in which it says so.</summary>
public class ObservationValuesTests
{
    public static TheoryData<string, string> Values => new()
    {
        { "'valueBoolean':false", "boolean=false" },
        { "'valueBoolean':true", "boolean=true" },
        { "'valueInteger':0", "integer=0" },
        { "'valueInteger':7", "integer=7" },
        { "'valueInteger':7.0", "integer=7" },
        { "'valueString':' Not  detected. '", "text=not detected" },
        { "'valueString':'<5'", "text=<5" },
        { "'valueString':'+'", "text=+" },
        { "'valueString':'\\u0041bc'", "text=abc" },
        { "'valueCodeableConcept':{'coding':[{'system':'s','code':'1'},{'code':'2'}],'text':'no'}", "=2; s=1" },
        { "'valueCodeableConcept':{'text':'Never smoked'}", "text=never smoked" },
        { "'valueCodeableConcept':{'coding':[{'system':'s','display':'Never smoked'}]}", "text=never smoked" },
        { "'valueRange':{'low':{'value':1,'unit':'mg'},'high':{'value':2.0,'unit':'mg'}}", "range=0.001 g..0.002 g" },
        { "'valueRange':{'high':{'value':2.0,'unit':'mg'}}", "range=..0.002 g" },
        { "'valueRatio':{'numerator':{'value':1},'denominator':{'value':128}}", "ratio=1 : 128" },
        { "'valueTime':'09:30:00'", "time=09:30" },
        { "'valueDateTime':'2024-05-12T10:30:00+01:00'", "dateTime=2024-05-12T09:30Z" },
        { "'valueDateTime':'2024'", "dateTime=2024" },
        { "'valueDateTime':'spring'", "dateTime=spring" },
        { "'valuePeriod':{'start':'2024-05-12','end':'2024-05-13'}", "period=2024-05-12..2024-05-13" },
        { "'valuePeriod':{'end':'2024-05-13'}", "period=..2024-05-13" },
        { "'valueBoolean':'false'", "" },
        { "'valueBoolean':null", "" },
        { "'valueQuantity':[{'value':1}]", "" },
        { "'valueString':7", "" },
        { "'valueString':' '", "" },
        { "'valueCodeableConcept':{}", "" },
        { "'valueRange':{}", "" },
        { "'valueRatio':'1:2'", "" },
        { "'valuePeriod':{}", "" },
        { "'dataAbsentReason':{'coding':[{'code':'unknown'}]}", "" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_has_a_form(string members, string expected) => Assert.Equal(expected, ReadFacts.Of(FactElement.Value, "Observation", members));

    [Theory]
    [MemberData(nameof(Values))]
    public void A_components_value_has_the_same_form_behind_the_components_code(string members, string expected)
    {
        var forms = expected.Length == 0 ? expected : string.Join("; ", expected.Split("; ").Select(v => $"s|c/{v}"));
        Assert.Equal(forms, ReadFacts.Of(FactElement.Component, "Observation", $"'component':[{{{members},'code':{{'coding':[{{'system':'s','code':'c'}}]}}}}]"));
    }

    [Fact]
    public void A_blood_pressure_is_its_components()
    {
        const string Systolic = "{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'},{'system':'http://snomed.info/sct','code':'271649006'}]},'valueQuantity':{'value':120,'unit':'mmHg'}}";
        const string Diastolic = "{'valueQuantity':{'value':80.0,'unit':'mm[Hg]'},'code':{'coding':[{'system':'http://loinc.org','code':'8462-4'}]}}";
        const string Absent = "{'code':{'coding':[{'system':'http://loinc.org','code':'8478-0'}]},'dataAbsentReason':{'coding':[{'code':'unknown'}]}}";
        const string Expected = "http://loinc.org|8462-4/quantity=10665.76 Pa; http://loinc.org|8480-6/quantity=15998.64 Pa; http://snomed.info/sct|271649006/quantity=15998.64 Pa";
        Assert.Equal(Expected, ReadFacts.Of(FactElement.Component, "Observation", $"'component':[{Systolic},{Diastolic},{Absent}]"));
        Assert.Equal(Expected, ReadFacts.Of(FactElement.Component, "Observation", $"'component':[{Diastolic},7,null,{Absent},{Systolic}]"));
        Assert.Equal(Expected[(Expected.IndexOf(';', StringComparison.Ordinal) + 2)..], ReadFacts.Of(FactElement.Component, "Observation", $"'component':{Systolic}"));
    }

    [Fact]
    public void A_component_without_a_code_is_named_by_its_words() =>
        Assert.Equal("text|left eye/integer=0", ReadFacts.Of(FactElement.Component, "Observation", "'component':[{'code':{'text':'Left eye'},'valueInteger':0},{'valueInteger':1}]"));

    [Fact]
    public void A_curve_is_compared_whole()
    {
        string Curve(string more, string data) => ReadFacts.Of(
            FactElement.Value, "Observation", $"'valueSampledData':{{'origin':{{'value':0,'unit':'mV'}},'period':10.0,'dimensions':1,{more}'data':'{data}'}}");
        Assert.StartsWith("sampledData=0 V 10 1 1 ", Curve("", "1 2 3"), StringComparison.Ordinal);
        Assert.Equal(Curve("", "1 2 3"), Curve("'factor':1.0,", " 1 2  3 "));
        Assert.NotEqual(Curve("", "1 2 3"), Curve("", "1 2 4"));
        Assert.NotEqual(Curve("", "1 2 3"), Curve("'factor':2,", "1 2 3"));
        Assert.Equal("", ReadFacts.Of(FactElement.Value, "Observation", "'valueSampledData':{'period':10}"));
    }

    [Fact]
    public void Whatever_stands_in_the_elements_that_are_compared_is_read_without_an_exception()
    {
        string[] types =
        [
            "AllergyIntolerance", "Condition", "MedicationStatement", "MedicationRequest", "Immunization", "Observation", "Procedure", "DiagnosticReport",
            "Encounter", "DocumentReference", "Patient",
        ];
        string[] names =
        [
            "code", "status", "reaction", "clinicalStatus", "verificationStatus", "criticality", "onsetDateTime", "onsetPeriod", "bodySite", "effectiveDateTime",
            "effectivePeriod", "dosage", "dosageInstruction", "doseAndRate", "doseQuantity", "rateRatio", "timing", "repeat", "frequency", "when",
            "asNeededBoolean", "contained", "medicationReference", "substance", "valueQuantity", "valueInteger", "valueRange", "valueSampledData", "valueBoolean",
            "component", "result", "class", "serviceProvider", "period", "start", "masterIdentifier", "content", "attachment", "hash", "data", "birthDate",
            "deceasedBoolean", "name", "family", "given", "value", "unit", "numerator", "low", "coding", "text", "reference", "id",
        ];
        var value = JsonValues.Any;
        for (var depth = 0; depth < 2; depth++)
        {
            var inner = value;
            var members = Gen.Select(Gen.OneOf(names), inner).Array[0, 4].Select(Object);
            value = Gen.OneOf(inner, members, members, members.Array[0, 2].Select(items => $"[{string.Join(',', items)}]"));
        }

        Gen.Select(Gen.OneOf(types), Gen.Select(Gen.OneOf(names), value).Array[1, 6].Select(Object)).Sample(
            (type, json) =>
            {
                var facts = FactsReader.Read(type, "own", Encoding.UTF8.GetBytes(json));
                Assert.Equal(facts.Parts.Order().Distinct(), facts.Parts);
            },
            iter: 3_000);

        static string Object((string Name, string Value)[] members) =>
            $"{{{string.Join(',', members.DistinctBy(m => m.Name).Select(m => $"\"{m.Name}\":{m.Value}"))}}}";
    }
}
