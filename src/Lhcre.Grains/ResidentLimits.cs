namespace Lhcre.Grains;

/// <summary>How much of this process the warm records may take.</summary>
/// <param name="WarmBytes">Most bytes of all warm records; beyond it, the largest idle ones go.</param>
/// <param name="HandOverBytes">Most bytes of a record that is handed over to another silo at a stop; 0 for none.</param>
public sealed record ResidentLimits(long WarmBytes, int HandOverBytes)
{
    /// <summary>No budget, and 256 KB.</summary>
    public static ResidentLimits Default { get; } = new(long.MaxValue, 256 * 1024);
}
