using System.Text;
using Lhcre.Record;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Tests.Visits;

public sealed class PullPlanFileTests
{
    [Fact]
    public void What_is_not_written_down_is_the_default()
    {
        var (plan, errors) = Read("""{"sources": [{"id": "wales", "base": "https://wales.example/fhir"}]}""");

        Assert.Empty(errors);
        Assert.Equal((TimeSpan.FromSeconds(2), "J81,J82,J84"), (plan.Deadline, string.Join(',', plan.HomePractices)));
        var source = Assert.Single(plan.Sources);
        Assert.Equal(
            ("wales", "https://wales.example/fhir/", "Patient/{id}/$everything", TimeSpan.FromSeconds(30), (TimeSpan?)null, TimeSpan.FromHours(4), true, 0),
            (source.Source.Name, source.Base.AbsoluteUri, source.Everything, source.Timeout, source.HedgeAfter, source.FreshFor, source.IsWhole, source.Practices.Count));
    }

    [Fact]
    public void All_of_it_can_be_written_down()
    {
        var (plan, errors) = Read("""
            {"deadline": "PT0.5S", "homePractices": ["J"], "sources": [{"id": "wales", "name": "NHS Wales", "base": "https://wales.example/fhir/", "timeout": "PT10S", "hedgeAfter": "PT0.3S",
              "freshFor": "PT1H", "everything": "Patient/$everything?nhs={number}", "whole": false, "practices": ["W"], "authorizationFile": "/run/secrets/wales"}]}
            """);

        Assert.Empty(errors);
        Assert.Equal((TimeSpan.FromMilliseconds(500), "J"), (plan.Deadline, Assert.Single(plan.HomePractices)));
        var source = Assert.Single(plan.Sources);
        Assert.Equal(
            ("NHS Wales", "Patient/$everything?nhs={number}", 10_000d, 300d, 1d, false, "W", "/run/secrets/wales"),
            (source.Source.Name, source.Everything, source.Timeout.TotalMilliseconds, source.HedgeAfter!.Value.TotalMilliseconds, source.FreshFor.TotalHours, source.IsWhole, source.Practices[0], source.AuthorizationFile));
    }

    [Theory]
    [InlineData("[]", "is not as it should be at $")]
    [InlineData("""{"sources": [{"id": "wales", "base": "https://wales.example", "colour": "red"}]}""", "$.sources[0].colour")]
    [InlineData("{}", "names no source")]
    [InlineData("""{"sources": [{"id": "Wales", "base": "https://wales.example"}]}""", "is no source id")]
    [InlineData("""{"sources": [{"id": "dorset", "base": "https://dorset.example"}]}""", "does not push")]
    [InlineData("""{"sources": [{"id": "wales", "base": "ftp://wales.example"}]}""", "is no http URL")]
    [InlineData("""{"sources": [{"id": "wales", "base": "https://me:secret@wales.example"}]}""", "is no http URL")]
    [InlineData("""{"sources": [{"id": "wales", "base": "https://wales.example/fhir", "everything": "https://other.example/{id}"}]}""", "below its base")]
    [InlineData("""{"sources": [{"id": "wales", "base": "https://wales.example/fhir", "everything": "Patient/1"}]}""", "{id} or {number}")]
    [InlineData("""{"sources": [{"id": "wales", "base": "https://wales.example/fhir", "timeout": "soon"}]}""", "is not a duration")]
    [InlineData("""{"deadline": "PT1H", "sources": [{"id": "wales", "base": "https://wales.example/fhir"}]}""", "is not a duration")]
    public void What_is_wrong_is_named(string content, string expected) =>
        Assert.Contains(Read(content).Errors, e => e.Contains(expected, StringComparison.Ordinal));

    private static (PullPlan Plan, List<string> Errors) Read(string content)
    {
        var errors = new List<string>();
        return (PullPlanFile.Of(Encoding.UTF8.GetBytes(content), new Given("--pulls", "plan.json", errors), SourceSystem.Wessex), errors);
    }
}
