namespace Lhcre.Record;

/// <summary>An immutable part of a journalled record: of what it is made of now (live), or of the log that made it (history).</summary>
/// <param name="Number">Its number among the patient's chunks of its kind, from 1; never used twice, but for a history chunk of which something is erased.</param>
/// <param name="FromSeq">The first row of the log in it.</param>
/// <param name="ToSeq">The last row of the log in it.</param>
/// <param name="Body">A <see cref="LiveChunk"/> or a <see cref="HistoryChunk"/>, opaque to the journal.</param>
public sealed record RecordChunk(int Number, long FromSeq, long ToSeq, ReadOnlyMemory<byte> Body);
