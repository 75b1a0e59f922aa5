namespace Lhcre.Record;

/// <summary>One row of a patient's log: one push.</summary>
/// <param name="Seq">Its number, from 1.</param>
/// <param name="Push">Which push made it.</param>
/// <param name="At">When it was appended, by our clock: never before the row below it.</param>
/// <param name="Body">Encoded fragments (<see cref="LogBody"/>), opaque to the journal.</param>
public sealed record LogRow(long Seq, PushId Push, DateTimeOffset At, ReadOnlyMemory<byte> Body);
