using System.Text;
using System.Text.Json;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// A FHIR element on its way into JSON, its members in the order in which they were set. What says nothing is left out: FHIR allows no empty value, object or
/// list, and most fields of a message are empty.
/// </summary>
internal sealed class Element
{
    private readonly List<(string Name, object Value)> _members = [];

    /// <summary>Whether nothing has been set.</summary>
    public bool IsEmpty => _members.Count == 0;

    /// <summary>A reference; null where neither is given.</summary>
    /// <param name="reference">Such as <c>Patient/1</c>; null for one in words only.</param>
    /// <param name="display">For people; null for none.</param>
    public static Element? Reference(string? reference, string? display = null) =>
        new Element().Set("reference", reference).Set("display", display).OrNull();

    /// <summary>A Coding; null where there is no code and no display.</summary>
    public static Element? Coding(string? system, string? code, string? display = null) =>
        CodeOf(code) is null && TextOf(display) is null ? null : new Element().Set("system", system).Code("code", code).Set("display", display);

    /// <summary>A CodeableConcept of one Coding and no text; null where there is no coding.</summary>
    public static Element? Concept(Element? coding) => new Element().Add("coding", coding).OrNull();

    /// <summary>This, or null where nothing has been set.</summary>
    public Element? OrNull() => IsEmpty ? null : this;

    /// <summary>Sets a text, without the white space around it and without control characters, which no FHIR string has.</summary>
    public Element Set(string name, string? text) => Put(name, TextOf(text));

    /// <summary>Sets a code: white space inside it is one space (FHIR R4, datatype code).</summary>
    public Element Code(string name, string? code) => Put(name, CodeOf(code));

    /// <summary>Sets a truth value.</summary>
    public Element Set(string name, bool? value) => Put(name, value);

    /// <summary>Sets a number by its digits, which are kept as they are (FHIR R4, datatype decimal: the precision is significant).</summary>
    /// <param name="name">The member.</param>
    /// <param name="literal">As <see cref="DataTypes.Decimal"/> makes it; null for none.</param>
    public Element Number(string name, string? literal) => Put(name, literal is null ? null : new Literal(literal));

    /// <summary>Sets a value that writes itself: one too long to be made a text of.</summary>
    public Element Set(string name, Action<Utf8JsonWriter> write) => Put(name, write);

    /// <summary>Sets an element.</summary>
    public Element Set(string name, Element? value) => Put(name, value?.OrNull());

    /// <summary>Adds one more to a list.</summary>
    public Element Add(string name, Element? item) => Append(name, item?.OrNull());

    /// <summary>Adds several to a list.</summary>
    public Element Add(string name, IEnumerable<Element?> items)
    {
        foreach (var item in items)
            Add(name, item);
        return this;
    }

    /// <summary>Adds one more text to a list.</summary>
    public Element Add(string name, string? text) => Append(name, TextOf(text));

    /// <summary>Adds an extension whose value is <paramref name="value"/>; nothing where that is null.</summary>
    /// <param name="url">The extension.</param>
    /// <param name="member">Such as <c>valueCodeableConcept</c>.</param>
    /// <param name="value">What it says.</param>
    public Element Extend(string url, string member, Element? value) =>
        value is null || value.IsEmpty ? this : Add("extension", new Element().Set("url", url).Set(member, value));

    /// <inheritdoc cref="Extend(string, string, Element)"/>
    public Element Extend(string url, string member, string? value) =>
        TextOf(value) is null ? this : Add("extension", new Element().Set("url", url).Set(member, value));

    /// <summary>Writes it.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in _members)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case Literal number:
                writer.WriteRawValue(number.Digits);
                break;
            case Action<Utf8JsonWriter> write:
                write(writer);
                break;
            case Element element:
                element.WriteTo(writer);
                break;
            case List<object> items:
                writer.WriteStartArray();
                foreach (var item in items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
        }
    }

    private Element Put(string name, object? value)
    {
        if (value is null)
            return this;
        var at = _members.FindIndex(m => m.Name == name);
        if (at >= 0)
            _members[at] = (name, value);
        else
            _members.Add((name, value));
        return this;
    }

    private Element Append(string name, object? item)
    {
        if (item is null)
            return this;
        var at = _members.FindIndex(m => m.Name == name);
        if (at >= 0)
            ((List<object>)_members[at].Value).Add(item);
        else
            _members.Add((name, new List<object> { item }));
        return this;
    }

    private static string? CodeOf(string? code) =>
        TextOf(code) is { } text ? string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : null;

    private static string? TextOf(string? text)
    {
        if (text is null)
            return null;
        if (text.AsSpan().IndexOfAny(Unwritable) < 0 && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return text.Trim() is { Length: > 0 } trimmed ? trimmed : null;
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t' || !Rune.IsControl(rune))
                kept.Append(rune.ToString());
        }

        return kept.ToString().Trim() is { Length: > 0 } clean ? clean : null;
    }

    private static readonly System.Buffers.SearchValues<char> Unwritable = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(c => c is not ('\n' or '\r' or '\t')).Concat(Enumerable.Range(127, 33)).Select(c => (char)c)]);

    private sealed record Literal(string Digits);
}
