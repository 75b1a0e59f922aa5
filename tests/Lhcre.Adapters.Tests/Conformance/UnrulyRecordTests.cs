using System.Text.Json;
using Lhcre.Adapters.Conformance;
using Xunit.Abstractions;

namespace Lhcre.Adapters.Tests.Conformance;

/// <summary>The unruly record finds each fault, and finds none where there is none.</summary>
public sealed class UnrulyRecordTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData(Fault.None, null)]
    [InlineData(Fault.NamesNothing, Rule.PushIsNamed)]
    [InlineData(Fault.NamesEveryTryAnew, Rule.SentAgainUnderItsName)]
    [InlineData(Fault.NamesEverythingTheSame, Rule.NameMeansOnePush)]
    [InlineData(Fault.PaysNoHeedToRetryAfter, Rule.RetryAfterIsHeeded)]
    [InlineData(Fault.ComesBackAtOnce, Rule.BacksOff)]
    [InlineData(Fault.GivesUp, Rule.NothingIsLost)]
    [InlineData(Fault.TakesEveryOtherAnswerForLost, Rule.NothingComesTwice)]
    [InlineData(Fault.RepeatsWhatIsRefused, Rule.RefusedIsNotRepeated)]
    [InlineData(Fault.DoesNotWaitForTheOneBefore, Rule.PersonKeepsItsOrder)]
    [InlineData(Fault.CallsItText, Rule.PushCanBeRead)]
    public async Task Each_fault_of_an_adapter_is_found_as_the_rule_that_it_breaks(Fault fault, Rule? rule)
    {
        await using var record = await UnrulyRecord.Start(new UnrulyOptions { Seed = 3 }, TimeProvider.System);
        using var adapter = new FaultyAdapter(record.Url, fault);
        var resources = Enumerable.Range(0, 16).Select(n => Resource($"o{n}", n % 2, isRefused: n == 5)).ToList();
        await adapter.Send(resources);

        var report = record.Report([.. resources.Select(Entry)]);

        log.WriteLine($"{fault}: {report}");
        Assert.Contains(report.Done.Keys, d => d != Misbehaviour.None);
        if (rule is { } broken)
            Assert.Contains(report.Findings, f => f.Rule == broken);
        else
            Assert.True(report.IsConformant, report.ToString());
    }

    [Fact]
    public async Task What_never_came_is_told_and_so_is_another_order()
    {
        await using var record = await UnrulyRecord.Start(new UnrulyOptions { Percent = 0 }, TimeProvider.System);
        using var adapter = new FaultyAdapter(record.Url, Fault.None);
        await adapter.Send([Resource("b", 0), Resource("a", 0)]);

        var order = record.Report([Entry(Resource("a", 0)), Entry(Resource("b", 0))]);
        var lost = record.Report([Entry(Resource("b", 0)), Entry(Resource("a", 0)), Entry(Resource("c", 0))]);

        Assert.Equal(Rule.PersonKeepsItsOrder, Assert.Single(order.Findings).Rule);
        Assert.Equal(new Finding(Rule.NothingIsLost, 0, "Observation/c never came"), Assert.Single(lost.Findings));
    }

    [Fact]
    public async Task A_run_in_which_nothing_came_shows_nothing_and_is_no_pass()
    {
        await using var record = await UnrulyRecord.Start(new UnrulyOptions(), TimeProvider.System);
        Assert.Equal(new Finding(Rule.NothingIsLost, 0, "no push came at all"), Assert.Single(record.Report(null).Findings));

        using var http = new HttpClient { BaseAddress = record.Url };
        using var answer = await http.PostAsync("sources/hampshire/fhir", new StringContent("{}"));

        var finding = Assert.Single(record.Report(null).Findings);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("no push came at all; 1 request came to another path than /sources/dorset/fhir and /sources/dorset/hl7v2, at first POST /sources/hampshire/fhir", finding.Text);
    }

    [Fact]
    public async Task Nothing_is_found_missing_where_nothing_was_expected()
    {
        await using var record = await UnrulyRecord.Start(new UnrulyOptions(), TimeProvider.System);

        Assert.True(record.Report([]).IsConformant);
    }

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(2)]
    [InlineData(2, "--frob", "1", "--", "true")]
    [InlineData(2, "--kill", "x", "--", "true")]
    [InlineData(2, "--expect", "/nowhere/at/all", "--", "true")]
    [InlineData(2, "--", "/nowhere/at/all")]
    public async Task The_console_says_how_it_is_used(int exitCode, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(exitCode, await ConformanceCommand.Run(args, output, error, TimeProvider.System, default));
        Assert.Contains("--help", output.ToString() + error, StringComparison.Ordinal);
    }

    public static string Resource(string id, int person, bool isRefused = false, int value = 0)
    {
        var meta = isRefused ? $"\"meta\":{{\"tag\":[{{\"code\":\"{PushedEntry.RefuseTag}\"}}]}}," : "";
        return $$"""{"resourceType":"Observation","id":"{{id}}",{{meta}}"status":"final","code":{"text":"Weight"},"subject":{"reference":"Patient/p{{person}}"},"valueInteger":{{value}} }""";
    }

    public static PushedEntry Entry(string resource)
    {
        using var document = JsonDocument.Parse(resource);
        return PushedEntry.OfResource(document.RootElement);
    }
}
