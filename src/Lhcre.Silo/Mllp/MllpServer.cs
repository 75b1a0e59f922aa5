using System.Net;
using System.Security.Cryptography.X509Certificates;
using Lhcre.Silo.Sources;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Lhcre.Silo.Mllp;

/// <summary>
/// The listeners for HL7 v2 over MLLP: on Kestrel's transport, which brings its sockets, its back-pressure, TLS and the orderly end of its
/// connections; in a server of their own, so that they begin once the silo serves, end before it leaves, and take no connection away from HTTP.
/// </summary>
internal sealed class MllpServer : IHostedService, IAsyncDisposable
{
    private readonly ServeOptions _options;
    private readonly KestrelServer _server;
    private readonly ILogger _logger;
    private readonly X509Certificate2? _certificate;

    /// <summary>Prepares the listeners.</summary>
    public MllpServer(ServeOptions options, Hl7Door door, TimeProvider clock, IServiceProvider services, ILoggerFactory loggers)
    {
        (_options, _logger) = (options, loggers.CreateLogger<MllpServer>());
        _certificate = options.MllpCertificate is { } file ? MllpCertificate.Load(file) : null;
        Listeners = [.. options.Mllp.Select(m => new MllpListener(options.Sources.First(s => s.Id == m.Key), m.Value, options.MllpLimits, clock))];
        var kestrel = new KestrelServerOptions { ApplicationServices = services };
        // Ours close the quietest for a new one, where Kestrel's would refuse the new one.
        kestrel.Limits.MaxConcurrentConnections = null;
        foreach (var listener in Listeners)
        {
            if (options.IsBehindGateway)
                kestrel.ListenAnyIP(listener.Port, Configure);
            else
                kestrel.Listen(IPAddress.Loopback, listener.Port, Configure);

            void Configure(ListenOptions listen)
            {
                if (_certificate is not null)
                    listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = _certificate });
                listen.Run(connection => new MllpConnection(connection, listener, door, clock, _logger).Run());
            }
        }

        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    }

    /// <summary>One for each source that has a port.</summary>
    public IReadOnlyList<MllpListener> Listeners { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(new NoHttp(), cancellationToken);
        foreach (var listener in Listeners)
            MllpLog.Listening(_logger, listener.Source.Id, listener.Port, _certificate is null ? "" : ", with TLS");
    }

    /// <summary>Takes no more connections and no more messages; what is in hand is taken in and answered.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        _server.Dispose();
        _certificate?.Dispose();
    }

    // A server of Kestrel's serves HTTP; no connection of these ever comes so far.
    private sealed class NoHttp : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public Task ProcessRequestAsync(IFeatureCollection context) => Task.CompletedTask;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }
    }
}
