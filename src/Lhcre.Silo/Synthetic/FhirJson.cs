using System.Buffers;
using System.Text.Json;

namespace Lhcre.Silo.Synthetic;

/// <summary>Writes the FHIR data types that synthetic resources are made of; every member has its name first, an item of a list has none.</summary>
internal sealed class FhirJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly SourceVoice _voice;

    public FhirJson(SourceVoice voice)
    {
        _voice = voice;
        Json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = voice.Encoder, Indented = voice.Indented, NewLine = "\n" });
    }

    public Utf8JsonWriter Json { get; }

    public byte[] Finish()
    {
        Json.Flush();
        return _bytes.WrittenSpan.ToArray();
    }

    public void Dispose() => Json.Dispose();

    public void Text(string name, string? value)
    {
        if (value is not null)
            Json.WriteString(name, value);
    }

    public void Date(string name, DateTimeOffset when, DatePrecision precision) =>
        Json.WriteString(name, UkTime.Text(when, precision, _voice.Zulu));

    /// <summary>A list of one object.</summary>
    public void OneObject(string name, Action content)
    {
        Json.WriteStartArray(name);
        Json.WriteStartObject();
        content();
        Json.WriteEndObject();
        Json.WriteEndArray();
    }

    public void Object(string name, Action content)
    {
        Json.WriteStartObject(name);
        content();
        Json.WriteEndObject();
    }

    /// <summary>A CodeableConcept; the second coding only where this source sends several.</summary>
    public void Concept(string name, Concept concept) => Object(name, () => ConceptMembers(concept));

    public void ConceptList(string name, Concept concept) => OneObject(name, () => ConceptMembers(concept));

    /// <summary>A CodeableConcept with a code of one of HL7's own systems, which needs no words.</summary>
    public void Hl7Concept(string name, string system, string code) =>
        Object(name, () => CodingList("http://terminology.hl7.org/CodeSystem/" + system, code));

    public void Hl7ConceptList(string name, string system, string code) =>
        OneObject(name, () => CodingList("http://terminology.hl7.org/CodeSystem/" + system, code));

    public void Reference(string name, string? reference)
    {
        if (reference is not null)
            Object(name, () => Json.WriteString("reference", reference));
    }

    public void ReferenceList(string name, IEnumerable<string> references)
    {
        var any = false;
        foreach (var reference in references)
        {
            if (!any)
                Json.WriteStartArray(name);
            any = true;
            Json.WriteStartObject();
            Json.WriteString("reference", reference);
            Json.WriteEndObject();
        }

        if (any)
            Json.WriteEndArray();
    }

    public void Identifier(string system, string value) => OneObject("identifier", () => IdentifierMembers(system, value));

    public void IdentifierMembers(string system, string value)
    {
        Json.WriteString("system", system);
        Json.WriteString("value", value);
    }

    /// <summary>A Quantity in UCUM.</summary>
    public void Quantity(string name, decimal value, string unit, string code) => Object(name, () =>
    {
        Json.WriteNumber("value", value);
        Json.WriteString("unit", unit);
        Json.WriteString("system", "http://unitsofmeasure.org");
        Json.WriteString("code", code);
    });

    private void ConceptMembers(Concept concept)
    {
        Json.WriteStartArray("coding");
        for (var coding = concept; coding is not null; coding = _voice.SendsSeveralCodings ? coding.Also : null)
        {
            Json.WriteStartObject();
            Json.WriteString("system", coding.System);
            Json.WriteString("code", coding.Code);
            Json.WriteString("display", coding.Display);
            Json.WriteEndObject();
        }

        Json.WriteEndArray();
        Json.WriteString("text", concept.Display);
    }

    private void CodingList(string system, string code) => OneObject("coding", () =>
    {
        Json.WriteString("system", system);
        Json.WriteString("code", code);
    });
}
