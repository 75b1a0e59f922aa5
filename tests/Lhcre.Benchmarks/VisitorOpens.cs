using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Lhcre.Processes;
using Lhcre.Record;
using Lhcre.Silo.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lhcre.Benchmarks;

/// <summary>
/// The first time that a visitor's record is opened, over HTTP: nobody had heard of them, against after the message that told of their coming. Home is a server on this
/// machine that takes a stated time for each request. One at a time.
/// </summary>
internal static class VisitorOpens
{
    private const int WarmUps = 5;
    private const int Resources = 200;
    private const string Home = "home";

    private static readonly TimeSpan AnswersAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Measures it, on the embedded store.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        await using var home = await Serve();
        var plan = new PullPlan { Sources = [new PulledSource(new SourceSystem(Home), new Uri(home.Urls.First() + "/fhir/"))], Deadline = TimeSpan.FromSeconds(20) };
        await using var silo = await HostedSilo.Start(adjust: options => options with { Pulls = plan });
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{silo.Port}/") };
        var (cold, warmed) = (new List<double>(), new List<double>());
        string[] people = [.. PushedPeople.Numbers().Take(2 * (WarmUps + (5 * scale.Rounds))).Select(n => n.Digits())];
        foreach (var (unheard, announced) in people.Chunk(2).Select(pair => (pair[0], pair[1])))
        {
            cold.Add(await Opened(http, unheard));
            await Announce(http, announced);
            warmed.Add(await Opened(http, announced));
        }

        var (first, second) = (Median.Of(cold.Skip(WarmUps).ToList(), c => c), Median.Of(warmed.Skip(WarmUps).ToList(), w => w));
        yield return new Figure($"first open of a visitor of {Resources} resources whose coming was told, all of them in the answer: ms", Text(second))
        {
            Against = $"nobody told of it, and home answers each of two requests after {AnswersAfter.TotalMilliseconds:0} ms: {Text(first)}",
            Ratio = second / first,
            Goal = Goal.AtMost(0.1),
        };
    }

    private static async Task<double> Opened(HttpClient http, string number)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await http.GetStringAsync($"fhir/Observation?patient.identifier={number}");
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return answer.Contains($"\"total\":{Resources}", StringComparison.Ordinal) ? took : throw new InvalidOperationException("What was opened was not whole.");
    }

    // Registered, and left until what home holds is here: as whoever is in the waiting room.
    private static async Task Announce(HttpClient http, string number)
    {
        using var message = new StringContent(
            $"MSH|^~\\&|PAS|IOW|LHCRE|WESSEX|20260101120000||ADT^A28|{number}|P|2.5.1||||||UNICODE UTF-8\rEVN|A28|20260101120000\rPID|1||{number}^^^NHS^NH||Vantage^Ann||19510203|F\rPV1|1|N\r",
            Encoding.UTF8,
            "application/hl7-v2");
        using var told = await http.PostAsync("sources/dorset/hl7v2", message);
        told.EnsureSuccessStatusCode();
        for (var isThere = false; !isThere;)
        {
            await Task.Delay(20);
            using var found = await http.GetAsync($"sources/{Home}/fhir/Observation/{number}-{Resources - 1}");
            isThere = found.StatusCode == HttpStatusCode.OK;
        }
    }

    private static async Task<WebApplication> Serve()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{FreePort.Next()}");
        var app = builder.Build();
        app.Run(async http =>
        {
            await Task.Delay(AnswersAfter, http.RequestAborted);
            http.Response.ContentType = "application/fhir+json";
            // A Patient goes by the number there.
            var parts = http.Request.Path.Value!.Split('/');
            await http.Response.WriteAsync(parts[^1] == "Patient" ? Bundle([Patient(http.Request.Query["identifier"].ToString().Split('|')[1])]) : Bundle(Everything(parts[^2])));
        });
        await app.StartAsync();
        return app;
    }

    private static IEnumerable<string> Everything(string number) =>
        [Patient(number), .. Enumerable.Range(0, Resources).Select(i => Encoding.UTF8.GetString(Observations.Weight($"{number}-{i}", $$"""{"reference":"Patient/{{number}}"}""", i)))];

    private static string Patient(string number) =>
        $$"""{"resourceType":"Patient","id":"{{number}}","identifier":[{"system":"{{NhsNumber.System}}","value":"{{number}}"}],"name":[{"family":"Vantage","given":["Ann"]}],"birthDate":"1951-02-03"}""";

    private static string Bundle(IEnumerable<string> resources) =>
        $$"""{"resourceType":"Bundle","type":"searchset","entry":[{{string.Join(',', resources.Select(r => $$"""{"resource":{{r}}}"""))}}]}""";

    private static string Text(double milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
