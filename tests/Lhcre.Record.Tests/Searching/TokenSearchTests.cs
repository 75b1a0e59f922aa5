namespace Lhcre.Record.Tests.Searching;

public class TokenSearchTests
{
    private static readonly PatientRecord Record = Searched.Record(
        ("Patient", "p", "'gender':'female','active':true,'telecom':[{'system':'phone','use':'home','value':'01202 1'},{'system':'email','value':'a@b'}]"),
        ("Observation", "weight", "'status':'final','code':{'coding':[{'system':'http://loinc.org','code':'29463-7','display':'Body weight'}],'text':'Weight at home'}"),
        ("Observation", "both", "'status':'amended','code':{'coding':[{'system':'http://loinc.org','code':'8302-2'},{'system':'http://snomed.info/sct','code':'50373000'}]}"),
        ("Observation", "bare", "'status':'final','code':{'coding':[{'code':'29463-7'}]}"),
        ("Observation", "words", "'status':'final','code':{'text':'weight'}"),
        ("Observation", "none", "'status':'final'"),
        ("Observation", "other", "'status':'final','identifier':[{'system':'urn:lab','value':'A,1|x'}],'code':{'coding':[{'system':'http://snomed.info/sct','code':'29463-7'}]}"));

    [Theory]
    [InlineData("Observation?code=29463-7", "bare other weight")]
    [InlineData("Observation?code=http://loinc.org|29463-7", "weight")]
    [InlineData("Observation?code=http://loinc.org|", "both weight")]
    [InlineData("Observation?code=|29463-7", "bare")]
    [InlineData("Observation?code=http://loinc.org|29463-7,http://snomed.info/sct|50373000", "both weight")]
    [InlineData("Observation?code=8302-2&code=50373000", "both")]
    [InlineData("Observation?code=8302-2&code=29463-7", "")]
    [InlineData("Observation?code=http://LOINC.org|29463-7", "")] // systems are URIs: their case counts
    [InlineData("Observation?code:not=29463-7", "both none words")]
    [InlineData("Observation?code:not=29463-7,8302-2", "none words")]
    [InlineData("Observation?code:missing=true", "none")]
    [InlineData("Observation?code:missing=false", "bare both other weight words")]
    [InlineData("Observation?code:text=weight", "weight words")]
    [InlineData("Observation?code:text=body", "weight")]
    [InlineData("Observation?code:text=home", "")] // the beginning, as for every string
    [InlineData("Observation?status=final&code=29463-7", "bare other weight")]
    [InlineData("Observation?status=amended", "both")]
    [InlineData("Observation?status=AMENDED", "both")] // R4: when in doubt, whatever the case
    [InlineData("Observation?status=http://hl7.org/fhir/observation-status|amended", "both")] // a code's system is that of its element
    [InlineData("Observation?identifier=urn:lab|A\\,1\\|x", "other")]
    [InlineData("Observation?identifier=A\\,1\\|x", "other")]
    [InlineData("Observation?identifier=urn:lab|A", "")]
    [InlineData("Patient?active=true", "p")]
    [InlineData("Patient?active=false", "")]
    [InlineData("Patient?gender=female,male", "p")]
    [InlineData("Patient?gender:not=male", "p")]
    [InlineData("Patient?deceased=false", "p")] // nobody says otherwise
    [InlineData("Patient?deceased=true", "")]
    [InlineData("Patient?telecom=a@b", "p")]
    [InlineData("Patient?phone=a@b", "")]
    [InlineData("Patient?email=a@b", "p")]
    [InlineData("Patient?telecom=home|01202 1", "p")]
    [InlineData("Patient?phone=work|01202 1", "")]
    public void A_token_is_found_by_code_system_or_both(string query, string found) => Assert.Equal(found, Searched.Ids(Record, query));

    [Theory]
    [InlineData("'deceasedBoolean':true", "p", "")]
    [InlineData("'deceasedBoolean':false", "", "p")]
    [InlineData("'deceasedDateTime':'2025-01'", "p", "")]
    [InlineData("'active':true", "", "p")]
    public void Who_has_a_time_of_death_is_dead(string more, string dead, string alive)
    {
        var record = Searched.Record(("Patient", "p", more));
        Assert.Equal((dead, alive, alive), (Searched.Ids(record, "Patient?deceased=true"), Searched.Ids(record, "Patient?deceased=false"), Searched.Ids(record, "Patient?deceased:not=true")));
    }

    [Fact]
    public void Escaped_text_in_JSON_is_the_text_that_it_stands_for()
    {
        var record = Searched.Record(("Observation", "o", "'identifier':[{'system':'urn:\\u006cab','value':'a\\/\\u0042'}]"));
        Assert.Equal("o", Searched.Ids(record, "Observation?identifier=urn:lab|a/B"));
    }
}
