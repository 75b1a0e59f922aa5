using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>Silos over one journal, and the directory by which they find a patient's activation.</summary>
internal sealed class SimulatedCluster
{
    private readonly Dictionary<PatientKey, SimulatedActivation> _directory = [];
    private readonly Dictionary<PatientKey, string> _names = [];
    private readonly Dictionary<PatientKey, List<(DateTimeOffset At, long Seq)>> _commits = [];
    private readonly SimulatedSilo[] _silos;
    private readonly int[] _lives;

    /// <summary>A cluster of so many silos, for sources of this configuration (null: the usual one).</summary>
    public SimulatedCluster(Dice dice, Variant variant, int silos, Trace trace, IReadOnlyList<SourceSystem>? sources = null)
    {
        Sources = sources;
        (Dice, Variant, Trace) = (dice.Apart(), variant, trace);
        Turns = new Turns(dice.Apart());
        Time = new WorldTime(Turns);
        Faults = new LineFaults(dice.Apart());
        Invariants = new Invariants(this);
        Undisturbed = JournalLine.To(new StraightLine(this));
        _silos = new SimulatedSilo[silos];
        _lives = new int[silos];
        for (var i = 0; i < silos; i++)
            Restart(i);
    }

    /// <summary>Where records are served.</summary>
    public static Addresses Here { get; } = new("http://127.0.0.1:8080");

    /// <summary>Turns NHS numbers into keys.</summary>
    public static PseudonymKey Pseudonym { get; } = new(new byte[PseudonymKey.Length]);

    /// <summary>The sources as they are configured; null for the usual way.</summary>
    public IReadOnlyList<SourceSystem>? Sources { get; }

    public Dice Dice { get; }

    public Variant Variant { get; }

    public Trace Trace { get; }

    public Turns Turns { get; }

    public WorldTime Time { get; }

    public LineFaults Faults { get; }

    public Invariants Invariants { get; }

    /// <summary>Whether all silos' clocks are right.</summary>
    public bool ClocksAgree { get; init; } = true;

    /// <summary>What was ever put aside.</summary>
    public HashSet<EntryKey> EverParked { get; } = [];

    /// <summary>What is committed, and outlives every silo.</summary>
    public SimulatedJournal Disk { get; } = new();

    /// <summary>A line to it on which nothing goes wrong, and no time passes: for looking on.</summary>
    public IJournal Undisturbed { get; }

    /// <summary>The silos as they are now.</summary>
    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    /// <summary>Those that live.</summary>
    public SimulatedSilo[] Living => [.. _silos.Where(s => s is { IsDead: false, IsStopping: false })];

    /// <summary>Starts a silo anew.</summary>
    public SimulatedSilo Restart(int index)
    {
        foreach (var patient in _directory.Where(e => e.Value.Silo == _silos[index]).Select(e => e.Key).ToArray())
            _directory.Remove(patient);
        return _silos[index] = new SimulatedSilo(this, index + 1, ++_lives[index]);
    }

    /// <summary>The activation that a call from this silo goes to: the one in the directory, else a new one somewhere.</summary>
    public SimulatedActivation Find(SimulatedSilo from, PatientKey patient)
    {
        if (from.IsAlone)
            return from.Activate(patient);
        if (_directory.TryGetValue(patient, out var present) && !present.Silo.IsDead && !present.IsGone)
            return present;
        var living = Living;
        var made = (living.Length == 0 ? from : Dice.Of(living)).Activate(patient);
        if (!made.IsGone)
            _directory[patient] = made;
        return made;
    }

    /// <summary>A record that a stopping silo hands over goes to another one.</summary>
    public void TakeOver(PatientKey patient, CarriedRecord carried)
    {
        // Somebody may have called meanwhile, and found it nowhere.
        if (Living is not { Length: > 0 } living || _directory.ContainsKey(patient))
            return;
        var made = Dice.Of(living).Activate(patient, carried);
        if (!made.IsGone)
            _directory[patient] = made;
    }

    /// <summary>An activation has left.</summary>
    public void Forget(PatientKey patient, SimulatedActivation activation)
    {
        if (_directory.GetValueOrDefault(patient) == activation)
            _directory.Remove(patient);
    }

    /// <summary>A row was committed.</summary>
    public void Committed(PatientKey patient, long seq)
    {
        if (!_commits.TryGetValue(patient, out var commits))
            _commits[patient] = commits = [];
        commits.Add((Time.Now, seq));
    }

    /// <summary>The last row that a patient had at a time.</summary>
    public long SeqAt(PatientKey patient, DateTimeOffset time) => _commits.TryGetValue(patient, out var commits) ? commits.LastOrDefault(c => c.At <= time).Seq : 0;

    /// <summary>Gives a patient a name for the trace.</summary>
    public void Name(PatientKey patient, string name) => _names[patient] = name;

    /// <summary>The patient in the trace.</summary>
    public string NameOf(PatientKey patient) => _names.GetValueOrDefault(patient, "nobody");

    private sealed class StraightLine(SimulatedCluster cluster) : ILineFate
    {
        public Task<LineFault?> Going(JournalCall call) => Task.FromResult<LineFault?>(null);

        public Task Effect(JournalCall call) => cluster.Variant.Effect(call, cluster.Disk);

        public Task Returning(JournalCall call, object? answer) => Task.CompletedTask;

        public Task UntilLate() => Task.CompletedTask;
    }
}

/// <summary>How often calls of the journal fail at present, and how.</summary>
internal sealed class LineFaults(Dice dice)
{
    private static readonly LineFault[] Kinds =
    [
        new(JournalFault.Refused), new(JournalFault.Refused, IsBusy: true), new(JournalFault.LostCall), new(JournalFault.LostCall, IsLate: true), new(JournalFault.LostReply), new(JournalFault.LostReply),
    ];

    /// <summary>Of a hundred calls.</summary>
    public int Percent { get; set; }

    /// <summary>What this call meets; null for nothing.</summary>
    public LineFault? Meets() => Percent > 0 && dice.Percent(Percent) ? dice.Of(Kinds) : null;
}

/// <summary>What happened, line by line: the same seed gives the same.</summary>
internal sealed class Trace
{
    private readonly List<string> _lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>One thing more.</summary>
    public void Say(string line) => _lines.Add(line);
}
