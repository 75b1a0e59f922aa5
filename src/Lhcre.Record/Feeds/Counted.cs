namespace Lhcre.Record;

/// <summary>What is counted of a source's pushes. The numbers are those of stored counts: they are only ever added.</summary>
public enum Counted : byte
{
    /// <summary>Messages: pushes of every kind, whatever became of them.</summary>
    Messages = 0,

    /// <summary>Those of which nothing was taken in, since it was refused.</summary>
    MessagesRefused = 1,

    /// <summary>Those that were known already and got their first answer again.</summary>
    MessagesRepeated = 2,

    /// <summary>Those that could not be written, or not all of them, and are to be sent again.</summary>
    MessagesUnwritten = 3,

    /// <summary>Resources that the source had not stated.</summary>
    Created = 4,

    /// <summary>Resources that replace what it said.</summary>
    Updated = 5,

    /// <summary>Resources of which nothing was new.</summary>
    Unchanged = 6,

    /// <summary>Resources that were kept as history, since a later version is known.</summary>
    Superseded = 7,

    /// <summary>Resources that the source withdrew, by a DELETE or by leaving them out of what is whole.</summary>
    Withdrawn = 8,

    /// <summary>Resources that are not shown: their Patient is taken for somebody else, or what their source sends is quarantined.</summary>
    Withheld = 9,

    /// <summary>Resources that wait for their person, or for somebody to look at them.</summary>
    Parked = 10,

    /// <summary>Resources that were refused.</summary>
    Refused = 11,

    /// <summary>Resources that could not be written and are to be sent again.</summary>
    Unwritten = 12,
}
