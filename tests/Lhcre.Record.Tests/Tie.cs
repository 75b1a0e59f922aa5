namespace Lhcre.Record.Tests;

/// <summary>How two entries stand to each other in the merged record.</summary>
[Flags]
public enum Tie
{
    /// <summary>One resource of which both are contributors.</summary>
    Joined = 1,

    /// <summary>Two resources that say nothing of each other.</summary>
    Apart = 2,

    /// <summary>Two resources, each marked with the other.</summary>
    PossibleDuplicate = 4,

    /// <summary>Two resources, tied by a DetectedIssue.</summary>
    Conflict = 8,
}
