using Lhcre.Benchmarks.Stores;
using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Lhcre.Record;
using Lhcre.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Lhcre.Benchmarks;

/// <summary>The product as it is served, in this process: one silo on a journal, by default on the embedded store in a folder that goes with it.</summary>
internal sealed class HostedSilo : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-hosted-");
    private WebApplication _app = null!;
    private SqliteStore? _own;

    private HostedSilo()
    {
    }

    /// <summary>Turns NHS numbers into keys: the same in every run.</summary>
    public static PseudonymKey Pseudonym { get; } = new(new byte[PseudonymKey.Length]);

    /// <summary>The HTTP port on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The port on 127.0.0.1 for HL7 v2 over MLLP of <see cref="MllpSource"/>.</summary>
    public int MllpPort { get; } = FreePort.Next();

    /// <summary>Whose messages come there.</summary>
    public const string MllpSource = "isle-of-wight";

    /// <summary>Where it says that it serves.</summary>
    public Addresses Addresses => _app.Services.GetRequiredService<Addresses>();

    /// <summary>Its grains.</summary>
    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts one.</summary>
    /// <param name="journal">The journal, which stays open when it ends; null for one of its own.</param>
    /// <param name="adjust">What is not as usual.</param>
    public static async Task<HostedSilo> Start(IJournal? journal = null, Func<ServeOptions, ServeOptions>? adjust = null)
    {
        var silo = new HostedSilo();
        if (journal is null)
            silo._own = await SqliteStore.Start();
        var options = new ServeOptions
        {
            Urls = $"http://127.0.0.1:{silo.Port}",
            Data = silo._folder.FullName,
            SiloPort = FreePort.Next(),
            GatewayPort = FreePort.Next(),
            Mllp = new Dictionary<string, int> { [MllpSource] = silo.MllpPort },
        };
        silo._app = SiloHost.Build(adjust?.Invoke(options) ?? options, journal ?? silo._own!.Journal, Pseudonym, TimeProvider.System);
        await silo._app.StartAsync();
        return silo;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_own is { } own)
            await own.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
