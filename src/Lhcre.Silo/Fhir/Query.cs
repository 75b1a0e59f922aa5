using System.Text;
using System.Text.Json;
using Lhcre.Record;
using Microsoft.Extensions.Primitives;

namespace Lhcre.Silo.Fhir;

/// <summary>The parameters of a search, from the URL or from the form of a <c>POST _search</c>, and what was understood of them.</summary>
internal sealed record Query(IReadOnlyList<KeyValuePair<string, StringValues>> Parameters)
{
    /// <summary>Reads them; both places count, as FHIR has it.</summary>
    public static async Task<Query> Of(HttpContext http)
    {
        var parameters = http.Request.Query.ToList();
        if (!HttpMethods.IsPost(http.Request.Method))
            return new Query(parameters);
        if (http.Request.HasFormContentType)
            parameters.AddRange(await http.Request.ReadFormAsync(http.RequestAborted));
        else if (http.Request.ContentLength is null or > 0)
            parameters.AddRange(await FromParameters(http));
        return new Query(parameters);
    }

    // The Parameters resource with which an operation may be called (FHIR operations.html): each part by its name and value.
    private static async Task<List<KeyValuePair<string, StringValues>>> FromParameters(HttpContext http)
    {
        var found = new List<KeyValuePair<string, StringValues>>();
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("parameter", out var list) || list.ValueKind != JsonValueKind.Array)
                return found;
            foreach (var part in list.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object))
            {
                var value = part.EnumerateObject().FirstOrDefault(m => m.Name.StartsWith("value", StringComparison.Ordinal)).Value;
                if (part.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
                    found.Add(new(name.GetString()!, value.ValueKind == JsonValueKind.Undefined ? "" : value.ToString()));
            }

            return found;
        }
        catch (JsonException)
        {
            throw new BadHttpRequestException("The parameters are not JSON.");
        }
    }

    /// <summary>The names, as sent.</summary>
    public IEnumerable<string> Names => Parameters.Select(p => p.Key);

    /// <summary>The one value of a parameter; null where there is none. Several are not one.</summary>
    public string? Single(string name)
    {
        string[] values = [.. Parameters.Where(p => p.Key == name).SelectMany(p => p.Value).OfType<string>()];
        return values is [var only] ? only : null;
    }

    /// <summary>The URL of what was understood: the client's own query, less what is not known here.</summary>
    public string Self(string path, IReadOnlyList<SearchParameter> known)
    {
        var self = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, values) in Parameters)
        {
            if (known.All(p => p.Name != name))
                continue;
            foreach (var value in values)
            {
                self.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value ?? ""));
                separator = '&';
            }
        }

        return self.ToString();
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
}
