using System.Security.Cryptography;
using Lhcre.Grains;
using Lhcre.Grains.Feeds;
using Lhcre.Grains.Imports;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Visits;
using Lhcre.Record;
using Lhcre.Silo.Corrections;
using Lhcre.Silo.Erasing;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Imports;
using Lhcre.Silo.Mllp;
using Lhcre.Silo.OpenApi;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;
using Lhcre.Silo.Visits;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;

namespace Lhcre.Silo;

/// <summary>The process put together: journal, silo and HTTP surface.</summary>
internal static class SiloHost
{
    // A record that nobody has asked for in this time is read from the journal when somebody does.
    private static readonly TimeSpan WarmFor = TimeSpan.FromHours(2);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(28);
    private static readonly TimeSpan HandOverWithin = TimeSpan.FromSeconds(10);

    // Calls that wait for one record: more than that is a client that has lost its measure, and is told so (429).
    private const int MostWaiting = 1000;

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
            // It would log requests by their paths; and as long as it may log anything, each request is given an Activity, whoever looks at it or not.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("Orleans", LogLevel.Warning)
            // These warn of every pause of a loaded machine, which nobody can act on.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Scheduler", LogLevel.Error)
            // A line for each call that found too many waiting before it: the caller is told, with 429.
            .AddFilter("Orleans.Grain", LogLevel.Error);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(ConfigureKestrel).UseUrls(options.Urls.Split(';'));
        if (options.Urls.Contains("https://", StringComparison.OrdinalIgnoreCase))
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopWithin);
        builder.Services.AddRoutingCore();
        builder.Services.AddCors();

        var addresses = new Addresses(options.BaseUrl ?? options.Urls.Split(';')[0].TrimEnd('/'));
        builder.Services
            .AddSingleton(_ => journal)
            .AddSingleton(pseudonym)
            .AddSingleton(addresses)
            .AddSingleton(clock)
            .AddSingleton(options)
            .AddSingleton(options.Sources)
            .AddSingleton(new SourceSystems(options.Sources, [.. options.Pulls.Sources.Select(p => p.Source)]))
            .AddSingleton<FreshPushId>(() => new PushId(ContentHash.Read(RandomNumberGenerator.GetBytes(ContentHash.Length))))
            .AddSingleton<PersonRegister>()
            .AddSingleton<PatientCalls>()
            .AddSingleton<SourcePush>()
            .AddSingleton<FollowUps>()
            .AddSingleton<PushApi>()
            .AddSingleton<FeedApi>()
            .AddSingleton<Hl7Door>()
            .AddSingleton<Hl7Api>()
            .AddSingleton<SourceReadApi>()
            .AddSingleton<WithheldReview>()
            .AddSingleton<Resubmission>()
            .AddSingleton<ParkedApi>()
            .AddSingleton<IImportJournal>(_ => options.Postgres is { } postgres ? PostgresImports.Open(postgres) : SqliteImports.Open(options.Data, clock))
            .AddSingleton<LivePushes>()
            .AddSingleton<ImportReception>()
            .AddSingleton<ImportedLines>()
            .AddSingleton<ImportRounds>()
            .AddSingleton<ImportApi>()
            .AddSingleton<CorrectionRounds>()
            .AddSingleton<CorrectionApi>()
            .AddSingleton<LeaseRounds>()
            .AddSingleton<PersonAsides>()
            .AddSingleton<EraseApi>()
            .AddSingleton<MoveApi>()
            .AddSingleton(options.Pulls)
            .AddSingleton(new PullTimes(options.Pulls.Sources.ToDictionary(p => p.Source.Id, p => p.FreshFor)) { FirstPause = options.Pulls.FirstPause })
            .AddSingleton<VisitPull>()
            .AddSingleton<PullFrom>(s => s.GetRequiredService<VisitPull>().Pull)
            .AddSingleton<Visitors>()
            .AddSingleton<Arrivals>()
            .AddSingleton<PersonFinder>()
            .AddSingleton<PeopleSearch>()
            .AddSingleton<PeopleIndex>()
            .AddSingleton<MergedApi>()
            .AddSingleton<RecordApi>()
            .AddSingleton<HistoryApi>()
            .AddSingleton<SummaryApi>()
            .AddSingleton<Readiness>()
            .AddSingleton<Lookups>()
            .AddSingleton<Negotiation>();
        builder.UseOrleans(silo => ConfigureSilo(silo, options));
        builder.Services.AddSingleton<IFatalErrorHandler, FatalEnd>();
        // Behind the silo, so that they stop before it.
        builder.Services
            .AddResidents(new ResidentLimits(options.WarmBytes, options.Postgres is null ? 0 : options.HandOverBytes))
            .AddSourceFeeds()
            .AddHostedService(s => s.GetRequiredService<FollowUps>())
            .AddHostedService<PeopleIndexing>()
            .AddHostedService(s => s.GetRequiredService<Arrivals>())
            .AddHostedService(s => s.GetRequiredService<WithheldReview>())
            .AddHostedService(s => s.GetRequiredService<ImportRounds>())
            .AddHostedService(s => s.GetRequiredService<CorrectionRounds>())
            .AddHostedService(s => s.GetRequiredService<LeaseRounds>())
            .AddHostedService<Draining>();
        if (options.Mllp.Count > 0)
            builder.Services.AddSingleton<MllpServer>().AddHostedService(s => s.GetRequiredService<MllpServer>());

        var app = builder.Build();
        app.UseEdge();
        app.UseBrowserOrigins(options);
        app.UseKeptAnswers();
        app.UseRouting();
        app.MapMerged(addresses);
        app.MapSources(options.Sources, [.. options.Pulls.Sources.Select(p => p.Source)], addresses);
        app.MapHealth();
        app.MapOpenApi(options, addresses);
        return app;
    }

    private static void ConfigureSilo(ISiloBuilder silo, ServeOptions options)
    {
        if (options.Postgres is null)
            silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort).AddEmbeddedSideState(options.Data);
        else
            silo.JoinCluster(options);
        silo.Configure<GrainCollectionOptions>(o =>
            {
                o.CollectionAge = WarmFor;
                o.DeactivationTimeout = HandOverWithin;
                // Beside our own budget of bytes: for what is not a record's.
                o.EnableActivationSheddingOnMemoryPressure = true;
            })
            .Configure<SiloMessagingOptions>(o =>
            {
                o.ResponseTimeout = TimeSpan.FromSeconds(30);
                o.MaxEnqueuedRequestsHardLimit = MostWaiting;
            });
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // One byte more than we take, so that the refusal is ours, with its code.
        kestrel.Limits.MaxRequestBodySize = Limits.BodyBytes + 1L;
    }
}
