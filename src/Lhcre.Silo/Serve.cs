using System.Data.Common;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo;

/// <summary>The verb <c>serve</c>: opens the journal, joins, serves, and stops within 30 s of SIGTERM.</summary>
internal static class Serve
{
    private const string EachItsOwnBase =
        "Warning: no --base-url is given, so links and fullUrls name this silo alone, and records that move between silos are made anew from "
        + "their logs. Give all silos of the cluster the URL under which clients reach them.";

    /// <summary>Runs until it is told to stop.</summary>
    /// <returns>0 when stopped, 2 for wrong options, 3 where a port or the store cannot be had.</returns>
    public static Task<int> Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation) =>
        Run(args, output, error, (_, _) => Task.CompletedTask, cancellation);

    /// <summary>The same, with something to do once it serves.</summary>
    public static async Task<int> Run(
        string[] args, TextWriter output, TextWriter error, Func<WebApplication, ServeOptions, Task> onServing, CancellationToken cancellation)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            await output.WriteLineAsync(ServeOptions.Help);
            return 0;
        }

        var (options, errors) = ServeOptions.Parse(args, Environment.GetEnvironmentVariable);
        if (errors.Count > 0)
        {
            foreach (var line in errors)
                await error.WriteLineAsync(line);
            await error.WriteLineAsync("See: Lhcre.Silo serve --help");
            return 2;
        }

        if (options is { Postgres: not null, BaseUrl: null })
            await error.WriteLineAsync(EachItsOwnBase);
        if (Ports.Taken(options) is { Count: > 0 } taken)
        {
            foreach (var line in taken)
                await error.WriteLineAsync(line);
            return 3;
        }

        try
        {
            var pseudonym = PseudonymKeyFile.Load(options);
            await using var deadline = new StopDeadline(TimeProvider.System, error);
            await using var journal = await Open(options, pseudonym, cancellation);
            await using var app = SiloHost.Build(options, journal, pseudonym, TimeProvider.System);
            app.Lifetime.ApplicationStopping.Register(deadline.Begin);
            await app.StartAsync(cancellation);
            await output.WriteLineAsync($"Serving {string.Join(", ", app.Urls)} from {Place(options)}; sources: {string.Join(", ", options.Sources.Select(s => s.Id))}.");
            await onServing(app, options);
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception failure) when (failure is StartRefusedException or JournalRefusedException or JournalUnavailableException)
        {
            await error.WriteLineAsync(options.Postgres is { } postgres ? $"{PostgresAddress.Shown(postgres)}: {failure.Message}" : failure.Message);
            return 3;
        }
        catch (DbException failure) when (options.Postgres is { } postgres)
        {
            // Between the journal's first look and the silo's.
            await error.WriteLineAsync($"The cluster's tables at {PostgresAddress.Shown(postgres)} cannot be reached: {failure.Message}");
            return 3;
        }
    }

    private static async Task<IJournal> Open(ServeOptions options, PseudonymKey pseudonym, CancellationToken cancellation) => options.Postgres is { } postgres
        ? await PostgresJournal.Open(postgres, pseudonym.Fingerprint, cancellation)
        : await SqliteJournal.Open(options.Data, pseudonym.Fingerprint, cancellation);

    private static string Place(ServeOptions options) => options.Postgres is { } postgres
        ? $"{PostgresAddress.Shown(postgres)}, as {options.SiloName} of cluster {options.Cluster}"
        : Path.GetFullPath(options.Data);
}
