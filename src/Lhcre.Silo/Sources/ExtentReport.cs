using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>What became of a push's extent.</summary>
/// <param name="Extent">The extent.</param>
/// <param name="Withdrawn">How many of the source's live entries it withdrew.</param>
/// <param name="Held">Why it withdrew nothing and is not remembered; null where it was taken.</param>
internal sealed record ExtentReport(SourceExtent Extent, int Withdrawn, string? Held)
{
    /// <summary>What the source is told of it.</summary>
    public IReadOnlyList<Issue> Issues => Held is not null
        ? [new Issue(IssueCodes.ExtentHeld, Held)]
        : [new Issue(IssueCodes.ExtentTaken, string.Create(CultureInfo.InvariantCulture, $"{Withdrawn} withdrawn")), .. Undated];

    /// <summary>The same in the answer's header.</summary>
    public string Header => Held is not null ? "held" : string.Create(CultureInfo.InvariantCulture, $"whole; withdrawn={Withdrawn}");

    private Issue[] Undated => Extent.Time is null ? [new Issue(IssueCodes.ExtentUndated)] : [];
}
