using Lhcre.Grains.Journal;

namespace Lhcre.Silo;

/// <summary>The verb <c>migrate</c>: brings a PostgreSQL database to the schema of this release. May be repeated, and run by several at once.</summary>
internal static class Migrate
{
    private const string Help = """
        Usage: Lhcre.Silo migrate --postgres "Host=…"

        Brings a PostgreSQL database to the schema that this release works with: the journal, and what the silos of a cluster share. Run it before
        the first serve and before the serve of a newer release; running it again changes nothing. It ties an empty database to the pseudonym key.

          --postgres "Host=…"       connection string, of a user who may create tables; LHCRE_POSTGRES
          LHCRE_PSEUDONYM_KEY       base64 of 32 bytes (a new one: openssl rand -base64 32)
          LHCRE_PSEUDONYM_KEY_FILE  a file that holds the same

        Exit codes: 0 done, or nothing to do; 2 wrong options; 3 the database cannot be had, or is not to be touched.
        """;

    /// <summary>Does it, and says what it did.</summary>
    /// <returns>0 when done, 2 for wrong options, 3 where the database cannot be had or is not to be touched.</returns>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            await output.WriteLineAsync(Help);
            return 0;
        }

        var (options, errors) = ServeOptions.Parse(args, Environment.GetEnvironmentVariable);
        if (errors.Count == 0 && options.Postgres is null)
            errors = ["--postgres is missing: which database?"];
        if (errors.Count > 0)
        {
            foreach (var line in errors)
                await error.WriteLineAsync(line);
            await error.WriteLineAsync("See: Lhcre.Silo migrate --help");
            return 2;
        }

        try
        {
            var pseudonym = PseudonymKeyFile.Load(options);
            var applied = await PostgresSchema.Migrate(options.Postgres!, pseudonym.Fingerprint, cancellation);
            foreach (var script in applied)
                await output.WriteLineAsync($"Applied {script}.");
            await output.WriteLineAsync(applied.Count == 0 ? "Nothing to do: the schema is this release's." : $"{PostgresAddress.Shown(options.Postgres!)} has the schema of this release.");
            return 0;
        }
        catch (Exception failure) when (failure is StartRefusedException or JournalRefusedException or JournalUnavailableException)
        {
            await error.WriteLineAsync($"{PostgresAddress.Shown(options.Postgres!)}: {failure.Message}");
            return 3;
        }
    }
}
