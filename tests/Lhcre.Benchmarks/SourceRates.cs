using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lhcre.Benchmarks.Load;
using Lhcre.Benchmarks.Stores;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Benchmarks;

/// <summary>What the sources' ways in take in a second, each as its senders use it, and what a live push waits for beside a backfill; on both journals.</summary>
internal static class SourceRates
{
    private const int Connections = 16;
    private const double LivePerSecond = 40;
    private const string Importer = "hampshire";

    /// <summary>Measures it.</summary>
    public static IAsyncEnumerable<Figure> Measure(Scale scale) => Store.OnEach(store => Measure(store, scale));

    private static async IAsyncEnumerable<Figure> Measure(Store store, Scale scale)
    {
        await using var silo = await HostedSilo.Start(store.Journal);
        await using var load = LoadProcess.Start();
        await using var backfill = LoadProcess.Start();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{silo.Port}"), Timeout = TimeSpan.FromMinutes(10) };
        var people = scale.Pushes / 5;

        await load.Carry(new LoadOrder(LoadWork.Messages, silo.MllpPort, Connections, First: 0, Count: scale.Pushes));
        yield return Row($"{store.Name}: HL7 v2 over MLLP, {Connections} connections", "messages", await load.Carry(new LoadOrder(LoadWork.Messages, silo.MllpPort, Connections, First: scale.Pushes, Count: scale.Pushes * 4)));
        await load.Carry(new LoadOrder(LoadWork.Bundles, silo.Port, Connections, First: 0, Count: 100));
        yield return Row($"{store.Name}: FHIR Bundles over HTTP, {Connections} connections", "pushes", await load.Carry(new LoadOrder(LoadWork.Bundles, silo.Port, Connections, First: 100, Count: people)));
        yield return Row($"{store.Name}: the same in the backfill lane, as load sends them", "pushes", await load.Carry(new LoadOrder(LoadWork.Backfill, silo.Port, Connections, First: 100 + people, Count: people)));
        yield return await Bulk(store, http, 100 + 2 * people, people);

        var from = 100 + 3 * people;
        var (alone, loaded, imported) = (new List<double>(), new List<double>(), new List<double>());
        var number = 0;
        for (var round = 0; round < Math.Min(scale.Rounds, 5); round++)
        {
            alone.Add(await Live());
            // It is there before the first live push, and longer than the last.
            var beside = await backfill.Begin(new LoadOrder(LoadWork.Backfill, silo.Port, 8, Seconds: scale.Seconds * 4, First: from, Count: people * 8));
            loaded.Add(await Live());
            await beside;
            from += people * 8;
            // Several: as one ends the next begins.
            var imports = new List<string>();
            for (var i = 0; i < 4; i++, from += people * 4)
                imports.Add(await Post(http, from, people * 4));
            imported.Add(await Live());
            foreach (var import in imports)
                (await http.DeleteAsync(import)).Dispose();
        }

        yield return Beside("pushes of load with 8 connections", loaded);
        yield return Beside("an import", imported);

        async Task<double> Live()
        {
            var count = (int)(LivePerSecond * scale.Seconds * 3);
            var round = await load.Carry(new LoadOrder(LoadWork.Singles, silo.Port, 4, Seconds: scale.Seconds * 3, First: number, Count: count, PerSecond: LivePerSecond));
            number += count;
            return round.Result.P99;
        }

        Figure Beside(string what, List<double> with) => new($"{store.Name}: live pushes, {LivePerSecond:0} a second, beside {what}: p99", Milliseconds(Median.Of(with, p => p)))
        {
            Against = $"without: {Milliseconds(Median.Of(alone, p => p))}",
            Ratio = Median.Of(with, p => p) / Median.Of(alone, p => p),
            Goal = Goal.AtMost(2),
        };
    }

    private static async Task<Figure> Bulk(Store store, HttpClient http, int first, int people)
    {
        var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var path = await Post(http, first, people);
        while (true)
        {
            using var standing = JsonDocument.Parse(await http.GetByteArrayAsync(path));
            var import = standing.RootElement;
            if (import.GetProperty("state").GetString() == "done")
            {
                var (seconds, used) = (Stopwatch.GetElapsedTime(start).TotalSeconds, Environment.CpuUsage.TotalTime - cpu);
                var resources = import.GetProperty("resources");
                if (resources.GetProperty("refused").GetInt64() > 0)
                    throw new InvalidOperationException("Lines of the import were refused: nothing that was measured counts.");
                var taken = resources.GetProperty("applied").GetInt64() + resources.GetProperty("unchanged").GetInt64();
                return new Figure($"{store.Name}: an import by $import, from the first byte to its end", string.Create(
                    CultureInfo.InvariantCulture, $"{import.GetProperty("lines").GetProperty("total").GetInt64() / seconds:0} lines/s, {taken / seconds:0} resources/s; {used.TotalMilliseconds / taken:0.00} ms CPU a resource"));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private static async Task<string> Post(HttpClient http, int first, int people)
    {
        using var body = new MemoryStream();
        foreach (var push in SyntheticRegion.People(first + people).Skip(first).SelectMany(p => p.Pushes()).Where(p => p.Source == Importer))
        {
            body.Write(push.Bundle);
            body.WriteByte((byte)'\n');
        }

        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new("application/fhir+ndjson");
        using var answer = await http.PostAsync($"/sources/{Importer}/$import", content);
        answer.EnsureSuccessStatusCode();
        return answer.Content.Headers.ContentLocation!.ToString();
    }

    private static Figure Row(string work, string unit, LoadRound round) => new(work, string.Create(
        CultureInfo.InvariantCulture,
        $"{round.Result.Rate:0} {unit}/s, {round.Result.Resources / round.Result.Seconds:0} resources/s; median {round.Result.Median:0.0} ms, p99 {round.Result.P99:0.0} ms; {round.Cpu.TotalMilliseconds / round.Result.Resources:0.00} ms CPU a resource"));

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms");
}
