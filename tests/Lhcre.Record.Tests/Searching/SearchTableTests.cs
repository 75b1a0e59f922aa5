using Lhcre.Record.Searching;

namespace Lhcre.Record.Tests.Searching;

public class SearchTableTests
{
    // CLINICAL.md, "Searches that UK clients use".
    [Theory]
    [InlineData("Patient", "identifier family given birthdate gender name")]
    [InlineData("AllergyIntolerance", "patient clinical-status date")]
    [InlineData("Condition", "patient clinical-status category code onset-date")]
    [InlineData("Immunization", "patient status date")]
    [InlineData("MedicationStatement", "patient status effective")]
    [InlineData("MedicationRequest", "patient status authoredon")]
    [InlineData("Observation", "patient category code date")]
    [InlineData("Encounter", "patient status date class")]
    [InlineData("Procedure", "patient status date code category")]
    [InlineData("DiagnosticReport", "patient status date code category")]
    [InlineData("DocumentReference", "patient status date type category")]
    [InlineData("CarePlan", "patient status date category")]
    public void What_UK_clients_search_by_is_there(string type, string names) =>
        Assert.All(names.Split(' ').Concat(["_id", "_lastUpdated"]), name => Assert.NotNull(SearchTable.Find(type, name)));

    [Fact]
    public void Everything_of_a_person_can_be_asked_for_by_whose_it_is() =>
        Assert.All(SearchTable.AllTypes.Where(t => t != "Patient"), t => Assert.NotNull(SearchTable.Find(t, "patient")));

    [Fact]
    public void No_type_has_two_parameters_of_one_name() =>
        Assert.All(SearchTable.AllTypes, t =>
        {
            string[] names = [.. SearchTable.Of(t).Concat(SearchTable.Everywhere).Concat(SearchTable.ResultControl).Select(p => p.Name)];
            Assert.Equal(names.Distinct(), names);
        });

    [Fact]
    public void A_type_without_rows_has_what_every_type_has()
    {
        Assert.Equal(["patient", "subject"], SearchTable.Of("Basic2").Select(p => p.Name));
        Assert.NotNull(SearchTable.Find("Basic2", "_tag"));
        Assert.Null(SearchTable.Find("Basic2", "code"));
    }
}
