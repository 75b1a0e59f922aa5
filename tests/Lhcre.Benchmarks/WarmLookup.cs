using System.Globalization;
using System.Text.Json;
using Lhcre.Benchmarks.Load;
using Lhcre.Processes;
using Lhcre.Silo.Synthetic;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Lhcre.Benchmarks;

/// <summary>
/// A warm <c>$everything</c> of about 500 resources over HTTP, against Kestrel serving the same bytes from an array, in the same process:
/// rounds of one and of the other by turns, and the median of each.
/// </summary>
internal static class WarmLookup
{
    private const int Connections = 8;

    private const double WarmUp = 4;

    // So many are pushed that about 500 are left after merging.
    private const int Pushed = 690;

    // A record of which hardly anything but the request itself is left.
    private const int PushedOfSmall = 20;

    /// <summary>Measures it.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await using var silo = await HostedSilo.Start();
        await using var load = LoadProcess.Start();
        var person = PushedPeople.KnownToAll(Pushed).First();
        var (what, rounds, plainRounds) = await Compare(silo, load, person, scale);
        yield return Figure($"warm $everything, {what}, {Connections} connections: requests/s", r => r.Result.Rate, "0", Goal.AtLeast(0.8));
        yield return Figure("the same: CPU a request, ms", r => r.CpuEach, "0.000");
        yield return Figure("the same: allocated a request, bytes", r => r.AllocatedEach, "0");
        yield return Figure("the same: median, ms", r => r.Result.Median, "0.00");
        yield return Figure("the same: p99, ms", r => r.Result.P99, "0.00");

        person = PushedPeople.KnownToAll(PushedOfSmall).First(p => p.Number != person.Number);
        (what, rounds, plainRounds) = await Compare(silo, load, person, scale);
        yield return Figure($"warm $everything, {what}, {Connections} connections: requests/s", r => r.Result.Rate, "0");
        yield return Figure("the same: CPU a request, ms", r => r.CpuEach, "0.000");
        yield return Figure("the same: allocated a request, bytes", r => r.AllocatedEach, "0");

        Figure Figure(string work, Func<LoadRound, double> value, string format, Goal? goal = null) =>
            new(work, Median.Of(rounds, value).ToString(format, CultureInfo.InvariantCulture))
            {
                Against = $"Kestrel, same bytes from an array: {Median.Of(plainRounds, value).ToString(format, CultureInfo.InvariantCulture)}",
                // Each round against its neighbour: what slowed both down does not count.
                Ratio = Median.Of(rounds.Zip(plainRounds, (r, p) => value(r) / value(p)).ToList(), r => r),
                Goal = goal,
            };
    }

    private static async Task<(string What, List<LoadRound> Rounds, List<LoadRound> PlainRounds)> Compare(
        HostedSilo silo, LoadProcess load, SyntheticPerson person, Scale scale)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{silo.Port}") };
        foreach (var push in person.Pushes())
        {
            using var content = new ByteArrayContent(push.Bundle);
            content.Headers.ContentType = new("application/fhir+json");
            (await http.PostAsync(new Uri($"/sources/{push.Source}/fhir", UriKind.Relative), content)).EnsureSuccessStatusCode();
        }

        var path = $"/fhir/Patient/{PushedPeople.Key(person)}/$everything";
        var bytes = await http.GetByteArrayAsync(new Uri(path, UriKind.Relative));
        await using var plain = await ServeBytes(bytes);
        var port = new Uri(plain.Urls.First()).Port;
        var (rounds, plainRounds) = (new List<LoadRound>(), new List<LoadRound>());
        for (var round = 0; round < scale.Rounds; round++)
        {
            // Before the first round: until the compiler has nothing left to do.
            foreach (var seconds in round == 0 ? [WarmUp, scale.Seconds] : new[] { scale.Seconds })
            {
                rounds.Add(await load.Carry(new LoadOrder(LoadWork.Get, silo.Port, Connections, path, seconds)));
                plainRounds.Add(await load.Carry(new LoadOrder(LoadWork.Get, port, Connections, path, seconds)));
            }
        }

        if (rounds.Concat(plainRounds).Any(r => r.Result.Received != (long)r.Result.Requests * bytes.Length))
            throw new InvalidOperationException("The two did not serve the same bytes.");
        rounds.RemoveAt(0);
        plainRounds.RemoveAt(0);
        return (string.Create(CultureInfo.InvariantCulture, $"{Total(bytes)} resources, {bytes.Length / 1024.0:0} KiB"), rounds, plainRounds);
    }

    private static async Task<WebApplication> ServeBytes(byte[] bytes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.AddServerHeader = false).UseUrls($"http://127.0.0.1:{FreePort.Next()}");
        var app = builder.Build();
        app.Run(async http =>
        {
            http.Response.ContentType = "application/fhir+json; charset=utf-8";
            http.Response.ContentLength = bytes.Length;
            await http.Response.BodyWriter.WriteAsync(bytes);
        });
        await app.StartAsync();
        return app;
    }

    private static int Total(byte[] bundle)
    {
        using var json = JsonDocument.Parse(bundle);
        return json.RootElement.GetProperty("total").GetInt32();
    }
}
