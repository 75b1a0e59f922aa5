using System.Globalization;
using Lhcre.Benchmarks.Load;
using Lhcre.Benchmarks.Rivals;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Benchmarks;

/// <summary>
/// Warm reads over HTTP: <c>$everything</c> of three sizes and a search, against Kestrel serving the same bytes from an array, and against
/// what a team would write instead, in the same process: rounds of each by turns, and the median.
/// </summary>
internal static class WarmReads
{
    private const int Connections = 8;
    private const double WarmUp = 4;

    // So many are pushed that a dozen, about 500 and about 5,000 are left after merging.
    private static readonly int[] Sizes = [20, 690, 6900];

    /// <summary>Measures it.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await using var silo = await HostedSilo.Start();
        await using var load = LoadProcess.Start();
        await using var rows = await JsonbRows.Start();
        await using var blob = await CachedBlob.Start();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{silo.Port}"), Timeout = TimeSpan.FromMinutes(5) };
        var people = PushedPeople.KnownToAll().Take(Sizes.Length).Select(p => p.Number).ToList();
        var bundles = new List<(string Id, byte[] Bundle)>();
        for (var i = 0; i < Sizes.Length; i++)
            bundles.Add(await Push(http, SyntheticRegion.Person(people[i], resourcesPerPerson: Sizes[i])));
        await rows.Serve(bundles);
        await blob.Serve(bundles);

        foreach (var (id, bundle) in bundles)
        {
            var path = $"/fhir/Patient/{id}/$everything";
            var what = string.Create(CultureInfo.InvariantCulture, $"warm $everything of {Matches(bundle).Count} resources, {bundle.Length / 1024.0:0} KiB");
            foreach (var figure in await Compare(what, path, silo, http, load, [rows, blob], scale))
                yield return figure;
        }

        var (searched, code, from) = Asked(bundles[1]);
        foreach (var figure in await Compare(
            "warm Observation?patient&code&date", $"/fhir/Observation?patient={searched}&code={Uri.EscapeDataString(code)}&date=ge{from}", silo, http, load, [rows, blob], scale))
            yield return figure;
    }

    private static async Task<(string Id, byte[] Bundle)> Push(HttpClient http, SyntheticPerson person)
    {
        foreach (var push in person.Pushes())
        {
            using var content = new ByteArrayContent(push.Bundle);
            content.Headers.ContentType = new("application/fhir+json");
            (await http.PostAsync(new Uri($"/sources/{push.Source}/fhir", UriKind.Relative), content)).EnsureSuccessStatusCode();
        }

        var id = PushedPeople.Key(person).Value;
        return (id, await http.GetByteArrayAsync(new Uri($"/fhir/Patient/{id}/$everything", UriKind.Relative)));
    }

    private static async Task<List<Figure>> Compare(string what, string path, HostedSilo silo, HttpClient http, LoadProcess load, Rival[] rivals, Scale scale)
    {
        var bytes = await http.GetByteArrayAsync(new Uri(path, UriKind.Relative));
        await using var ceiling = await StaticBytes.Serve(bytes);
        int[] ports = [silo.Port, ceiling.Port, .. rivals.Select(r => r.Port)];
        var rounds = ports.Select(_ => new List<LoadRound>()).ToArray();
        for (var round = 0; round < scale.Rounds; round++)
        {
            // Before the first round: until the compiler has nothing left to do.
            foreach (var seconds in round == 0 ? [WarmUp, scale.Seconds] : new[] { scale.Seconds })
            {
                for (var i = 0; i < ports.Length; i++)
                    rounds[i].Add(await load.Carry(new LoadOrder(LoadWork.Get, ports[i], Connections, path, seconds)));
            }
        }

        if (rounds.Take(2).SelectMany(r => r).Any(r => r.Result.Received != (long)r.Result.Requests * bytes.Length))
            throw new InvalidOperationException("The product and the ceiling did not serve the same bytes.");
        foreach (var measured in rounds)
            measured.RemoveAt(0);
        var figures = new List<Figure>
        {
            Figure($"{what}, {bytes.Length} bytes answered, {Connections} connections: requests/s", r => r.Result.Rate, "0", Goal.AtLeast(0.8)),
            Figure("the same: CPU a request, ms", r => r.CpuEach, "0.000"),
            Figure("the same: allocated a request, bytes", r => r.AllocatedEach, "0"),
            Figure("the same: p99, ms", r => r.Result.P99, "0.00"),
        };
        for (var i = 0; i < rivals.Length; i++)
        {
            // Without what the database's own processes take.
            figures.Add(Beside("the same: CPU a request, ms", rivals[i].Name, rounds[0], rounds[i + 2], r => r.CpuEach, "0.000", Goal.AtMost(i == 0 ? 0.1 : 1)));
            figures.Add(Beside("the same: requests/s", rivals[i].Name, rounds[0], rounds[i + 2], r => r.Result.Rate, "0", i == 0 ? null : Goal.AtLeast(1)));
        }

        return figures;

        Figure Figure(string work, Func<LoadRound, double> value, string format, Goal? goal = null) =>
            Beside(work, "Kestrel, same bytes from an array", rounds[0], rounds[1], value, format, goal);
    }

    private static Figure Beside(string work, string other, List<LoadRound> ours, List<LoadRound> theirs, Func<LoadRound, double> value, string format, Goal? goal) =>
        new(work, Median.Of(ours, value).ToString(format, CultureInfo.InvariantCulture))
        {
            Against = $"{other}: {Median.Of(theirs, value).ToString(format, CultureInfo.InvariantCulture)}",
            // Each round against its neighbour: what slowed both down does not count.
            Ratio = Median.Of(ours.Zip(theirs, (r, p) => value(r) / value(p)).ToList(), r => r),
            Goal = goal,
        };

    // The code that most Observations have, from the middle of their dates on.
    private static (string Patient, string Code, string From) Asked((string Id, byte[] Bundle) person)
    {
        var dated = Matches(person.Bundle).Where(h => h is { Type: "Observation", At: not null }).ToList();
        var code = dated.SelectMany(h => h.Codes).GroupBy(c => c).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
        var days = dated.Where(h => h.Codes.Contains(code)).Select(h => h.At!.Value).Order().ToList();
        return (person.Id, code, days[days.Count / 2].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static IReadOnlyList<Held> Matches(byte[] bundle) => Held.In(bundle);
}
