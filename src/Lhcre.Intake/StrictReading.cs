using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Hl7.Fhir.Validation;
using Lhcre.Intake.Door;
using Lhcre.Record;
using Json = Hl7.Fhir.Serialization.FhirJsonException;
using Value = Hl7.Fhir.Validation.CodedValidationException;

namespace Lhcre.Intake;

/// <summary>
/// Whether a resource is FHIR R4 by the strictest reading of the FHIR library: all issues at once, narratives checked as FHIR's XHTML too,
/// since a client may read our answers just as strictly.
/// </summary>
internal static class StrictReading
{
    private static readonly FhirJsonDeserializer Deserializer =
        new(new DeserializerSettings().UsingMode(DeserializationMode.Strict, NarrativeValidationKind.FhirXhtml));

    /// <summary>What is wrong with a resource; empty where nothing is.</summary>
    /// <param name="resource">Sound JSON, an object with a known <c>resourceType</c>.</param>
    /// <param name="type">That type.</param>
    /// <param name="path">Where it stands, such as <c>Patient</c> or <c>Bundle.entry[3].resource</c>: the root of the expressions.</param>
    /// <remarks>
    /// The door says whether there is anything; where it finds nothing wrong, nothing is. The library reads the rest, and says what.
    /// </remarks>
    public static ImmutableArray<Issue> Check(ReadOnlySpan<byte> resource, string type, string path) =>
        FastDoor.Check(resource) == Verdict.Accepted ? [] : Report(resource, type, path);

    /// <summary>The same, read by the library whatever it is.</summary>
    public static ImmutableArray<Issue> Report(ReadOnlySpan<byte> resource, string type, string path)
    {
        if (NarrativeDepth.IsExceededIn(resource))
            return [new Issue(IssueCodes.InvalidNarrative, $"It is nested deeper than {Limits.NarrativeDepth} levels.", path)];
        // The library parses dates and numbers by the culture of the thread.
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var reader = new Utf8JsonReader(resource, JsonSoundness.Options);
            Deserializer.TryDeserializeResource(ref reader, out _, out var faults);
            return Issues(faults, type, path);
        }
        catch (Exception e)
        {
            // An edge: on odd input the library throws what it does not document (IndexOutOfRange, NotSupported, ArgumentException, ...).
            return e is CodedException coded ? Issues([coded], type, path) : [new Issue(IssueCodes.Unreadable, e.Message, path)];
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    // One fault often shows as several exceptions at the same place; a place and a code are one reason.
    private static ImmutableArray<Issue> Issues(IEnumerable<CodedException> faults, string type, string path) =>
        [.. faults.Select(f => ToIssue(f, type, path)).DistinctBy(i => (i.Code, i.Expression)).Take(ReceivedEntry.MaxIssues)];

    private static Issue ToIssue(CodedException fault, string type, string path)
    {
        var extended = fault as ExtendedCodedException;
        return new Issue(CodeOf(fault.ErrorCode), extended?.BaseErrorMessage ?? fault.Message, Expression(extended?.InstancePath, type, path));
    }

    // The library roots its paths in the type, or in $this.
    private static string Expression(string? instance, string type, string path)
    {
        foreach (var root in new[] { type, "$this" })
        {
            if (instance is not null && (instance == root || instance.StartsWith(root + ".", StringComparison.Ordinal)))
                return path + instance[root.Length..];
        }

        return path;
    }

    private static IssueCode CodeOf(string library) => library switch
    {
        Json.RESOURCETYPE_SHOULD_BE_STRING_CODE or Json.NO_RESOURCETYPE_PROPERTY_CODE
            or Value.UNKNOWN_RESOURCE_TYPE_CODE or Value.WRONG_CASED_RESOURCE_TYPE_CODE => IssueCodes.NoResourceType,
        Value.NARRATIVE_XML_IS_MALFORMED_CODE or Value.NARRATIVE_XML_IS_INVALID_CODE => IssueCodes.InvalidNarrative,
        Value.INVALID_CODED_VALUE_CODE => IssueCodes.InvalidCode,
        Value.INVALID_STRING_LENGTH_CODE or Value.INVALID_BASE64_VALUE_CODE
            or Value.INCORRECT_LITERAL_VALUE_TYPE_CODE or Value.LITERAL_INVALID_CODE
            or Value.POSITIVE_INT_MUST_BE_POSITIVE_CODE or Value.UNSIGNED_INT_MUST_NOT_BE_NEGATIVE_CODE => IssueCodes.InvalidValue,
        _ => IssueCodes.InvalidStructure,
    };
}
