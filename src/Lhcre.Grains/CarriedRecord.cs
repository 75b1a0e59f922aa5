using System.Collections.Immutable;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>A record on its way from a silo that stops to another one: what the journal holds of it, so that it is not read again.</summary>
/// <param name="Epoch">Of the head.</param>
/// <param name="Seq">Of the head.</param>
/// <param name="SnapSeq">Of the head.</param>
/// <param name="Live">The live chunks.</param>
/// <param name="Rows">The rows behind them.</param>
[GenerateSerializer, Immutable, Alias("lhcre.carried")]
public sealed record CarriedRecord(
    [property: Id(0)] long Epoch,
    [property: Id(1)] long Seq,
    [property: Id(2)] long SnapSeq,
    [property: Id(3)] ImmutableArray<CarriedChunk> Live,
    [property: Id(4)] ImmutableArray<CarriedRow> Rows)
{
    /// <summary>For the way.</summary>
    public static CarriedRecord Of(JournalledRecord record) => new(
        record.Head.Epoch,
        record.Head.Seq,
        record.Head.SnapSeq,
        [.. record.Live.Select(c => new CarriedChunk(c.Number, c.FromSeq, c.ToSeq, c.Body.ToArray()))],
        [.. record.Rows.Select(r => new CarriedRow(r.Seq, r.Push, r.At, r.Body.ToArray()))]);

    /// <summary>As it would have been read.</summary>
    public JournalledRecord Journalled() => new(
        new RecordHead(Epoch, Seq, SnapSeq),
        [.. Live.Select(c => new RecordChunk(c.Number, c.FromSeq, c.ToSeq, c.Body))],
        [.. Rows.Select(r => new LogRow(r.Seq, r.Push, r.At, r.Body))]);
}

/// <summary>A <see cref="RecordChunk"/> on its way.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.carried-chunk")]
public sealed record CarriedChunk(
    [property: Id(0)] int Number, [property: Id(1)] long FromSeq, [property: Id(2)] long ToSeq, [property: Id(3)] byte[] Body);

/// <summary>A <see cref="LogRow"/> on its way.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.carried-row")]
public sealed record CarriedRow(
    [property: Id(0)] long Seq, [property: Id(1)] PushId Push, [property: Id(2)] DateTimeOffset At, [property: Id(3)] byte[] Body);
