using System.Globalization;
using System.Text.Json;
using Lhcre.Benchmarks.Load;
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

    // So many are pushed that about 500 are left after merging.
    private const int Pushed = 620;

    /// <summary>Measures it.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await using var silo = await HostedSilo.Start();
        var person = SyntheticRegion.People(100, resourcesPerPerson: Pushed).First(p => p.Kind == PersonKind.Resident);
        var path = $"/fhir/Patient/{HostedSilo.Pseudonym.For(person.NhsNumber)}/$everything";
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{silo.Port}") };
        foreach (var push in person.Pushes())
        {
            using var content = new ByteArrayContent(push.Bundle);
            content.Headers.ContentType = new("application/fhir+json");
            (await http.PostAsync(new Uri($"/sources/{push.Source}/fhir", UriKind.Relative), content)).EnsureSuccessStatusCode();
        }

        var bytes = await http.GetByteArrayAsync(new Uri(path, UriKind.Relative));
        await using var plain = await ServeBytes(bytes);
        await using var load = LoadProcess.Start();
        var port = new Uri(plain.Urls.First()).Port;

        var (rounds, plainRounds) = (new List<LoadRound>(), new List<LoadRound>());
        // The first round of each only warms up.
        for (var round = 0; round <= scale.Rounds; round++)
        {
            rounds.Add(await load.Carry(new LoadOrder(LoadWork.Get, silo.Port, Connections, path, scale.Seconds)));
            plainRounds.Add(await load.Carry(new LoadOrder(LoadWork.Get, port, Connections, path, scale.Seconds)));
        }

        rounds.RemoveAt(0);
        plainRounds.RemoveAt(0);
        if (rounds.Concat(plainRounds).Any(r => r.Result.Received != (long)r.Result.Requests * bytes.Length))
            throw new InvalidOperationException("The two did not serve the same bytes.");

        var what = string.Create(CultureInfo.InvariantCulture, $"warm $everything, {Total(bytes)} resources, {bytes.Length / 1024.0:0} KiB, {Connections} connections");
        yield return Compare(what + ": requests/s", "Kestrel, same bytes from an array", r => r.Result.Rate, "0", Goal.AtLeast(0.8));
        yield return Compare("the same: CPU a request, ms", "the same", r => r.CpuEach, "0.000");
        yield return Compare("the same: allocated a request, bytes", "the same", r => r.AllocatedEach, "0");
        yield return Compare("the same: median, ms", "the same", r => r.Result.Median, "0.00");
        yield return Compare("the same: p99, ms", "the same", r => r.Result.P99, "0.00");

        Figure Compare(string work, string against, Func<LoadRound, double> value, string format, Goal? goal = null)
        {
            var (ours, theirs) = (Median.Of(rounds, value), Median.Of(plainRounds, value));
            // Each round against its neighbour: what slowed both down does not count.
            var ratio = Median.Of(rounds.Zip(plainRounds, (r, p) => value(r) / value(p)).ToList(), r => r);
            return new Figure(work, ours.ToString(format, CultureInfo.InvariantCulture))
            {
                Against = $"{against}: {theirs.ToString(format, CultureInfo.InvariantCulture)}",
                Ratio = ratio,
                Goal = goal,
            };
        }
    }

    private static async Task<WebApplication> ServeBytes(byte[] bytes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.AddServerHeader = false).UseUrls($"http://127.0.0.1:{HostedSilo.FreePort()}");
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
