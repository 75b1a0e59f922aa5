namespace Lhcre.Grains.Imports;

/// <summary>How far an import is.</summary>
public enum ImportState : byte
{
    /// <summary>Its body is still coming: nothing of it was acknowledged.</summary>
    Receiving = 0,

    /// <summary>All of it is on disk, and nothing of it was carried out yet.</summary>
    Waiting = 1,

    /// <summary>Being carried out.</summary>
    Running = 2,

    /// <summary>Every line was carried out or refused.</summary>
    Done = 3,

    /// <summary>Somebody cancelled it: what was carried out before stays, the rest is gone.</summary>
    Cancelled = 4,
}

/// <summary>What became of resources; every one of those that were read is in exactly one of them.</summary>
/// <param name="Applied">New, and in the record.</param>
/// <param name="Unchanged">Known before, or not kept since they are for the transport only.</param>
/// <param name="Parked">Kept aside until it is known whose they are.</param>
/// <param name="Refused">Refused; each reason is told, and the line is kept as a refused letter.</param>
public readonly record struct ImportCounts(long Applied, long Unchanged, long Parked, long Refused)
{
    /// <summary>All of them.</summary>
    public long Resources => Applied + Unchanged + Parked + Refused;

    /// <summary>Both together.</summary>
    public static ImportCounts operator +(ImportCounts one, ImportCounts other) =>
        new(one.Applied + other.Applied, one.Unchanged + other.Unchanged, one.Parked + other.Parked, one.Refused + other.Refused);
}

/// <summary>An import, as its operators see it.</summary>
public sealed record Import
{
    /// <summary>32 hexadecimal digits, without meaning.</summary>
    public required string Id { get; init; }

    /// <summary>The source's id.</summary>
    public required string Source { get; init; }

    /// <summary>How far it is.</summary>
    public required ImportState State { get; init; }

    /// <summary>When it was accepted (while it is being received: begun to be).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When its first line was taken up; null while it waits.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>When it was done or cancelled; null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Bytes of its body, uncompressed.</summary>
    public long Bytes { get; init; }

    /// <summary>Its lines that are not blank.</summary>
    public long Lines { get; init; }

    /// <summary>Those of them that were carried out or refused.</summary>
    public long LinesDone { get; init; }

    /// <summary>What became of the resources in these.</summary>
    public ImportCounts Counts { get; init; }

    /// <summary>How often a piece of it was taken up again, since whoever had it was stopped or killed.</summary>
    public int Resumed { get; init; }
}

/// <summary>Why something of a line was refused.</summary>
/// <param name="Line">The line, counted from 1 as an editor does.</param>
/// <param name="Entry">The place in <c>Bundle.entry</c>, from 0; null where it is about the whole line.</param>
/// <param name="Code">The issue code.</param>
/// <param name="Expression">FHIRPath of the element; null where none is known. No value of the sender's stands in it.</param>
public sealed record ImportRefusal(long Line, int? Entry, string Code, string? Expression);

/// <summary>Some lines of an import, as they are stored: those behind each other, cut at line ends.</summary>
/// <param name="Number">Its place among the others, from 0.</param>
/// <param name="IsFirst">Whether it is to be carried out before those that are not: it may hold Patients, whom other lines refer to.</param>
/// <param name="FirstLine">The number of its first line.</param>
/// <param name="Lines">How many of its lines are not blank.</param>
/// <param name="Body">The lines, compressed; opaque here.</param>
public sealed record ImportPiece(int Number, bool IsFirst, long FirstLine, int Lines, ReadOnlyMemory<byte> Body);

/// <summary>A body on its way in.</summary>
/// <param name="Id">The import's id.</param>
/// <param name="Turn">Which attempt at it: an earlier one can store nothing any more.</param>
public sealed record ImportUpload(string Id, int Turn);

/// <summary>How the beginning of an import ended. A closed set.</summary>
public abstract record ImportBegin
{
    private ImportBegin()
    {
    }

    /// <summary>Its body may be stored. Whatever an earlier attempt had stored is gone.</summary>
    public sealed record Open(ImportUpload Upload) : ImportBegin;

    /// <summary>It was accepted before: there is nothing to send.</summary>
    public sealed record Accepted : ImportBegin;

    /// <summary>The source has as many that are not done as it may have.</summary>
    public sealed record TooMany : ImportBegin;
}

/// <summary>A piece that somebody has taken up.</summary>
/// <param name="Import">The import's id.</param>
/// <param name="Source">Whose import.</param>
/// <param name="Turn">Which attempt at the piece: an earlier one can finish nothing any more.</param>
/// <param name="Piece">The piece.</param>
public sealed record ImportWork(string Import, string Source, int Turn, ImportPiece Piece);
