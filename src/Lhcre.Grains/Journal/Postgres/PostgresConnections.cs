using System.Globalization;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>How connections to a journal's server are set up.</summary>
internal static class PostgresConnections
{
    /// <summary>Longest wait for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long anybody waits for the driver, which has a longest wait of its own and then asks the server to cancel.</summary>
    public static readonly TimeSpan Longest = Patience + TimeSpan.FromSeconds(1);

    /// <summary>How long a connection that nobody used has to show that it is alive.</summary>
    public static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(2);

    private const int ConnectSeconds = 5;

    // Reads are short: more at a time than this wait for the server's processors anyhow. Every silo holds as many at most.
    private const int MostReaders = 32;

    /// <summary>For reads, many at a time.</summary>
    public static NpgsqlDataSource ForReads(string connectionString)
    {
        var settings = Settings(connectionString);
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, MostReaders);
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>For the one connection that writes.</summary>
    public static NpgsqlDataSource ForWrites(string connectionString)
    {
        var settings = Settings(connectionString);
        settings.Pooling = false;
        // A commit that is told to stop waiting for its replica counts as done. So whoever has waited too long listens to no answer any more.
        settings.CancellationTimeout = -1;
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>For what an operator does once.</summary>
    public static NpgsqlDataSource ForSchema(string connectionString)
    {
        var settings = Settings(connectionString);
        settings.Pooling = false;
        settings.CommandTimeout = (int)TimeSpan.FromMinutes(10).TotalSeconds;
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>
    /// What the session of the connection that writes is held to. Its plans are kept, and made while tables may still be empty: each is to
    /// go by an index for each row that it is given, however few rows the planner believes there are.
    /// </summary>
    public static string WriterSettings { get; } = string.Create(CultureInfo.InvariantCulture, $"""
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
        SET statement_timeout = {(int)Patience.TotalMilliseconds - 1000};
        SET lock_timeout = {(int)Patience.TotalMilliseconds - 2000};
        SET idle_in_transaction_session_timeout = {(int)Patience.TotalMilliseconds};
        SET plan_cache_mode = force_generic_plan;
        SET enable_seqscan = off;
        SET enable_hashjoin = off;
        SET enable_mergejoin = off;
        SET jit = off;
        SET work_mem = '32MB'
        """);

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            throw new JournalAddressException();
        }

        if (string.IsNullOrEmpty(settings.Host))
            throw new JournalAddressException();
        settings.ApplicationName ??= "lhcre";
        settings.Timeout = Math.Min(settings.Timeout, ConnectSeconds);
        settings.CommandTimeout = (int)Patience.TotalSeconds;
        settings.KeepAlive = settings.KeepAlive == 0 ? (int)Patience.TotalSeconds : settings.KeepAlive;
        settings.MaxAutoPrepare = Math.Max(settings.MaxAutoPrepare, 32);
        settings.AutoPrepareMinUsages = 2;
        // A server's error may quote what was written.
        settings.IncludeErrorDetail = false;
        settings.LogParameters = false;
        settings.PersistSecurityInfo = false;
        return settings;
    }
}
