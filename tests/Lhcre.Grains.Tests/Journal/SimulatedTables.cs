using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>What a simulated journal has committed: the contract's words in the plainest code, to hold the databases against.</summary>
internal sealed class SimulatedTables
{
    private readonly Dictionary<PatientKey, SimulatedRecord> _records = [];
    private readonly Dictionary<EntryKey, (PatientKey Holder, ReadOnlyMemory<byte> Version)> _index = [];
    private readonly Dictionary<(string Source, LocalIdentifier Identifier), SortedSet<PatientKey>> _named = [];
    private readonly SortedDictionary<PatientKey, PersonFacts> _people = [];
    private readonly Dictionary<EntryKey, SupportingResource> _supporting = [];
    private readonly Dictionary<EntryKey, SortedDictionary<PatientKey, ReadOnlyMemory<byte>?>> _uses = [];
    private readonly Dictionary<string, Aside> _asides = [];
    private readonly Dictionary<PushId, KeptAnswer> _answers = [];
    private readonly SortedDictionary<long, FollowUp> _followUps = [];
    private readonly Dictionary<(PatientKey, FollowUpKind, EntryKey), long> _pending = [];
    private long _lastFollowUp;

    public SimulatedLeases Leases { get; } = new();

    public JournalledRecord Load(PatientKey patient) =>
        _records.TryGetValue(patient, out var record)
            ? new JournalledRecord(
                record.Head, record.Live.Values.ToArray(), record.Rows.Values.Where(row => row.Seq > record.Head.SnapSeq).ToArray())
            : new JournalledRecord(default, [], []);

    public JournalledLog LoadLog(PatientKey patient, Func<long, bool> holdsRow, Func<long, long, bool> holdsChunk) =>
        _records.TryGetValue(patient, out var record)
            ? new JournalledLog(
                record.History.Values.Where(chunk => holdsChunk(chunk.FromSeq, chunk.ToSeq)).ToArray(),
                record.Rows.Values.Where(row => holdsRow(row.Seq)).ToArray())
            : new JournalledLog([], []);

    public AppendOutcome Fold(Fold fold) =>
        _records.TryGetValue(fold.Patient, out var record) && record.Take(fold) ? AppendOutcome.Committed : AppendOutcome.Fenced;

    public AppendOutcome Append(Append append)
    {
        var head = _records.TryGetValue(append.Patient, out var record) ? record.Head : default;
        if (head.Epoch != append.OldEpoch || head.Seq != append.Row.Seq - 1)
            return AppendOutcome.Fenced;
        if (append.Unparks.Any(id => _asides.GetValueOrDefault(id) is ParkedResource { Discarded: not null }))
            throw new JournalUnavailableException("What was discarded is not filed.", outcomeUnknown: false);

        In(_records, append.Patient).Add(append);
        if (append.Lease is { } lease)
            Leases.Hold(lease);
        Remove(append.Settles);
        TakeOut(append.Unparks);
        SetAside(append.Withholds);
        if (append.Person is { } person)
            _people[append.Patient] = person;
        foreach (var key in append.Unindexed.Where(key => Holder(key) == append.Patient))
            _index.Remove(key);
        foreach (var versions in append.Index.GroupBy(entry => entry.Key))
            Index(append.Patient, versions.Aggregate((one, other) => IsAbove(other.Version, one.Version) ? other : one));
        foreach (var identifier in append.FormerIdentifiers)
            _named.GetValueOrDefault((append.Source, identifier))?.Remove(append.Patient);
        foreach (var identifier in append.LocalIdentifiers)
            In(_named, (append.Source, identifier)).Add(append.Patient);
        foreach (var key in append.Unused)
            In(_uses, key).Remove(append.Patient);
        foreach (var use in append.Uses)
        {
            var users = In(_uses, use.Key);
            var held = users.GetValueOrDefault(append.Patient);
            users[append.Patient] = IsAbove(use.Delivered, held) ? use.Delivered!.Value.ToArray() : held;
        }

        Keep(append.Supporting);
        foreach (var use in append.Uses)
            DeliverTo(append.Patient, use.Key);
        return AppendOutcome.Committed;
    }

    public AppendOutcome Blank(Blanking blanking)
    {
        if (Append(blanking.Append) == AppendOutcome.Fenced)
            return AppendOutcome.Fenced;
        var patient = blanking.Append.Patient;
        _records[patient].Blank(blanking);
        foreach (var (source, identifier) in blanking.Names)
            _named.GetValueOrDefault((source, identifier))?.Remove(patient);
        foreach (var key in blanking.Append.Unused.Where(key => In(_uses, key).Count == 0))
            _supporting.Remove(key);
        Remove([.. _followUps.Values.Where(f => f.Patient == patient && (blanking.Source is null || f.Key.Source == blanking.Source)).Select(f => f.Id)]);
        foreach (var id in blanking.Asides)
            _asides.Remove(id);
        foreach (var push in blanking.Answers)
            _answers.Remove(push);
        Leases.End(patient, blanking.Source);
        return AppendOutcome.Committed;
    }

    public void Adopt(string source, DateTimeOffset from, DateTimeOffset until)
    {
        foreach (var patient in _index.Where(row => row.Key.Source == source).Select(row => row.Value.Holder).Distinct())
        {
            if (!Leases.Of(patient).Any(lease => lease.Source == source))
                Leases.Hold(new Lease(patient, source, from, until));
        }
    }

    public PatientKey? Holder(EntryKey key) => _index.TryGetValue(key, out var row) ? row.Holder : null;

    public IReadOnlyList<PatientKey> Named(string source, LocalIdentifier identifier) =>
        _named.TryGetValue((source, identifier), out var patients) ? patients.ToArray() : [];

    public IReadOnlyList<PatientKey> People(PersonQuery query, int limit) =>
        _people.Where(person => query.Matches(person.Value)).Select(person => person.Key).Take(limit).ToArray();

    public IReadOnlyList<PatientKey> Patients(PatientKey? after, int limit) =>
        _records.Keys.Order().Where(patient => after is not { } last || patient.CompareTo(last) > 0).Take(limit).ToArray();

    public (IReadOnlyList<PatientKey> Patients, PatientKey? Last) Unfindable(PatientKey? after, int among)
    {
        var next = Patients(after, among);
        return (next.Where(patient => _people.GetValueOrDefault(patient) is null or { IsNone: true }).ToArray(), next.Count == 0 ? null : next[^1]);
    }

    public void Describe(IReadOnlyList<PersonDescription> people)
    {
        foreach (var (patient, seq, person) in people)
        {
            if (_records.TryGetValue(patient, out var record) && record.Head.Seq == seq)
                _people[patient] = person;
        }
    }

    public SupportingResource? Supporting(EntryKey key) => _supporting.GetValueOrDefault(key);

    public void Keep(IReadOnlyList<SupportingResource> resources)
    {
        foreach (var resource in resources)
        {
            if (!IsAbove(resource.Version, _supporting.GetValueOrDefault(resource.Key)?.Version))
                continue;
            _supporting[resource.Key] = resource with { Version = resource.Version.ToArray(), Body = resource.Body.ToArray() };
            foreach (var user in In(_uses, resource.Key).Keys)
                DeliverTo(user, resource.Key);
        }
    }

    public void SetAside(IReadOnlyList<Aside> asides)
    {
        foreach (var aside in asides)
            _asides.TryAdd(aside.Id, aside with { Body = aside.Body.ToArray() });
    }

    public void TakeOut(IReadOnlyList<string> ids)
    {
        foreach (var id in ids.Where(id => _asides.GetValueOrDefault(id) is { Discarded: null }))
            _asides.Remove(id);
    }

    public Aside? Aside(string source, string id) => _asides.GetValueOrDefault(id) is { } aside && aside.Source == source ? aside : null;

    public void Discard(string source, string id, Discarding why)
    {
        if (Aside(source, id) is { Discarded: null } aside && aside.Code != IssueCodes.Withheld.Code)
            _asides[id] = aside with { Discarded = why };
    }

    public AsidePage Asides(AsideQuery query)
    {
        var asked = _asides.Values.Where(aside =>
            aside.Source == query.Source
            && (query.Type is null || aside.Type == query.Type)
            && (query.Since is null || aside.At >= query.Since)
            && (query.Before is null || aside.At < query.Before)
            && (query.IsRefused is null || aside is RefusedLetter == query.IsRefused)
            && aside.Discarded is not null == query.IsDiscarded).OrderBy(AsidePlace.Of).ToArray();
        var page = asked
            .Where(aside => (query.Code is null || aside.Code == query.Code) && (query.After is not { } after || AsidePlace.Of(aside).CompareTo(after) > 0))
            .Take(query.Limit).Select(aside => aside is RefusedLetter ? aside with { Body = default } : aside);
        var totals = asked.GroupBy(aside => aside.Code).OrderBy(code => code.Key, StringComparer.Ordinal);
        return new AsidePage([.. page], [.. totals.Select(code => KeyValuePair.Create(code.Key, code.Count()))]);
    }

    public IReadOnlyList<ParkedResource> Parked(Func<ParkedResource, bool> which) =>
        [.. _asides.Values.OfType<ParkedResource>().Where(parked => parked.Discarded is null && which(parked)).OrderBy(AsidePlace.Of)];

    public KeptAnswer? Answer(PushId push, DateTimeOffset since) =>
        _answers.TryGetValue(push, out var answer) && answer.At >= since ? answer : null;

    public void Keep(PushId push, KeptAnswer answer, DateTimeOffset since)
    {
        if (Answer(push, since) is null)
            _answers[push] = answer with { Body = answer.Body.ToArray() };
    }

    public IReadOnlyList<FollowUp> FollowUps(long after, int limit) =>
        _followUps.Values.Where(followUp => followUp.Id > after).Take(limit).ToArray();

    public void Settle(IReadOnlyList<long> followUps)
    {
        foreach (var id in followUps)
        {
            if (_followUps.TryGetValue(id, out var followUp) && followUp.Kind == FollowUpKind.Deliver
                && _uses[followUp.Key].TryGetValue(followUp.Patient, out var held) && IsAbove(followUp.Version, held))
                _uses[followUp.Key][followUp.Patient] = followUp.Version;
        }

        Remove(followUps);
    }

    private void Index(PatientKey patient, VersionedKey entry)
    {
        var given = (Holder: patient, Version: (ReadOnlyMemory<byte>)entry.Version.ToArray());
        if (!_index.TryGetValue(entry.Key, out var held))
        {
            _index[entry.Key] = given;
            return;
        }

        var order = given.Version.Span.SequenceCompareTo(held.Version.Span);
        var (higher, lower) = order > 0 || (order == 0 && patient.CompareTo(held.Holder) < 0) ? (given, held) : (held, given);
        _index[entry.Key] = higher;
        if (lower.Holder != higher.Holder)
            Add(lower.Holder, FollowUpKind.Withdraw, entry.Key, higher.Version);
    }

    private void DeliverTo(PatientKey user, EntryKey key)
    {
        if (_supporting.TryGetValue(key, out var kept) && IsAbove(kept.Version, _uses[key][user]))
            Add(user, FollowUpKind.Deliver, key, kept.Version);
    }

    private void Add(PatientKey patient, FollowUpKind kind, EntryKey key, ReadOnlyMemory<byte> version)
    {
        if (_pending.TryGetValue((patient, kind, key), out var former))
            _followUps.Remove(former);
        _pending[(patient, kind, key)] = ++_lastFollowUp;
        _followUps[_lastFollowUp] = new FollowUp(_lastFollowUp, patient, kind, key, version);
    }

    private void Remove(IReadOnlyList<long> followUps)
    {
        foreach (var id in followUps)
        {
            if (_followUps.Remove(id, out var followUp))
                _pending.Remove((followUp.Patient, followUp.Kind, followUp.Key));
        }
    }

    private static bool IsAbove(ReadOnlyMemory<byte>? version, ReadOnlyMemory<byte>? other) =>
        version is { } given && (other is not { } held || given.Span.SequenceCompareTo(held.Span) > 0);

    private static TValue In<TKey, TValue>(Dictionary<TKey, TValue> table, TKey key)
        where TKey : notnull
        where TValue : new() => table.TryGetValue(key, out var value) ? value : table[key] = new TValue();
}
