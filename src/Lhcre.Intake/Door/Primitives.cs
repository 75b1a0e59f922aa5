using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Hl7.Fhir.Model;

namespace Lhcre.Intake.Door;

/// <summary>
/// Whether a text is a value of a primitive, in UTF-8 without escapes. First by a look at its bytes, which is right about what it accepts
/// and knows nothing of what it does not; then by the FHIR library's own check of that one value.
/// </summary>
internal static class Primitives
{
    /// <summary>The longest string: 1 MiB of characters. FHIR R4, datatypes: "Note that strings SHALL NOT exceed 1MB in size".</summary>
    private const int StringCharacters = 1024 * 1024;

    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);

    /// <summary>Whether <paramref name="text"/> is a value of <paramref name="element"/>, which is a primitive that is sent as a text.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text, Element element) =>
        element.Kind == ElementKind.BoundCode ? element.Codes!.Find(text) is not null
        : IsSurely(text, element.Kind) || IsByLibrary(Encoding.UTF8.GetString(text), element.Kind);

    /// <summary>Whether a look at the bytes shows that it is one. False says nothing.</summary>
    public static bool IsSurely(ReadOnlySpan<byte> text, ElementKind kind) => kind switch
    {
        ElementKind.String => text.Length is > 0 and <= StringCharacters,
        ElementKind.Code => IsPlainCode(text),
        ElementKind.Id => text.Length is > 0 and <= 64 && !text.ContainsAnyExcept(IdBytes),
        ElementKind.Uri or ElementKind.Url => UriText.IsPlain(text),
        ElementKind.Date => DateText.IsDate(text),
        ElementKind.DateTime => DateText.IsDate(text) || DateText.IsInstant(text),
        ElementKind.Instant => DateText.IsInstant(text),
        ElementKind.Time => DateText.IsTime(text),
        ElementKind.Base64Binary => Base64.IsValid(text),
        ElementKind.Xhtml => PlainNarrative.Is(text),
        _ => false,
    };

    // No white space but single blanks inside; beyond ASCII the library knows what is white.
    private static bool IsPlainCode(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
            return !text.IsEmpty;
        return !text.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E) && text[0] != ' ' && text[^1] != ' ' && text.IndexOf("  "u8) < 0;
    }

    /// <summary>Whether the library says that it is one.</summary>
    public static bool IsByLibrary(string text, ElementKind kind) => kind switch
    {
        ElementKind.String => FhirString.IsValidValue(text),
        ElementKind.Code => Code.IsValidValue(text),
        ElementKind.Id => Id.IsValidValue(text),
        ElementKind.Uri => FhirUri.IsValidValue(text),
        ElementKind.Url => FhirUrl.IsValidValue(text),
        ElementKind.Oid => Oid.IsValidValue(text),
        ElementKind.Uuid => Uuid.IsValidValue(text),
        ElementKind.Date => Date.IsValidValue(text),
        ElementKind.DateTime => FhirDateTime.IsValidValue(text),
        ElementKind.Instant => Instant.IsValidValue(text),
        ElementKind.Time => Time.IsValidValue(text),
        ElementKind.Base64Binary => Base64Binary.IsValidValue(text),
        ElementKind.Xhtml => !NarrativeDepth.IsExceededBy(text) && XHtml.IsValidNarrativeXhtml(text, out _, out _),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It is not sent as a text."),
    };
}
