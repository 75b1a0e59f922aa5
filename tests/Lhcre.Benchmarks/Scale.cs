namespace Lhcre.Benchmarks;

/// <summary>How much is measured, and for how long.</summary>
/// <param name="Rounds">Rounds of which the median counts; odd.</param>
/// <param name="Seconds">Length of a round under load.</param>
/// <param name="People">People whose records are kept warm.</param>
/// <param name="Pushes">Pushes of a round.</param>
internal sealed record Scale(int Rounds, double Seconds, int People, int Pushes)
{
    /// <summary>What figures are published from.</summary>
    public static Scale Full { get; } = new(7, 3, 1000, 1500);

    /// <summary>Whether it works at all.</summary>
    public static Scale Quick { get; } = new(3, 1, 100, 150);
}
