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

    private void CarryOutCorrections()
    {
        for (var round = 0; round < MostRounds && _story.Corrections.Find(c => !c.IsDone) is { } next; round++)
        {
            Start(_clients.Correct(next));
            TurnAll();
        }
    }
}
