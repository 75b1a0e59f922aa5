using System.Globalization;

namespace Lhcre.Silo.Fhir;

/// <summary>
/// Where a page begins, and of which version of the record it is: what a <c>next</c> link carries, opaque to clients. Pages of one version
/// neither repeat nor skip anything, whatever is pushed meanwhile.
/// </summary>
/// <param name="Version">The row of the record's journal that the version was made by.</param>
/// <param name="Skip">How many matches come before it.</param>
/// <param name="Count">The most matches on it; 0 for as many as fit.</param>
/// <param name="MergeRules">Under which merge rules the pages before it were shown: under others the same matches may stand elsewhere.</param>
internal sealed record PageToken(long Version, int Skip, int Count, int MergeRules)
{
    /// <summary>The parameter that carries it.</summary>
    public const string Name = "_page";

    /// <summary>Reads one; null for what is none.</summary>
    public static PageToken? Parse(string text) =>
        text.Split('-') is [var version, var skip, var count, var rules]
        && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && seq > 0
        && int.TryParse(skip, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
        && int.TryParse(rules, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new PageToken(seq, from, most, number)
            : null;

    /// <summary>As it stands in a link.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}-{Skip}-{Count}-{MergeRules}");
}
