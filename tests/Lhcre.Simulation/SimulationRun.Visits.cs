namespace Lhcre.Simulation;

/// <content>Visits in those stories that have some: pulls, and the ends of their leases, at any silo and at any time.</content>
internal sealed partial class SimulationRun
{
    private bool Visits()
    {
        if (!_story.IsVisited || !_dice.OneIn(5))
            return false;
        Start(_dice.OneIn(3) ? _clients.EndVisits() : _clients.Visit(_story.Visit()));
        return true;
    }

    // Nobody visits any more in the end: then nobody ever did.
    private void EndVisits()
    {
        if (!_story.IsVisited)
            return;
        // A silo that does not know yet that another one has the record leaves it for the next round.
        for (var round = 0; round < MostRounds && Now(_cluster.Undisturbed.LeasesDue(DateTimeOffset.MaxValue, 1, default)).Count > 0; round++)
        {
            Start(_clients.EndVisits());
            TurnAll();
        }

        Now(Done(_cluster.Invariants.NothingPulledIsLeft(_story)));
    }
}
