using System.Text;
using System.Text.Json;
using Lhcre.Record;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Lhcre.Silo.Fhir;

/// <summary>The parameters of a search or an operation, from the URL, from the form of a <c>POST _search</c>, or from a Parameters resource.</summary>
internal sealed record Query(IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>Reads them; both places count, as FHIR has it.</summary>
    public static ValueTask<Query> Of(HttpContext http)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        Add(parameters, http.Request.Query);
        return HttpMethods.IsPost(http.Request.Method) ? WithBody(http, parameters) : new(new Query(parameters));
    }

    /// <summary>The names, as sent.</summary>
    public IEnumerable<string> Names => Parameters.Select(p => p.Key);

    /// <summary>The one value of a parameter; null where there is none. Several are not one.</summary>
    public string? Single(string name)
    {
        string? found = null;
        foreach (var (key, value) in Parameters)
        {
            if (key != name)
                continue;
            if (found is not null)
                return null;
            found = value;
        }

        return found;
    }

    /// <summary>The URL with these parameters.</summary>
    public static string Url(string path, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var url = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            url.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return url.ToString();
    }

    /// <summary>The id in <c>Patient/{id}</c>, an absolute URL of it below <paramref name="fhirBase"/>, or <c>{id}</c>; null for anything else.</summary>
    public static string? PatientId(string? reference, string fhirBase)
    {
        if (reference is null)
            return null;
        if (reference.StartsWith(fhirBase + "/", StringComparison.Ordinal))
            reference = reference[(fhirBase.Length + 1)..];
        var id = reference.StartsWith("Patient/", StringComparison.Ordinal) ? reference["Patient/".Length..] : reference;
        return EntryKey.IsValidId(id) ? id : null;
    }

    private static async ValueTask<Query> WithBody(HttpContext http, List<KeyValuePair<string, string>> parameters)
    {
        if (IsForm(http.Request))
            Add(parameters, await http.Request.ReadFormAsync(http.RequestAborted));
        else if (await HasBody(http))
            parameters.AddRange(IsSearch(http) ? throw new BadHttpRequestException("A search is posted as a form.", StatusCodes.Status415UnsupportedMediaType)
                : XmlParameters.Are(http.Request) ? await XmlParameters.Read(http.Request, http.RequestAborted)
                : await FromParameters(http));
        return new Query(parameters);
    }

    /// <summary>Whether the body says that it is the form of a search (FHIR http.html#search).</summary>
    public static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static bool IsSearch(HttpContext http) => http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && pattern.EndsWith("/_search", StringComparison.Ordinal);

    // Looked at, and left there: how long it is need not be told beforehand.
    private static async ValueTask<bool> HasBody(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        var start = (await reader.ReadAsync(http.RequestAborted)).Buffer;
        var isThere = !start.IsEmpty;
        reader.AdvanceTo(start.Start);
        return isThere;
    }

    private static void Add(List<KeyValuePair<string, string>> parameters, IEnumerable<KeyValuePair<string, StringValues>> given)
    {
        foreach (var (name, values) in given)
        {
            foreach (var value in values)
                parameters.Add(new(name, value ?? ""));
        }
    }

    // The Parameters resource with which an operation may be called (FHIR operations.html): each part by its name and value.
    private static async Task<List<KeyValuePair<string, string>>> FromParameters(HttpContext http)
    {
        var found = new List<KeyValuePair<string, string>>();
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("resourceType", out var type)
                || type.ValueKind != JsonValueKind.String || !type.ValueEquals("Parameters"))
            {
                throw new BadHttpRequestException("The body is no Parameters resource.");
            }

            if (!body.RootElement.TryGetProperty("parameter", out var list))
                return found;
            if (list.ValueKind != JsonValueKind.Array)
                throw new BadHttpRequestException("The parameters are no list.");
            foreach (var part in list.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object))
            {
                var value = part.EnumerateObject().FirstOrDefault(m => m.Name.StartsWith("value", StringComparison.Ordinal)).Value;
                if (part.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
                    found.Add(new(name.GetString()!, Text(value)));
            }

            return found;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second one where half of a surrogate pair stands in a text.
            throw new BadHttpRequestException("The parameters are not JSON.");
        }
    }

    // An Identifier as a search writes it; everything else is a primitive value.
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "",
        JsonValueKind.Object when value.TryGetProperty("value", out var text) =>
            Token(value.TryGetProperty("system", out var system) ? system.ToString() : null, text.ToString()),
        _ => value.ToString(),
    };

    /// <summary>An identifier as the value of a search parameter.</summary>
    internal static string Token(string? system, string value) => system is null ? Escaped(value) : $"{Escaped(system)}|{Escaped(value)}";

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);
}
