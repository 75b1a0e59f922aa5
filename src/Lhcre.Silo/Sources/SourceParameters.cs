using Lhcre.Record;
using Lhcre.Silo.Fhir;

namespace Lhcre.Silo.Sources;

/// <summary>One search parameter at a source's own base.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its FHIR type.</param>
/// <param name="Documentation">What it does, for whoever reads the CapabilityStatement.</param>
internal sealed record SourceParameter(string Name, string Type, string Documentation);

/// <summary>
/// The search parameters at a source's own base, where it looks up what it has pushed. The CapabilityStatement is written from this table, and
/// requests are checked against it.
/// </summary>
internal static class SourceParameters
{
    /// <summary>Taken everywhere, and not about content.</summary>
    private static readonly string[] Control = ["_format", "_pretty", "_summary", "_elements"];

    private static readonly SourceParameter[] OfPatient =
    [
        new("identifier", "token", "NHS number (https://fhir.nhs.uk/Id/nhs-number|…), or the source's own identifier of the person."),
        new("_id", "token", "The id of the Patient."),
    ];

    // Everything else is one person's.
    private static readonly SourceParameter[] OfOthers =
    [
        new("patient", "reference", "Whose: Patient/{id} or {id}."),
        new("subject", "reference", "The same as patient."),
    ];

    /// <summary>The parameters of a type.</summary>
    public static IReadOnlyList<SourceParameter> Of(string type) => type == "Patient" ? OfPatient : OfOthers;

    /// <summary>What of a query is not known: warnings, or errors where the client asks for strict handling.</summary>
    public static List<Issue> Unknown(HttpContext http, IEnumerable<string> names, IReadOnlyList<SourceParameter> known)
    {
        var code = Prefer.IsStrict(http.Request) ? IssueCodes.SearchParameterRefused : IssueCodes.SearchParameterIgnored;
        return [.. names.Where(n => !Control.Contains(n) && known.All(p => p.Name != n)).Select(n => new Issue(code, n))];
    }
}
