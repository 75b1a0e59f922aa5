namespace Lhcre.Deploy.Tests.Rules;

/// <summary>What must hold of everything that is rendered.</summary>
/// <param name="Name">The rule, as a sentence.</param>
/// <param name="Faults">Where it does not hold, a line each.</param>
internal sealed record Rule(string Name, Func<Rendering, IEnumerable<string>> Faults)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All => [.. PodRules.All, .. ProgramRules.All, .. ReferenceRules.All, .. NetworkRules.All, .. RolloutRules.All];

    /// <summary>One by its name.</summary>
    public static Rule Of(string name) => All.Single(r => r.Name == name);
}
