using System.Xml;
using System.Xml.Linq;
using Microsoft.Net.Http.Headers;

namespace Lhcre.Silo.Fhir;

/// <summary>
/// The Parameters resource with which an operation may be called, where it is sent as XML: clients that ask for XML send it too. Each part
/// by its name and value: a primitive one, or an Identifier as a search writes it.
/// </summary>
internal static class XmlParameters
{
    // Names, dates and types: nothing that is asked with is longer.
    private const int MostCharacters = 100_000;

    private static readonly XNamespace Fhir = "http://hl7.org/fhir";

    private static readonly XmlReaderSettings Settings = new()
    {
        Async = true,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MostCharacters,
    };

    /// <summary>Whether the body says that it is XML.</summary>
    public static bool Are(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && Media.All.Any(m => m.Kind == MediaKind.Xml && type.MediaType.Equals(m.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads them.</summary>
    /// <exception cref="BadHttpRequestException">The body is no well-formed XML, has a document type or more than 100,000 characters, or is another resource.</exception>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> Read(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            using var reader = XmlReader.Create(request.Body, Settings);
            var root = (await XDocument.LoadAsync(reader, LoadOptions.None, cancellation)).Root!;
            return root.Name != Fhir + "Parameters"
                ? throw new BadHttpRequestException("The body is no Parameters resource.")
                : [.. root.Elements(Fhir + "parameter").Where(p => Value(p, "name") is not null).Select(p => KeyValuePair.Create(Value(p, "name")!, ValueOf(p)))];
        }
        catch (XmlException)
        {
            throw new BadHttpRequestException("The parameters are not XML as it is taken here.");
        }
    }

    private static string ValueOf(XElement part)
    {
        var value = part.Elements().FirstOrDefault(e => e.Name.LocalName.StartsWith("value", StringComparison.Ordinal));
        return value is null ? "" : value.Attribute("value")?.Value ?? (Value(value, "value") is { } text ? Query.Token(Value(value, "system"), text) : "");
    }

    private static string? Value(XElement element, string name) => element.Element(Fhir + name)?.Attribute("value")?.Value;
}
