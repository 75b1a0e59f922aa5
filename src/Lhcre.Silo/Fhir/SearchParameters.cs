using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>One search parameter as it is served: its name, FHIR type, and what it does, for whoever reads the CapabilityStatement.</summary>
internal sealed record SearchParameter(string Name, string Type, string Documentation);

/// <summary>
/// The search parameters that are served. The CapabilityStatement is written from this table, and requests are checked against it, so the
/// one cannot promise what the other does not do.
/// </summary>
internal static class SearchParameters
{
    /// <summary>Of Patient.</summary>
    public static IReadOnlyList<SearchParameter> OfPatient { get; } =
    [
        new("identifier", "token", "NHS number (https://fhir.nhs.uk/Id/nhs-number|…), or a source's own identifier of the person."),
        new("_id", "token", "The id of the Patient."),
    ];

    /// <summary>Of every other type: everything is one person's.</summary>
    public static IReadOnlyList<SearchParameter> OfPersonsResources { get; } =
    [
        new("patient", "reference", "Whose: Patient/{id} or {id}."),
        new("subject", "reference", "The same as patient."),
    ];

    /// <summary>What may be included besides, in the merged record: for <c>_revinclude</c>.</summary>
    public const string RevInclude = "Provenance:target";

    private static readonly SearchParameter Including = new("_revinclude", "special", $"{RevInclude}: where each resource comes from, as Provenance, beside it.");

    /// <summary>Taken everywhere, and not about content.</summary>
    private static readonly string[] Control = ["_format"];

    /// <summary>The parameters of a type.</summary>
    public static IReadOnlyList<SearchParameter> Of(string type) => type == "Patient" ? OfPatient : OfPersonsResources;

    /// <summary>The same in the merged record, where provenance may be included if the query asks for it in these very words.</summary>
    /// <param name="type">The type; null for <c>$everything</c>.</param>
    /// <param name="query">The query.</param>
    public static IReadOnlyList<SearchParameter> OfMerged(string? type, Query query)
    {
        var own = type is null ? [] : Of(type);
        return IncludesProvenance(query) ? [.. own, Including] : own;
    }

    /// <summary>Whether provenance is to be included.</summary>
    public static bool IncludesProvenance(Query query) => query.Single(Including.Name) == RevInclude;

    /// <summary>Whether the client takes an error rather than an answer with a warning (<c>Prefer</c>).</summary>
    public static bool IsStrict(HttpContext http) => http.Request.Headers["Prefer"].ToString().Contains("handling=strict", StringComparison.OrdinalIgnoreCase);

    /// <summary>What of a query is not known: warnings, or errors where the client asks for strict handling (<c>Prefer</c>).</summary>
    public static List<Issue> Unknown(HttpContext http, IEnumerable<string> names, IReadOnlyList<SearchParameter> known)
    {
        var code = IsStrict(http) ? IssueCodes.SearchParameterRefused : IssueCodes.SearchParameterIgnored;
        return [.. names.Where(n => !Control.Contains(n) && known.All(p => p.Name != n)).Select(n => new Issue(code, n))];
    }
}
