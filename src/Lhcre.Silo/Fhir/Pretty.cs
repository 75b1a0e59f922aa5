using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>Lays JSON out for people (<c>_pretty=true</c>): the same values to the last digit, a line for each.</summary>
internal static class Pretty
{
    /// <summary>Most bytes that are laid out: what is larger nobody reads line by line.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private static readonly JsonWriterOptions Lines = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Limits.JsonDepth };

    /// <summary>The same, laid out.</summary>
    public static ReadOnlyMemory<byte> Write(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
        using var target = new MemoryStream(json.Length * 2);
        using (var writer = new Utf8JsonWriter(target, Lines))
            document.RootElement.WriteTo(writer);
        return target.GetBuffer().AsMemory(0, (int)target.Length);
    }
}
