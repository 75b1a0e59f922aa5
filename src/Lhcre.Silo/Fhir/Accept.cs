namespace Lhcre.Silo.Fhir;

/// <summary>Whether a client takes what is written here: FHIR R4 JSON.</summary>
internal static class Accept
{
    private static readonly string[] Json = ["application/fhir+json", "application/json", "application/*", "*/*", "text/json", "json"];

    /// <summary>By <c>_format</c> where it is given, which outranks the header (FHIR http.html#parameters); else by <c>Accept</c>.</summary>
    public static bool TakesJson(HttpRequest request)
    {
        if (request.Query["_format"] is [{ Length: > 0 } format])
            return IsJson(format);
        var accept = request.Headers.Accept;
        return accept.Count == 0 || accept.Any(header => string.IsNullOrWhiteSpace(header) || header.Split(',').Any(IsJson));
    }

    // In a URL the plus of fhir+json arrives as a space.
    private static bool IsJson(string media)
    {
        var name = media.Split(';')[0].Trim().Replace(' ', '+');
        return Json.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
