using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;
using Orleans.Storage;

namespace Lhcre.Silo.Tests.Cluster;

/// <summary>Our statements, through the classes of Orleans that run them.</summary>
[Collection(nameof(Database))]
public sealed class OrleansTableTests(Database database) : IAsyncLifetime
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly GrainId Feed = GrainId.Create("feed", "dorset");

    private NpgsqlDataSource _connections = null!;
    private IHost _host = null!;

    private IGrainStorage Storage => _host.Services.GetRequiredKeyedService<IGrainStorage>("side");

    private IReminderTable Reminders => _host.Services.GetRequiredService<IReminderTable>();

    public async Task InitializeAsync()
    {
        _connections = new NpgsqlDataSourceBuilder(await database.Create() + ";Maximum Pool Size=60").Build();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(Http.TestSilo.FreePort(), Http.TestSilo.FreePort())
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("a", "lhcre"))
            .AddAdoNetGrainStorage("side", o => (o.Invariant, o.DataSource) = ("Npgsql", _connections))
            .AddAdoNetGrainStorage("side-deleting", o => (o.Invariant, o.DataSource, o.DeleteStateOnClear) = ("Npgsql", _connections, true))
            .UseAdoNetReminderService(o => (o.Invariant, o.DataSource) = ("Npgsql", _connections)));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _connections.DisposeAsync();
    }

    [Fact]
    public async Task Of_300_racing_first_writes_one_stays_and_every_other_is_told_to_read_again()
    {
        const int Racing = 300;
        var ends = await Task.WhenAll(Enumerable.Range(0, Racing).Select(async n =>
        {
            try
            {
                await Storage.WriteStateAsync("cursor", Feed, new GrainState<string>($"{n}"));
                return "won";
            }
            catch (InconsistentStateException)
            {
                return "told";
            }
        }));

        Assert.Equal((1, Racing - 1), (ends.Count(e => e == "won"), ends.Count(e => e == "told")));
        var read = await Read(Storage, Feed);
        Assert.Equal((true, "1"), (read.RecordExists, read.ETag));
        Assert.Equal($"{Array.IndexOf(ends, "won")}", read.State);
        // The row is sound: whoever has read it writes on.
        await Storage.WriteStateAsync("cursor", Feed, read);
        Assert.Equal("2", read.ETag);
    }

    [Fact]
    public async Task Of_two_that_have_read_the_same_version_one_writes_and_one_clears_no_more()
    {
        var (first, second) = (new GrainState<string>("1"), new GrainState<string>());
        await Storage.WriteStateAsync("cursor", Feed, first);
        second = await Read(Storage, Feed);
        first.State = "2";
        await Storage.WriteStateAsync("cursor", Feed, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("cursor", Feed, second));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("cursor", Feed, second));

        Assert.Equal("2", (await Read(Storage, Feed)).State);
    }

    [Theory]
    [InlineData("side", false)]
    [InlineData("side-deleting", true)]
    public async Task What_is_cleared_is_gone_and_may_be_written_again(string name, bool isDeleted)
    {
        var storage = _host.Services.GetRequiredKeyedService<IGrainStorage>(name);
        var state = new GrainState<List<string>>(["1"]);
        await storage.WriteStateAsync("cursor", Feed, state);
        await storage.ClearStateAsync("cursor", Feed, state);

        var cleared = await Read<List<string>>(storage, Feed);
        Assert.False(cleared.RecordExists);
        // A cleared row keeps its version, so that an old activation's write is still refused.
        Assert.Equal(isDeleted ? null : "2", cleared.ETag);
        cleared.State = ["again"];
        await storage.WriteStateAsync("cursor", Feed, cleared);
        Assert.Equal(["again"], (await Read<List<string>>(storage, Feed)).State);
    }

    [Fact]
    public async Task States_are_apart_by_kind_of_key_and_by_grain_and_by_name()
    {
        GrainId[] grains =
        [
            Feed, GrainId.Create("feed", "hampshire"), GrainId.Create("job", "dorset"),
            GrainId.Create(GrainType.Create("feed"), GrainIdKeyExtensions.CreateIntegerKey(7)), GrainId.Create(GrainType.Create("feed"), GrainIdKeyExtensions.CreateIntegerKey(7, "dorset")),
            GrainId.Create(GrainType.Create("feed"), GrainIdKeyExtensions.CreateGuidKey(new Guid(7, 0, 0, new byte[8]))),
        ];
        foreach (var grain in grains)
        {
            // The name of a state is a part of its key, and the grain's type is not.
            foreach (var name in new[] { $"cursor-{grain.Type}", $"backlog-{grain.Type}" })
                await Storage.WriteStateAsync(name, grain, new GrainState<string>($"{name} of {grain}"));
        }

        foreach (var grain in grains)
        {
            foreach (var name in new[] { $"cursor-{grain.Type}", $"backlog-{grain.Type}" })
                Assert.Equal($"{name} of {grain}", (await Read(Storage, grain, name)).State);
        }
    }

    [Fact]
    public async Task A_silo_joins_changes_and_is_cleaned_up_once_it_is_dead_and_old()
    {
        var table = await Membership("cluster");
        var silo = Entry(5000);
        Assert.True(await table.InsertRowAsync(silo, (await table.ReadAllAsync(None)).Version.Next(), None));
        Assert.Equal("Created", await Status(table, silo));

        silo.Status = SiloStatus.Active;
        silo.AddSuspector(Entry(5001).SiloAddress, Noon);
        Assert.True(await Update(table, silo));
        var read = (await table.ReadRowAsync(silo.SiloAddress, None)).Members.Single().Item1;
        Assert.Equal(("lhcre-0", "host", 30000, SiloStatus.Active, Noon), (read.SiloName, read.HostName, read.ProxyPort, read.Status, read.StartTime));
        Assert.Equal(Entry(5001).SiloAddress, read.SuspectTimes!.Single().Item1);

        await table.CleanupDefunctSiloEntriesAsync(Noon.AddDays(1), None);
        Assert.Equal("Active", await Status(table, silo));
        silo.Status = SiloStatus.Dead;
        Assert.True(await Update(table, silo));
        await table.CleanupDefunctSiloEntriesAsync(Noon, None);
        Assert.Equal("Dead", await Status(table, silo));
        await table.CleanupDefunctSiloEntriesAsync(Noon.AddDays(1), None);
        Assert.Equal("gone", await Status(table, silo));
        Assert.Equal(3, (await table.ReadAllAsync(None)).Version.Version);
    }

    [Fact]
    public async Task Of_thirty_that_race_to_join_from_one_version_one_does_and_all_do_in_the_end()
    {
        const int Silos = 30;
        var table = await Membership("race");
        var version = (await table.ReadAllAsync(None)).Version.Next();

        var joined = await Task.WhenAll(Enumerable.Range(0, Silos).Select(n => table.InsertRowAsync(Entry(6000 + n), version, None)));
        Assert.Single(joined, true);

        await Task.WhenAll(Enumerable.Range(0, Silos).Where(n => !joined[n]).Select(async n =>
        {
            while (!await table.InsertRowAsync(Entry(6000 + n), (await table.ReadAllAsync(None)).Version.Next(), None))
                await Task.Yield();
        }));
        var all = await table.ReadAllAsync(None);
        Assert.Equal((Silos, Silos), (all.Members.Count, all.Version.Version));
    }

    [Fact]
    public async Task Nobody_joins_twice_and_nobody_changes_who_is_not_there_and_a_heartbeat_is_no_change()
    {
        var table = await Membership("twice");
        var silo = Entry(7000);
        Assert.True(await table.InsertRowAsync(silo, (await table.ReadAllAsync(None)).Version.Next(), None));
        var before = (await table.ReadAllAsync(None)).Version;

        Assert.False(await table.InsertRowAsync(silo, before.Next(), None));
        Assert.False(await table.UpdateRowAsync(Entry(7001), $"{before.Version}", before.Next(), None));
        silo.IAmAliveTime = Noon.AddMinutes(5);
        await table.UpdateIAmAliveAsync(silo, None);

        var after = await table.ReadAllAsync(None);
        Assert.Equal(before.Version, after.Version.Version);
        Assert.Equal(Noon.AddMinutes(5), after.Members.Single().Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Clusters_of_one_database_do_not_see_each_other()
    {
        var (one, other) = (await Membership("one"), await Membership("other"));
        await one.InsertRowAsync(Entry(8000), (await one.ReadAllAsync(None)).Version.Next(), None);

        Assert.Empty((await other.ReadAllAsync(None)).Members);
        await other.DeleteMembershipTableEntriesAsync("other", None);
        Assert.Single((await one.ReadAllAsync(None)).Members);
        await one.DeleteMembershipTableEntriesAsync("one", None);
        await one.InitializeMembershipTableAsync(true, None);
        Assert.Equal((0, 0), ((await one.ReadAllAsync(None)).Members.Count, (await one.ReadAllAsync(None)).Version.Version));
    }

    [Fact]
    public async Task A_reminder_is_made_moved_found_by_its_range_and_removed_in_the_version_that_was_read()
    {
        var entry = new ReminderEntry { GrainId = Feed, ReminderName = "poll", StartAt = Noon, Period = TimeSpan.FromMinutes(5) };
        var first = await Reminders.UpsertRow(entry);
        entry.Period = TimeSpan.FromDays(60);
        var second = await Reminders.UpsertRow(entry);

        Assert.NotEqual(first, second);
        var read = await Reminders.ReadRow(Feed, "poll");
        Assert.Equal((Feed, Noon, TimeSpan.FromDays(60), second), (read!.GrainId, read.StartAt, read.Period, read.ETag));
        Assert.Null(await Reminders.ReadRow(Feed, "other"));
        Assert.Single((await Reminders.ReadRows(Feed)).Reminders);
        Assert.False(await Reminders.RemoveRow(Feed, "poll", first!));
        Assert.True(await Reminders.RemoveRow(Feed, "poll", second!));
        Assert.Empty((await Reminders.ReadRows(Feed)).Reminders);
    }

    [Fact]
    public async Task Every_reminder_is_in_one_of_the_ranges_that_make_up_the_ring()
    {
        var grains = Enumerable.Range(0, 40).Select(n => GrainId.Create("feed", $"f{n}")).ToArray();
        foreach (var grain in grains)
            await Reminders.UpsertRow(new ReminderEntry { GrainId = grain, ReminderName = "poll", StartAt = Noon, Period = TimeSpan.FromMinutes(1) });

        uint[] bounds = [0x1000_0000, 0x7fff_ffff, 0x8000_0000, 0xf000_0000];
        var found = new List<GrainId>();
        for (var i = 0; i < bounds.Length; i++)
            found.AddRange((await Reminders.ReadRows(bounds[i], bounds[(i + 1) % bounds.Length])).Reminders.Select(r => r.GrainId));

        Assert.Equal(grains.Order(), found.Order());
        Assert.Equal(grains.Length, (await Reminders.ReadRows(7, 7)).Reminders.Count);
    }

    private static Task<GrainState<string>> Read(IGrainStorage storage, GrainId grain, string name = "cursor") => Read<string>(storage, grain, name);

    private static async Task<GrainState<T>> Read<T>(IGrainStorage storage, GrainId grain, string name = "cursor")
    {
        var state = new GrainState<T>();
        await storage.ReadStateAsync(name, grain, state);
        return state;
    }

    private async Task<IMembershipTable> Membership(string cluster)
    {
        var table = new AdoNetClusteringTable(
            _host.Services,
            Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = "lhcre" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", DataSource = _connections }),
            _host.Services.GetRequiredService<ILogger<AdoNetClusteringTable>>());
        await table.InitializeMembershipTableAsync(true, None);
        return table;
    }

    private static async Task<bool> Update(IMembershipTable table, MembershipEntry entry)
    {
        var read = await table.ReadRowAsync(entry.SiloAddress, None);
        return await table.UpdateRowAsync(entry, read.Members.Single().Item2, read.Version.Next(), None);
    }

    private static async Task<string> Status(IMembershipTable table, MembershipEntry entry) =>
        (await table.ReadRowAsync(entry.SiloAddress, None)).Members.SingleOrDefault()?.Item1.Status.ToString() ?? "gone";

    private static MembershipEntry Entry(int port) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 7),
        SiloName = "lhcre-0",
        HostName = "host",
        Status = SiloStatus.Created,
        ProxyPort = 30000,
        StartTime = Noon,
        IAmAliveTime = Noon,
    };
}
