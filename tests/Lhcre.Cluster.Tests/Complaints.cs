using System.Text.RegularExpressions;
using Lhcre.Processes;

namespace Lhcre.Cluster.Tests;

/// <summary>What silos logged that nobody had provided for: the reason behind each 500.</summary>
internal static partial class Complaints
{
    /// <summary>Each kind with its number, from a line on.</summary>
    public static IReadOnlyList<string> Of(SiloCluster cluster) =>
        [.. cluster.Output.Select(line => Failed().Match(line)).Where(m => m.Success).GroupBy(m => m.Value).Select(g => $"{g.Count()} × {g.Key}")];

    [GeneratedRegex("to [^ ]+ failed with .*$")]
    private static partial Regex Failed();
}
