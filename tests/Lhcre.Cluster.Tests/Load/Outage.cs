using System.Diagnostics;
using System.Net;
using Lhcre.Processes;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>What a cluster answers while its database takes no writes: asked at each silo itself.</summary>
/// <param name="Writes">Pushes that were tried.</param>
/// <param name="Refused">Of these, answered with 503, LHC902 and Retry-After.</param>
/// <param name="Others">How the others ended, in words.</param>
/// <param name="SlowestRefusal">The longest that a refused one waited.</param>
/// <param name="Reads">Lookups of warm records that were tried.</param>
/// <param name="Answered">Of these, answered with 200.</param>
/// <param name="Unconfirmed">Of these, marked as unconfirmed.</param>
/// <param name="Readiness">How often a silo was asked whether it is ready.</param>
/// <param name="Ready">How often it said yes.</param>
internal sealed record Outage(
    int Writes, int Refused, IReadOnlyList<string> Others, TimeSpan SlowestRefusal, int Reads, int Answered, int Unconfirmed, int Readiness, int Ready)
{
    /// <summary>The pushes that were tried. Whoever was refused sends again, under the same id, once the database is back.</summary>
    public IReadOnlyList<Push> Pushes { get; private init; } = [];

    public override string ToString() =>
        $"{Refused} of {Writes} writes answered 503 LHC902, the slowest after {SlowestRefusal.TotalSeconds:F1} s; {Answered} of {Reads} warm lookups answered, {Unconfirmed} marked unconfirmed; ready {Ready} of {Readiness}";

    /// <summary>Tries a push and a lookup at each silo, and asks whether it is ready, again and again.</summary>
    public static async Task<Outage> Watch(SiloCluster cluster, Traffic traffic, TimeSpan lasts)
    {
        var clock = Stopwatch.StartNew();
        var seen = await Task.WhenAll(cluster.Silos.Select((silo, i) => Watch(silo, i, traffic, clock, lasts)));
        return new Outage(
            seen.Sum(s => s.Writes), seen.Sum(s => s.Refused), [.. seen.SelectMany(s => s.Others).Take(10)], seen.Max(s => s.SlowestRefusal),
            seen.Sum(s => s.Reads), seen.Sum(s => s.Answered), seen.Sum(s => s.Unconfirmed), seen.Sum(s => s.Readiness), seen.Sum(s => s.Ready))
        {
            Pushes = [.. seen.SelectMany(s => s.Pushes)],
        };
    }

    /// <summary>Writes are refused with their code, warm reads are answered, and nobody is taken out of service.</summary>
    public void Check(bool mustBeUnconfirmed)
    {
        Assert.True(Writes > 0 && Refused == Writes, $"{Refused} of {Writes}: {string.Join("; ", Others)}");
        Assert.True(Reads > 0 && Answered == Reads, $"{Answered} of {Reads}: {string.Join("; ", Others)}");
        Assert.Equal(Readiness, Ready);
        Assert.True(!mustBeUnconfirmed || Unconfirmed > 0, "no lookup was marked as unconfirmed");
    }

    private static async Task<Outage> Watch(SiloProcess silo, int number, Traffic traffic, Stopwatch clock, TimeSpan lasts)
    {
        using var backend = new Backend(silo.Url);
        var seen = new Outage(0, 0, [], TimeSpan.Zero, 0, 0, 0, 0, 0);
        for (var n = 0; clock.Elapsed < lasts; n++)
        {
            var person = traffic.People[n % traffic.People.Count];
            var id = $"outage-{traffic.Seed}-{number}-{n}";
            var push = Push.Put(id, person.Sources[0], new Statement(person, $"Observation/{id}", n), person.Observation(id, 2_000_000 + (number * 10_000) + n, n));
            seen = seen with { Pushes = [.. seen.Pushes, push] };
            var waited = Stopwatch.StartNew();
            seen = await Send(push.Call) is { } written && Is(written, HttpStatusCode.ServiceUnavailable) && written is Reply.Answered { RetryAfter: not null } refusal
                && IssueTexts.CodesIn(refusal.Body).Contains("LHC902")
                ? seen with { Writes = seen.Writes + 1, Refused = seen.Refused + 1, SlowestRefusal = Max(seen.SlowestRefusal, waited.Elapsed) }
                : seen with { Writes = seen.Writes + 1, Others = [.. seen.Others, "a push was not refused as it should be"] };
            seen = await Send(Call.Get(person.Everything)) is Reply.Answered { Status: 200 } answer
                ? seen with { Reads = seen.Reads + 1, Answered = seen.Answered + 1, Unconfirmed = seen.Unconfirmed + (answer.IsUnconfirmed ? 1 : 0) }
                : seen with { Reads = seen.Reads + 1, Others = [.. seen.Others, "a lookup was not answered"] };
            seen = seen with { Readiness = seen.Readiness + 1, Ready = seen.Ready + (Is(await Send(Call.Get("health/ready")), HttpStatusCode.OK) ? 1 : 0) };
            await Task.Delay(100);
        }

        return seen;

        async Task<Reply?> Send(Call call)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            return await backend.Send(call, limit.Token);
        }
    }

    private static bool Is(Reply? reply, HttpStatusCode status) => reply is Reply.Answered answer && answer.Status == (int)status;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
