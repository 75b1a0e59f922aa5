using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>A whole silo over a journal that fails when it is told to. What the journal had committed outlives the silo.</summary>
public sealed class FaultySilo : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public FaultySilo()
        : this(new SimulatedJournal())
    {
    }

    internal FaultySilo(SimulatedJournal journal, Func<ServeOptions, ServeOptions>? adjust = null)
    {
        Journal = journal;
        Http = new TestSilo(_ => Task.FromResult<IJournal>(journal), adjust);
    }

    internal SimulatedJournal Journal { get; }

    internal TestSilo Http { get; }

    /// <summary>
    /// Starts it, and waits until it has looked for what a crash may have left behind, for whom nobody finds yet, and for what each source's
    /// records withheld under other rules.
    /// </summary>
    public async Task InitializeAsync()
    {
        await Http.InitializeAsync();
        await Until(() => Task.FromResult(Journal.Calls(nameof(IJournal.ParkedResolvable)) >= 2 && Journal.Calls(nameof(IJournal.Unfindable)) >= 1 && Journal.Calls(nameof(IJournal.Asides)) >= 3));
    }

    public Task DisposeAsync() => Http.DisposeAsync();

    /// <summary>These calls fail from now on, all without any named.</summary>
    internal void Down(params string[] verbs) => Journal.Before = verb =>
        verbs.Length == 0 || verbs.Contains(verb)
            ? throw new JournalUnavailableException("The journal is down for a test.", outcomeUnknown: false)
            : Task.CompletedTask;

    internal void Back() => Journal.Before = _ => Task.CompletedTask;

    /// <summary>Kills the journal under the silo, and starts another silo on what it had committed.</summary>
    internal async Task<FaultySilo> Crash()
    {
        var next = new FaultySilo(Journal.Crash());
        await DisposeAsync();
        await next.InitializeAsync();
        return next;
    }

    internal async Task<IReadOnlyList<string>> Types(string nhsNumber) =>
        [.. (await Http.Everything(nhsNumber)).Select(r => r["resourceType"]!.GetValue<string>())];

    internal async Task<long> Rows(string nhsNumber) => (await Journal.Load(PatientKey.Parse(TestSilo.PatientId(nhsNumber)), default)).Head.Seq;

    internal static async Task Until(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }
}
