using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Lhcre.Silo.Erasing;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Http;
using Lhcre.Silo.Tests.Visits;
using Lhcre.Silo.Visits;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Lhcre.Silo.Tests.Erasing;

/// <summary>A silo that pulls from another area, on one of the stores, with all that is on its disk.</summary>
public abstract class VisitSilo : IAsyncLifetime
{
    internal ShiftedTime Clock { get; } = new();

    internal TestSilo Http { get; private set; } = null!;

    internal HomeSource Wales { get; private set; } = null!;

    internal IJournal Journal => Http.Parts.GetRequiredService<IJournal>();

    public virtual async Task InitializeAsync()
    {
        Wales = await HomeSource.Start();
        Http = new TestSilo(Open, options => options with { Pulls = new PullPlan { Sources = [Wales.Pulled()], Deadline = TimeSpan.FromSeconds(20) } }, Clock);
        await Http.InitializeAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await Http.DisposeAsync();
        await Wales.DisposeAsync();
    }

    /// <summary>Carries out what is due, and has it overwritten.</summary>
    internal async Task EndLeases()
    {
        await Http.Parts.GetRequiredService<LeaseRounds>().Round(CancellationToken.None);
        await Scrubbed();
    }

    internal async Task Scrubbed()
    {
        while (!await Journal.Scrub(CancellationToken.None))
            await Task.Delay(20);
    }

    internal abstract Task<IJournal> Open(DirectoryInfo folder);

    internal abstract Task<Disk> ReadDisk();

    /// <summary>The bytes of the store's files, where they can be read.</summary>
    internal abstract byte[] RawFiles();

    /// <summary>On the embedded store.</summary>
    public sealed class Embedded : VisitSilo
    {
        private DirectoryInfo _folder = null!;

        internal override async Task<IJournal> Open(DirectoryInfo folder) =>
            await SqliteJournal.Open((_folder = folder).FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None);

        internal override async Task<Disk> ReadDisk()
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "journal.db")};Mode=ReadOnly;Pooling=False");
            await connection.OpenAsync();
            return await Disk.Read(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
        }

        internal override byte[] RawFiles() => [.. _folder.GetFiles("journal.db*").Where(f => f.Extension is ".db" or ".db-wal").SelectMany(Bytes)];

        private static byte[] Bytes(FileInfo file)
        {
            using var stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    /// <summary>On the store of a cluster.</summary>
    public sealed class Postgres : VisitSilo
    {
        private PostgresServer _server = null!;
        private string _connection = "";

        public override async Task InitializeAsync()
        {
            _server = await PostgresServer.Start();
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await _server.DisposeAsync();
        }

        internal override async Task<IJournal> Open(DirectoryInfo folder)
        {
            _connection = await _server.CreateDatabase();
            await PostgresSchema.Migrate(_connection, TestSilo.Pseudonym.Fingerprint, CancellationToken.None);
            return await PostgresJournal.Open(_connection, TestSilo.Pseudonym.Fingerprint, CancellationToken.None);
        }

        internal override async Task<Disk> ReadDisk()
        {
            await using var connection = new NpgsqlConnection(_connection + ";Pooling=false");
            await connection.OpenAsync();
            return await Disk.Read(connection, "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition");
        }

        // What a server keeps in its files until it needs the room is not ours to overwrite: src/visitors.md says so.
        internal override byte[] RawFiles() => [];
    }
}
