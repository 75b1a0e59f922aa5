using System.Globalization;
using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>What became of a push's extent.</summary>
/// <param name="Extent">The extent.</param>
/// <param name="Withdrawn">How many of the source's live entries it withdrew.</param>
/// <param name="Held">Why it withdrew nothing and is not remembered; null where it was taken.</param>
internal sealed record ExtentReport(SourceExtent Extent, int Withdrawn, string? Held)
{
    private const string HeldHeader = "held";
    private const string TakenHeader = "whole; withdrawn=";

    /// <summary>What the source is told of it.</summary>
    public IReadOnlyList<Issue> Issues => Held is not null
        ? [new Issue(IssueCodes.ExtentHeld, Held)]
        : [new Issue(IssueCodes.ExtentTaken, string.Create(CultureInfo.InvariantCulture, $"{Withdrawn} withdrawn")), .. Undated];

    /// <summary>The same in the answer's header.</summary>
    public string Header => Held is not null ? HeldHeader : string.Create(CultureInfo.InvariantCulture, $"{TakenHeader}{Withdrawn}");

    /// <summary>The header of an answer that was kept, by what its body says with its first entry; null where it says nothing of an extent.</summary>
    public static string? HeaderOf(ReadOnlyMemory<byte> answer)
    {
        using var bundle = JsonDocument.Parse(answer);
        if (!bundle.RootElement.TryGetProperty("entry", out var entries) || !entries[0].GetProperty("response").TryGetProperty("outcome", out var outcome))
            return null;
        foreach (var issue in outcome.GetProperty("issue").EnumerateArray())
        {
            var code = issue.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString();
            if (code == IssueCodes.ExtentHeld.Code)
                return HeldHeader;
            if (code == IssueCodes.ExtentTaken.Code)
                return TakenHeader + issue.GetProperty("diagnostics").GetString()!.Split(' ')[0];
        }

        return null;
    }

    private Issue[] Undated => Extent.Time is null ? [new Issue(IssueCodes.ExtentUndated)] : [];
}
