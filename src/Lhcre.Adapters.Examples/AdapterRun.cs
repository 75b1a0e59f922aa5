using System.Data.Common;
using System.Security.Cryptography;

namespace Lhcre.Adapters.Examples;

/// <summary>What every adapter does: reads its source round after round into an outbox, while a sender empties that.</summary>
internal sealed class AdapterRun
{
    /// <summary>The options that all examples have, as <c>--help</c> prints them.</summary>
    public const string Help = """
          --outbox DIR    what was read and is not in the record yet; this adapter's alone (default ./outbox)
          --to URL        the record (default LHCRE_URL, else http://127.0.0.1:8080)
          --source ID     as which source it pushes
          --every SECONDS how often the source is looked at (default 1)
          --once          ends when all that is there now is settled
        Refused messages stand in refused.ndjson of the outbox. Ctrl-C and SIGTERM end it; so may kill -9.
        """;

    private static readonly TimeSpan BetweenHeartbeats = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _options;
    private readonly TimeProvider _time = TimeProvider.System;

    private AdapterRun(Dictionary<string, string> options) => _options = options;

    /// <summary>Reads a command line; null where it asks for help or is wrong, which was said then.</summary>
    /// <param name="args">Behind the verb.</param>
    /// <param name="help">Of the verb.</param>
    /// <param name="defaults">The verb's own options and their defaults, the source's id among them; null where a value is required.</param>
    /// <param name="exitCode">How to end.</param>
    public static AdapterRun? Read(string[] args, string help, Dictionary<string, string?> defaults, out int exitCode)
    {
        var options = new Dictionary<string, string?>(defaults)
        {
            ["--outbox"] = "outbox",
            ["--to"] = Environment.GetEnvironmentVariable("LHCRE_URL") ?? "http://127.0.0.1:8080",
            ["--every"] = "1",
            ["--once"] = "",
        };
        exitCode = args.Any(a => a is "--help" or "-h") ? 0 : 2;
        var problem = exitCode == 0 ? null : Fill(options, args);
        if (exitCode == 0 || problem is not null)
        {
            Console.WriteLine(problem is null ? $"{help}\n{Help}" : $"{problem} See --help.");
            return null;
        }

        return new AdapterRun(options.ToDictionary(o => o.Key, o => o.Value!));
    }

    /// <summary>An option's value.</summary>
    public string this[string option] => _options[option];

    /// <summary>Reads and sends until it is stopped.</summary>
    /// <param name="round">Appends everything that has come since the outbox's cursor.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<int> Run(Func<Outbox, CancellationToken, Task> round, CancellationToken stop)
    {
        await using var outbox = Outbox.Open(this["--outbox"], new Guid(RandomNumberGenerator.GetBytes(16)));
        var options = new SenderOptions(new Uri(this["--to"]), this["--source"])
        {
            Refused = message => Console.Error.WriteLine($"refused: {message}"),
            Trouble = trouble => Console.Error.WriteLine($"sent again: {trouble}"),
        };
        using var http = SourceSender.Connect(options);
        var sender = new SourceSender(outbox, http, options, _time, () => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20));
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = Ending(sender.Run(halt.Token), halt);
        var reading = Ending(Feed(outbox, sender, round, halt.Token), halt);
        await Task.WhenAll(sending, reading);
        Console.WriteLine($"{sender.Counts}");
        return 0;
    }

    private async Task Feed(Outbox outbox, SourceSender sender, Func<Outbox, CancellationToken, Task> round, CancellationToken stop)
    {
        var (every, lastHeartbeat) = (TimeSpan.FromSeconds(double.Parse(this["--every"], System.Globalization.CultureInfo.InvariantCulture)), _time.GetUtcNow());
        while (!stop.IsCancellationRequested)
        {
            // All that there was when the round began is in the outbox when it ends: that is the watermark.
            var began = _time.GetUtcNow();
            try
            {
                await round(outbox, stop);
                if (this["--once"] == "yes")
                {
                    await outbox.Emptied(stop);
                    return;
                }

                if (began - lastHeartbeat > BetweenHeartbeats && (await sender.Heartbeat(began, stop)).IsHeard)
                    lastHeartbeat = began;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is (IOException and not OutboxFailedException) or UnauthorizedAccessException or DbException)
            {
                // The source is away; what the message holds may be about somebody.
                Console.Error.WriteLine($"the source cannot be read: {e.GetType().Name} {(e as DbException)?.SqlState}");
            }

            await Task.Delay(every, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Whoever ends first, ends the other.
    private static async Task Ending(Task task, CancellationTokenSource halt)
    {
        try
        {
            await task;
        }
        finally
        {
            await halt.CancelAsync();
        }
    }

    private static string? Fill(Dictionary<string, string?> options, string[] args)
    {
        for (var n = 0; n < args.Length; n++)
        {
            if (args[n] == "--once")
                options["--once"] = "yes";
            else if (!options.ContainsKey(args[n]) || n + 1 == args.Length)
                return $"{args[n]} is not known, or its value is missing.";
            else
                options[args[n]] = args[++n];
        }

        return options.FirstOrDefault(o => o.Value is null).Key is { } missing ? $"{missing} is missing." : null;
    }
}
