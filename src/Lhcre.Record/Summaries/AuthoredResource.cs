using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lhcre.Record.Summaries;

/// <summary>What stands for nothing in a section: a code of IPS, CodeSystem absent-unknown-uv-ips.</summary>
/// <param name="Code">Such as <c>no-allergy-info</c>.</param>
/// <param name="Display">What the code system calls it.</param>
internal sealed record AbsentCode(string Code, string Display);

/// <summary>A resource of a summary that no source states: the system itself, that there is no information, that nothing is known of the person.</summary>
/// <param name="Reference"><c>Type/id</c>.</param>
/// <param name="Bytes">Its JSON.</param>
internal sealed record AuthoredResource(string Reference, byte[] Bytes)
{
    /// <summary>The code system of <see cref="AbsentCode"/>.</summary>
    public const string AbsentSystem = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// That there is no information of a kind, as the IPS example <c>bundle-no-info-required-sections</c> says it. It states of the person nothing but
    /// that: "none known" is for a source to say.
    /// </summary>
    /// <param name="patient">Whose summary.</param>
    /// <param name="type"><c>AllergyIntolerance</c>, <c>Condition</c> or <c>MedicationStatement</c>.</param>
    /// <param name="code">What is absent.</param>
    public static AuthoredResource NoInformation(PatientKey patient, string type, AbsentCode code) => Of(patient, type, code.Code, writer =>
    {
        switch (type)
        {
            case "AllergyIntolerance":
                Concept(writer, "clinicalStatus", "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active");
                Concept(writer, "code", AbsentSystem, code.Code, code.Display);
                Subject(writer, "patient", patient);
                break;
            case "Condition":
                Concept(writer, "clinicalStatus", "http://terminology.hl7.org/CodeSystem/condition-clinical", "active");
                Concept(writer, "code", AbsentSystem, code.Code, code.Display);
                Subject(writer, "subject", patient);
                break;
            default:
                writer.WriteString("status", "unknown");
                Concept(writer, "medicationCodeableConcept", AbsentSystem, code.Code, code.Display);
                Subject(writer, "subject", patient);
                writer.WritePropertyName("effectivePeriod");
                writer.WriteRawValue(MandatoryElements.AbsentBecause("not-applicable"));
                break;
        }
    });

    /// <summary>The person, of whom no source has sent a Patient yet.</summary>
    public static AuthoredResource UnknownPatient(PatientKey patient) =>
        new($"Patient/{patient}", Json("Patient", patient.ToString(), _ => { }));

    /// <summary>This system, the author of the document.</summary>
    public static AuthoredResource System(PatientRecord record) => Of(record.Key, "Device", "author", writer =>
    {
        writer.WriteStartArray("deviceName");
        writer.WriteStartObject();
        writer.WriteString("name", "Wessex shared care record");
        writer.WriteString("type", "user-friendly-name");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartArray("version");
        writer.WriteStartObject();
        writer.WriteStartObject("type");
        writer.WriteString("text", "merge rules");
        writer.WriteEndObject();
        writer.WriteString("value", PatientRecord.MergeRules.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("url", record.Addresses.Merged);
    });

    /// <summary>A resource of ours, its id made as every merged id is: no source has an empty id.</summary>
    public static AuthoredResource Of(PatientKey patient, string type, string name, Action<Utf8JsonWriter> members)
    {
        var id = new MergedId(patient, new EntryKey("", type, name).Hash()).ToString();
        return new AuthoredResource($"{type}/{id}", Json(type, id, members));
    }

    /// <summary>Writes a CodeableConcept of one coding.</summary>
    public static void Concept(Utf8JsonWriter writer, string name, string system, string code, string? display = null)
    {
        writer.WriteStartObject(name);
        writer.WriteStartArray("coding");
        writer.WriteStartObject();
        writer.WriteString("system", system);
        writer.WriteString("code", code);
        if (display is not null)
            writer.WriteString("display", display);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Subject(Utf8JsonWriter writer, string name, PatientKey patient)
    {
        writer.WriteStartObject(name);
        writer.WriteString("reference", $"Patient/{patient}");
        writer.WriteEndObject();
    }

    private static byte[] Json(string type, string id, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType", type);
            writer.WriteString("id", id);
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
