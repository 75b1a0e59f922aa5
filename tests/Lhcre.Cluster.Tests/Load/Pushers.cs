using System.Text.Json;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>
/// Writers as source adapters should be: each push has an id of its own and is sent under it until it is acknowledged, to whichever silo the
/// balancer picks, after as long a wait as the server asks for (here at most a second).
/// </summary>
internal sealed class Pushers(Balancer balancer, Ledger ledger, IReadOnlyList<Person> people, int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(3);

    private int _minute;

    /// <summary>How long a writer rests between two pushes.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.Zero;

    /// <summary>Makes the people known to their sources: one Bundle a source.</summary>
    public async Task Introduce()
    {
        foreach (var source in people.SelectMany(p => p.Sources).Distinct())
        {
            var known = people.Where(p => p.Sources.Contains(source));
            await Send(Push.Bundle($"introduction-{seed}-{source}", source, [.. known.Select(p => (new Statement(p, $"Patient/{p.PatientId}", null), p.Patient))]));
        }
    }

    /// <summary>Pushes until so many are acknowledged or it is told to stop; what was begun is carried through.</summary>
    public Task Run(int writers, int acknowledged, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => Write(writer, acknowledged, stop), CancellationToken.None)));

    private async Task Write(int writer, int acknowledged, CancellationToken stop)
    {
        var random = new Random((seed * 1000) + writer);
        for (var n = 0; ledger.Acknowledged.Count < acknowledged && !stop.IsCancellationRequested; n++)
        {
            await Send(Next(random, $"{seed}-{writer}-{n}", writer, n));
            if (Rest > TimeSpan.Zero)
                await Task.Delay(Rest, CancellationToken.None);
        }
    }

    private Push Next(Random random, string id, int writer, int n)
    {
        var person = people[random.Next(people.Count)];
        var source = person.Sources[random.Next(person.Sources.Count)];
        switch (random.Next(20))
        {
            case < 12:
                return Push.Put(id, source, New(person, $"a{id}"), person.Observation($"a{id}", _minute, n));
            case < 15:
                // One resource of the writer's own, said anew each time: whatever is applied late or twice would show as a value that is not the last.
                var tallied = people[writer % people.Count];
                var name = $"tally-{seed}-{writer}";
                return Push.Put(id, tallied.Sources[0], new Statement(tallied, $"Observation/{name}", n), tallied.Observation(name, -1 - writer, n));
            case < 18:
                return Push.Bundle(id, source, [.. Enumerable.Range(0, 3).Select(i => One(person, $"b{id}-{i}"))]);
            default:
                var others = people.Where(p => p.Sources.Contains(source)).ToList();
                var several = Enumerable.Range(0, 3).Select(_ => others[random.Next(others.Count)]).Distinct();
                return Push.Bundle(id, source, [.. several.Select(p => One(p, $"c{id}-{p.Number}"))]);
        }

        Statement New(Person of, string name)
        {
            Interlocked.Increment(ref _minute);
            return new Statement(of, $"Observation/{name}", n);
        }

        (Statement, string) One(Person of, string name) => (New(of, name), of.Observation(name, _minute, n));
    }

    /// <summary>Sends a push until it is acknowledged.</summary>
    public async Task Send(Push push)
    {
        using var end = new CancellationTokenSource(GiveUpAfter);
        while (!end.IsCancellationRequested)
        {
            var reply = await balancer.Send(push.Call, Patience);
            switch (reply)
            {
                case Reply.Answered { Status: >= 200 and < 300 } answer when Unacknowledged(answer.Body) is not { } entry:
                    ledger.Acknowledge(push);
                    return;
                case Reply.Answered { Status: >= 400 and < 500 and not 429 } answer:
                    ledger.Refuse(push, answer.Status);
                    return;
                case Reply.Answered answer:
                    ledger.Fail($"push answered {answer.Status} {Codes(answer.Body)}");
                    var wait = answer.RetryAfter ?? TimeSpan.FromMilliseconds(100);
                    await Task.Delay(wait < MostWait ? wait : MostWait, CancellationToken.None);
                    break;
                case Reply.Lost lost:
                    ledger.Fail($"push lost: {lost.Reason}");
                    break;
                default:
                    ledger.Fail("push not sent: no silo in service");
                    break;
            }
        }

        throw new TimeoutException($"A push was not acknowledged within {GiveUpAfter}; of late: {string.Join("; ", ledger.Failures.TakeLast(5))}");
    }

    // The first entry of a response Bundle that is not 2xx.
    private static string? Unacknowledged(byte[] body)
    {
        if (body.Length == 0)
            return null;
        using var answer = JsonDocument.Parse(body);
        if (!answer.RootElement.TryGetProperty("entry", out var entries))
            return null;
        return entries.EnumerateArray().Select(e => e.GetProperty("response").GetProperty("status").GetString()!).FirstOrDefault(s => s[0] != '2');
    }

    private static string Codes(byte[] body) => string.Join(' ', IssueTexts.CodesIn(body));
}
