namespace Lhcre.Silo.Fhir;

/// <summary>How an answer is written.</summary>
internal enum MediaKind
{
    /// <summary>FHIR as JSON: as it is kept.</summary>
    Json,

    /// <summary>FHIR as XML: made from the JSON for whoever wants it.</summary>
    Xml,

    /// <summary>A page for people: the summary alone has one.</summary>
    Html,
}

/// <summary>A media type in which answers are written, under the name that a client knows it by.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The media type.</param>
internal sealed record Media(MediaKind Kind, string Name)
{
    /// <summary>The name that FHIR gives its JSON: what an answer is unless something else is asked for.</summary>
    public static Media FhirJson { get; } = new(MediaKind.Json, "application/fhir+json");

    /// <summary>Every one, the preferred ones first.</summary>
    public static IReadOnlyList<Media> All { get; } =
    [
        FhirJson,
        new(MediaKind.Json, "application/json"),
        new(MediaKind.Json, "text/json"),
        new(MediaKind.Xml, "application/fhir+xml"),
        new(MediaKind.Xml, "application/xml"),
        new(MediaKind.Xml, "text/xml"),
        new(MediaKind.Html, "text/html"),
    ];

    /// <summary>The header's value.</summary>
    public string ContentType { get; } = $"{Name}; charset=utf-8";

    /// <summary>What it adds to an entity tag: nothing for JSON, whose versions are the record's.</summary>
    public string TagSuffix { get; } = Kind switch
    {
        MediaKind.Xml => ".xml",
        MediaKind.Html => ".html",
        _ => "",
    };
}
