using System.Net.Http.Headers;
using System.Text;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>Everything that a silo answers in one run: each body goes through the strict reading and the schema.</summary>
internal sealed class Served(HttpClient client, SchemaCheck schema, StrictCheck strict)
{
    /// <summary>Asks, and looks at the answer.</summary>
    public Task<byte[]> Get(string path) => Send(HttpMethod.Get, path);

    /// <summary>Pushes to a source, and looks at the answer.</summary>
    public Task<byte[]> Push(string source, byte[] body) => Send(HttpMethod.Post, $"sources/{source}/fhir", body);

    private async Task<byte[]> Send(HttpMethod method, string path, byte[]? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") } };
        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        var name = $"{method} {path}";
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/fhir+json", $"{name}: {(int)response.StatusCode} {Encoding.UTF8.GetString(answer)}");
        await schema.Take(name, answer);
        strict.Take(name, answer);
        return answer;
    }
}
