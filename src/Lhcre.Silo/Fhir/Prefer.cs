namespace Lhcre.Silo.Fhir;

/// <summary>What a client prefers (RFC 7240, FHIR search.html#errors).</summary>
internal static class Prefer
{
    /// <summary>Whether it takes an error rather than an answer with a warning.</summary>
    public static bool IsStrict(HttpRequest request) =>
        request.Headers["Prefer"] is { Count: > 0 } prefer && prefer.ToString().Contains("handling=strict", StringComparison.OrdinalIgnoreCase);
}
