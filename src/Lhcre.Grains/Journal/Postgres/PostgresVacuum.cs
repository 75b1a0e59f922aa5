using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>Has a server let go of what is dead in the tables in which something may be erased. On a connection of its own, as long as it takes.</summary>
internal sealed class PostgresVacuum(NpgsqlDataSource source) : IAsyncDisposable
{
    private static readonly string[] Tables =
    [
        "record_log", "record_chunk", "source_index", "local_identifier", "supporting", "supporting_use", "person_index", "follow_up", "parked", "refused", "answer", "lease",
    ];

    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            foreach (var table in Tables)
            {
                await using var command = new NpgsqlCommand($"VACUUM {table}", connection);
                await command.ExecuteNonQueryAsync(cancellation);
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw PostgresFault.ToCaller(failure, outcomeUnknown: false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();
}
