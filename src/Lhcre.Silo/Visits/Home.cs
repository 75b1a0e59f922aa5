using System.Text.Json;
using Lhcre.Contracts;
using Lhcre.Record;
using static Lhcre.Silo.Visits.JsonMembers;

namespace Lhcre.Silo.Visits;

/// <summary>Where a person is at home, as far as the record says: read from the entries that are served.</summary>
/// <param name="Number">The NHS number that the shown Patient states and that this record is of; null where it states none.</param>
/// <param name="Practices">The ODS codes of the GP practices where the person is registered.</param>
/// <param name="IsKnownHere">Whether a source that pushes says more of the person than who they are, and that they came.</param>
/// <param name="IsRestricted">Whether where they are must not be told: asking elsewhere would tell.</param>
internal sealed record Home(NhsNumber? Number, IReadOnlyCollection<string> Practices, bool IsKnownHere, bool IsRestricted)
{
    private const string OdsCode = "https://fhir.nhs.uk/Id/ods-organization-code";
    private const string Contributor = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor";

    // How somebody appears who was only admitted or registered: by an ADT message, or what stands for one.
    private static readonly HashSet<string> OfAVisit = ["Patient", "Encounter", "EpisodeOfCare", "Account", "RelatedPerson"];

    /// <summary>Nobody has said anything.</summary>
    public static Home Unknown { get; } = new(null, [], false, false);

    /// <summary>Of a record.</summary>
    /// <param name="answer">The whole record, or its first part.</param>
    /// <param name="isThis">Whether a number is of this record.</param>
    /// <param name="pulled">The sources that are pulled from: what they say of somebody makes nobody at home here.</param>
    public static Home Of(ReadAnswer answer, Func<NhsNumber, bool> isThis, IReadOnlySet<string> pulled)
    {
        var entries = answer.Entries.Select(e => JsonDocument.Parse(e)).ToList();
        try
        {
            var resources = entries.ConvertAll(e => e.RootElement.GetProperty("resource"));
            var patient = resources.Find(r => Text(r, "resourceType") == "Patient");
            if (patient.ValueKind != JsonValueKind.Object)
                return Unknown;
            NhsNumber? number = List(patient, "identifier").Where(i => NhsNumber.IsSystem(Text(i, "system")))
                .Select(i => NhsNumber.TryParse(Text(i, "value"), out var n) && isThis(n) ? n : (NhsNumber?)null).FirstOrDefault(n => n is not null);
            var byReference = resources.GroupBy(r => $"{Text(r, "resourceType")}/{Text(r, "id")}").ToDictionary(g => g.Key, g => g.First());
            string[] practices = [.. List(patient, "generalPractitioner").SelectMany(r => Practice(r, byReference, 2)).Distinct()];
            return new Home(
                number,
                practices,
                resources.Exists(r => PatientCompartment.Contains(Text(r, "resourceType")!) && !OfAVisit.Contains(Text(r, "resourceType")!) && Sources(r).Any(s => !pulled.Contains(s))),
                List(Member(patient, "meta"), "security").Any(s => Text(s, "code") is "R" or "V" or "REDACTED"));
        }
        finally
        {
            entries.ForEach(e => e.Dispose());
        }
    }

    // An Organization by itself, or that of a PractitionerRole.
    private static IEnumerable<string> Practice(JsonElement reference, Dictionary<string, JsonElement> resources, int steps)
    {
        foreach (var code in Codes(Member(reference, "identifier")))
            yield return code;
        if (steps == 0 || Text(reference, "reference") is not { } target || !resources.TryGetValue(target, out var resource))
            yield break;
        foreach (var code in List(resource, "identifier").SelectMany(Codes))
            yield return code;
        foreach (var code in Practice(Member(resource, "organization"), resources, steps - 1))
            yield return code;
    }

    private static IEnumerable<string> Codes(JsonElement identifier) =>
        Text(identifier, "system") == OdsCode && Text(identifier, "value") is { } code ? [code.Trim().ToUpperInvariant()] : [];

    private static IEnumerable<string> Sources(JsonElement resource) =>
        List(Member(resource, "meta"), "extension").Where(e => Text(e, "url") == Contributor)
            .SelectMany(e => List(e, "extension")).Where(e => Text(e, "url") == "source").Select(e => Text(e, "valueCode")).OfType<string>();
}
