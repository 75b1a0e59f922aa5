using System.Collections.Concurrent;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>What was acknowledged, as the clients know it: what the record is held against. Safe for concurrent use.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<Push> _acknowledged = new();
    private readonly ConcurrentQueue<string> _refused = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentDictionary<Person, int> _resources = new();
    private readonly ConcurrentDictionary<(Person, string, string), bool> _known = new();

    /// <summary>The acknowledged pushes, in the order of their answers.</summary>
    public IReadOnlyCollection<Push> Acknowledged => _acknowledged;

    /// <summary>What was refused for good: nothing that these tests send should be.</summary>
    public IReadOnlyCollection<string> Refused => _refused;

    /// <summary>Each time that a request of any kind was sent and got no answer, or one of 429 or 5xx.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>How many resources of a person were acknowledged: each contributes to the merged record once.</summary>
    public int Contributions(Person person) => _resources.GetValueOrDefault(person);

    public void Acknowledge(Push push)
    {
        foreach (var said in push.Statements)
        {
            if (_known.TryAdd((said.Person, push.Source, said.Reference), true))
                _resources.AddOrUpdate(said.Person, 1, (_, count) => count + 1);
        }

        _acknowledged.Enqueue(push);
    }

    public void Refuse(Push push, int status) => _refused.Enqueue($"{push.Method} {push.Path}: {status}");

    public void Fail(string what) => _failures.Enqueue(what);
}
