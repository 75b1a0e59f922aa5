using System.Security.Cryptography;
using System.Text;

namespace Lhcre.Simulation;

/// <summary>What came of a run.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Steps">Its length.</param>
/// <param name="Trace">What happened.</param>
/// <param name="Broken">The first invariant that did not hold; null where all did.</param>
internal sealed record SimulationOutcome(int Seed, int Steps, IReadOnlyList<string> Trace, Exception? Broken)
{
    /// <summary>The name of the broken invariant; null where all held.</summary>
    public string? Invariant => Broken is null ? null : (Broken as BrokenInvariantException)?.Invariant ?? Simulation.Invariant.NothingUnexpected;

    /// <summary>Plays the same again.</summary>
    public string Command => $"dotnet run --project tests/Lhcre.Simulation -c Release -- --seed {Seed} --steps {Steps}";

    /// <summary>The same for the same seed.</summary>
    public string Hash => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Trace))));
}
