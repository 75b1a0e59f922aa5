using Lhcre.Grains;
using Microsoft.Data.Sqlite;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace Lhcre.Silo;

/// <summary>
/// Where <see cref="SideState"/> is kept: in the cluster's database, or in a file beside the embedded journal. Both by Orleans' ADO.NET storage, in
/// its binary form, whose types are known by alias and number. See decision 0012.
/// </summary>
internal static class SideStateStore
{
    // What Orleans calls the kind of a database, by which it knows how to name and pass parameters; the connections are the driver's that we have.
    private const string Postgres = "Npgsql";
    private const string Sqlite = "System.Data.SQLite";

    /// <summary>In the database that the silos share; its tables are those of the schema.</summary>
    public static ISiloBuilder AddSharedSideState(this ISiloBuilder silo) => silo
        .AddAdoNetGrainStorage(SideState.Name, o => o.Configure<NpgsqlDataSource, IServiceProvider>((c, database, services) => Use(c, Postgres, database, services)));

    /// <summary>In <c>side-state.db</c> of the folder, which exists and is this process's alone.</summary>
    public static ISiloBuilder AddEmbeddedSideState(this ISiloBuilder silo, string folder) => silo
        .AddAdoNetGrainStorage(SideState.Name, o => o.Configure<IServiceProvider>((c, services) => Use(c, Sqlite, SqliteFactory.Instance.CreateDataSource(Open(folder)), services)));

    private static void Use(AdoNetGrainStorageOptions options, string invariant, System.Data.Common.DbDataSource database, IServiceProvider services) =>
        (options.Invariant, options.DataSource, options.GrainStorageSerializer) = (invariant, database, ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services));

    // A file of its own, so that it never waits for the journal's lock, nor the journal for it: losing it harms no record.
    private static string Open(string folder)
    {
        var file = Path.Combine(Path.GetFullPath(folder), "side-state.db");
        if (!File.Exists(file))
            Create(file);
        // Without pooling, since a pooled connection would keep the file open behind a silo that has stopped.
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString();
        using var connection = new SqliteConnection(settings);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Schema;
        command.ExecuteNonQuery();
        return settings;
    }

    // SQLite would make its file readable by everybody; its WAL takes over the mode that it finds.
    private static void Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(file, options).Dispose();
    }

    // As in 0002-orleans.sql. The statements are this release's, so they are written at every start; only the table is kept.
    private const string Schema = """
        PRAGMA journal_mode = WAL;

        CREATE TABLE IF NOT EXISTS orleans_state
        (
            grain_id_hash   INTEGER NOT NULL,
            grain_type_hash INTEGER NOT NULL,
            grain_id_n0     INTEGER NOT NULL,
            grain_id_n1     INTEGER NOT NULL,
            grain_id_text   TEXT NOT NULL,
            grain_type      TEXT NOT NULL,
            service_id      TEXT NOT NULL,
            version         INTEGER NOT NULL,
            payload         BLOB, -- null: cleared, so that the version goes on
            PRIMARY KEY (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_id_text, grain_type, service_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS orleansquery (querykey TEXT NOT NULL PRIMARY KEY, querytext TEXT NOT NULL) STRICT;

        INSERT OR REPLACE INTO orleansquery (querykey, querytext) VALUES
        ('WriteToStorageKey', '
        INSERT INTO orleans_state AS s
            (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_id_text, grain_type, service_id, version, payload)
        SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), @GrainTypeString, @ServiceId,
               coalesce(@GrainStateVersion, 0) + 1, @PayloadBinary
        WHERE true
        ON CONFLICT DO UPDATE SET version = s.version + 1, payload = excluded.payload WHERE s.version = @GrainStateVersion
        RETURNING version AS NewGrainStateVersion'),

        ('ReadFromStorageKey', '
        SELECT payload AS PayloadBinary, version AS Version
        FROM orleans_state
        WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
          AND grain_id_text = coalesce(@GrainIdExtensionString, '''') AND grain_type = @GrainTypeString AND service_id = @ServiceId'),

        ('ClearStorageKey', '
        UPDATE orleans_state SET version = version + 1, payload = NULL
        WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
          AND grain_id_text = coalesce(@GrainIdExtensionString, '''') AND grain_type = @GrainTypeString AND service_id = @ServiceId
          AND version = @GrainStateVersion
        RETURNING version AS NewGrainStateVersion'),

        ('DeleteStorageKey', '
        DELETE FROM orleans_state
        WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
          AND grain_id_text = coalesce(@GrainIdExtensionString, '''') AND grain_type = @GrainTypeString AND service_id = @ServiceId
          AND version = @GrainStateVersion
        RETURNING version + 1 AS NewGrainStateVersion');
        """;
}
