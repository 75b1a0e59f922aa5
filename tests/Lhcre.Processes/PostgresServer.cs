using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Lhcre.Processes;

/// <summary>
/// A PostgreSQL server of one test run: started from the installed binaries in a temporary folder, on loopback and a free port, with fsync
/// on. It ends with the process that started it, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The connection string of a server to use in place of one of our own; its user may create databases.</summary>
    public const string Variable = "LHCRE_TEST_POSTGRES";

    private const string Account = "postgres";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int _databases;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly PostgresFolder? _folder;
    private readonly List<string> _created = [];
    private Process? _keeper;

    private PostgresServer(NpgsqlConnectionStringBuilder connection, PostgresFolder? folder) => (_connection, _folder) = (connection, folder);

    /// <summary>Whether it was started here, and so may be stopped, killed and paused.</summary>
    public bool IsOwn => _folder is not null;

    /// <summary>Its port.</summary>
    public int Port => _connection.Port;

    /// <summary>The server that <see cref="Variable"/> names, or one of our own.</summary>
    /// <param name="settings">Settings of <c>postgresql.conf</c> for one of our own, such as <c>max_connections=20</c>.</param>
    /// <exception cref="InvalidOperationException">Neither exists; the message says in one line what to install.</exception>
    public static async Task<PostgresServer> Start(params string[] settings) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? new PostgresServer(new NpgsqlConnectionStringBuilder(given), null)
            : await StartOwn(settings);

    /// <summary>One of our own, for tests that stop it, kill it or fill its disk.</summary>
    /// <param name="settings">As of <see cref="Start"/>.</param>
    /// <exception cref="InvalidOperationException">There is none to start; the message says in one line what to install.</exception>
    public static async Task<PostgresServer> StartOwn(params string[] settings)
    {
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
        var folder = await PostgresFolder.Make(Account, password, settings);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = FreePort.Next(),
            Username = Account,
            Password = password,
        };
        var server = new PostgresServer(connection, folder);
        await server.StartAgain();
        return server;
    }

    /// <summary>The connection string of a database on it.</summary>
    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>A new, empty database; its connection string.</summary>
    /// <param name="template">A database of this server to copy, to which nobody is connected; null for an empty one.</param>
    public async Task<string> CreateDatabase(string? template = null)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture, $"lhcre_{Environment.ProcessId}_{Convert.ToHexString(RandomNumberGenerator.GetBytes(3))}_{Interlocked.Increment(ref _databases)}").ToLowerInvariant();
        await Execute($"CREATE DATABASE {name} TEMPLATE {template ?? "template0"}");
        lock (_created)
            _created.Add(name);
        return ConnectionString(name);
    }

    /// <summary>Runs SQL that answers nothing, on a connection of its own.</summary>
    public Task Execute(string sql) => Execute(ConnectionString(), sql);

    /// <inheritdoc cref="Execute(string)"/>
    public static async Task Execute(string connectionString, string sql)
    {
        // Without pooling: a pooled connection would be one too many for whoever counts or drops them.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Stops it as an operator does: sessions are ended, what was committed is checkpointed.</summary>
    public async Task Stop()
    {
        await Folder.Control("stop", "-m", "fast");
        await LetKeeperGo();
    }

    /// <summary>Kills it with all its processes (SIGKILL), as a power failure does but for the disk's own cache.</summary>
    public async Task Kill()
    {
        await Signal("KILL");
        await LetKeeperGo();
    }

    /// <summary>Starts it again behind <see cref="Stop"/> or <see cref="Kill"/>, on the same port and with the same data.</summary>
    public async Task StartAgain()
    {
        _keeper = Folder.Start(Port);
        var waiting = Stopwatch.StartNew();
        while (!await IsReady())
        {
            if (_keeper.HasExited || waiting.Elapsed > Patience)
                throw new InvalidOperationException($"PostgreSQL did not start: {await Folder.LastLogLine()}");
            await Task.Delay(50);
        }
    }

    /// <summary>Stops it and starts it again.</summary>
    public async Task Restart()
    {
        await Stop();
        await StartAgain();
    }

    /// <summary>Freezes it (SIGSTOP): connections stay open, and nobody answers on them.</summary>
    public Task Pause() => Signal("STOP");

    /// <summary>Lets it go on behind <see cref="Pause"/>.</summary>
    public Task Resume() => Signal("CONT");

    /// <summary>Ends it and removes its folder; of a given server, drops the databases that were created here.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_folder is null)
        {
            foreach (var name in _created)
                await Execute($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            return;
        }

        if (_keeper is null)
        {
            await _folder.Remove();
            return;
        }

        // The keeper ends the server and removes the folder, as it would if this process had died.
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
        _keeper = null;
    }

    private PostgresFolder Folder =>
        _folder ?? throw new InvalidOperationException($"The server that {Variable} names is not ours to stop: this test needs one of its own.");

    private async Task LetKeeperGo()
    {
        await _keeper!.StandardInput.WriteLineAsync("keep");
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
        _keeper = null;
    }

    private async Task Signal(string signal)
    {
        var server = await Folder.ProcessId();
        var (_, children, _) = await Tool.Try("pgrep", "-P", server);
        // The server first: it would start new processes in place of those that are gone. Some may have ended meanwhile.
        await Tool.Try("kill", ["-s", signal, server, .. children.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    private async Task<bool> IsReady()
    {
        try
        {
            await Execute("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
