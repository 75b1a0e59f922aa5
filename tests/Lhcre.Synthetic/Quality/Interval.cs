using System.Globalization;

namespace Lhcre.Synthetic.Quality;

/// <summary>A share of so many cases, with its 95 % confidence interval (Wilson 1927, which holds at shares near one).</summary>
internal readonly record struct Interval(long Hits, long Cases)
{
    private const double Z = 1.959964;

    /// <summary>The share; 1 of no cases, since then none went wrong.</summary>
    public double Share => Cases == 0 ? 1 : (double)Hits / Cases;

    public double Low => Cases == 0 ? 0 : Math.Max(0, Centre - Half);

    public double High => Cases == 0 ? 1 : Math.Min(1, Centre + Half);

    private double Scale => 1 + (Z * Z / Cases);

    private double Centre => (Share + (Z * Z / (2 * Cases))) / Scale;

    private double Half => Z * Math.Sqrt((Share * (1 - Share) / Cases) + (Z * Z / (4.0 * Cases * Cases))) / Scale;

    public static Interval operator +(Interval left, Interval right) => new(left.Hits + right.Hits, left.Cases + right.Cases);

    /// <summary>Share and interval to four places; a dash where there were no cases.</summary>
    public override string ToString() =>
        Cases == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{Share:0.0000} [{Low:0.0000}, {High:0.0000}]");
}
