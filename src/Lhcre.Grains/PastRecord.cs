using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>A record as of a row of its journal.</summary>
/// <param name="Held">The record.</param>
/// <param name="Before">The record as of the row before; null where that is not at hand.</param>
/// <param name="Until">When the next row was appended; null where that is not known, or there was none.</param>
/// <param name="IsReplayed">Whether it was made anew of its log; else it is what was served when it was the present one.</param>
internal sealed record PastRecord(HeldRecord Held, PatientRecord? Before, DateTimeOffset? Until, bool IsReplayed)
{
    /// <summary>Whether it says what was said at that moment.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="isOfRows">Whether every row matters, also one that changed nothing of the merged record.</param>
    public bool IsOf(RecordMoment moment, bool isOfRows) => IsOf(Held, moment, isOfRows)
        && (moment is not { At: { } at } || (Until is { } until && at < until));

    /// <summary>The same of the present record, behind which no row is known.</summary>
    /// <param name="held">The record.</param>
    /// <param name="moment">The moment.</param>
    /// <param name="isOfRows">Whether every row matters.</param>
    public static bool IsOf(HeldRecord held, RecordMoment moment, bool isOfRows) => moment switch
    {
        { Seq: { } seq } => seq <= held.Seq && seq >= (isOfRows ? held.Seq : held.Version) && seq > 0,
        { At: { } at } => held.Seq > 0 && at >= (isOfRows ? held.LastAppended : held.LastUpdated),
        _ => true,
    };
}
