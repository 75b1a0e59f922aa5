using System.Globalization;

namespace Lhcre.Benchmarks;

/// <summary>One measured value, what it is measured against in the same run, and what was aimed at.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Value">The figure, with its unit.</param>
internal sealed record Figure(string Work, string Value)
{
    /// <summary>The head of the table that figures are the rows of.</summary>
    public const string TableHead = "| work | figure | against | ratio | goal |\n|---|---|---|---|---|";

    /// <summary>What it is measured against, with its own figure.</summary>
    public string Against { get; init; } = "";

    /// <summary>The figure divided by what it is measured against.</summary>
    public double? Ratio { get; init; }

    /// <summary>The ratio aimed at.</summary>
    public Goal? Goal { get; init; }

    /// <summary>A row of the table.</summary>
    public override string ToString()
    {
        var ratio = Ratio?.ToString("0.00", CultureInfo.InvariantCulture);
        var goal = Goal is { } aim && Ratio is { } reached ? $"{aim}: {(aim.IsMet(reached) ? "met" : "**missed**")}" : "";
        return $"| {Work} | {Value} | {Against} | {ratio} | {goal} |";
    }
}

/// <summary>A bound on a ratio.</summary>
/// <param name="Bound">The bound.</param>
/// <param name="IsFloor">Whether the ratio is to be at least the bound; else at most.</param>
internal sealed record Goal(double Bound, bool IsFloor)
{
    public static Goal AtLeast(double bound) => new(bound, true);

    public static Goal AtMost(double bound) => new(bound, false);

    public bool IsMet(double ratio) => IsFloor ? ratio >= Bound : ratio <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsFloor ? "≥" : "≤")} {Bound}");
}
