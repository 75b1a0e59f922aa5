using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lhcre.Simulation;

/// <summary>
/// One process, from its start to its end: its line to the journal, its clock, its activations, and the product's own edge for pushes.
/// When it dies, nothing of it goes on: what it had asked of the journal may still take effect, and nobody learns of it.
/// </summary>
internal sealed class SimulatedSilo : ILineFate
{
    private readonly Dictionary<PatientKey, SimulatedActivation> _activations = [];
    private readonly TaskCompletionSource _died = new();
    private readonly int _number;
    private readonly int _life;

    /// <summary>Starts one.</summary>
    /// <param name="cluster">Of which cluster.</param>
    /// <param name="number">Which of its silos, from 1.</param>
    /// <param name="life">How many times it was started, this one included.</param>
    public SimulatedSilo(SimulatedCluster cluster, int number, int life)
    {
        (Cluster, _number, _life) = (cluster, number, life);
        Clock = new SimulatedClock(cluster.Time);
        Journal = JournalLine.To(this);
        Residents = new Residents(Journal, Clock, ResidentLimits.Default, NullLogger<Residents>.Instance);
        Patients = new PatientCalls(SimulatedGrains.Of(this), Residents, Clock);
        FollowUps = new FollowUps(Patients, Journal, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), Clock, new FollowUpLog());
        Successions = new Successions(Patients, Journal);
        Pushes = new SourcePush(Patients, Journal, new PersonRegister(Journal, SimulatedCluster.Pseudonym, Clock, cluster.Sources), FollowUps, new LivePushes(Clock), Clock);
    }

    /// <summary>Of which cluster.</summary>
    public SimulatedCluster Cluster { get; }

    /// <summary>Its clock.</summary>
    public SimulatedClock Clock { get; }

    /// <summary>Its line to the journal.</summary>
    public IJournal Journal { get; }

    /// <summary>Its warm records.</summary>
    public Residents Residents { get; }

    /// <summary>Its calls to patients.</summary>
    public PatientCalls Patients { get; }

    /// <summary>What carries out follow-ups in it.</summary>
    public FollowUps FollowUps { get; }

    /// <summary>Its edge.</summary>
    public SourcePush Pushes { get; }

    /// <summary>By which it tells records of corrections.</summary>
    public Successions Successions { get; }

    /// <summary>Whether it has died.</summary>
    public bool IsDead => _died.Task.IsCompleted;

    /// <summary>Whether it takes nothing new.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether it has lost sight of the others, and looks for patients in itself alone.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        Cluster.Trace.Say($"{this} is killed");
        _died.TrySetResult();
    }

    /// <summary>Its activation of a patient, made where there is none.</summary>
    public SimulatedActivation Activate(PatientKey patient, CarriedRecord? carried = null)
    {
        if (_activations.TryGetValue(patient, out var present))
            return present;
        Cluster.Trace.Say($"{this} {(carried is null ? "activates" : "takes over")} {Cluster.NameOf(patient)}");
        var made = new SimulatedActivation(this, patient, carried);
        // One whose load failed before it was waited for has gone already.
        return made.IsGone ? made : _activations[patient] = made;
    }

    /// <summary>Its activation of a patient; null where it has none.</summary>
    public SimulatedActivation? Active(PatientKey patient) => _activations.GetValueOrDefault(patient);

    /// <summary>Stops it, in good order: each of its records goes to another silo, then it is dead.</summary>
    public async Task Stop()
    {
        Cluster.Trace.Say($"{this} stops");
        IsStopping = true;
        foreach (var (patient, activation) in _activations.OrderBy(a => a.Key).ToArray())
        {
            var carried = await activation.Part();
            await Cluster.Turns.Pause(5);
            if (carried is not null)
                Cluster.TakeOver(patient, carried);
        }

        Kill();
    }

    /// <summary>An activation has left.</summary>
    public void Forget(PatientKey patient, SimulatedActivation activation)
    {
        if (_activations.GetValueOrDefault(patient) == activation)
            _activations.Remove(patient);
        Cluster.Forget(patient, activation);
    }

    /// <summary>Calls a patient's activation, wherever it is.</summary>
    /// <exception cref="SiloUnavailableException">The silo that has it died meanwhile.</exception>
    public async Task<T> Call<T>(PatientKey patient, Func<SimulatedActivation, Task<T?>> call)
        where T : class
    {
        try
        {
            while (true)
            {
                var activation = Cluster.Find(this, patient);
                await Cluster.Turns.Pause(3);
                if (activation is { IsGone: true, HasFailed: false })
                    continue;
                var answer = await activation.Silo.OrDeath(call(activation));
                await Cluster.Turns.Pause(3);
                if (answer is not null)
                    return answer;
            }
        }
        finally
        {
            await WhileAlive();
        }
    }

    /// <summary>What this silo does for a caller outside it.</summary>
    /// <exception cref="SiloUnavailableException">It died meanwhile.</exception>
    public async Task<T> OrDeath<T>(Task<T> work)
    {
        await Task.WhenAny(work, _died.Task);
        return work.IsCompleted ? await work : throw new SiloUnavailableException("The silo died.");
    }

    /// <inheritdoc/>
    public async Task<LineFault?> Going(JournalCall call)
    {
        await Cluster.Turns.Pause(3);
        if (IsDead && Cluster.Dice.OneIn(2))
            await Forever();
        return IsDead ? null : Cluster.Faults.Meets();
    }

    /// <inheritdoc/>
    public Task Effect(JournalCall call)
    {
        if (call.Verb is nameof(IJournal.Append))
            Cluster.Trace.Say(Text(call.First<Append>()));
        if (call.Verb is nameof(IJournal.Fold))
            Cluster.Trace.Say(Text(call.First<Fold>()));
        if (call.Verb is nameof(IJournal.Park))
            Cluster.EverParked.UnionWith(call.First<IReadOnlyList<ParkedResource>>().Select(p => LogBody.Read(p.Body)[0].Key));
        var effect = Cluster.Variant.Effect(call, Cluster.Disk);
        if (effect is Task<AppendOutcome> { IsCompletedSuccessfully: true, Result: AppendOutcome.Committed } && call.Verb is nameof(IJournal.Append))
            Cluster.Committed(call.First<Append>().Patient, call.First<Append>().Row.Seq);
        return effect;
    }

    /// <inheritdoc/>
    public async Task Returning(JournalCall call, object? answer)
    {
        await Cluster.Turns.Pause(3);
        await WhileAlive();
    }

    /// <inheritdoc/>
    public Task UntilLate() => Cluster.Turns.Pause(40);

    /// <inheritdoc/>
    public override string ToString() => $"silo {_number}.{_life}";

    private string Text(Append append)
    {
        var fragments = LogBody.Read(append.Row.Body).Select(f => $"{f.Kind} {f.Key.Source} {f.Key.Reference} {f.Version.Time:MM-ddTHH:mm}");
        return $"{this} appends to {Cluster.NameOf(append.Patient)} row {append.Row.Seq}: {string.Join(", ", fragments)}";
    }

    private string Text(Fold fold) =>
        $"{this} folds {Cluster.NameOf(fold.Patient)} from row {fold.OldSnapSeq} to {fold.NewSnapSeq}: {fold.Live.Length} live chunks, {fold.Dropped.Length} dropped";

    private Task WhileAlive() => IsDead ? Forever() : Task.CompletedTask;

    private static Task Forever() => new TaskCompletionSource().Task;

    // A follow-up that fails is tried again; only what nothing in this world explains is a failure of the run.
    private sealed class FollowUpLog : ILogger<FollowUps>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            if (logLevel >= LogLevel.Error && !text.Contains(nameof(SiloUnavailableException), StringComparison.Ordinal))
                throw new InvalidOperationException(text);
        }
    }
}
