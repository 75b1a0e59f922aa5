using System.Diagnostics;
using Lhcre.Cluster.Tests.Load;
using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Cluster.Tests;

/// <summary>A silo that stands still for longer than the others wait for it, and then goes on as if nothing had happened.</summary>
[Collection(nameof(SharedCluster))]
public sealed class ZombieTests(SharedCluster shared, ITestOutputHelper log)
{
    // The others miss it in about five seconds. Until 15 s after its last look at the journal it believes that it knows, and so does not say
    // that its answers are unconfirmed: it stands still for longer than that.
    private static readonly TimeSpan StandsStill = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WatchedFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_silo_that_comes_back_from_the_dead_changes_nothing_and_shows_nothing_stale_as_confirmed()
    {
        var cluster = await shared.Whole();
        await using var traffic = await Traffic.To(cluster.Silos, people: 60, seed: 30, rest: TimeSpan.FromMilliseconds(10));
        traffic.Begin(writers: 16, readers: 2);
        await traffic.Reach(traffic.Ledger.Acknowledged.Count + 200);

        var zombie = cluster.Silos[0];
        zombie.Send(Signal.Stop);
        await Task.Delay(StandsStill);
        using var backend = new Backend(zombie.Url);
        // Asked while it stands still, so that they are the first things that it meets.
        var first = Task.WhenAll(traffic.People.Select(person => Look(backend, person, traffic)));
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        zombie.Send(Signal.Continue);
        var watched = (await first).Concat(await Watch(backend, zombie, traffic)).ToList();
        var ended = zombie.HasExited;
        await traffic.End();
        await cluster.MakeWhole();

        var audit = await Audit.Of(cluster.Silos[1].Client, traffic.Ledger);
        var rows = await shared.Rows(traffic.Ledger);
        var stale = watched.Count(w => w == Seen.StaleAsConfirmed);
        log.WriteLine($"""
            SIGSTOP for {StandsStill.TotalSeconds:F0} s, then SIGCONT: {audit}; rows {rows}; asked itself, the zombie answered {string.Join(", ", watched.GroupBy(w => w).Select(g => $"{g.Count()} × {g.Key}"))}; it {(ended ? "ended by itself" : "went on")}; sent again: {traffic.FailuresByKind()}
            """);
        log.WriteLine(string.Join('\n', Complaints.Of(cluster)));
        Assert.Empty(traffic.Ledger.Refused);
        Assert.True(audit is { Lost: 0, Duplicated: 0 }, string.Join('\n', audit.Findings));
        Assert.Equal(new Rows(rows.Expected, 0, 0), rows);
        Assert.Equal(0, stale + traffic.Readers.Seen.Stale);
    }

    // Asks the zombie and nobody else, past the balancer, which would not have put it back in service yet.
    private static async Task<IReadOnlyList<Seen>> Watch(Backend backend, SiloProcess zombie, Traffic traffic)
    {
        var (clock, seen) = (Stopwatch.StartNew(), new List<Seen>());
        for (var n = 0; clock.Elapsed < WatchedFor && !zombie.HasExited; n++)
        {
            var person = traffic.People[n % traffic.People.Count];
            seen.Add(await Look(backend, person, traffic));
            var push = Push.Put($"zombie-{n}", person.Sources[0], new Statement(person, $"Observation/z{n}", n), person.Observation($"z{n}", 1_000_000 + n, n));
            using var limit = new CancellationTokenSource(Patience);
            if (await backend.Send(push.Call, limit.Token) is Reply.Answered { Status: >= 200 and < 300 })
            {
                seen.Add(Seen.PushAcknowledged);
                traffic.Ledger.Acknowledge(push);
            }
            else
            {
                // Whatever became of it: sent again under its id, it is there once.
                seen.Add(Seen.PushUnanswered);
                await traffic.Pushers.Send(push);
            }
        }

        return seen;
    }

    private static async Task<Seen> Look(Backend backend, Person person, Traffic traffic)
    {
        var acknowledged = traffic.Ledger.Contributions(person);
        using var limit = new CancellationTokenSource(Patience);
        return await backend.Send(Call.Get(person.Everything), limit.Token) switch
        {
            Reply.Answered { Status: 200, IsUnconfirmed: true } => Seen.Unconfirmed,
            Reply.Answered { Status: 200 } answer => Readers.Contributions(answer.Body) < acknowledged ? Seen.StaleAsConfirmed : Seen.Current,
            _ => Seen.Unanswered,
        };
    }

    private enum Seen
    {
        Current,
        Unconfirmed,
        StaleAsConfirmed,
        Unanswered,
        PushAcknowledged,
        PushUnanswered,
    }
}
