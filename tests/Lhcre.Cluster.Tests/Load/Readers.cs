using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>What readers saw.</summary>
/// <param name="Count">Lookups that were answered.</param>
/// <param name="Longest">The longest time from a lookup's first try to its answer.</param>
/// <param name="Unconfirmed">Answers that said of themselves that they may be stale.</param>
/// <param name="Stale">Answers that did not say so, and lacked something that had been acknowledged before they were asked for.</param>
internal sealed record Lookups(int Count, TimeSpan Longest, int Unconfirmed, int Stale);

/// <summary>Clients that look people up: one that gets no answer asks again at once, wherever the balancer sends it.</summary>
internal sealed class Readers(Balancer balancer, Ledger ledger, IReadOnlyList<Person> people)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(1);
    private static readonly byte[] Contributor = "/StructureDefinition/contributor\""u8.ToArray();

    private readonly ConcurrentQueue<TimeSpan> _times = new();
    private int _unconfirmed;
    private int _stale;

    /// <summary>How long a reader rests between two lookups.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What was seen so far.</summary>
    public Lookups Seen => new(_times.Count, _times.DefaultIfEmpty().Max(), _unconfirmed, _stale);

    /// <summary>Looks people up by chance until it is told to stop.</summary>
    public Task Run(int readers, int seed, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(
        async () =>
        {
            var random = new Random((seed * 1000) + reader);
            while (!stop.IsCancellationRequested)
            {
                await Look(people[random.Next(people.Count)]);
                await Task.Delay(Rest, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        },
        CancellationToken.None)));

    /// <summary>Looks everybody up once; how long it took until the last of them was answered.</summary>
    public async Task<TimeSpan> LookUpAll(Stopwatch since)
    {
        var last = new ConcurrentQueue<TimeSpan>();
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (person, _) =>
        {
            await Look(person);
            last.Enqueue(since.Elapsed);
        });
        return last.Max();
    }

    private async Task Look(Person person)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < GiveUpAfter)
        {
            var acknowledged = ledger.Contributions(person);
            switch (await balancer.Send(Call.Get(person.Everything), Patience))
            {
                case Reply.Answered { Status: 200 } answer:
                    _times.Enqueue(clock.Elapsed);
                    Note(answer, acknowledged);
                    return;
                case Reply.Answered answer:
                    ledger.Fail($"lookup answered {answer.Status} {string.Join(' ', IssueTexts.CodesIn(answer.Body))}");
                    await Task.Delay(100);
                    break;
                case Reply.Lost lost:
                    ledger.Fail($"lookup lost: {lost.Reason}");
                    break;
                default:
                    ledger.Fail("lookup not sent: no silo in service");
                    break;
            }
        }

        throw new TimeoutException($"A lookup was not answered within {GiveUpAfter}; of late: {string.Join("; ", ledger.Failures.TakeLast(5))}");
    }

    private void Note(Reply.Answered answer, int acknowledged)
    {
        if (answer.IsUnconfirmed)
            Interlocked.Increment(ref _unconfirmed);
        else if (Contributions(answer.Body) < acknowledged)
            Interlocked.Increment(ref _stale);
    }

    /// <summary>How many contributors a merged record names.</summary>
    public static int Contributions(ReadOnlySpan<byte> body)
    {
        var count = 0;
        for (var at = body.IndexOf(Contributor); at >= 0; at = body.IndexOf(Contributor))
        {
            count++;
            body = body[(at + Contributor.Length)..];
        }

        return count;
    }
}
