using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Lhcre.Silo.Fhir;

/// <summary>A member of a list of what a client takes, such as <c>application/json;q=0.9</c>.</summary>
/// <param name="Name">Its name, trimmed.</param>
/// <param name="Parameters">What stands behind the first semicolon; empty where nothing does.</param>
/// <param name="Weight">0 (not at all) to 1; default 1 (RFC 9110 section 12.4.2).</param>
internal readonly record struct Weighted(string Name, string Parameters, double Weight)
{
    /// <summary>The members of a header, in the order in which they stand there. One whose weight cannot be read weighs nothing.</summary>
    public static IEnumerable<Weighted> Read(StringValues header)
    {
        foreach (var line in header)
        {
            foreach (var member in (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var end = member.IndexOf(';', StringComparison.Ordinal);
                var parameters = end < 0 ? "" : member[(end + 1)..];
                yield return new Weighted(end < 0 ? member : member[..end].TrimEnd(), parameters, WeightIn(parameters));
            }
        }
    }

    /// <summary>A parameter's value without quotes; null where there is none of this name.</summary>
    public string? Parameter(string name) => Find(Parameters, name);

    private static double WeightIn(string parameters)
    {
        if (Find(parameters, "q") is not { } text)
            return 1;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight is >= 0 and <= 1 ? weight : 0;
    }

    private static string? Find(string parameters, string name)
    {
        if (parameters.Length == 0)
            return null;
        foreach (var parameter in parameters.Split(';', StringSplitOptions.TrimEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && parameter.AsSpan(0, equals).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                return parameter[(equals + 1)..].Trim().Trim('"');
        }

        return null;
    }
}
