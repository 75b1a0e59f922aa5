using System.Globalization;
using System.Text;
using Lhcre.Silo.Load;

namespace Lhcre.Silo;

/// <summary>The verb <c>demo</c>: serves, pushes synthetic people through the three sources, and says what to try.</summary>
internal static class Demo
{
    private const int Shown = 3;

    /// <summary>Runs until it is told to stop. May be run again on the same data: pushing the same people changes nothing.</summary>
    public static Task<int> Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation) =>
        Serve.Run(args, output, error, (app, options) => PushPeople(app, options, output), cancellation);

    private static async Task PushPeople(WebApplication app, ServeOptions options, TextWriter output)
    {
        var url = app.Urls.First();
        await output.WriteLineAsync($"Pushing {options.People} synthetic people through the three sources ...");
        using var client = new HttpClient();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var result = await DemoPush.Run(client, new Uri(url), clock, options.People, stop: app.Lifetime.ApplicationStopping);
        if (result.Unreachable is { } reason)
            await output.WriteLineAsync($"Not everybody could be pushed: {reason}");
        foreach (var refusal in result.Refused)
            await output.WriteLineAsync($"Refused: {refusal}");
        if (!app.Lifetime.ApplicationStopping.IsCancellationRequested)
            await output.WriteLineAsync(WhatToTry(url, result));
    }

    // All of it is made up, so names and numbers may be shown.
    private static string WhatToTry(string url, DemoResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Acknowledged} resources of {result.People.Count} people, in {result.Pushes} pushes. Some of them:");
        foreach (var person in result.People.OrderByDescending(p => p.Resources.Count).Take(Shown))
        {
            var told = string.Join(", ", person.Resources.Select(r => $"{r.Key} {r.Value}"));
            text.AppendLine(CultureInfo.InvariantCulture, $"  {person.Name}, born {person.BirthDate:yyyy-MM-dd}, NHS number {person.NhsNumber} ({told})");
        }

        var number = result.People.OrderByDescending(p => p.Resources.Count).First().NhsNumber.Replace(" ", "", StringComparison.Ordinal);
        text.AppendLine().AppendLine("Try:");
        text.AppendLine(CultureInfo.InvariantCulture, $"  curl '{url}/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{number}'");
        text.AppendLine(CultureInfo.InvariantCulture, $"  curl '{url}/fhir/Patient/ID-FROM-THAT-ANSWER/$everything'");
        text.AppendLine(CultureInfo.InvariantCulture, $"  curl '{url}/sources/dorset/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|{number}'");
        text.Append("Ctrl-C stops.");
        return text.ToString();
    }
}
