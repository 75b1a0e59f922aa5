using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Lhcre.Record.Summaries;

/// <summary>
/// What the IPS profiles demand of a resource and its source did not say: named as absent by the extension <c>data-absent-reason</c>, never given a
/// value. Source: HL7 IPS 1.1.0, the snapshots' elements of <c>min</c> 1, with the constraints ait-1, con-5 and ips-pat-1.
/// </summary>
/// <remarks>A profile's limits from above (a report's one category, a result's <c>final</c>) are not enforced: what a source said is not taken away.</remarks>
internal static class MandatoryElements
{
    private const string Names = "name";

    // By what an element is, so the words that stand for its absence: an element of a primitive type has them in its sibling.
    private static readonly FrozenDictionary<string, (string[] Primitives, string[] Concepts, string[] Lists, string? Choice)> Demands =
        new Dictionary<string, (string[] Primitives, string[] Concepts, string[] Lists, string? Choice)>
        {
            ["Patient"] = (["birthDate"], [], [Names], null),
            ["AllergyIntolerance"] = ([], ["clinicalStatus"], [], null),
            ["Condition"] = ([], ["clinicalStatus", "code"], [], null),
            ["MedicationStatement"] = (["status"], ["medicationCodeableConcept"], [], "effective"),
            ["MedicationRequest"] = (["status", "intent"], ["medicationCodeableConcept"], [], null),
            ["MedicationAdministration"] = (["status"], ["medicationCodeableConcept"], [], "effective"),
            ["MedicationDispense"] = (["status"], ["medicationCodeableConcept"], [], null),
            ["Medication"] = ([], ["code"], [], null),
            ["Immunization"] = (["status"], ["vaccineCode"], [], "occurrence"),
            ["Procedure"] = (["status"], ["code"], [], "performed"),
            ["Observation"] = (["status"], ["code"], [], "effective"),
            ["DiagnosticReport"] = (["status"], ["code"], ["category"], "effective"),
            ["Flag"] = (["status"], ["code"], [], null),
            ["Consent"] = (["status"], ["scope"], ["category"], null),
            ["CarePlan"] = (["status", "intent"], [], [], null),
            ["DeviceUseStatement"] = (["status"], ["device"], [], "timing"),
            ["Specimen"] = ([], ["type"], [], null),
            ["Organization"] = (["name"], [], [], null),
            ["Practitioner"] = ([], [], [Names], null),
        }.ToFrozenDictionary();

    private static readonly FrozenSet<string> OfSomebody =
        FrozenSet.Create(
            "AllergyIntolerance", "Condition", "MedicationStatement", "MedicationRequest", "MedicationAdministration", "MedicationDispense", "Immunization", "Procedure",
            "Observation", "DiagnosticReport", "Flag", "Consent", "CarePlan", "DeviceUseStatement");

    /// <summary>The value of an element that says only why it has none.</summary>
    public static string AbsentBecause(string reason) =>
        $"{{\"extension\":[{{\"url\":\"http://hl7.org/fhir/StructureDefinition/data-absent-reason\",\"valueCode\":\"{reason}\"}}]}}";

    /// <summary>What has to be put into a resource, and where, in ascending order.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="resource">Its JSON, minified.</param>
    /// <param name="patient">Whose record it is of.</param>
    /// <param name="isEnteredInError">Whether its source took it back: then it must not have a clinical status.</param>
    public static List<(ByteRange Range, ReadOnlyMemory<byte> Text)> Missing(string type, ReadOnlySpan<byte> resource, PatientKey patient, bool isEnteredInError)
    {
        var edits = new List<(ByteRange Range, ReadOnlyMemory<byte> Text)>();
        if (!Demands.TryGetValue(type, out var demands))
            return edits;
        var subject = OfSomebody.Contains(type) ? PatientCompartment.SubjectElement(type) : null;
        var present = new HashSet<string>();
        var reader = new Utf8JsonReader(resource, Limits.JsonReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null)
                present.Add(name.TrimStart('_'));
            if (name == subject)
                AddReference(ref reader, patient, edits);
            else if (name == Names && type == "Patient")
                AddNames(ref reader, edits);
            else
                reader.Skip();
        }

        var added = new StringBuilder();
        var (concept, primitive) = (AbsentBecause("unknown"), AbsentBecause("unknown"));
        foreach (var element in demands.Primitives.Where(e => !present.Contains(e)))
            added.Append($",\"_{element}\":{primitive}");
        foreach (var element in demands.Concepts.Where(e => !IsThere(e, present) && !(e == "clinicalStatus" && isEnteredInError)))
            added.Append($",\"{element}\":{concept}");
        foreach (var element in demands.Lists.Where(e => !present.Contains(e)))
            added.Append(element == Names ? $",\"name\":[{{\"_text\":{primitive}}}]" : $",\"{element}\":[{concept}]");
        if (demands.Choice is { } choice && !present.Any(p => p.StartsWith(choice, StringComparison.Ordinal)))
            added.Append($",\"_{choice}DateTime\":{primitive}");
        if (subject is not null && !present.Contains(subject))
            added.Append($",\"{subject}\":{{\"reference\":\"Patient/{patient}\"}}");
        if (added.Length > 0)
            edits.Add((new ByteRange(resource.Length - 1, 0), Encoding.UTF8.GetBytes(added.ToString())));
        return edits;
    }

    // Of a medicine, a reference to one will do.
    private static bool IsThere(string element, HashSet<string> present) =>
        present.Contains(element) || (element == "medicationCodeableConcept" && present.Contains("medicationReference"));

    // However the source names the person: it is filed in this record. What is about a device, a group or a place is left so.
    private static void AddReference(ref Utf8JsonReader reader, PatientKey patient, List<(ByteRange Range, ReadOnlyMemory<byte> Text)> edits)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var (at, isEmpty, has) = ((int)reader.BytesConsumed, true, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isReference = reader.ValueTextEquals("reference"u8);
            has |= isReference;
            reader.Read();
            if (isReference && reader.TokenType == JsonTokenType.String && NamesAnother(reader.GetString()!, patient))
            {
                var value = new ByteRange((int)reader.TokenStartIndex + 1, (int)(reader.BytesConsumed - reader.TokenStartIndex) - 2);
                edits.Add((value, Encoding.UTF8.GetBytes($"Patient/{patient}")));
            }

            reader.Skip();
        }

        if (!has)
            edits.Add((new ByteRange(at, 0), Encoding.UTF8.GetBytes($"\"reference\":\"Patient/{patient}\"{(isEmpty ? "" : ",")}")));
    }

    // A Patient at a source's base that never came, or one of a Bundle that was sent without it.
    private static bool NamesAnother(string reference, PatientKey patient) =>
        reference != $"Patient/{patient}" && (reference.StartsWith("urn:", StringComparison.Ordinal) || reference.Split('/') is [.., "Patient", _]);

    // ips-pat-1: each name has a family name, a given name, or a text.
    private static void AddNames(ref Utf8JsonReader reader, List<(ByteRange Range, ReadOnlyMemory<byte> Text)> edits)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var (at, isEmpty, has) = ((int)reader.BytesConsumed, true, false);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                isEmpty = false;
                has |= reader.GetString()!.TrimStart('_') is "family" or "given" or "text";
                reader.Read();
                reader.Skip();
            }

            if (!has)
                edits.Add((new ByteRange(at, 0), Encoding.UTF8.GetBytes($"\"_text\":{AbsentBecause("unknown")}{(isEmpty ? "" : ",")}")));
        }
    }
}
