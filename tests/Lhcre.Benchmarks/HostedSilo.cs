using System.Net;
using System.Net.Sockets;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Lhcre.Benchmarks;

/// <summary>The product as it is served, in this process: a silo on the embedded store, in a folder of its own that goes with it.</summary>
internal sealed class HostedSilo : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-benchmark-");
    private WebApplication _app = null!;

    private HostedSilo()
    {
    }

    /// <summary>Turns NHS numbers into keys: the same in every run.</summary>
    public static PseudonymKey Pseudonym { get; } = new(new byte[PseudonymKey.Length]);

    /// <summary>The HTTP port on 127.0.0.1.</summary>
    public int Port { get; } = FreePort();

    /// <summary>Its journal.</summary>
    public IJournal Journal { get; private set; } = null!;

    /// <summary>Its grains.</summary>
    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts one.</summary>
    public static async Task<HostedSilo> Start()
    {
        var silo = new HostedSilo();
        silo.Journal = await SqliteJournal.Open(silo._folder.FullName, Pseudonym.Fingerprint, CancellationToken.None);
        var options = new ServeOptions { Urls = $"http://127.0.0.1:{silo.Port}", SiloPort = FreePort(), GatewayPort = FreePort() };
        silo._app = SiloHost.Build(options, silo.Journal, Pseudonym, TimeProvider.System);
        await silo._app.StartAsync();
        return silo;
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Journal.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
