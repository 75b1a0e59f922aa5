using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>The list of what records withhold, after a release whose merge rules withhold something else.</summary>
public sealed class WithheldReviewTests : IAsyncLifetime
{
    private readonly string _nhs = FreshNhsNumber();
    private FaultySilo _silo = new();

    private PatientKey Person => PatientKey.Parse(TestSilo.PatientId(_nhs));

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task What_is_shown_by_now_leaves_it_at_the_next_start_and_what_is_not_stays()
    {
        await _silo.Http.Push("dorset", Collection(Demographics("ann", "Example", "1980-01-01")));
        await _silo.Http.Push("hampshire", Collection(Demographics("anne", "Example", "1980-01-01")));
        await _silo.Http.Push("isle-of-wight", Collection(Demographics("bob", "Sample", "1951-07-13")));
        await ListAsOfOtherRules("hampshire", "anne");
        await ListAsOfOtherRules("isle-of-wight", "bob");
        Assert.Equal(["anne", "bob"], await Listed());
        var rows = await _silo.Rows(_nhs);

        _silo = await _silo.Crash();

        await FaultySilo.Until(async () => await Listed() is ["bob"]);
        Assert.Equal(rows, await _silo.Rows(_nhs));
    }

    [Fact]
    public async Task What_is_listed_under_these_rules_is_not_looked_at()
    {
        await _silo.Http.Push("dorset", Collection(Demographics("ann", "Example", "1980-01-01")));
        await _silo.Http.Push("hampshire", Collection(Demographics("anne", "Example", "1980-01-01")));
        await _silo.Http.Push("isle-of-wight", Collection(Demographics("bob", "Sample", "1951-07-13")));

        _silo = await _silo.Crash();

        Assert.Equal(["bob"], await Listed());
        Assert.Equal(0, _silo.Journal.Calls(nameof(IJournal.Load)));
    }

    // As a release with other rules wrote it, whose number stands behind the format.
    private async Task ListAsOfOtherRules(string source, string id)
    {
        var fragment = (await _silo.Journal.Load(Person, default)).Rows.SelectMany(r => LogBody.Read(r.Body)).Single(f => f.Key.Source == source);
        var body = LogBody.WriteRow([fragment]).ToArray();
        body[1]--;
        var aside = Withholding.IdOf(Person, fragment.Key);
        await _silo.Journal.Unpark([aside], default);
        await _silo.Journal.Park([new ParkedResource(aside, source, DateTimeOffset.UnixEpoch, default, "LHC307", id, "Patient", null, body)], default);
    }

    private async Task<string[]> Listed()
    {
        var all = new List<Aside>();
        foreach (var source in new[] { "dorset", "hampshire", "isle-of-wight" })
            all.AddRange((await _silo.Journal.Asides(new AsideQuery(source), default)).Items);
        return [.. all.OfType<ParkedResource>().Select(p => LogBody.Read(p.Body)[0].Key.Id.Split('-')[0])];
    }

    private string Demographics(string id, string family, string born) => $$"""
        {"resourceType":"Patient","id":"{{id}}-{{_nhs}}","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{_nhs}}"}],
         "name":[{"family":"{{family}}","given":["{{id}}"]}],"birthDate":"{{born}}"}
        """;
}
