using System.Net.Http.Headers;
using System.Text;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>Everything that a silo answers in one run: each body goes through the strict reading and the schema.</summary>
internal sealed class Served(HttpClient client, SchemaCheck schema, StrictCheck strict)
{
    /// <summary>Asks, and looks at the answer.</summary>
    public Task<byte[]> Get(string path) => Send(HttpMethod.Get, path, null);

    /// <summary>Pushes to a source, and looks at the answer.</summary>
    public Task<byte[]> Push(string source, byte[] body) => Send(HttpMethod.Post, $"sources/{source}/fhir", body);

    /// <summary>Asks in both of FHIR's formats, and looks at both answers.</summary>
    public async Task GetBoth(string path)
    {
        var json = await Get(path);
        var xml = await Send(HttpMethod.Get, path, null, "application/fhir+xml");
        strict.TakeBoth($"GET {path}", json, xml);
    }

    private async Task<byte[]> Send(HttpMethod method, string path, byte[]? body)
    {
        var answer = await Send(method, path, body, "application/fhir+json");
        var name = $"{method} {path}";
        await schema.Take(name, answer);
        strict.Take(name, answer);
        return answer;
    }

    private async Task<byte[]> Send(HttpMethod method, string path, byte[]? body, string format)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd(format);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") } };
        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == format, $"{method} {path}: {(int)response.StatusCode} {Encoding.UTF8.GetString(answer)}");
        return answer;
    }
}
