using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Lhcre.Adapters.Conformance;

/// <summary>The console: starts an unruly record, runs an adapter against it, and tells which rules it broke.</summary>
public static class ConformanceCommand
{
    private const int Conformant = 0;
    private const int Broken = 1;
    private const int WrongUsage = 2;

    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        Lhcre.Adapters.Conformance [OPTIONS] -- COMMAND [ARGS]

        Runs an adapter against a record that misbehaves on purpose (429, 503, cut connections, slow answers), and tells which rules the adapter broke.
        {url} in ARGS, and LHCRE_URL in its environment, are the record's URL. Use made-up data.

          --source ID       the source that the adapter pushes as (default dorset)
          --expect FILE     what must arrive, NDJSON: a FHIR resource a line (as a PUT), each person's in order; else only what comes is judged
          --kill N          kills the adapter N times (kill -9) in the middle and starts it again (default 0)
          --seed N          another run of the same kind (default 1)
          --listen PORT     on the loopback address (default: a free one)
          --quiet SECONDS   it is over when nothing has come for so long (default 5), or the adapter ended and nothing is left
          --most SECONDS    it is over at the latest (default 300)
          --help            this

        Exit code: 0 no rule is broken, 1 one is, 2 wrong usage. Without a COMMAND it listens until Ctrl-C.
        """;

    /// <summary>Runs it; gives its exit code.</summary>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error, TimeProvider time, CancellationToken stop)
    {
        if (args.Length == 0 || args.TakeWhile(a => a != "--").Any(a => a is "--help" or "-h"))
        {
            await output.WriteLineAsync(Help);
            return args.Length == 0 ? WrongUsage : Conformant;
        }

        var options = new Dictionary<string, string>
        {
            ["--source"] = "dorset",
            ["--expect"] = "",
            ["--kill"] = "0",
            ["--seed"] = "1",
            ["--listen"] = "0",
            ["--quiet"] = "5",
            ["--most"] = "300",
        };
        var mine = args.TakeWhile(a => a != "--").ToArray();
        for (var n = 0; n < mine.Length; n += 2)
        {
            if (!options.ContainsKey(mine[n]) || n + 1 == mine.Length)
                return await Wrong(error, $"{mine[n]} is not known, or its value is missing.");
            options[mine[n]] = mine[n + 1];
        }

        var numbers = new Dictionary<string, int>();
        foreach (var name in (string[])["--kill", "--seed", "--listen", "--quiet", "--most"])
        {
            if (!int.TryParse(options[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return await Wrong(error, $"{name} takes a number.");
            numbers[name] = number;
        }

        IReadOnlyList<PushedEntry>? expected = null;
        try
        {
            if (options["--expect"].Length > 0)
                expected = [.. (await File.ReadAllLinesAsync(options["--expect"], stop)).Where(l => l.Length > 0).Select(ReadLine)];
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return await Wrong(error, $"--expect: {e.Message}");
        }

        await using var record = await UnrulyRecord.Start(
            new UnrulyOptions { Source = options["--source"], Seed = numbers["--seed"], Listen = new IPEndPoint(IPAddress.Loopback, numbers["--listen"]) }, time);
        await output.WriteLineAsync($"The record listens on {record.Url}");
        try
        {
            await Follow(record, [.. args.Skip(mine.Length + 1)], numbers, time, stop);
        }
        catch (Win32Exception e)
        {
            return await Wrong(error, $"The adapter cannot be started: {e.Message}");
        }

        var report = record.Report(expected);
        await output.WriteLineAsync(report.ToString());
        return report.IsConformant ? Conformant : Broken;
    }

    private static async Task Follow(UnrulyRecord record, string[] command, Dictionary<string, int> numbers, TimeProvider time, CancellationToken stop)
    {
        if (command.Length == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var most = TimeSpan.FromSeconds(numbers["--most"]);
        for (var kill = 0; kill < numbers["--kill"] && !stop.IsCancellationRequested; kill++)
        {
            using var doomed = Start(command, record.Url);
            var (seen, since) = (record.Requests, time.GetUtcNow());
            // In the middle: a few requests on.
            while (record.Requests < seen + 5 && !doomed.HasExited && time.GetUtcNow() - since < TimeSpan.FromSeconds(30))
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
            await End(doomed);
            record.AdapterWasKilled();
        }

        using var adapter = Start(command, record.Url);
        await record.Quiet(TimeSpan.FromSeconds(numbers["--quiet"]), most, CancellationToken.None);
        await End(adapter);
    }

    private static Process Start(string[] command, Uri url)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1).Select(a => a.Replace("{url}", Text(url), StringComparison.Ordinal)));
        start.Environment["LHCRE_URL"] = Text(url);
        return Process.Start(start) ?? throw new InvalidOperationException("The adapter was not started.");
    }

    // Whoever puts a path behind it puts a slash before that.
    private static string Text(Uri url) => url.ToString().TrimEnd('/');

    private static async Task End(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    private static PushedEntry ReadLine(string line)
    {
        using var resource = JsonDocument.Parse(line);
        return PushedEntry.OfResource(resource.RootElement);
    }

    private static async Task<int> Wrong(TextWriter error, string problem)
    {
        await error.WriteLineAsync($"{problem} See --help.");
        return WrongUsage;
    }
}
