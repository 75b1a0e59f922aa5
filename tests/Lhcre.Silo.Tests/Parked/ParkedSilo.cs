using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lhcre.Silo.Tests.Parked;

/// <summary>A silo whose clock can be put forward, over HTTP, on one of the stores.</summary>
public abstract class ParkedSilo : IAsyncLifetime
{
    internal ShiftedTime Clock { get; } = new();

    internal TestSilo Http { get; private set; } = null!;

    internal IJournal Journal => Http.Parts.GetRequiredService<IJournal>();

    public virtual async Task InitializeAsync()
    {
        Http = new TestSilo(Open, clock: Clock);
        await Http.InitializeAsync();
    }

    public virtual Task DisposeAsync() => Http.DisposeAsync();

    internal abstract Task<IJournal> Open(DirectoryInfo folder);

    /// <summary>On the embedded store.</summary>
    public sealed class Embedded : ParkedSilo
    {
        internal override async Task<IJournal> Open(DirectoryInfo folder) => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None);
    }

    /// <summary>On the store of a cluster.</summary>
    public sealed class Postgres : ParkedSilo
    {
        private PostgresServer _server = null!;

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
            var connection = await _server.CreateDatabase();
            await PostgresSchema.Migrate(connection, TestSilo.Pseudonym.Fingerprint, CancellationToken.None);
            return await PostgresJournal.Open(connection, TestSilo.Pseudonym.Fingerprint, CancellationToken.None);
        }
    }
}
