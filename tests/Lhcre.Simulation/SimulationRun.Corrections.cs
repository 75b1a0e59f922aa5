using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <content>Quarantines and their ends, in those stories in which somebody orders them.</content>
internal sealed partial class SimulationRun
{
    private bool Corrects()
    {
        if (!_story.IsCorrected || !_dice.OneIn(8))
            return false;
        Start(_clients.Correct(_story.Corrections.Find(c => !c.IsDone) ?? _story.Correct(_cluster.Time.Now)));
        return true;
    }

    // In half of the stories none is left in the end: then there never was one.
    private void EndCorrections()
    {
        CarryOutCorrections();
        if (!_story.IsCorrected || _dice.OneIn(2))
            return;
        foreach (var quarantine in _story.QuarantinesInForce.ToList())
            _story.End(quarantine);
        // What stays moved is held against a story in which it is moved after all was said.
        foreach (var move in _isCalm || _dice.OneIn(2) ? [] : _story.MovesInForce.ToList())
            _story.End(move);
        CarryOutCorrections();
    }

    // What was due meanwhile may have let go of what is somebody else's.
    private void ClaimAgain()
    {
        if (_story.Corrections.Count == 0)
            return;
        _story.Corrections[^1].TellAgain();
        CarryOutCorrections();
    }

    // In another order than the story went: what is moved in the end is moved when all has been said.
    private void MoveAnew(IEnumerable<(PatientKey From, Move Move)> moves)
    {
        foreach (var (from, move) in moves)
        {
            Start(_clients.Tell(from, CorrectionRequest.Of(move)));
            TurnAll();
        }
    }

    // Each with all that was added to it: of those that were ordered, what was moved already is left out.
    private List<(PatientKey From, Move Move)> Moved() =>
    [
        .. Now(_cluster.Invariants.Records(_story)).SelectMany(r => r.Value.Corrections.Moves.Where(m => !m.IsHere).GroupBy(m => m.Of)
            .Select(m => (r.Key, m.First(one => one.Id == one.Of) with { Entries = [.. m.SelectMany(part => part.Entries).Distinct()], Unit = null })))
            .Where(m => !m.Item2.Entries.IsEmpty),
    ];

    // What is moved is as if its source had filed it rightly from the beginning. What is whole would then be whole of other people, and what waits for its Patient would wait
    // for another one.
    private void AssertFiledRightly(List<(PatientKey From, Move Move)> moved)
    {
        if (moved.Count == 0 || _story.Pushes.Any(p => p.Extent is not null) || moved.Exists(m => m.Move.Entries.Any(_cluster.EverParked.Contains)))
            return;
        _trace.Say("what was moved is filed rightly from the beginning");
        var rightly = new SimulationRun(_story.Filed((key, person) =>
            moved.Find(m => m.From == person.Key && m.Move.Entries.Contains(key)) is { Move: { } move } ? _story.People.Single(p => p.Key == move.Other) : person), _dice, _cluster.Variant);
        rightly._cluster.Turns.Within(() =>
        {
            foreach (var push in rightly._story.Pushes)
            {
                rightly.Start(rightly._clients.Send(push));
                rightly.TurnAll();
            }

            rightly.SettleDown();
            return true;
        });
        if (Now(OtherOrder.Difference(_story, _cluster, rightly._cluster, areFiledAlike: false)) is { } difference)
            throw new BrokenInvariantException(Invariant.MovedIsFiledRightly, difference);
    }

    private void CarryOutCorrections()
    {
        for (var round = 0; round < MostRounds && _story.Corrections.Find(c => !c.IsDone) is { } next; round++)
        {
            Start(_clients.Correct(next));
            TurnAll();
        }
    }
}
