using Microsoft.Data.Sqlite;

namespace Lhcre.Grains.Journal;

/// <summary>How connections to a journal's database are set up.</summary>
internal static class SqliteConnections
{
    // Milliseconds. Nobody else should hold the lock: this process is alone in the folder, and its readers do not block. An operator's
    // backup may.
    private const int BusyMilliseconds = 5_000;

    // While the WAL is cut off, nobody writes.
    private const int ShortlyBusyMilliseconds = 100;

    /// <summary>The one connection that writes.</summary>
    public static SqliteConnection OpenWriter(string file)
    {
        var connection = Open(file, SqliteOpenMode.ReadWrite);
        // FULL syncs the WAL at every commit: acknowledged means durable. NORMAL would lose the last commits with the power.
        // fullfsync is macOS's, whose fsync leaves the bytes in the drive's cache. A checkpoint every 16 MB (pages are 4 KB) writes a page
        // that many commits changed once; after a burst the WAL is cut back to 64 MB. What is deleted is overwritten: it may be what was erased of a person.
        Execute(connection, """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA fullfsync = ON;
            PRAGMA checkpoint_fullfsync = ON;
            PRAGMA wal_autocheckpoint = 4000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -65536;
            PRAGMA temp_store = MEMORY;
            PRAGMA secure_delete = ON;
            """);
        return connection;
    }

    /// <summary>One of the connections that read; the writer is open already.</summary>
    public static SqliteConnection OpenReader(string file) => Open(file, SqliteOpenMode.ReadOnly);

    /// <summary>Moves what is in the WAL into the database, and cuts the WAL off; false where somebody reads what was before.</summary>
    public static bool TryTruncate(string file)
    {
        using var connection = Open(file, SqliteOpenMode.ReadWrite);
        Execute(connection, $"PRAGMA busy_timeout = {ShortlyBusyMilliseconds}; PRAGMA synchronous = FULL; PRAGMA checkpoint_fullfsync = ON;");
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        // 0 where all of it was done.
        return command.ExecuteScalar() is 0L;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        // Without pooling, since a pooled connection would keep the files open behind a closed journal.
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {BusyMilliseconds}; PRAGMA foreign_keys = OFF;");
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }
}
