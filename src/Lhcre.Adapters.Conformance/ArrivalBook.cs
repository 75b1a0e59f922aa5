namespace Lhcre.Adapters.Conformance;

/// <summary>Everything that came, and which rules it broke. Safe for concurrent use.</summary>
/// <param name="source">Whose base it is.</param>
/// <param name="time">When something comes.</param>
internal sealed class ArrivalBook(string source, TimeProvider time)
{
    // A push that is not told when it may come again must wait this long at least; half of what a polite adapter waits.
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(40);

    // Clocks and timers of two processes.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(30);

    private readonly Lock _gate = new();
    private readonly List<Arrival> _all = [];
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, Arrival> _last = [];

    // What is not settled yet of each person, in the order in which it came, with the push that it came in.
    private readonly Dictionary<string, List<(PushedEntry Entry, string Id, bool IsLoose)>> _pending = [];
    private readonly Dictionary<(string Key, string Hash), Arrival> _acknowledged = [];
    private readonly Dictionary<(string Key, string Hash), Arrival> _refused = [];
    private readonly Dictionary<string, string> _live = [];
    private readonly List<PushedEntry> _taken = [];
    private readonly HashSet<string> _takenPushes = [];
    private int _life;
    private int _strays;
    private string _firstStray = "";

    /// <summary>When something came last.</summary>
    public DateTimeOffset LastContact { get; private set; } = time.GetUtcNow();

    /// <summary>Whether something came and is not settled.</summary>
    public bool HasPending
    {
        get
        {
            lock (_gate)
                return _pending.Values.Any(p => p.Count > 0);
        }
    }

    /// <summary>What came, as it is now.</summary>
    public (List<Arrival> Arrivals, List<Finding> Findings, List<PushedEntry> Taken) Now
    {
        get
        {
            lock (_gate)
                return ([.. _all], [.. _findings], [.. _taken]);
        }
    }

    /// <summary>What came where nobody takes pushes, in words that go on a sentence; empty where nothing did.</summary>
    public string Elsewhere
    {
        get
        {
            lock (_gate)
            {
                return _strays == 0 ? ""
                    : $"; {_strays} request{(_strays == 1 ? "" : "s")} came to another path than /sources/{source}/fhir and /sources/{source}/hl7v2, at first {_firstStray}";
            }
        }
    }

    /// <summary>A request has come to a place that is none of this record's.</summary>
    public void Stray(string place)
    {
        lock (_gate)
        {
            _firstStray = _strays++ == 0 ? place : _firstStray;
            LastContact = time.GetUtcNow();
        }
    }

    /// <summary>The adapter was killed and is started again: it need not know what it was told, nor how it had put its pushes together.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _life++;
            foreach (var pending in _pending.Values)
            {
                for (var n = 0; n < pending.Count; n++)
                    pending[n] = pending[n] with { IsLoose = true };
            }
        }
    }

    /// <summary>How often a push has come before.</summary>
    public int Tries(string id, string hash)
    {
        lock (_gate)
            return _all.Count(a => a.Id == id && a.Hash == hash);
    }

    /// <summary>Something breaks a rule by itself.</summary>
    public void Find(Rule rule, int push, string text)
    {
        lock (_gate)
            _findings.Add(new Finding(rule, push, text));
    }

    /// <summary>A push has come.</summary>
    public Arrival Come(string id, string place, string hash, IReadOnlyList<PushedEntry> entries, Misbehaviour todo)
    {
        lock (_gate)
        {
            var arrival = new Arrival
            {
                Number = _all.Count + 1,
                At = LastContact = time.GetUtcNow(),
                Id = id,
                Place = place,
                Hash = hash,
                Entries = entries,
                Life = _life,
                Done = todo,
            };
            _all.Add(arrival);
            if (_last.TryGetValue(id, out var before))
                Again(arrival, before);
            _last[id] = arrival;
            foreach (var entry in entries)
                Known(arrival, entry);
            foreach (var person in entries.Where(e => e.Person.Length > 0).GroupBy(e => e.Person))
                Order(arrival, person.Key, [.. person]);
            return arrival;
        }
    }

    /// <summary>The record has taken entries in, as the real one does: a push once, and what it holds already not again.</summary>
    public void Take(Arrival arrival, int count)
    {
        lock (_gate)
        {
            var isWhole = count == arrival.Entries.Count;
            if (isWhole && !_takenPushes.Add(arrival.Id))
                return;
            foreach (var entry in arrival.Entries.Take(count).Where(e => !e.IsToBeRefused && _live.GetValueOrDefault(e.Key) != e.Hash))
            {
                _live[entry.Key] = entry.Hash;
                _taken.Add(entry);
            }
        }
    }

    /// <summary>A push was answered or cut.</summary>
    /// <param name="arrival">Which.</param>
    /// <param name="read">How many of its entries were settled, from the first; null where the adapter was told of none.</param>
    /// <param name="notBefore">Before when it must not come again.</param>
    public void End(Arrival arrival, int? read, DateTimeOffset? notBefore)
    {
        lock (_gate)
        {
            (arrival.Ended, arrival.NotBefore, arrival.WasRead) = (LastContact = time.GetUtcNow(), notBefore, read is not null);
            for (var n = 0; n < arrival.Entries.Count; n++)
            {
                var entry = arrival.Entries[n];
                var pending = _pending.GetValueOrDefault(entry.Person);
                if (n < read)
                {
                    arrival.Settled.Add(n);
                    (entry.IsToBeRefused ? _refused : _acknowledged)[(entry.Key, entry.Hash)] = arrival;
                    pending?.RemoveAll(p => p.Entry == entry);
                }
                else if (read is not null && pending is not null)
                {
                    // Told of one by one: these may come again alone, under another name.
                    for (var p = 0; p < pending.Count; p++)
                        pending[p] = pending[p].Entry == entry ? pending[p] with { IsLoose = true } : pending[p];
                }
            }
        }
    }

    private void Again(Arrival arrival, Arrival before)
    {
        if (before.Hash != arrival.Hash || before.Place != arrival.Place)
            _findings.Add(new Finding(Rule.NameMeansOnePush, arrival.Number, $"it has the X-Request-Id of request {before.Number} and is another push"));
        if (before.Hash != arrival.Hash || before.Life != arrival.Life)
            return;
        if (before.Ended is not { } ended)
        {
            _findings.Add(new Finding(Rule.BacksOff, arrival.Number, $"it is sent again while request {before.Number} is under way"));
            return;
        }

        if (before.NotBefore is { } told && arrival.At < told - Tolerance)
            _findings.Add(new Finding(Rule.RetryAfterIsHeeded, arrival.Number, $"it comes {(told - arrival.At).TotalMilliseconds:F0} ms before the time that request {before.Number} was told"));
        else if (before.NotBefore is null && arrival.At - ended < LeastWait)
            _findings.Add(new Finding(Rule.BacksOff, arrival.Number, $"it comes {(arrival.At - ended).TotalMilliseconds:F0} ms behind the failure of request {before.Number}"));
    }

    private void Known(Arrival arrival, PushedEntry entry)
    {
        // Of an answer that crossed a kill nobody knows whether it was read.
        if (_acknowledged.TryGetValue((entry.Key, entry.Hash), out var told) && told.Life == arrival.Life && _live.GetValueOrDefault(entry.Key) == entry.Hash && !IsPartOf(told, arrival))
            _findings.Add(new Finding(Rule.NothingComesTwice, arrival.Number, $"{entry.Key} was acknowledged in request {told.Number}"));
        if (_refused.TryGetValue((entry.Key, entry.Hash), out var refusal) && refusal.Life == arrival.Life && !IsPartOf(refusal, arrival))
            _findings.Add(new Finding(Rule.RefusedIsNotRepeated, arrival.Number, $"{entry.Key} was refused in request {refusal.Number}"));
    }

    // The whole of a push again, since something of it was not taken: the record knows the rest of it by the push's name.
    private static bool IsPartOf(Arrival before, Arrival arrival) => before.Id == arrival.Id && before.Settled.Count < before.Entries.Count;

    private void Order(Arrival arrival, string person, List<PushedEntry> entries)
    {
        if (!_pending.TryGetValue(person, out var pending))
            _pending[person] = pending = [];
        if (pending.Count > 0 && pending.Exists(p => p.Id != arrival.Id))
        {
            var first = pending[0];
            if (pending.Exists(p => p.Id != arrival.Id && !p.IsLoose))
            {
                var same = entries.Exists(e => pending.Exists(p => p.Entry == e));
                _findings.Add(new Finding(
                    same ? Rule.SentAgainUnderItsName : Rule.PersonKeepsItsOrder,
                    arrival.Number,
                    same ? $"{entries[0].Key} was not answered under another X-Request-Id" : $"{entries[0].Key} overtakes {first.Entry.Key}, which is not settled"));
            }
            else if (!entries.Contains(first.Entry))
            {
                _findings.Add(new Finding(Rule.PersonKeepsItsOrder, arrival.Number, $"{entries[0].Key} overtakes {first.Entry.Key}, which is not settled"));
            }
        }

        foreach (var entry in entries)
        {
            pending.RemoveAll(p => p.Entry == entry);
            pending.Add((entry, arrival.Id, false));
        }
    }
}
