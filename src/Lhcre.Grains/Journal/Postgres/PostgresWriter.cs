using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>The one connection that writes: many writes in one transaction and one round trip. Used by one caller at a time.</summary>
internal sealed class PostgresWriter(NpgsqlDataSource source, TimeProvider clock) : IAsyncDisposable
{
    // Times that other transactions may be in the way before it counts as a failure.
    private const int Attempts = 4;

    // After this the connection is asked whether it is alive before something is entrusted to it: a connection that was lost while nobody
    // used it would leave an outcome unknown for nothing.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private NpgsqlConnection? _connection;
    private long _used;

    /// <summary>Opens the connection, so that what is wrong with it is seen before anything waits for it.</summary>
    public Task Open(CancellationToken cancellation) => Connect(cancellation);

    /// <summary>All writes in one transaction. The outcomes, in their order.</summary>
    /// <exception cref="JournalUnavailableException">A fault of the server, of the way to it, or of the whole database.</exception>
    /// <exception cref="PostgresException">Nothing was written, because one of them cannot be.</exception>
    public async Task<IReadOnlyList<AppendOutcome>> Commit(IReadOnlyList<JournalWrite> writes)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connection = await Connected();
            var commit = Commit(connection, writes);
            try
            {
                var outcomes = await commit.WaitAsync(PostgresConnections.Longest);
                _used = clock.GetTimestamp();
                return outcomes;
            }
            catch (TimeoutException late) when (!commit.IsCompleted)
            {
                LetGo(commit);
                throw PostgresFault.ToCaller(late, outcomeUnknown: true);
            }
            catch (PostgresException failure) when (attempt < Attempts && PostgresFault.IsWorthRepeating(failure))
            {
            }
            catch (PostgresException failure) when (attempt < Attempts && PostgresFault.IsOfAnEndedSession(failure))
            {
                await Disconnect();
            }
            catch (Exception failure) when (IsOfTheConnection(failure) && PostgresFault.IsOfTheDatabase(failure))
            {
                // What the server answered tells that it took the transaction back; without an answer nobody knows.
                // A new connection for the next, which may reach another server: this one may have become a replica.
                await Disconnect();
                throw PostgresFault.ToCaller(failure, outcomeUnknown: failure is not PostgresException);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Disconnect();
        await source.DisposeAsync();
    }

    private static async Task<IReadOnlyList<AppendOutcome>> Commit(NpgsqlConnection connection, IReadOnlyList<JournalWrite> writes)
    {
        var outcomes = new AppendOutcome[writes.Count];
        var rounds = PostgresRound.Of(writes);
        // Without BEGIN and COMMIT: what is sent together is one transaction.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var round in rounds)
        {
            foreach (var command in round.Commands())
                batch.BatchCommands.Add(command);
        }

        if (batch.BatchCommands.Count == 0)
            return outcomes;
        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var round in rounds)
            await round.Read(reader, outcomes, CancellationToken.None);
        // To the end: a transaction is committed behind its last answer.
        while (await reader.NextResultAsync())
        {
        }

        return outcomes;
    }

    // Nothing was sent: whatever fails here, nothing was written.
    private async Task<NpgsqlConnection> Connected()
    {
        if (_connection is { } open && clock.GetElapsedTime(_used) > Idle)
            await TryOut(open);
        try
        {
            return _connection ?? await Connect(CancellationToken.None);
        }
        catch (Exception failure) when (IsOfTheConnection(failure))
        {
            throw PostgresFault.ToCaller(failure, outcomeUnknown: false);
        }
    }

    private async Task<NpgsqlConnection> Connect(CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand(PostgresConnections.WriterSettings, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception) // Whatever it is: no connection may stay open that nobody has.
        {
            await connection.DisposeAsync();
            throw;
        }

        _used = clock.GetTimestamp();
        return _connection = connection;
    }

    private async Task Disconnect()
    {
        var connection = _connection;
        _connection = null;
        if (connection is not null)
            await connection.DisposeAsync();
    }

    private async Task TryOut(NpgsqlConnection connection)
    {
        var answer = Ask(connection);
        try
        {
            await answer.WaitAsync(PostgresConnections.SignOfLife);
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            LetGo(answer);
        }
        catch (Exception failure) when (IsOfTheConnection(failure))
        {
            await Disconnect();
        }
    }

    private static async Task Ask(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync();
    }

    // The driver goes on for a while with a server that does not answer: it asks it to cancel, which is not answered either. Nobody waits.
    private void LetGo(Task underWay)
    {
        var connection = _connection!;
        _connection = null;
        _ = underWay.ContinueWith(_ => connection.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    // InvalidOperationException: the driver had closed the connection by itself.
    private static bool IsOfTheConnection(Exception failure) =>
        failure is NpgsqlException or TimeoutException or IOException or InvalidOperationException;
}
