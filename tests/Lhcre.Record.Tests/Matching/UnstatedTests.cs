namespace Lhcre.Record.Tests;

/// <summary>What a source says by not saying otherwise: the opposite, said by another source, is neither hidden by it nor put into its mouth.</summary>
public class UnstatedTests
{
    private const string Peanut = "'code':{'coding':[{'system':'http://snomed.info/sct','code':'91935009'}]}";
    private const string Potassium = "'code':{'coding':[{'system':'http://loinc.org','code':'2823-3'}]},'effectiveDateTime':'2024-05-12T09:00:00Z'";
    private const string Visit = "'class':{'system':'s','code':'AMB'},'period':{'start':'2024-05-12T09:00:00Z'}";
    private const string Amlodipine = "'medicationCodeableConcept':{'coding':[{'system':'https://dmd.nhs.uk','code':'319283006'}]},'authoredOn':'2024-05-12'";
    private const string Tetanus = "'vaccineCode':{'coding':[{'system':'http://snomed.info/sct','code':'871826000'}]},'occurrenceDateTime':'2024-05-12'";
    private const string Gram = "'doseAndRate':[{'doseQuantity':{'value':1,'unit':'g'}}]";
    private const string Daily = "'timing':{'repeat':{'frequency':1,'period':1,'periodUnit':'d'}}";

    [Theory]
    [InlineData("active here, refuted there", Tie.Conflict, "AllergyIntolerance", $"{Peanut},'clinicalStatus':{{'coding':[{{'code':'active'}}]}}", $"{Peanut},'verificationStatus':{{'coding':[{{'code':'refuted'}}]}}")]
    [InlineData("no status here, refuted there", Tie.Conflict, "Condition", $"{Peanut}", $"{Peanut},'verificationStatus':{{'coding':[{{'code':'refuted'}}]}}")]
    [InlineData("refuted by both", Tie.Joined, "Condition", $"{Peanut},'verificationStatus':{{'coding':[{{'code':'refuted'}}]}}", $"{Peanut},'verificationStatus':{{'coding':[{{'code':'refuted'}}]}}")]
    [InlineData("a final result and a cancelled one", Tie.Conflict, "Observation", $"{Potassium},'status':'final','valueInteger':4", $"{Potassium},'status':'cancelled','valueInteger':4")]
    [InlineData("a preliminary result and a final one", Tie.Joined, "Observation", $"{Potassium},'status':'preliminary','valueInteger':4", $"{Potassium},'status':'final','valueInteger':4")]
    [InlineData("a report and a cancelled one", Tie.Conflict, "DiagnosticReport", $"{Potassium},'status':'final'", $"{Potassium},'status':'cancelled'")]
    [InlineData("a visit and a cancelled one", Tie.Conflict, "Encounter", $"{Visit},'status':'finished'", $"{Visit},'status':'cancelled'")]
    [InlineData("to be given and not to be given", Tie.Conflict, "MedicationRequest", $"{Amlodipine},'status':'active'", $"{Amlodipine},'status':'active','doNotPerform':true")]
    [InlineData("to be given, said twice", Tie.Joined, "MedicationRequest", $"{Amlodipine},'status':'active'", $"{Amlodipine},'status':'active','doNotPerform':false")]
    [InlineData("a draft and an order", Tie.Conflict, "MedicationRequest", $"{Amlodipine},'status':'active'", $"{Amlodipine},'status':'draft'")]
    [InlineData("doses 1 and 2", Tie.Apart, "Immunization", $"{Tetanus},'protocolApplied':[{{'doseNumberPositiveInt':1}}]", $"{Tetanus},'protocolApplied':[{{'doseNumberPositiveInt':2}}]")]
    [InlineData("dose 1, as a number and in a text", Tie.Joined, "Immunization", $"{Tetanus},'protocolApplied':[{{'doseNumberPositiveInt':1}}]", $"{Tetanus},'protocolApplied':[{{'doseNumberString':'1'}}]")]
    [InlineData("since 5 and since 60 years of age", Tie.Apart, "Condition", $"{Peanut},'onsetAge':{{'value':5,'unit':'a'}}", $"{Peanut},'onsetAge':{{'value':60,'unit':'a'}}")]
    [InlineData("by mouth and into a vein", Tie.Conflict, "MedicationRequest", $"{Amlodipine},'dosageInstruction':[{{{Gram},{Daily},'route':{{'coding':[{{'system':'s','code':'oral'}}]}}}}]", $"{Amlodipine},'dosageInstruction':[{{{Gram},{Daily},'route':{{'coding':[{{'system':'s','code':'iv'}}]}}}}]")]
    [InlineData("the same amount, on other days in words", Tie.Conflict, "MedicationRequest", $"{Amlodipine},'dosageInstruction':[{{{Gram},'text':'1 g on Mondays'}}]", $"{Amlodipine},'dosageInstruction':[{{{Gram},'text':'1 g daily'}}]")]
    [InlineData("the same amount and timing, in other words", Tie.Joined, "MedicationRequest", $"{Amlodipine},'dosageInstruction':[{{{Gram},{Daily},'text':'once a day'}}]", $"{Amlodipine},'dosageInstruction':[{{{Gram},{Daily},'text':'daily'}}]")]
    public void What_is_not_said(string why, Tie expected, string type, string left, string right)
    {
        Assert.NotEmpty(why);
        Merged.Expect(expected, type, left, right);
    }

    [Fact]
    public void A_death_is_not_hidden_by_a_source_that_has_not_heard_of_it()
    {
        var diary = Diary.Of(
            Said.Of(Said.Dorset, "Patient", "1", 9, "'birthDate':'1950-01-01'"),
            Said.Of(Said.Hampshire, "Patient", "2", 1, "'birthDate':'1950-01-01','deceasedDateTime':'2020-05-01'"));
        Assert.Contains("deceased", Said.Text(diary.Record.OfType("DetectedIssue")[0].Resource), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_one_text_counts_for_the_guard()
    {
        var diary = Diary.Of(
            Said.Of(Said.Dorset, "Patient", "1", 1, "'birthDate':'1980-03-03','name':[{'text':'Robert Brown'}]"),
            Said.Of(Said.Hampshire, "Patient", "2", 1, "'birthDate':'1950-09-20','name':[{'family':'Smith','given':['Ann']}]"));
        Assert.Equal(["2"], diary.Record.Withheld.Select(e => e.Key.Id));
    }

    [Fact]
    public void Jo_is_short_for_more_than_one_name()
    {
        var diary = Diary.Of(
            Said.Of(Said.Dorset, "Patient", "1", 1, "'birthDate':'1980-03-03','name':[{'family':'Smith','given':['Jo']}]"),
            Said.Of(Said.Hampshire, "Patient", "2", 1, "'birthDate':'1980-03-04','name':[{'family':'Smith','given':['Josephine']}]"));
        Assert.Empty(diary.Record.Withheld);
    }

    [Fact]
    public void What_is_withheld_is_told_in_the_record()
    {
        var diary = Diary.Of(
            Said.Of(Said.Dorset, "Patient", "1", 1, "'birthDate':'1980-03-03','name':[{'family':'Brown','given':['Bob']}]"),
            Said.Of(Said.Hampshire, "Patient", "2", 1, "'birthDate':'1950-09-20','name':[{'family':'Smith','given':['Ann']}]"));
        var issue = Said.Text(Assert.Single(diary.Record.OfType("DetectedIssue").ToArray()).Resource);
        Assert.Contains("Withheld", issue, StringComparison.Ordinal);
        Assert.Contains(Said.AtSource(Said.Hampshire, "Patient/2"), issue, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_whose_only_results_contradict_each_other_are_tied()
    {
        Fragment Result(string source, string value) => Said.Of(source, "Observation", "k", 1, $"{Potassium},'status':'final','valueQuantity':{{'value':{value},'unit':'mmol/L'}}");
        Fragment Report(string source) => Said.Of(source, "DiagnosticReport", "r", 1, $"{Potassium},'status':'final','result':[{{'reference':'Observation/k'}}]");
        var diary = Diary.Of(Result(Said.Dorset, "6.9"), Result(Said.Hampshire, "4.1"), Report(Said.Dorset), Report(Said.Hampshire));
        Assert.Equal(2, diary.Record.OfType("DetectedIssue").Length);
        Assert.Equal(2, diary.Record.OfType("DiagnosticReport").Length);
    }
}
