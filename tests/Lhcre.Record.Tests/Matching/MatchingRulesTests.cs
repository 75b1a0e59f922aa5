namespace Lhcre.Record.Tests;

/// <summary>
/// CLINICAL.md, "What makes two entries the same fact", as tables: allergies, conditions, immunisations, procedures. Each row is held whichever
/// of two sources says which, in every order of arrival.
/// </summary>
public class MatchingRulesTests
{
    private const Tie NotJoined = Tie.Apart | Tie.PossibleDuplicate;

    private const string Snomed = "'system':'http://snomed.info/sct'";
    private const string Peanut = $"'code':{{'coding':[{{{Snomed},'code':'91935009'}}]}}";
    private const string Egg = $"'code':{{'coding':[{{{Snomed},'code':'91930004'}}]}}";
    private const string NoneKnown = $"'code':{{'coding':[{{{Snomed},'code':'716186003'}}]}}";
    private const string Asthma = $"'code':{{'coding':[{{{Snomed},'code':'195967001'}}]}}";
    private const string AsthmaInBoth = $"'code':{{'coding':[{{{Snomed},'code':'195967001'}},{{'system':'http://read.info/readv2','code':'H33..'}}]}}";
    private const string AsthmaInRead = "'code':{'coding':[{'system':'http://read.info/readv2','code':'H33..'}],'text':'Asthma'}";
    private const string May12 = "'onsetDateTime':'2024-05-12'";

    [Theory]
    [InlineData("the same substance", Tie.Joined, Peanut, Peanut + ",'recordedDate':'2020-03-01'")]
    [InlineData("another substance", Tie.Apart, Peanut, Egg)]
    [InlineData("in code here and in a reaction there", Tie.Joined, $"'code':{{'coding':[{{{Snomed},'code':'1'}}]}}", $"'reaction':[{{'substance':{{'coding':[{{{Snomed},'code':'1'}}]}}}}]")]
    [InlineData("in the second reaction", Tie.Joined, $"'code':{{'coding':[{{{Snomed},'code':'2'}}]}}",
        $"'reaction':[{{'manifestation':[{{'text':'rash'}}]}},{{'substance':{{'coding':[{{{Snomed},'code':'2'}}]}}}}]")]
    [InlineData("the same words, of which one is coded", Tie.Apart, "'code':{'coding':[{'system':'s','code':'1'}],'text':'Peanut'}", "'code':{'text':'Peanut'}")]
    [InlineData("the same words, neither coded", Tie.Joined, "'code':{'text':'Peanut (oil)'}", "'code':{'text':' PEANUT  oil '}")]
    [InlineData("other words", Tie.Apart, "'code':{'text':'Peanut'}", "'code':{'text':'Egg'}")]
    [InlineData("no known allergy and an allergy", Tie.Apart, NoneKnown, Peanut)]
    [InlineData("no known allergy and an allergy in words", Tie.Apart, NoneKnown, "'code':{'text':'Peanut'}")]
    [InlineData("active and resolved", Tie.Conflict, Peanut + ",'clinicalStatus':{'coding':[{'code':'active'}]}", Peanut + ",'clinicalStatus':{'coding':[{'code':'resolved'}]}")]
    [InlineData("active and inactive", Tie.Conflict, Peanut + ",'clinicalStatus':{'coding':[{'code':'active'}]}", Peanut + ",'clinicalStatus':{'coding':[{'code':'inactive'}]}")]
    [InlineData("confirmed and refuted", Tie.Conflict, Peanut + ",'verificationStatus':{'coding':[{'code':'confirmed'}]}", Peanut + ",'verificationStatus':{'coding':[{'code':'refuted'}]}")]
    [InlineData("high and low criticality", Tie.Conflict, Peanut + ",'criticality':'high'", Peanut + ",'criticality':'low'")]
    [InlineData("criticality that could not be assessed", Tie.Joined, Peanut + ",'criticality':'high'", Peanut + ",'criticality':'unable-to-assess'")]
    [InlineData("a status that one does not state", Tie.Joined, Peanut + ",'clinicalStatus':{'coding':[{'code':'active'}]}", Peanut)]
    [InlineData("nothing to compare", Tie.Apart, "'note':[{'text':'a'}]", "'note':[{'text':'a'}]")]
    public void Allergies(string why, Tie expected, string left, string right) => Hold(why, expected, "AllergyIntolerance", left, right);

    [Theory]
    [InlineData("the same code and day", Tie.Joined, $"{Asthma},{May12}", $"{Asthma},{May12}")]
    [InlineData("a month that holds the day", Tie.Joined, $"{Asthma},{May12}", $"{Asthma},'onsetDateTime':'2024-05'")]
    [InlineData("a year that holds the day", Tie.Joined, $"{Asthma},{May12}", $"{Asthma},'onsetDateTime':'2024'")]
    [InlineData("a period that starts on the day", Tie.Joined, $"{Asthma},{May12}", $"{Asthma},'onsetPeriod':{{'start':'2024-05-12','end':'2024-06-01'}}")]
    [InlineData("no onset at one, one cluster that fits", Tie.Joined, $"{Asthma},{May12}", Asthma)]
    [InlineData("no onset at either", Tie.Joined, Asthma, Asthma)]
    [InlineData("the next day", Tie.Apart, $"{Asthma},{May12}", $"{Asthma},'onsetDateTime':'2024-05-13'")]
    [InlineData("another month", Tie.Apart, $"{Asthma},{May12}", $"{Asthma},'onsetDateTime':'2024-04'")]
    [InlineData("another year", Tie.Apart, $"{Asthma},'onsetDateTime':'2023'", $"{Asthma},'onsetDateTime':'2024'")]
    [InlineData("23:30Z on 30 June is 1 July here", Tie.Joined, $"{Asthma},'onsetDateTime':'2024-06-30T23:30:00Z'", $"{Asthma},'onsetDateTime':'2024-07-01'")]
    [InlineData("and is not 30 June", Tie.Apart, $"{Asthma},'onsetDateTime':'2024-06-30T23:30:00Z'", $"{Asthma},'onsetDateTime':'2024-06-30'")]
    [InlineData("nor of that month", Tie.Apart, $"{Asthma},'onsetDateTime':'2024-06-30T23:30:00Z'", $"{Asthma},'onsetDateTime':'2024-06'")]
    [InlineData("in winter it is the day that it says", Tie.Joined, $"{Asthma},'onsetDateTime':'2024-12-31T23:30:00Z'", $"{Asthma},'onsetDateTime':'2024-12-31'")]
    [InlineData("one of two codings in common", Tie.Joined, $"{AsthmaInBoth},{May12}", $"{AsthmaInRead},{May12}")]
    [InlineData("the same words under other code systems", Tie.Apart, $"{Asthma},{May12}", $"{AsthmaInRead},{May12}")]
    [InlineData("the same code of another system", Tie.Apart, "'code':{'coding':[{'system':'s','code':'1'}]}", "'code':{'coding':[{'system':'t','code':'1'}]}")]
    [InlineData("types 1 and 2", Tie.Apart, $"'code':{{'coding':[{{{Snomed},'code':'46635009'}}]}},{May12}", $"'code':{{'coding':[{{{Snomed},'code':'44054006'}}]}},{May12}")]
    [InlineData("left and right in the code", Tie.Apart, $"'code':{{'coding':[{{{Snomed},'code':'287047008'}}]}},{May12}", $"'code':{{'coding':[{{{Snomed},'code':'287048003'}}]}},{May12}")]
    [InlineData("left and right in the body site", NotJoined, $"{Asthma},{May12},'bodySite':[{{'coding':[{{{Snomed},'code':'7771000'}}]}}]",
        $"{Asthma},{May12},'bodySite':[{{'coding':[{{{Snomed},'code':'24028007'}}]}}]")]
    [InlineData("acute and chronic", Tie.Apart, $"'code':{{'coding':[{{{Snomed},'code':'10509002'}}]}},{May12}", $"'code':{{'coding':[{{{Snomed},'code':'63480004'}}]}},{May12}")]
    [InlineData("active and resolved", Tie.Conflict, $"{Asthma},{May12},'clinicalStatus':{{'coding':[{{'code':'active'}}]}}", $"{Asthma},{May12},'clinicalStatus':{{'coding':[{{'code':'resolved'}}]}}")]
    [InlineData("confirmed and refuted", Tie.Conflict, $"{Asthma},{May12},'verificationStatus':{{'coding':[{{'code':'confirmed'}}]}}",
        $"{Asthma},{May12},'verificationStatus':{{'coding':[{{'code':'refuted'}}]}}")]
    [InlineData("one took it back", Tie.Apart, $"{Asthma},{May12}", $"{Asthma},{May12},'verificationStatus':{{'coding':[{{'code':'entered-in-error'}}]}}")]
    public void Conditions(string why, Tie expected, string left, string right) => Hold(why, expected, "Condition", left, right);

    private const string Flu = $"'vaccineCode':{{'coding':[{{{Snomed},'code':'1066171000000108'}}]}}";

    [Theory]
    [InlineData("the same vaccine and day", Tie.Joined, $"{Flu},'status':'completed','occurrenceDateTime':'2024-10-01'", $"{Flu},'status':'completed','occurrenceDateTime':'2024-10-01'")]
    [InlineData("a day and the minute within it", Tie.Joined, $"{Flu},'occurrenceDateTime':'2024-10-01'", $"{Flu},'occurrenceDateTime':'2024-10-01T10:15:00+01:00'")]
    [InlineData("a month that holds the day", Tie.Joined, $"{Flu},'occurrenceDateTime':'2024-10-01'", $"{Flu},'occurrenceDateTime':'2024-10'")]
    [InlineData("successive years", Tie.Apart, $"{Flu},'occurrenceDateTime':'2023-10-01'", $"{Flu},'occurrenceDateTime':'2024-10-01'")]
    [InlineData("doses 1 and 2", Tie.Apart, $"{Flu},'occurrenceDateTime':'2024-10-01','protocolApplied':[{{'doseNumberPositiveInt':1}}]",
        $"{Flu},'occurrenceDateTime':'2024-10-29','protocolApplied':[{{'doseNumberPositiveInt':2}}]")]
    [InlineData("another vaccine", Tie.Apart, $"{Flu},'occurrenceDateTime':'2024-10-01'", $"'vaccineCode':{{'coding':[{{{Snomed},'code':'1324681000000101'}}]}},'occurrenceDateTime':'2024-10-01'")]
    [InlineData("given and not given", Tie.Conflict, $"{Flu},'status':'completed','occurrenceDateTime':'2024-10-01'", $"{Flu},'status':'not-done','occurrenceDateTime':'2024-10-01'")]
    public void Immunisations(string why, Tie expected, string left, string right) => Hold(why, expected, "Immunization", left, right);

    private const string Hip = $"'code':{{'coding':[{{{Snomed},'code':'52734007'}}]}}";

    [Theory]
    [InlineData("the same code and day", Tie.Joined, $"{Hip},'status':'completed','performedDateTime':'2024-05-12'", $"{Hip},'status':'completed','performedDateTime':'2024-05-12'")]
    [InlineData("a period that starts on the day", Tie.Joined, $"{Hip},'performedDateTime':'2024-05-12'", $"{Hip},'performedPeriod':{{'start':'2024-05-12T09:00:00+01:00','end':'2024-05-12T11:00:00+01:00'}}")]
    [InlineData("a month that holds the day", Tie.Joined, $"{Hip},'performedDateTime':'2024-05-12'", $"{Hip},'performedDateTime':'2024-05'")]
    [InlineData("another day", Tie.Apart, $"{Hip},'performedDateTime':'2024-05-12'", $"{Hip},'performedDateTime':'2024-05-13'")]
    [InlineData("left and right", NotJoined, $"{Hip},'performedDateTime':'2024-05-12','bodySite':[{{'coding':[{{{Snomed},'code':'7771000'}}]}}]",
        $"{Hip},'performedDateTime':'2024-05-12','bodySite':[{{'coding':[{{{Snomed},'code':'24028007'}}]}}]")]
    [InlineData("done and not done", Tie.Conflict, $"{Hip},'status':'completed','performedDateTime':'2024-05-12'", $"{Hip},'status':'not-done','performedDateTime':'2024-05-12'")]
    [InlineData("done as far as one knows", Tie.Joined, $"{Hip},'status':'completed','performedDateTime':'2024-05-12'", $"{Hip},'status':'unknown','performedDateTime':'2024-05-12'")]
    public void Procedures(string why, Tie expected, string left, string right) => Hold(why, expected, "Procedure", left, right);

    [Theory]
    [InlineData("the same title and day", "CarePlan", "'title':'Diabetes','period':{'start':'2024-05-12'},'category':[{'coding':[{'system':'s','code':'1'}]}]")]
    [InlineData("the same code and day", "Flag", "'code':{'coding':[{'system':'s','code':'1'}]},'period':{'start':'2024-05-12'}")]
    [InlineData("the same code and day", "ServiceRequest", "'code':{'coding':[{'system':'s','code':'1'}]},'authoredOn':'2024-05-12'")]
    public void Of_every_other_type_only_what_an_identifier_says_is_the_same(string why, string type, string words)
    {
        Hold(why, Tie.Apart, type, words, words);
        Hold(why, Tie.Joined, type, $"{Said.Identified("x")},{words}", $"{Said.Identified("x")},{words}");
    }

    private static void Hold(string why, Tie expected, string type, string left, string right)
    {
        Assert.NotEmpty(why);
        Merged.Expect(expected, type, left, right);
    }
}
