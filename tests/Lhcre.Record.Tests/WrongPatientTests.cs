using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

/// <summary>
/// CLINICAL.md, "Wrong patient guard": what one source filed under a number that is somebody else's is withheld, whoever came first; a small
/// difference is shown as a conflict.
/// </summary>
public class WrongPatientTests
{
    private const string Jane = "'name':[{'family':'Smith','given':['Jane']}],'gender':'female','birthDate':'1980-03-04'";
    private const string Peter = "'name':[{'family':'Okafor','given':['Peter']}],'gender':'male','birthDate':'1951-11-30'";

    [Fact]
    public void Another_patients_condition_merged()
    {
        var diary = Arrivals.Told(
            Of(Dorset, "Patient", "d", 1, Jane), Of(Wight, "Patient", "w", 1, Jane), Of(Hampshire, "Patient", "h", 9, Peter),
            Filed(Dorset, "d", "asthma"), Filed(Hampshire, "h", "gout"));

        Assert.Equal(["dorset/d isle-of-wight/w"], diary.Clusters("Patient"));
        Assert.Equal(["dorset/asthma"], diary.Clusters("Condition"));
        Assert.DoesNotContain("Okafor", string.Concat(Diary.Served(diary.Record)));
        Assert.DoesNotContain("gout", string.Concat(Diary.Served(diary.Record)));
        Assert.Equal(["Condition/gout", "Patient/h"], diary.Record.Withheld.Select(e => e.Key.Reference).Order());
    }

    [Fact]
    public void It_is_worked_out_again_from_the_set_when_the_source_corrects_itself()
    {
        var diary = Arrivals.Told(
            Of(Dorset, "Patient", "d", 1, Jane), Of(Wight, "Patient", "w", 1, Jane), Of(Hampshire, "Patient", "h", 1, Peter), Filed(Hampshire, "h", "gout"),
            Of(Hampshire, "Patient", "h", 2, Jane));

        Assert.Equal(["dorset/d hampshire/h isle-of-wight/w"], diary.Clusters("Patient"));
        Assert.Equal(["hampshire/gout"], diary.Clusters("Condition"));
    }

    [Theory]
    [InlineData("day and month transposed", "'name':[{'family':'Smith','given':['Jane']}],'gender':'female','birthDate':'1980-04-03'")]
    [InlineData("a maiden name", "'name':[{'family':'Tucker','given':['Jane']}],'gender':'female','birthDate':'1980-03-04'")]
    [InlineData("a diacritic", "'name':[{'family':'Śmith','given':['Jane']}],'gender':'female','birthDate':'1980-03-04'")]
    [InlineData("a short form of the name", "'name':[{'family':'Smith','given':['Janie']}],'gender':'female','birthDate':'1980-03-04'")]
    [InlineData("no date of birth", "'name':[{'family':'Smith','given':['Jane']}]")]
    public void A_small_difference_joins(string why, string other)
    {
        Assert.NotEmpty(why);
        var diary = Arrivals.Told(
            Of(Dorset, "Patient", "d", 1, Jane), Of(Hampshire, "Patient", "h", 1, other), Filed(Dorset, "d", "asthma"), Filed(Hampshire, "h", "gout"));

        Assert.Equal(["dorset/d hampshire/h"], diary.Clusters("Patient"));
        Assert.Equal(["dorset/asthma", "hampshire/gout"], diary.Clusters("Condition"));
    }

    [Theory]
    [InlineData("'birthDate':'1980-04-03'", true)]
    [InlineData("'birthDate':'1980-03-04','deceasedBoolean':true", true)]
    [InlineData("'birthDate':'1980-03-04'", false)]
    public void What_Patients_differ_in_is_listed_as_a_conflict(string other, bool differs)
    {
        const string Name = "'name':[{'family':'Smith','given':['Jane']}],'gender':'female'";
        var diary = Arrivals.Told(
            Of(Dorset, "Patient", "d", 1, $"{Name},'birthDate':'1980-03-04','deceasedBoolean':false"), Of(Hampshire, "Patient", "h", 1, $"{Name},{other}"));

        Assert.Equal(differs ? ["demographics"] : [], Merged.Conflicts(diary).Select(c => c.Code));
    }

    [Theory]
    [InlineData("'birthDate':'1951-11-30'", "")] // of two groups of one source each, the smaller key
    [InlineData("'birthDate':'1951-11-30'", "'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018','extension':[{'url':'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus','valueCodeableConcept':{'coding':[{'code':'01'}]}}]}],")]
    public void The_group_whose_number_is_verified_is_shown_else_the_smallest(string birthDate, string number)
    {
        var diary = Arrivals.Told(
            Of(Dorset, "Patient", "d", 1, Jane), Of(Hampshire, "Patient", "h", 1, $"{number}'name':[{{'family':'Okafor','given':['Peter']}}],'gender':'male',{birthDate}"),
            Filed(Dorset, "d", "asthma"), Filed(Hampshire, "h", "gout"));

        Assert.Equal([number.Length == 0 ? "dorset/d" : "hampshire/h"], diary.Clusters("Patient"));
        Assert.Equal([number.Length == 0 ? "dorset/asthma" : "hampshire/gout"], diary.Clusters("Condition"));
    }

    private static Fragment Filed(string source, string patient, string id) =>
        Of(source, "Condition", id, 1, $"{Coded(id)},'subject':{{'reference':'Patient/{patient}'}}");
}
