namespace Lhcre.Simulation;

/// <summary>One run: sources push, clients read, silos die and start, lines fail and clocks step, as the seed decides.</summary>
internal sealed partial class SimulationRun
{
    /// <summary>Steps of a run, where nobody says otherwise.</summary>
    public const int UsualSteps = 60;

    private const int MostRounds = 30;

    private readonly Dice _dice;
    private readonly Trace _trace = new();
    private readonly Ledger _ledger = new();
    private readonly List<Task> _running = [];
    private readonly Story _story;
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedClients _clients;
    private readonly bool _isCalm;
    private readonly int _seed;
    private readonly int _steps;

    private SimulationRun(int seed, int steps, Variant variant)
    {
        (_seed, _steps) = (seed, steps);
        _dice = new Dice(seed);
        _story = new Story(_dice.Apart(), seed);
        var clocksAgree = _dice.OneIn(2);
        _cluster = new SimulatedCluster(_dice.Apart(), variant, _dice.Between(2, 3), _trace, _story.Configured) { ClocksAgree = clocksAgree };
        _clients = new SimulatedClients(_cluster, _story, _ledger, _dice);
        Name();
    }

    /// <summary>Runs a seed.</summary>
    public static SimulationOutcome Of(int seed, int steps = UsualSteps, Variant? variant = null)
    {
        var run = new SimulationRun(seed, steps, variant ?? Variant.Product);
        return run._cluster.Turns.Within(run.Play);
    }

    private SimulationOutcome Play()
    {
        Exception? broken = null;
        try
        {
            for (var step = 0; step < _steps; step++)
            {
                Step();
                Turn(_dice.Below(25));
            }

            SettleDown();
            Check();
            // Where silos' clocks differ by hours, what came without a version and was put aside is as late as the clock of its silo says.
            if (_cluster.ClocksAgree)
                Now(Done(_cluster.Invariants.LastWordsStand(_story)));
            AssertOrderDoesNotMatter();
        }
        catch (Exception failure) // The edge of the run: whatever it is, the seed is to be told.
        {
            broken = failure;
        }

        foreach (var (patient, record) in broken is null ? Now(_cluster.Invariants.Records(_story)) : [])
            _trace.Say($"{_cluster.NameOf(patient)} in the end: row {record.Seq}, {record.All.Length} resources, {record.LastAppended:O}");
        return new SimulationOutcome(_seed, _steps, _trace.Lines, broken);
    }

    private void Step()
    {
        if (Corrects() || Visits())
            return;
        var choice = _dice.Below(100);
        switch (choice)
        {
            case < 42:
                Start(_clients.Send(_story.Next()));
                break;
            case < 54 when _story.Pushes.Count > 0:
                Start(_clients.Send(_dice.Of(_story.Pushes)));
                break;
            case < 66:
                Start(_clients.Read(_dice.Of(_story.People)));
                break;
            case < 69:
                Kill();
                break;
            case < 71:
                Stop();
                break;
            case < 77:
                Recover();
                break;
            case < 83:
                Touch(_dice.Of(_cluster.Silos).Active(_dice.Of(_story.People).Key));
                break;
            case < 87:
                LoseSight(_dice.Of(_cluster.Silos));
                break;
            case < 89:
                Start(SimulatedClients.CheckHeads(_dice.Of(_cluster.Silos)));
                break;
            case < 92:
                _cluster.Faults.Percent = _dice.Of([0, 0, 5, 20, 60]);
                _trace.Say($"{_cluster.Faults.Percent} of 100 calls fail");
                break;
            case < 96:
                StepClocks();
                break;
            default:
                Start(_clients.CarryOut(_dice.Of(_cluster.Silos)));
                break;
        }
    }

    private void Kill()
    {
        if (_cluster.Living is { Length: > 0 } living)
            _dice.Of(living).Kill();
    }

    private void Stop()
    {
        if (_cluster.Living is { Length: > 0 } living)
            _ = _dice.Of(living).Stop();
    }

    private void Touch(SimulatedActivation? activation)
    {
        switch (_dice.Below(4))
        {
            case 0:
                activation?.Leave();
                break;
            case 1:
                activation?.Settle();
                break;
            default:
                activation?.Fold();
                break;
        }
    }

    // Until the silo sees the others again, it and they have an activation each of everybody.
    private void LoseSight(SimulatedSilo silo)
    {
        silo.IsAlone = !silo.IsAlone;
        _trace.Say($"{silo} {(silo.IsAlone ? "loses sight of" : "sees again")} the others");
    }

    private void Recover()
    {
        for (var i = 0; i < _cluster.Silos.Count; i++)
        {
            if (!_cluster.Silos[i].IsDead)
                continue;
            var silo = _cluster.Restart(i);
            _trace.Say($"{silo} starts");
            Check();
            Start(_clients.CarryOut(silo));
        }
    }

    // Hours at most: a clock that is a month ahead forgets what was pushed, which is what it is told to do.
    private void StepClocks()
    {
        if (_cluster.ClocksAgree || _dice.OneIn(2))
            _cluster.Time.Pass(TimeSpan.FromMinutes(_dice.Below(90)));
        else
            _dice.Of(_cluster.Silos).Clock.Skew = TimeSpan.FromSeconds(_dice.Between(-7200, 7200));
    }

    // Everything works again: whatever is still unacknowledged is sent again, whatever is due is carried out.
    private void SettleDown()
    {
        _trace.Say("everything works again");
        _cluster.Faults.Percent = 0;
        // A silo that is stopping dies first.
        TurnAll();
        Recover();
        foreach (var silo in _cluster.Silos)
            silo.IsAlone = false;
        TurnAll();
        EndCorrections();
        for (var round = 0; round < MostRounds; round++)
        {
            ClaimAgain();
            foreach (var push in _story.Pushes.Where(p => !p.IsAcknowledged))
            {
                Start(_clients.Send(push));
                TurnAll();
            }

            foreach (var silo in _cluster.Silos)
            {
                Start(_clients.CarryOut(silo));
                TurnAll();
            }

            if (_story.Pushes.All(p => p.IsAcknowledged) && Now(_cluster.Undisturbed.FollowUps(0, 1, default)).Count == 0
                && Now(_cluster.Undisturbed.ParkedResolvable(1, default)).Count == 0)
            {
                EndVisits();
                return;
            }
        }

        throw new BrokenInvariantException(
            Invariant.AllIsAcknowledged,
            $"after {MostRounds} rounds of sending again {_story.Pushes.Count(p => !p.IsAcknowledged)} pushes are not, {Now(_cluster.Undisturbed.FollowUps(0, 100, default)).Count} follow-ups are due, "
            + $"and {Now(_cluster.Undisturbed.ParkedResolvable(100, default)).Count} parked resources have a person");
    }

    private void AssertOrderDoesNotMatter()
    {
        if (Now(OtherOrder.Difference(_story, _cluster, _dice)) is { } difference)
            throw new BrokenInvariantException(Invariant.OrderDoesNotMatter, difference);
        if (!_story.IsDeclared || _story.QuarantinesInForce.Any())
            return;
        var moved = Moved();
        AssertFiledRightly(moved);
        var calm = new SimulationRun(_story, _dice, _cluster.Variant);
        calm._cluster.Turns.Within(() =>
        {
            foreach (var push in _dice.Shuffled(_story.Pushes))
            {
                calm.Start(calm._clients.Send(push));
                calm.TurnAll();
            }

            calm.MoveAnew(moved);
            calm.SettleDown();
            return true;
        });
        if (Now(OtherOrder.Difference(_story, _cluster, calm._cluster)) is { } other)
            throw new BrokenInvariantException(Invariant.OrderDoesNotMatter, other);
    }

    // The same story to a cluster of its own, in which nothing goes wrong.
    private SimulationRun(Story story, Dice dice, Variant variant)
    {
        (_story, _dice, _isCalm) = (story, dice, true);
        _cluster = new SimulatedCluster(dice, variant, silos: 1, _trace, story.Configured);
        _clients = new SimulatedClients(_cluster, story, _ledger, dice);
        Name();
    }

    private void Name()
    {
        foreach (var person in _story.People)
        {
            foreach (var key in _story.Keys(person))
                _cluster.Name(key, key.IsLocal ? $"{person} without a number" : person.ToString());
        }
    }

    private void Check() => Now(Done(_cluster.Invariants.Check(_story, _ledger)));

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private void Start(Task task) => _running.Add(task);

    private void Turn(int most)
    {
        for (; most > 0 && _cluster.Turns.Take(); most--)
            Failed();
        Failed();
    }

    private void TurnAll()
    {
        while (_cluster.Turns.Take())
            Failed();
        Failed();
    }

    // A failure that nothing in this world explains may come of an invariant that is broken: then that is what is told.
    private void Failed()
    {
        if (_running.Find(t => t.IsFaulted)?.Exception?.InnerException is { } failure)
        {
            if (failure is not BrokenInvariantException)
                Check();
            throw failure;
        }

        _running.RemoveAll(t => t.IsCompleted);
    }

    // Nothing pauses on the undisturbed line.
    private static T Now<T>(Task<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("Looking on took time.");
}
