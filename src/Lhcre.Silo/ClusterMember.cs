using Npgsql;
using Orleans.Configuration;

namespace Lhcre.Silo;

/// <summary>A silo among others: how they find each other, miss each other, and share what Orleans keeps. See decision 0005.</summary>
internal static class ClusterMember
{
    private const string Invariant = "Npgsql";

    /// <summary>Joins the cluster of the options, over the database that the journal is in.</summary>
    public static void JoinCluster(this ISiloBuilder silo, ServeOptions options)
    {
        silo.Services.AddSingleton(_ => Connections(options.Postgres!));
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Cluster, "lhcre"))
            .Configure<SiloOptions>(o => o.SiloName = options.SiloName)
            .ConfigureEndpoints(options.Address, options.SiloPort, options.GatewayPort)
            .Configure<ClusterMembershipOptions>(MissQuickly)
            .UseAdoNetClustering(o => o.Configure<NpgsqlDataSource>((c, database) => (c.Invariant, c.DataSource) = (Invariant, database)))
            .UseAdoNetReminderService(o => o.Configure<NpgsqlDataSource>((c, database) => (c.Invariant, c.DataSource) = (Invariant, database)))
            .AddSharedSideState()
            .Configure<GrainDirectoryOptions>(o => o.RangeLeaseDuration = options.DirectoryLease);
        if (options.HasDistributedDirectory)
            silo.AddDistributedGrainDirectory();
    }

    // A killed silo is missed after three probes of a second, the last of them by way of another silo, and voted out by two (by one, where
    // only two are left): the records that it had are served elsewhere within seconds. A silo that only pauses (a collection of garbage, a busy
    // machine) answers again before that, and where it is this silo that is slow it gives the others more time.
    private static void MissQuickly(ClusterMembershipOptions o)
    {
        o.ProbeTimeout = TimeSpan.FromSeconds(1);
        o.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        o.NumMissedProbesLimit = 3;
        o.NumVotesForDeathDeclaration = 2;
        o.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        // Whoever starts after the whole cluster was killed does not wait for those that have not written this for so long, three times over.
        o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        o.MaxJoinAttemptTime = TimeSpan.FromMinutes(1);
        // By default a silo that is joining is voted out by whoever finds, by its own clock, that this takes too long: one silo whose clock is a
        // minute ahead would keep all others from starting. One that died while it joined is missed by its probes, as any other is.
        o.EvictWhenMaxJoinAttemptTimeExceeded = false;
        o.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }

    // A few of its own: a heartbeat must not wait behind pushes for a connection, and one that hangs must not hang for long.
    private static NpgsqlDataSource Connections(string postgres)
    {
        var builder = new NpgsqlDataSourceBuilder(postgres);
        builder.ConnectionStringBuilder.ApplicationName = "lhcre-orleans";
        builder.ConnectionStringBuilder.MaxPoolSize = 8;
        builder.ConnectionStringBuilder.Timeout = 5;
        builder.ConnectionStringBuilder.CommandTimeout = 10;
        return builder.Build();
    }
}
