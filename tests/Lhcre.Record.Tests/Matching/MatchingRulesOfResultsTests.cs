namespace Lhcre.Record.Tests;

/// <summary>CLINICAL.md's rules for observations, reports, encounters and documents, whichever of two sources says which.</summary>
public class MatchingRulesOfResultsTests
{
    private const Tie NotJoined = Tie.Apart | Tie.PossibleDuplicate;

    private const string Potassium = "'code':{'coding':[{'system':'http://snomed.info/sct','code':'1000651000000109'}]}";
    private const string At1015 = "'effectiveDateTime':'2024-05-12T10:15:00Z'";
    private const string Panel = "'code':{'coding':[{'system':'http://loinc.org','code':'85354-9'}]}," + At1015;
    private const string Mmol = "'unit':'mmol/L','system':'http://unitsofmeasure.org','code':'mmol/L'";

    [Theory]
    [InlineData("the same minute and value", Tie.Joined, $"{At1015},'valueQuantity':{{'value':4.1,{Mmol}}}", $"{At1015},'valueQuantity':{{'value':4.1,{Mmol}}}")]
    [InlineData("seconds that were rounded", Tie.Joined, $"{At1015},'valueString':'a'", "'effectiveDateTime':'2024-05-12T10:15:42.123Z','valueString':'a'")]
    [InlineData("the same minute in another zone", Tie.Joined, $"{At1015},'valueString':'a'", "'effectiveDateTime':'2024-05-12T11:15:00+01:00','valueString':'a'")]
    [InlineData("an instant", Tie.Joined, $"{At1015},'valueString':'a'", "'effectiveInstant':'2024-05-12T10:15:00Z','valueString':'a'")]
    [InlineData("the day that holds it", Tie.Joined, $"{At1015},'valueString':'a'", "'effectiveDateTime':'2024-05-12','valueString':'a'")]
    [InlineData("the next minute", Tie.Apart, $"{At1015},'valueString':'a'", "'effectiveDateTime':'2024-05-12T10:16:00Z','valueString':'a'")]
    [InlineData("twelve hours later", Tie.Apart, $"{At1015},'valueString':'a'", "'effectiveDateTime':'2024-05-12T22:15:00Z','valueString':'a'")]
    [InlineData("another value", Tie.Conflict, $"{At1015},'valueQuantity':{{'value':6.9,{Mmol}}}", $"{At1015},'valueQuantity':{{'value':4.1,{Mmol}}}")]
    [InlineData("the same number, written longer", Tie.Joined, $"{At1015},'valueQuantity':{{'value':6.9,{Mmol}}}", $"{At1015},'valueQuantity':{{'value':6.90,{Mmol}}}")]
    [InlineData("mmol/L and mmol/l", Tie.Joined, $"{At1015},'valueQuantity':{{'value':4.1,{Mmol}}}", $"{At1015},'valueQuantity':{{'value':4.1,'unit':'mmol/l'}}")]
    [InlineData("kilograms and grams", Tie.Joined, $"{At1015},'valueQuantity':{{'value':70.5,'code':'kg','unit':'kg'}}", $"{At1015},'valueQuantity':{{'value':70500,'code':'g','unit':'g'}}")]
    [InlineData("kilograms and as many grams", Tie.Conflict, $"{At1015},'valueQuantity':{{'value':70.5,'unit':'kg'}}", $"{At1015},'valueQuantity':{{'value':70.5,'unit':'g'}}")]
    [InlineData("below and at", Tie.Conflict, $"{At1015},'valueQuantity':{{'value':5,'comparator':'<',{Mmol}}}", $"{At1015},'valueQuantity':{{'value':5,{Mmol}}}")]
    [InlineData("false is a value", Tie.Joined, $"{At1015},'valueBoolean':false", $"{At1015},'valueBoolean':false")]
    [InlineData("false is not true", Tie.Conflict, $"{At1015},'valueBoolean':false", $"{At1015},'valueBoolean':true")]
    [InlineData("0 is a value", Tie.Joined, $"{At1015},'valueInteger':0", $"{At1015},'valueInteger':0")]
    [InlineData("0 is not 1", Tie.Conflict, $"{At1015},'valueInteger':0", $"{At1015},'valueInteger':1")]
    [InlineData("the same coded value", Tie.Joined, $"{At1015},'valueCodeableConcept':{{'coding':[{{'system':'s','code':'1'}}]}}",
        $"{At1015},'valueCodeableConcept':{{'coding':[{{'system':'t','code':'2'}},{{'system':'s','code':'1'}}],'text':'one'}}")]
    [InlineData("another coded value", Tie.Conflict, $"{At1015},'valueCodeableConcept':{{'coding':[{{'system':'s','code':'1'}}]}}", $"{At1015},'valueCodeableConcept':{{'coding':[{{'system':'s','code':'2'}}]}}")]
    [InlineData("no value at either", Tie.Apart, At1015, At1015)]
    [InlineData("no value at either but an identifier", Tie.Joined, $"{At1015},'identifier':[{{'system':'s','value':'1'}}]", $"{At1015},'identifier':[{{'system':'s','value':'1'}}]")]
    [InlineData("a reason why there is no value", Tie.Apart, $"{At1015},'dataAbsentReason':{{'coding':[{{'code':'unknown'}}]}}", $"{At1015},'dataAbsentReason':{{'coding':[{{'code':'unknown'}}]}}")]
    public void Observations(string why, Tie expected, string left, string right) => Hold(why, expected, "Observation", $"{Potassium},{left}", $"{Potassium},{right}");

    [Theory]
    [InlineData("the same readings", Tie.Joined, 120, 80, 120, 80)]
    [InlineData("another systolic", Tie.Conflict, 120, 80, 130, 80)]
    [InlineData("another diastolic", Tie.Conflict, 120, 80, 120, 85)]
    public void Panels_are_compared_by_their_components(string why, Tie expected, int systolic, int diastolic, int otherSystolic, int otherDiastolic)
    {
        Hold(why, expected, "Observation", $"{Panel},{Readings(systolic, diastolic)}", $"{Panel},{Readings(otherSystolic, otherDiastolic)}");

        static string Readings(int systolic, int diastolic) => $"'component':[{Reading("8480-6", systolic)},{Reading("8462-4", diastolic)}]";
        static string Reading(string code, int value) => $"{{'code':{{'coding':[{{'system':'http://loinc.org','code':'{code}'}}]}},'valueQuantity':{{'value':{value},'unit':'mmHg','code':'mm[Hg]'}}}}";
    }

    private const string Bloods = "'code':{'coding':[{'system':'http://snomed.info/sct','code':'26604007'}]}";

    [Theory]
    [InlineData("the same code and day", Tie.Joined, $"{Bloods},'effectiveDateTime':'2024-05-12'", $"{Bloods},'effectiveDateTime':'2024-05-12T10:15:00Z'")]
    [InlineData("another day", Tie.Apart, $"{Bloods},'effectiveDateTime':'2024-05-12'", $"{Bloods},'effectiveDateTime':'2024-05-13'")]
    [InlineData("another code", Tie.Apart, $"{Bloods},'effectiveDateTime':'2024-05-12'", $"{Potassium},'effectiveDateTime':'2024-05-12'")]
    [InlineData("the same results", Tie.Joined, $"{Bloods},'effectiveDateTime':'2024-05-12','result':[{{'reference':'Observation/same'}}]", $"{Bloods},'effectiveDateTime':'2024-05-12','result':[{{'reference':'Observation/same'}}]")]
    [InlineData("other results", NotJoined, $"{Bloods},'effectiveDateTime':'2024-05-12','result':[{{'reference':'Observation/same'}}]", $"{Bloods},'effectiveDateTime':'2024-05-12','result':[{{'reference':'Observation/later'}}]")]
    [InlineData("results that one does not name", Tie.Joined, $"{Bloods},'effectiveDateTime':'2024-05-12','result':[{{'reference':'Observation/same'}}]", $"{Bloods},'effectiveDateTime':'2024-05-12'")]
    public void Reports(string why, Tie expected, string left, string right) => Hold(why, expected, "DiagnosticReport", left, right, source =>
    [
        Said.Of(source, "Observation", "same", 1, $"{Potassium},{At1015},'valueString':'a'"),
        Said.Of(source, "Observation", "later", 1, $"{Potassium},'effectiveDateTime':'2024-05-12T18:00:00Z','valueString':'b'"),
    ]);

    private const string Emergency = "'class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'EMER'}";
    private const string Ambulatory = "'class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'AMB'}";
    private const string Started = "'period':{'start':'2024-05-12T10:15:00Z'}";
    private const string AtPoole = "'serviceProvider':{'reference':'Organization/poole'}";
    private const string AtSouthampton = "'serviceProvider':{'reference':'Organization/southampton'}";
    private const string Visit = "'identifier':[{'value':'V1'}]";

    [Theory]
    [InlineData("organisation, class and start", Tie.Joined, $"{Emergency},{Started},{AtPoole}", $"{Emergency},{Started},{AtPoole}")]
    [InlineData("two hospitals at the same minute", Tie.Apart, $"{Emergency},{Started},{AtPoole}", $"{Emergency},{Started},{AtSouthampton}")]
    [InlineData("another class", NotJoined, $"{Emergency},{Started},{AtPoole}", $"{Ambulatory},{Started},{AtPoole}")]
    [InlineData("an hour later", Tie.Apart, $"{Emergency},{Started},{AtPoole}", $"{Emergency},'period':{{'start':'2024-05-12T11:15:00Z'}},{AtPoole}")]
    [InlineData("another visit id of the organisation", Tie.Apart, $"{Emergency},{AtPoole},{Visit}", $"{Emergency},{AtPoole},'identifier':[{{'value':'V2'}}]")]
    [InlineData("another visit id at the same minute", Tie.Apart, $"{Emergency},{Started},{AtPoole},{Visit}", $"{Emergency},{Started},{AtPoole},'identifier':[{{'value':'V2'}}]")]
    [InlineData("an identifier says that it is the same", Tie.Joined, $"{Emergency},{Started},{AtPoole},'identifier':[{{'value':'V1'}},{{'system':'s','value':'1'}}]",
        $"{Emergency},{Started},{AtPoole},'identifier':[{{'value':'V2'}},{{'system':'s','value':'1'}}]")]
    [InlineData("the organisation's own visit id", Tie.Joined, $"{Emergency},{Started},{AtPoole},{Visit}", $"{Emergency},{AtPoole},{Visit}")]
    [InlineData("the same visit id of two hospitals", Tie.Apart, $"{Emergency},{Started},{AtPoole},{Visit}", $"{Emergency},{Started},{AtSouthampton},{Visit}")]
    public void Encounters(string why, Tie expected, string left, string right) => Hold(why, expected, "Encounter", left, right, source =>
    [
        Said.Of(source, "Organization", "poole", 1, Said.Identified("R0D01", "https://fhir.nhs.uk/Id/ods-organization-code")),
        Said.Of(source, "Organization", "southampton", 1, Said.Identified("RHM01", "https://fhir.nhs.uk/Id/ods-organization-code")),
    ]);

    [Theory]
    [InlineData("the same attachment's hash", Tie.Joined, "'content':[{'attachment':{'hash':'qvTGHdzF6KLavt4PO0gs2a6pQ00='}}]", "'content':[{'attachment':{'hash':'qvTGHdzF6KLavt4PO0gs2a6pQ00=','title':'Letter'}}]")]
    [InlineData("a hash and the bytes of which it is", Tie.Joined, "'content':[{'attachment':{'hash':'qvTGHdzF6KLavt4PO0gs2a6pQ00='}}]", "'content':[{'attachment':{'contentType':'text/plain','data':'aGVsbG8='}}]")]
    [InlineData("other bytes", Tie.Apart, "'content':[{'attachment':{'data':'aGVsbG8='}}]", "'content':[{'attachment':{'data':'d29ybGQ='}}]")]
    [InlineData("the same master identifier", Tie.Joined, "'masterIdentifier':{'system':'s','value':'1'}", "'masterIdentifier':{'system':'s','value':'1'}")]
    [InlineData("the same type, title and day", Tie.Apart, "'type':{'coding':[{'system':'s','code':'1'}]},'date':'2024-05-12T10:15:00Z'", "'type':{'coding':[{'system':'s','code':'1'}]},'date':'2024-05-12T10:15:00Z'")]
    public void Documents(string why, Tie expected, string left, string right) => Hold(why, expected, "DocumentReference", left, right);

    private static void Hold(string why, Tie expected, string type, string left, string right, Func<string, Fragment[]>? with = null)
    {
        Assert.NotEmpty(why);
        Merged.Expect(expected, type, left, right, with);
    }
}
