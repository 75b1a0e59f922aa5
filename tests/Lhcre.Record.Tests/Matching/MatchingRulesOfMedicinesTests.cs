namespace Lhcre.Record.Tests;

/// <summary>CLINICAL.md, "Medication*": product and start are the key, the dose is contested. Both types, whichever source says which.</summary>
public class MatchingRulesOfMedicinesTests
{
    private const string Dmd = "'system':'https://dmd.nhs.uk'";
    private const string Amlodipine5 = $"'medicationCodeableConcept':{{'coding':[{{{Dmd},'code':'319283006'}}]}}";
    private const string Amlodipine10 = $"'medicationCodeableConcept':{{'coding':[{{{Dmd},'code':'319284000'}}]}}";
    private const string Contained = $"'contained':[{{'resourceType':'Medication','id':'m','code':{{'coding':[{{{Dmd},'code':'319283006'}}]}}}}],'medicationReference':{{'reference':'#m'}}";
    private const string One = "[{'doseAndRate':[{'doseQuantity':{'value':1,'unit':'tablet'}}],'timing':{'repeat':{'frequency':1,'period':1,'periodUnit':'d'}}}]";
    private const string Two = "[{'doseAndRate':[{'doseQuantity':{'value':2,'unit':'tablet'}}],'timing':{'repeat':{'frequency':1,'period':1,'periodUnit':'d'}}}]";
    private const string Gram = "[{'doseAndRate':[{'doseQuantity':{'value':1,'unit':'g','system':'http://unitsofmeasure.org','code':'g'}}]}]";
    private const string Milligrams = "[{'doseAndRate':[{'doseQuantity':{'value':1000.0,'unit':'mg','system':'http://unitsofmeasure.org','code':'mg'}}]}]";

    // {start} and {dosage} stand for the names of these elements in either type.
    [Theory]
    [InlineData("the same product and start", Tie.Joined, $"{Amlodipine5},{{start}}:'2024-05-12'", $"{Amlodipine5},{{start}}:'2024-05-12'")]
    [InlineData("a month that holds the start", Tie.Joined, $"{Amlodipine5},{{start}}:'2024-05-12'", $"{Amlodipine5},{{start}}:'2024-05'")]
    [InlineData("a contained product", Tie.Joined, $"{Amlodipine5},{{start}}:'2024-05-12'", $"{Contained},{{start}}:'2024-05-12'")]
    [InlineData("another strength", Tie.Apart, $"{Amlodipine5},{{start}}:'2024-05-12'", $"{Amlodipine10},{{start}}:'2024-05-12'")]
    [InlineData("a new course", Tie.Apart, $"{Amlodipine5},{{start}}:'2024-05-12'", $"{Amlodipine5},{{start}}:'2024-06-12'")]
    [InlineData("in words, neither coded", Tie.Joined, "'medicationCodeableConcept':{'text':'Amlodipine 5mg tablets'},{start}:'2024-05-12'",
        "'medicationCodeableConcept':{'text':'AMLODIPINE 5MG TABLETS'},{start}:'2024-05-12'")]
    [InlineData("in words, one coded", Tie.Apart, $"'medicationCodeableConcept':{{'coding':[{{{Dmd},'code':'319283006'}}],'text':'Amlodipine'}},{{start}}:'2024-05-12'",
        "'medicationCodeableConcept':{'text':'Amlodipine'},{start}:'2024-05-12'")]
    [InlineData("one tablet and two", Tie.Conflict, $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:{One}", $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:{Two}")]
    [InlineData("one gram and 1000 milligrams", Tie.Joined, $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:{Gram}", $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:{Milligrams}")]
    [InlineData("the same dose in words", Tie.Joined, $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:[{{'text':'One daily.'}}]", $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:[{{'text':'ONE  daily'}}]")]
    [InlineData("another dose in words", Tie.Conflict, $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:[{{'text':'One daily'}}]", $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:[{{'text':'Two daily'}}]")]
    [InlineData("a dose that one does not state", Tie.Joined, $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:{One}", $"{Amlodipine5},{{start}}:'2024-05-12'")]
    [InlineData("a dose in words here and in numbers there: that they agree cannot be told", Tie.Conflict, $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:{One}", $"{Amlodipine5},{{start}}:'2024-05-12',{{dosage}}:[{{'text':'One daily'}}]")]
    [InlineData("taken and stopped", Tie.Conflict, $"{Amlodipine5},{{start}}:'2024-05-12','status':'active'", $"{Amlodipine5},{{start}}:'2024-05-12','status':'stopped'")]
    [InlineData("taken and on hold", Tie.Conflict, $"{Amlodipine5},{{start}}:'2024-05-12','status':'active'", $"{Amlodipine5},{{start}}:'2024-05-12','status':'on-hold'")]
    [InlineData("ended in either word", Tie.Joined, $"{Amlodipine5},{{start}}:'2024-05-12','status':'completed'", $"{Amlodipine5},{{start}}:'2024-05-12','status':'stopped'")]
    [InlineData("taken, and not known", Tie.Joined, $"{Amlodipine5},{{start}}:'2024-05-12','status':'active'", $"{Amlodipine5},{{start}}:'2024-05-12','status':'unknown'")]
    public void Medicines(string why, Tie expected, string left, string right)
    {
        Assert.NotEmpty(why);
        Merged.Expect(expected, "MedicationRequest", AsRequest(left), AsRequest(right));
        Merged.Expect(expected, "MedicationStatement", AsStatement(left), AsStatement(right));

        static string AsRequest(string words) => words.Replace("{start}", "'authoredOn'").Replace("{dosage}", "'dosageInstruction'");
        static string AsStatement(string words) => words.Replace("{start}", "'effectiveDateTime'").Replace("{dosage}", "'dosage'");
    }

    [Theory]
    [InlineData("the product that the reference leads to", Tie.Joined, "'medicationReference':{'reference':'Medication/m'}", "'medicationReference':{'reference':'Medication/m'}")]
    [InlineData("a reference here and a code there", Tie.Joined, "'medicationReference':{'reference':'Medication/m'}", Amlodipine5)]
    [InlineData("a reference to another product", Tie.Apart, "'medicationReference':{'reference':'Medication/m'}", "'medicationReference':{'reference':'Medication/other'}")]
    [InlineData("a reference that leads nowhere", Tie.Apart, "'medicationReference':{'reference':'Medication/never'}", "'medicationReference':{'reference':'Medication/never'}")]
    public void Medicines_behind_a_reference_are_compared_by_what_it_leads_to(string why, Tie expected, string left, string right)
    {
        Assert.NotEmpty(why);
        Merged.Expect(expected, "MedicationRequest", $"{left},'authoredOn':'2024-05-12'", $"{right},'authoredOn':'2024-05-12'", Products);

        // The same product of a national code, to which each source gives a name of its own.
        static Fragment[] Products(string source) =>
        [
            Said.Of(source, "Medication", "m", 1, $"{Said.Identified("319283006", "https://dmd.nhs.uk/ids")},'code':{{'coding':[{{{Dmd},'code':'319283006'}}]}}"),
            Said.Of(source, "Medication", "other", 1, $"{Said.Identified("319284000", "https://dmd.nhs.uk/ids")},'code':{{'coding':[{{{Dmd},'code':'319284000'}}]}}"),
        ];
    }

    [Fact]
    public void A_statement_from_a_day_on_is_dated_by_the_start_of_its_period() =>
        Merged.Expect(Tie.Joined, "MedicationStatement", $"{Amlodipine5},'effectiveDateTime':'2024-05-12'", $"{Amlodipine5},'effectivePeriod':{{'start':'2024-05-12'}}");

    [Fact]
    public void Courses_of_one_source_stay_its_own()
    {
        string[] courses = [.. Enumerable.Range(1, 3).Select(i => $"{i}")];
        var diary = Arrivals.Told([.. courses.Select(id => Said.Of(Said.Dorset, "MedicationRequest", id, 1, $"{Amlodipine5},'authoredOn':'2024-05-12'"))]);
        Assert.Equal(courses.Select(id => $"dorset/{id}"), diary.Clusters("MedicationRequest"));
    }
}
