namespace Lhcre.Benchmarks;

/// <summary>The middle of several rounds: what one round lost to a neighbour on the machine does not count.</summary>
internal static class Median
{
    /// <summary>The middle value of <paramref name="rounds"/> by <paramref name="value"/>.</summary>
    public static double Of<T>(IReadOnlyCollection<T> rounds, Func<T, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);
}
