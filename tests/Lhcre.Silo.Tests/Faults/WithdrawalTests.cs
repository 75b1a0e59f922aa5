using System.Net;
using System.Text.Json.Nodes;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>A source that is still sending is withdrawn as a whole, also for people who are heard of only then and after a restart, and brought back.</summary>
public sealed class WithdrawalTests : IAsyncLifetime
{
    private readonly (string Ann, string Bob, string Cat) _nhs = (FreshNhsNumber(), FreshNhsNumber(), FreshNhsNumber());
    private FaultySilo _silo = new();

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Nothing_of_it_is_shown_of_anybody_until_it_is_brought_back()
    {
        await _silo.Http.Push("dorset", Collection(Patient("ann", _nhs.Ann), Observation("ann", "Patient/ann")));
        await _silo.Http.Push("hampshire", Collection(Patient("bob", _nhs.Bob)));

        var done = await Done(await Order("$withdraw?reason=another+hospitals+feed"));
        var (known, heard, first) = (await Push("ann", _nhs.Ann), await Push("bob", _nhs.Bob), await Push("cat", _nhs.Cat));

        Assert.Equal(("withdrawal", null), (Text(done, "kind"), (string?)done["to"]));
        Assert.All(new[] { known, heard, first }, answer => Assert.Equal(["LHC700"], answer.Codes.Distinct()));
        Assert.Equal((0, 1, 0), await Counts());

        await Done(await Order($"$release?quarantine={Text(done, "id")}&reason=it+was+right"));
        Assert.Equal((3, 2, 2), await Counts());
        Assert.Equal(["201", "201"], (await _silo.Http.Push("dorset", Collection(Patient("new", FreshNhsNumber()), Observation("new", "Patient/new")))).EntryStatuses);
    }

    [Fact]
    public async Task It_stands_after_a_restart_for_whoever_is_heard_of_then()
    {
        await Done(await Order("$withdraw"));
        _silo = await _silo.Crash();

        Assert.Equal(["LHC700"], (await Push("cat", _nhs.Cat)).Codes.Distinct());
        Assert.Equal(0, (await Counts()).Cat);
        Assert.Equal(["201"], (await _silo.Http.Push("hampshire", Collection(Patient("cat", _nhs.Cat)))).EntryStatuses);
    }

    [Fact]
    public async Task One_person_alone_may_be_named_of_whom_it_has_said_nothing_yet()
    {
        await _silo.Http.Push("hampshire", Collection(Patient("ann", _nhs.Ann)));
        await Done(await Order($"$withdraw?person={TestSilo.PatientId(_nhs.Ann)}"));

        await Push("ann", _nhs.Ann);
        await Push("bob", _nhs.Bob);

        Assert.Equal((1, 2, 0), await Counts());
    }

    [Theory]
    [InlineData("from=yesterday", "LHC701")]
    [InlineData("person=ann", "LHC701")]
    [InlineData("to=2026-01-02T00:00:00Z", "LHC701")]
    [InlineData("from=2999-01-01T00:00:00Z", "LHC703")]
    public async Task What_is_not_clear_is_refused(string query, string code) =>
        Assert.Equal((HttpStatusCode.BadRequest, code), await _silo.Http.Send(HttpMethod.Post, $"sources/dorset/$withdraw?{query}") is var answer ? (answer.Status, answer.Codes.Single()) : default);

    private Task<Answer> Push(string id, string nhs) => _silo.Http.Push("dorset", Collection(Patient(id, nhs), Observation($"later-{id}", $"Patient/{id}", "71")));

    private Task<Answer> Order(string operation) => _silo.Http.Send(HttpMethod.Post, $"sources/dorset/{operation}");

    private async Task<(int Ann, int Bob, int Cat)> Counts() =>
        (await Count(_nhs.Ann), await Count(_nhs.Bob), await Count(_nhs.Cat));

    private async Task<int> Count(string nhs) => await _silo.Rows(nhs) > 0 ? (await _silo.Http.Everything(nhs)).Count : 0;

    private async Task<JsonNode> Done(Answer ordered)
    {
        Assert.Equal(HttpStatusCode.Accepted, ordered.Status);
        var path = ordered.ContentHeaders.ContentLocation!.ToString().TrimStart('/');
        await FaultySilo.Until(async () => Text((await _silo.Http.Get(path)).Json, "state") == "done");
        return (await _silo.Http.Get(path)).Json;
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
