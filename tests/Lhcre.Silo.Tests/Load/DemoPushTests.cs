using System.Text.Json;
using Lhcre.Record;
using Lhcre.Silo.Load;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Silo.Tests.Load;

public class DemoPushTests
{
    [Fact]
    public async Task Everybody_is_pushed_by_every_source_that_knows_them()
    {
        await using var server = await SourceServer.Start();
        var progress = new Steps();
        var result = await Run(server.Url, 12, progress);
        var expected = SyntheticRegion.People(12).SelectMany(p => p.Pushes()).ToList();
        Assert.Equal(
            expected.Select(p => ($"/sources/{p.Source}/fhir", p.Bundle.Length)).Order(),
            server.Pushes.Select(p => (p.Path, p.Body.Length)).Order());
        Assert.Equal(Enumerable.Range(1, 12), progress.Seen.Order());
        Assert.Equal(expected.Count, result.Pushes);
        Assert.Equal(server.Pushes.Sum(p => JsonDocument.Parse(p.Body).RootElement.GetProperty("entry").GetArrayLength()), result.Acknowledged);
        Assert.Empty(result.Refused);
        Assert.Null(result.Unreachable);
    }

    [Fact]
    public async Task The_result_names_people_as_a_clinician_would_look_them_up()
    {
        await using var server = await SourceServer.Start();
        var result = await Run(server.Url, 5);
        var people = SyntheticRegion.People(5).ToList();
        Assert.Equal(people.Select(p => p.Name), result.People.Select(p => p.Name));
        Assert.All(result.People.Zip(people), pair =>
        {
            Assert.Matches(@"^\d{3} \d{3} \d{4}$", pair.First.NhsNumber);
            Assert.True(NhsNumber.TryParse(pair.First.NhsNumber, out var number));
            Assert.Equal(pair.Second.NhsNumber, number);
            Assert.Equal(pair.Second.Pushes().ToDictionary(p => p.Source, p => p.Resources), pair.First.Resources);
        });
    }

    [Fact]
    public async Task A_repeat_carries_the_same_push_ids()
    {
        await using var server = await SourceServer.Start();
        await Run(server.Url, 3);
        var first = server.Pushes.Select(p => p.RequestId).ToHashSet();
        await Run(server.Url, 3);
        Assert.Equal(first, server.Pushes.Select(p => p.RequestId).ToHashSet());
    }

    [Fact]
    public async Task What_is_refused_is_told_without_a_name_or_a_number_of_ours()
    {
        await using var server = await SourceServer.Start(p => p.Path.Contains("hampshire", StringComparison.Ordinal) ? Reply.Refused(422, "LHC403", "no") : Reply.AllCreated(p));
        var result = await Run(server.Url, 2);
        Assert.Equal(2, result.People.Count);
        Assert.All(result.Refused, r => Assert.Matches(@"^hampshire (Resident|Student|HolidayMaker) \d: LHC403 no$", r));
        Assert.Equal(2, result.Refused.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_it()
    {
        var server = await SourceServer.Start();
        await server.DisposeAsync();
        var result = await Run(server.Url, 20);
        Assert.NotNull(result.Unreachable);
        Assert.Empty(result.People);
    }

    private static async Task<DemoResult> Run(Uri url, int people, IProgress<int>? progress = null)
    {
        using var http = SourceClient.Connect(url, 4);
        return await DemoPush.Run(http, url, TimeProvider.System, people, progress);
    }

    private sealed class Steps : IProgress<int>
    {
        public System.Collections.Concurrent.ConcurrentBag<int> Seen { get; } = [];

        public void Report(int value) => Seen.Add(value);
    }
}
