using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>
/// A quarantine, or its end, as an operator orders it for everybody: each person's record is told of it, and then each once more, so that what one record lets
/// go of another claims. As often as it takes.
/// </summary>
internal sealed class StoryCorrection(int number, Correction correction, DateTimeOffset at, IReadOnlyList<PatientKey> records)
{
    private readonly Queue<PatientKey> _left = new([.. records, .. records]);

    /// <summary>What is ordered.</summary>
    public Correction Correction => correction;

    /// <summary>When it was ordered.</summary>
    public DateTimeOffset At => at;

    /// <summary>The same as it goes to a record.</summary>
    public CorrectionRequest Request { get; } = CorrectionRequest.Of(correction);

    /// <summary>Whether every record knows.</summary>
    public bool IsDone => _left.Count == 0;

    /// <summary>Whether somebody is about it: one record after the other.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Whose record is to be told next.</summary>
    public PatientKey Next => IsDone ? records[0] : _left.Peek();

    /// <summary>Every record is to be told once more.</summary>
    public void TellAgain()
    {
        foreach (var record in records)
            _left.Enqueue(record);
    }

    /// <summary>That one knows.</summary>
    public void Told() => _left.Dequeue();

    /// <inheritdoc/>
    public override string ToString() => correction is Quarantine quarantine
        ? $"quarantine {number} of {correction.Source} from {quarantine.From:HH:mm:ss} to {quarantine.To:HH:mm:ss}"
        : correction is Move move ? $"move {number} of {(move.Unit is { } unit ? $"all of {unit}" : string.Join(' ', move.Entries.Select(e => e.Reference)))} of {correction.Source}"
        : $"the end {number} of a correction of {correction.Source}";
}
