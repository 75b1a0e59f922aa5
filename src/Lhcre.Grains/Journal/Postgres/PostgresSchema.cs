using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>
/// The numbered scripts under <c>Journal/Schema/Postgres</c>, each applied once to a database, in their order, by an operator's
/// <c>migrate</c> and by nobody else: several silos share the database, and may be of two releases for a while.
/// </summary>
public static class PostgresSchema
{
    private const string Folder = "Journal/Schema/Postgres/";

    // Which script brought a database to where it is; made before the first one.
    private const string Applied = """
        CREATE TABLE IF NOT EXISTS lhcre_schema (
            script     text COLLATE "C" PRIMARY KEY,             -- its file's name, which begins with its number
            applied_at timestamptz NOT NULL DEFAULT now()        -- when its transaction began, by the server's clock
        )
        """;

    // Two operators at once: one waits for the other.
    private const string Lock = "SELECT pg_advisory_lock(1818780517)";

    private const string OtherTables = """
        SELECT count(*) FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        """;

    private static readonly SortedDictionary<long, string> Scripts = Find();

    /// <summary>
    /// Brings a database to the schema of this version, each script in a transaction of its own, and ties an empty one to the pseudonym key.
    /// Again, it changes nothing.
    /// </summary>
    /// <param name="connectionString">Of the database, which exists; its user may create tables in it.</param>
    /// <param name="pseudonymFingerprint"><see cref="Lhcre.Record.PseudonymKey.Fingerprint"/> of the key that patients are named with.</param>
    /// <param name="cancellation">Ends it between two scripts.</param>
    /// <returns>The scripts that were applied, by name, in their order; none where there was nothing to do.</returns>
    /// <exception cref="JournalRefusedException">A newer version wrote it, it is something else altogether, or it has another key.</exception>
    /// <exception cref="JournalUnavailableException">The database cannot be reached or written.</exception>
    public static async Task<IReadOnlyList<string>> Migrate(string connectionString, string pseudonymFingerprint, CancellationToken cancellation)
    {
        await using var source = PostgresConnections.ForSchema(connectionString);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await Run(connection, Lock, cancellation);
            return await Apply(connection, pseudonymFingerprint, cancellation);
        }
        catch (NpgsqlException failure)
        {
            throw PostgresFault.ToCaller(failure, outcomeUnknown: false);
        }
    }

    /// <summary>Refuses a database that this version cannot work with.</summary>
    internal static async Task Check(NpgsqlDataSource source, string pseudonymFingerprint, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (!await Exists(connection, "lhcre_schema", cancellation))
            throw JournalSchemaException.NoJournal();
        var applied = await Names(connection, cancellation);
        RefuseNewer(applied);
        if (Scripts.Values.FirstOrDefault(script => !applied.Contains(script)) is { } missing)
            throw JournalSchemaException.TooOld(missing);
        await RefuseOtherKey(connection, pseudonymFingerprint, cancellation);
    }

    private static async Task<IReadOnlyList<string>> Apply(NpgsqlConnection connection, string pseudonymFingerprint, CancellationToken cancellation)
    {
        if (!await Exists(connection, "lhcre_schema", cancellation) && await Ask(connection, OtherTables, cancellation) is > 0L)
            throw JournalSchemaException.SomethingElse();
        await Run(connection, Applied, cancellation);
        var applied = await Names(connection, cancellation);
        RefuseNewer(applied);
        if (await Exists(connection, "lhcre_meta", cancellation))
            await RefuseOtherKey(connection, pseudonymFingerprint, cancellation);

        string[] due = [.. Scripts.Values.Where(script => !applied.Contains(script))];
        foreach (var script in due)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await Run(connection, Read(script), cancellation);
            await Run(connection, "INSERT INTO lhcre_schema (script) VALUES ($1)", cancellation, script);
            // With the first script: it makes the table.
            await Run(connection, "INSERT INTO lhcre_meta (name, value) VALUES ('pseudonym', $1) ON CONFLICT DO NOTHING", cancellation, pseudonymFingerprint);
            await transaction.CommitAsync(cancellation);
        }

        return due;
    }

    private static void RefuseNewer(HashSet<string> applied)
    {
        if (applied.FirstOrDefault(script => !Scripts.ContainsValue(script)) is { } unknown)
            throw JournalSchemaException.TooNew(unknown);
    }

    private static async Task RefuseOtherKey(NpgsqlConnection connection, string pseudonymFingerprint, CancellationToken cancellation)
    {
        var stored = await Ask(connection, "SELECT value FROM lhcre_meta WHERE name = 'pseudonym'", cancellation) as string;
        if (stored != pseudonymFingerprint)
            throw new JournalKeyException(stored ?? "(none)", pseudonymFingerprint);
    }

    private static async Task<bool> Exists(NpgsqlConnection connection, string table, CancellationToken cancellation) =>
        await Ask(connection, $"SELECT to_regclass('{table}') IS NOT NULL", cancellation) is true;

    private static async Task<HashSet<string>> Names(NpgsqlConnection connection, CancellationToken cancellation) =>
        [.. (string[])(await Ask(connection, "SELECT coalesce(array_agg(script), '{}') FROM lhcre_schema", cancellation))!];

    private static async Task<object?> Ask(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellation, string? argument = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (argument is not null)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = argument });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // 0001-journal.sql: the number is up to the dash, and no two scripts have the same.
    private static SortedDictionary<long, string> Find() => new(
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..])
            .ToDictionary(name => long.Parse(name.AsSpan(0, name.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture)));

    private static string Read(string script)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + script)!);
        return reader.ReadToEnd();
    }
}
