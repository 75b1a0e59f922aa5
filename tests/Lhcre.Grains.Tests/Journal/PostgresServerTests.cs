using Lhcre.Processes;
using Npgsql;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>The server that other tests stop and kill does what they think it does.</summary>
public sealed class PostgresServerTests
{
    [Fact]
    public async Task A_server_keeps_what_was_committed_through_a_stop_and_a_kill_and_its_folder_goes_with_it()
    {
        var server = await PostgresServer.StartOwn();
        await using var closing = server;
        var database = await server.CreateDatabase();
        await PostgresServer.Execute(database, "CREATE TABLE cats (name text); INSERT INTO cats VALUES ('Ginger')");

        await server.Restart();
        await PostgresServer.Execute(database, "INSERT INTO cats VALUES ('Tom')");
        await server.Kill();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Cats(database));
        await server.StartAgain();

        Assert.Equal(2, await Cats(database));
        var folder = await Setting(server, "data_directory");
        await server.DisposeAsync();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_paused_server_answers_when_it_is_let_go_on()
    {
        await using var server = await PostgresServer.StartOwn();
        await server.Pause();

        var answer = server.Execute("SELECT 1");
        Assert.NotSame(answer, await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(300))));
        await server.Resume();

        await answer;
    }

    [Fact]
    public async Task A_server_syncs_what_it_commits()
    {
        await using var server = await PostgresServer.StartOwn("max_connections=20");

        Assert.Equal(("on", "on", "20"), (await Setting(server, "fsync"), await Setting(server, "synchronous_commit"), await Setting(server, "max_connections")));
    }

    private static async Task<object?> Cats(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("SELECT count(*)::int FROM cats");
        return await command.ExecuteScalarAsync();
    }

    private static async Task<string?> Setting(PostgresServer server, string name)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString());
        await using var command = source.CreateCommand($"SHOW {name}");
        return (string?)await command.ExecuteScalarAsync();
    }
}
