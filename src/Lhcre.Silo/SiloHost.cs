using System.Security.Cryptography;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;

namespace Lhcre.Silo;

/// <summary>The process put together: journal, silo and HTTP surface.</summary>
internal static class SiloHost
{
    // A record that nobody has asked for in this time is read from the journal when somebody does.
    private static readonly TimeSpan WarmFor = TimeSpan.FromHours(2);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(25);

    /// <summary>Builds it around an open journal, which it closes when it stops.</summary>
    public static WebApplication Build(ServeOptions options, IJournal journal, PseudonymKey pseudonym, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Lhcre.Silo" });
        // The options are what there is: nothing comes from a file that happens to lie in the working folder.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders().AddSimpleConsole(c => c.SingleLine = true)
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("Orleans", LogLevel.Warning)
            // These warn of every pause of a loaded machine, which nobody can act on.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Scheduler", LogLevel.Error);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(ConfigureKestrel).UseUrls(options.Urls.Split(';'));
        if (options.Urls.Contains("https://", StringComparison.OrdinalIgnoreCase))
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopWithin);
        builder.Services.AddRoutingCore();

        var addresses = new Addresses(options.BaseUrl ?? options.Urls.Split(';')[0].TrimEnd('/'));
        builder.Services
            .AddSingleton(_ => journal)
            .AddSingleton(pseudonym)
            .AddSingleton(addresses)
            .AddSingleton(clock)
            .AddSingleton(options.Sources)
            .AddSingleton<FreshPushId>(() => new PushId(ContentHash.Read(RandomNumberGenerator.GetBytes(ContentHash.Length))))
            .AddSingleton<PersonRegister>()
            .AddSingleton<SourcePush>()
            .AddSingleton<FollowUps>()
            .AddHostedService(s => s.GetRequiredService<FollowUps>())
            .AddSingleton<PushApi>()
            .AddSingleton<SourceReadApi>()
            .AddSingleton<ParkedApi>()
            .AddSingleton<MergedApi>()
            .AddSingleton<Readiness>()
            .AddResponseCompression(Compress);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(options.SiloPort, options.GatewayPort)
            .Configure<GrainCollectionOptions>(o => o.CollectionAge = WarmFor)
            .Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(30)));

        var app = builder.Build();
        app.UseEdge();
        app.UseResponseCompression();
        app.UseRouting();
        app.MapMerged(addresses);
        app.MapSources(options.Sources, addresses);
        app.MapHealth();
        return app;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // One byte more than we take, so that the refusal is ours, with its code.
        kestrel.Limits.MaxRequestBodySize = Limits.BodyBytes + 1L;
    }

    private static void Compress(ResponseCompressionOptions options)
    {
        options.EnableForHttps = true;
        options.Providers.Add<BrotliCompressionProvider>();
        options.Providers.Add<GzipCompressionProvider>();
        options.MimeTypes = ["application/fhir+json", "application/json"];
    }
}
