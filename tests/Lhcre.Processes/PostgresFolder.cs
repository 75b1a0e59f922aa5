using System.Diagnostics;
using System.Globalization;

namespace Lhcre.Processes;

/// <summary>The temporary folder of a PostgreSQL server, and the installed binaries that work in it as an account that is not root.</summary>
internal sealed class PostgresFolder
{
    private const string Nowhere =
        $"No PostgreSQL server to test with: apt-get install postgresql, or set {PostgresServer.Variable} to the connection string of one.";

    // The server, and whoever ends it. Its input ends with the process that holds the other end of the pipe, however that ends.
    private const string Keeper = """
        "$1/postgres" -D "$2/data" -p "$3" >>"$2/server.log" 2>&1 </dev/null &
        server=$!
        read -r last || last=gone
        kill -QUIT $server 2>/dev/null
        wait $server
        [ "$last" = keep ] || rm -rf "$2"
        """;

    private readonly string _binaries, _path;
    private readonly string[] _asAccount;

    private PostgresFolder(string binaries, string path, string[] asAccount) => (_binaries, _path, _asAccount) = (binaries, path, asAccount);

    /// <summary>A new folder with an empty server in it, whose one user has this name and password.</summary>
    public static async Task<PostgresFolder> Make(string account, string password, IEnumerable<string> settings)
    {
        var binaries = Binaries() ?? throw new InvalidOperationException(Nowhere);
        var path = Directory.CreateTempSubdirectory("lhcre-postgres-").FullName;
        // PostgreSQL refuses to run as root.
        var isRoot = Environment.IsPrivilegedProcess;
        var folder = new PostgresFolder(binaries, path, isRoot ? ["runuser", "-u", account, "--"] : []);
        await File.WriteAllTextAsync(Path.Combine(path, "password"), password);
        if (isRoot)
            await Tool.Run("chown", "-R", account, path);
        await folder.Run(
            "initdb", "-D", folder.Data, "-U", account, "--auth=scram-sha-256", $"--pwfile={Path.Combine(path, "password")}",
            "--encoding=UTF8", "--locale=C", "--no-sync");
        await File.AppendAllLinesAsync(
            Path.Combine(folder.Data, "postgresql.conf"),
            ["listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", "fsync = on", "max_connections = 300", "shared_buffers = 128MB", .. settings]);
        return folder;
    }

    /// <summary>The installed release with the highest number: Debian's place, then the PATH; null where there is none.</summary>
    private static string? Binaries()
    {
        const string installed = "/usr/lib/postgresql";
        var releases = Directory.Exists(installed) ? Directory.GetDirectories(installed) : [];
        return releases
            .Where(release => File.Exists(Path.Combine(release, "bin", "initdb")))
            .OrderByDescending(release => int.TryParse(Path.GetFileName(release), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(release => Path.Combine(release, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(folder => File.Exists(Path.Combine(folder, "initdb"))))
            .FirstOrDefault();
    }

    /// <summary>Starts the server. It ends when the standard input of the answered process does, or a line is written there.</summary>
    public Process Start(int port)
    {
        string[] all = [.. _asAccount, "sh", "-c", Keeper, "sh", _binaries, _path, port.ToString(CultureInfo.InvariantCulture)];
        return Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
    }

    /// <summary>Runs <c>pg_ctl</c>.</summary>
    public Task Control(params string[] arguments) => Run("pg_ctl", ["-D", Data, "-w", .. arguments]);

    /// <summary>The server's process.</summary>
    public async Task<string> ProcessId() => (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];

    /// <summary>What the server said last.</summary>
    public async Task<string> LastLogLine() => (await File.ReadAllLinesAsync(Path.Combine(_path, "server.log"))).LastOrDefault() ?? "(nothing was logged)";

    /// <summary>Removes the folder of a server that has ended.</summary>
    public Task Remove() => Tool.Run("rm", "-rf", _path);

    private string Data => Path.Combine(_path, "data");

    private Task<string> Run(string program, params string[] arguments)
    {
        string[] all = [.. _asAccount, Path.Combine(_binaries, program), .. arguments];
        return Tool.Run(all[0], all[1..]);
    }
}
