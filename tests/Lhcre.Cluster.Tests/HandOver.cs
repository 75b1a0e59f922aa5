using System.Globalization;
using System.Text.RegularExpressions;

namespace Lhcre.Cluster.Tests;

/// <summary>What a silo said at its end of the warm records that it had. Those of these tests are all smaller than the cap.</summary>
/// <param name="Warm">How many it had.</param>
/// <param name="Handed">How many of them it handed over to another silo.</param>
internal sealed partial record HandOver(int Warm, int Handed)
{
    public override string ToString() => $"{Handed}/{Warm}";

    /// <summary>Reads the line in a silo's output.</summary>
    public static HandOver In(string output)
    {
        var line = Line().Match(output);
        Assert.True(line.Success, $"no line about the hand-over in: {output}");
        return new HandOver(Number("handed") + Number("left") + Number("here"), Number("handed"));

        int Number(string name) => int.Parse(line.Groups[name].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("Warm records at the stop: (?<handed>[0-9]+) handed over, (?<left>[0-9]+) left to be read from the journal, (?<here>[0-9]+) still here")]
    private static partial Regex Line();
}
