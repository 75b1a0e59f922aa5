using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>How a source was answered about one thing that it said.</summary>
/// <param name="Push">In which push.</param>
/// <param name="Statement">What it said.</param>
/// <param name="Outcome">What it did; null where only the whole was acknowledged, or where it was parked.</param>
/// <param name="IsParked">Whether it was put aside.</param>
internal sealed record Acknowledgement(StoryPush Push, Statement Statement, FragmentOutcome? Outcome, bool IsParked);

/// <summary>What sources were told is safe.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<(int Push, EntryKey Key), Acknowledgement> _acknowledged = [];

    /// <summary>Everything acknowledged so far.</summary>
    public IReadOnlyCollection<Acknowledgement> Acknowledged => _acknowledged.Values;

    /// <summary>One thing was acknowledged. The first time counts: later answers only say that it is known.</summary>
    public void Add(Acknowledgement acknowledgement) =>
        _acknowledged.TryAdd((acknowledgement.Push.Number, acknowledgement.Statement.Fragment.Key), acknowledgement);
}
