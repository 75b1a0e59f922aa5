namespace Lhcre.Silo.Mllp;

/// <summary>How a block ended, or why none came.</summary>
internal enum MllpEnd
{
    /// <summary>It came whole.</summary>
    Whole,

    /// <summary>It came to its end and was too long to be held; its head is there.</summary>
    TooLong,

    /// <summary>It came to its end and there was no room for it; its head is there.</summary>
    NoRoom,

    /// <summary>The sender closed the connection between two blocks.</summary>
    Closed,

    /// <summary>The sender closed the connection, or it broke, within a block.</summary>
    Broken,

    /// <summary>It did not come to its end in time.</summary>
    TooSlow,

    /// <summary>The sender speaks something else, or never comes to an end.</summary>
    Stray,

    /// <summary>We were asked to stop.</summary>
    Stopped,
}

/// <summary>What a connection brought.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Bytes">What stands between the start and the end of the block, or its head; held until the next is asked for.</param>
/// <param name="IsSecondStart">Whether a block had begun before it that the sender gave up: that one was not taken in.</param>
internal readonly record struct MllpBlock(MllpEnd End, ReadOnlyMemory<byte> Bytes = default, bool IsSecondStart = false);
