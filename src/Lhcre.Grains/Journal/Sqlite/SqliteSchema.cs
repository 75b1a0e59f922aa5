using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Lhcre.Grains.Journal;

/// <summary>The numbered scripts under <c>Journal/Schema/Sqlite</c>, each applied once to a database, in their order.</summary>
internal static class SqliteSchema
{
    private const string Folder = "Journal/Schema/Sqlite/";

    private static readonly SortedDictionary<long, string> Scripts = Find();

    /// <summary>The highest number that this version knows.</summary>
    public static long Known => Scripts.Keys.Max();

    /// <summary>
    /// Brings the database to the schema that this version knows, in one transaction, and ties an empty one to the pseudonym key. Changes
    /// nothing where it refuses.
    /// </summary>
    /// <exception cref="JournalSchemaException">A newer version wrote it, or something else altogether.</exception>
    /// <exception cref="JournalKeyException">It belongs to another pseudonym key.</exception>
    public static void Upgrade(SqliteConnection connection, string pseudonymFingerprint)
    {
        using var transaction = connection.BeginTransaction();
        var found = Number(connection);
        if (found > Known)
            throw JournalSchemaException.TooNew(found, Known);
        if (found > 0 && Meta(connection, "pseudonym") is var stored && stored != pseudonymFingerprint)
            throw new JournalKeyException(stored ?? "(none)", pseudonymFingerprint);

        foreach (var (number, resource) in Scripts.Where(script => script.Key > found))
        {
            Run(connection, Read(resource));
            Run(
                connection,
                "INSERT OR REPLACE INTO meta (name, value) VALUES ('schema', $value)",
                number.ToString(CultureInfo.InvariantCulture));
        }

        if (found == 0)
            Run(connection, "INSERT INTO meta (name, value) VALUES ('pseudonym', $value)", pseudonymFingerprint);
        transaction.Commit();
    }

    // 0 for an empty database.
    private static long Number(SqliteConnection connection)
    {
        if (Ask(connection, "SELECT count(*) FROM sqlite_master") is 0L)
            return 0;
        if (Ask(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'") is 1L
            && long.TryParse(Meta(connection, "schema"), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        throw JournalSchemaException.NotAJournal(connection.DataSource);
    }

    private static string? Meta(SqliteConnection connection, string name) =>
        Ask(connection, "SELECT value FROM meta WHERE name = $value", name) as string;

    private static object? Ask(SqliteConnection connection, string sql, string? value = null)
    {
        using var command = Command(connection, sql, value);
        return command.ExecuteScalar();
    }

    private static void Run(SqliteConnection connection, string sql, string? value = null)
    {
        using var command = Command(connection, sql, value);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, string? value)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        if (value is not null)
            command.Parameters.AddWithValue("$value", value);
        return command;
    }

    // 0001-journal.sql: the number is up to the dash.
    private static SortedDictionary<long, string> Find() => new(
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToDictionary(name => long.Parse(name.AsSpan()[Folder.Length..name.IndexOf('-', Folder.Length)], CultureInfo.InvariantCulture)));

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
