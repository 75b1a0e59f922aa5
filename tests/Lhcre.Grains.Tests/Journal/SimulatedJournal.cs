using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>What goes wrong with one call of a simulated journal.</summary>
public enum JournalFault
{
    /// <summary>It is refused: nothing was written, and the caller knows.</summary>
    Refused,

    /// <summary>It is lost on its way: nothing was written, and the caller cannot know.</summary>
    LostCall,

    /// <summary>Its reply is lost: it was written, and the caller cannot know.</summary>
    LostReply,
}

/// <summary>
/// A journal in memory, for tests and benchmarks: the same calls give the same answers, every call is counted, and chosen calls fail.
/// What was committed outlives a crash, as it would on a disk.
/// </summary>
public sealed class SimulatedJournal : IJournal
{
    private static readonly HashSet<string> ReadVerbs =
    [
        nameof(Load), nameof(LoadLog), nameof(Heads), nameof(FindPatients), nameof(FindPeople), nameof(Unfindable), nameof(Patients), nameof(FindSupporting), nameof(Asides), nameof(FindAside), nameof(ParkedFor),
        nameof(ParkedResolvable), nameof(FindAnswer), nameof(FollowUps), nameof(Leases), nameof(LeasesDue), nameof(CountLeases),
    ];

    private readonly SimulatedTables _tables;
    private readonly Dictionary<string, int> _calls = [];
    private readonly List<(string? Verb, int Nth, JournalFault Fault)> _faults = [];
    private bool _closed;

    /// <summary>An empty journal.</summary>
    public SimulatedJournal()
        : this(new SimulatedTables())
    {
    }

    private SimulatedJournal(SimulatedTables tables) => _tables = tables;

    /// <summary>Awaited in every call before it takes effect, with the verb's name: a test may hold a call here, and let others by.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Awaited before these supporting resources are looked up.</summary>
    public Func<IReadOnlyList<EntryKey>, Task> BeforeSupporting { get; set; } = _ => Task.CompletedTask;

    /// <summary>Calls that read, so far.</summary>
    public int Reads => Sum(verb => ReadVerbs.Contains(verb));

    /// <summary>Calls that write, so far.</summary>
    public int Writes => Sum(verb => !ReadVerbs.Contains(verb));

    /// <summary>Calls of one verb so far, failed ones included; the verb is the name of a member of <see cref="IJournal"/>.</summary>
    public int Calls(string verb) => Sum(called => called == verb);

    /// <summary>Makes the <paramref name="nth"/> call from now on fail, of this verb or (null) of any; 1 is the next.</summary>
    public void Fail(JournalFault fault, int nth = 1, string? verb = null)
    {
        lock (_tables)
            _faults.Add((verb, nth, fault));
    }

    /// <summary>Ends this instance at once, and opens another one on what it had committed.</summary>
    public SimulatedJournal Crash()
    {
        lock (_tables)
        {
            _closed = true;
            return new SimulatedJournal(_tables);
        }
    }

    /// <inheritdoc/>
    public Task<JournalledRecord> Load(PatientKey patient, CancellationToken cancellation) =>
        Call(nameof(Load), () => _tables.Load(patient), cancellation);

    /// <inheritdoc/>
    public Task<JournalledLog> LoadLog(PatientKey patient, CancellationToken cancellation) =>
        Call(nameof(LoadLog), () => _tables.LoadLog(patient, _ => true, (_, _) => true), cancellation);

    /// <inheritdoc/>
    public Task<JournalledLog> LoadLog(PatientKey patient, IReadOnlyList<long> seqs, CancellationToken cancellation) => Call(
        nameof(LoadLog), () => _tables.LoadLog(patient, seqs.Contains, (from, to) => seqs.Any(seq => from <= seq && seq <= to)), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordHead>> Heads(IReadOnlyList<PatientKey> patients, CancellationToken cancellation) =>
        Call<IReadOnlyList<RecordHead>>(nameof(Heads), () => patients.Select(patient => _tables.Load(patient).Head).ToArray(), cancellation);

    /// <inheritdoc/>
    public Task<AppendOutcome> Fold(Fold fold, CancellationToken cancellation)
    {
        fold.Check();
        return Call(nameof(Fold), () => _tables.Fold(fold), cancellation);
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> Append(Append append, CancellationToken cancellation)
    {
        append.Check();
        return Call(nameof(Append), () => _tables.Append(append), cancellation);
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> Blank(Blanking blanking, CancellationToken cancellation)
    {
        blanking.Check();
        return Call(nameof(Blank), () => _tables.Blank(blanking), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> Scrub(CancellationToken cancellation) => Call(nameof(Scrub), () => true, cancellation);

    /// <inheritdoc/>
    public Task Hold(Lease lease, CancellationToken cancellation) => Call(nameof(Hold), () => _tables.Leases.Hold(lease), cancellation);

    /// <inheritdoc/>
    public Task Discharge(PatientKey patient, DateTimeOffset until, CancellationToken cancellation) =>
        Call(nameof(Discharge), () => _tables.Leases.Discharge(patient, until), cancellation);

    /// <inheritdoc/>
    public Task Adopt(string source, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        Call(nameof(Adopt), () => _tables.Adopt(source, from, until), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Lease>> Leases(PatientKey patient, CancellationToken cancellation) =>
        Call(nameof(Leases), () => _tables.Leases.Of(patient), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Lease>> LeasesDue(DateTimeOffset by, int limit, CancellationToken cancellation) =>
        Call(nameof(LeasesDue), () => _tables.Leases.Due(by, limit), cancellation);

    /// <inheritdoc/>
    public Task<LeaseCount> CountLeases(string source, DateTimeOffset by, CancellationToken cancellation) =>
        Call(nameof(CountLeases), () => _tables.Leases.Count(source, by), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey?>> FindPatients(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) =>
        Call<IReadOnlyList<PatientKey?>>(nameof(FindPatients), () => keys.Select(_tables.Holder).ToArray(), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> FindPatients(string source, LocalIdentifier identifier, CancellationToken cancellation) =>
        Call(nameof(FindPatients), () => _tables.Named(source, identifier), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> FindPeople(PersonQuery query, int limit, CancellationToken cancellation) =>
        Call(nameof(FindPeople), () => _tables.People(query, limit), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> Patients(PatientKey? after, int limit, CancellationToken cancellation) => Call(nameof(Patients), () => _tables.Patients(after, limit), cancellation);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<PatientKey> Patients, PatientKey? Last)> Unfindable(PatientKey? after, int among, CancellationToken cancellation) =>
        Call(nameof(Unfindable), () => _tables.Unfindable(after, among), cancellation);

    /// <inheritdoc/>
    public Task Describe(IReadOnlyList<PersonDescription> people, CancellationToken cancellation) =>
        Call(nameof(Describe), () => _tables.Describe(people), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SupportingResource?>> FindSupporting(IReadOnlyList<EntryKey> keys, CancellationToken cancellation)
    {
        await BeforeSupporting(keys);
        return await Call<IReadOnlyList<SupportingResource?>>(nameof(FindSupporting), () => keys.Select(_tables.Supporting).ToArray(), cancellation);
    }

    /// <inheritdoc/>
    public Task KeepSupporting(IReadOnlyList<SupportingResource> resources, CancellationToken cancellation) =>
        Call(nameof(KeepSupporting), () => _tables.Keep(resources), cancellation);

    /// <inheritdoc/>
    public Task Park(IReadOnlyList<ParkedResource> resources, CancellationToken cancellation) =>
        Call(nameof(Park), () => _tables.SetAside(resources), cancellation);

    /// <inheritdoc/>
    public Task Refuse(IReadOnlyList<RefusedLetter> letters, CancellationToken cancellation) =>
        Call(nameof(Refuse), () => _tables.SetAside(letters), cancellation);

    /// <inheritdoc/>
    public Task<AsidePage> Asides(AsideQuery query, CancellationToken cancellation) => Call(nameof(Asides), () => _tables.Asides(query), cancellation);

    /// <inheritdoc/>
    public Task<Aside?> FindAside(string source, string id, CancellationToken cancellation) =>
        Call(nameof(FindAside), () => _tables.Aside(source, id), cancellation);

    /// <inheritdoc/>
    public Task Discard(string source, string id, Discarding why, CancellationToken cancellation) =>
        Call(nameof(Discard), () => _tables.Discard(source, id, why), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedResource>> ParkedFor(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) =>
        Call(nameof(ParkedFor), () => _tables.Parked(parked => parked.WaitsFor is { } key && keys.Contains(key)), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedResource>> ParkedResolvable(int limit, CancellationToken cancellation) =>
        Call<IReadOnlyList<ParkedResource>>(
            nameof(ParkedResolvable),
            () => _tables.Parked(parked => parked.WaitsFor is { } key && _tables.Holder(key) is not null).Take(limit).ToArray(),
            cancellation);

    /// <inheritdoc/>
    public Task Unpark(IReadOnlyList<string> ids, CancellationToken cancellation) =>
        Call(nameof(Unpark), () => _tables.TakeOut(ids), cancellation);

    /// <inheritdoc/>
    public Task<KeptAnswer?> FindAnswer(PushId push, DateTimeOffset since, CancellationToken cancellation) =>
        Call(nameof(FindAnswer), () => _tables.Answer(push, since), cancellation);

    /// <inheritdoc/>
    public Task KeepAnswer(PushId push, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation) =>
        Call(nameof(KeepAnswer), () => _tables.Keep(push, answer, since), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FollowUp>> FollowUps(long after, int limit, CancellationToken cancellation) =>
        Call(nameof(FollowUps), () => _tables.FollowUps(after, limit), cancellation);

    /// <inheritdoc/>
    public Task Settle(IReadOnlyList<long> followUps, CancellationToken cancellation) =>
        Call(nameof(Settle), () => _tables.Settle(followUps), cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_tables)
            _closed = true;
        return ValueTask.CompletedTask;
    }

    private Task<bool> Call(string verb, Action write, CancellationToken cancellation) => Call(
        verb,
        () =>
        {
            write();
            return true;
        },
        cancellation);

    private async Task<T> Call<T>(string verb, Func<T> act, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Before(verb);
        lock (_tables)
        {
            if (_closed)
                throw new JournalUnavailableException("The journal is closed.", outcomeUnknown: false);
            _calls[verb] = _calls.GetValueOrDefault(verb) + 1;
            var fault = FaultOf(verb);
            if (fault is JournalFault.Refused or JournalFault.LostCall)
                throw new JournalUnavailableException($"{verb} was made to fail.", outcomeUnknown: fault == JournalFault.LostCall);
            var answer = act();
            return fault is null ? answer : throw new JournalUnavailableException($"The reply of {verb} was lost.", outcomeUnknown: true);
        }
    }

    private JournalFault? FaultOf(string verb)
    {
        JournalFault? due = null;
        for (var i = _faults.Count - 1; i >= 0; i--)
        {
            var (of, nth, fault) = _faults[i];
            if (of is not null && of != verb)
                continue;
            if (nth == 1)
            {
                due = fault;
                _faults.RemoveAt(i);
            }
            else
            {
                _faults[i] = (of, nth - 1, fault);
            }
        }

        return due;
    }

    private int Sum(Func<string, bool> which)
    {
        lock (_tables)
            return _calls.Where(called => which(called.Key)).Sum(called => called.Value);
    }
}
