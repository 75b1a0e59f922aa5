using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lhcre.Silo.Tests.Http;

namespace Lhcre.Silo.Tests.Imports;

/// <summary>Imports over HTTP, as an adapter team sends them.</summary>
internal static class ImportHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>NDJSON of lines.</summary>
    public static byte[] Lines(params IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    /// <summary>POSTs a body.</summary>
    public static async Task<Answer> Import(this HttpClient client, string source, byte[] body, string? name = null, string media = "application/fhir+ndjson", bool isPacked = false)
    {
        using var content = new ByteArrayContent(isPacked ? Packed(body) : body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(media);
        if (isPacked)
            content.Headers.ContentEncoding.Add("gzip");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"sources/{source}/$import") { Content = content };
        if (name is not null)
            request.Headers.Add("X-Request-Id", name);
        using var response = await client.SendAsync(request);
        return new Answer(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsStringAsync());
    }

    /// <summary>POSTs lines, and returns the path where the import is told of.</summary>
    public static async Task<string> Accepted(this HttpClient client, string source, params IEnumerable<string> lines)
    {
        var answer = await client.Import(source, Lines(lines));
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return answer.ContentHeaders.ContentLocation!.ToString();
    }

    /// <summary>How an import stands.</summary>
    public static async Task<JsonNode> Standing(this HttpClient client, string path) => JsonNode.Parse(await client.GetStringAsync(path.TrimStart('/')))!;

    /// <summary>Waits until it is done, or in another state.</summary>
    public static async Task<JsonNode> Until(this HttpClient client, string path, string state = "done")
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var standing = await client.Standing(path);
            if (standing["state"]!.GetValue<string>() == state)
                return standing;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    /// <summary>Carries lines out, and tells what became of them: applied, unchanged, parked, refused.</summary>
    public static async Task<(int Applied, int Unchanged, int Parked, int Refused)> Carried(this HttpClient client, string source, params IEnumerable<string> lines) =>
        Counts(await client.Until(await client.Accepted(source, lines)));

    public static (int Applied, int Unchanged, int Parked, int Refused) Counts(JsonNode standing)
    {
        return (Of("applied"), Of("unchanged"), Of("parked"), Of("refused"));

        int Of(string name) => standing["resources"]![name]!.GetValue<int>();
    }

    /// <summary>Line, entry and code of each refusal on the page.</summary>
    public static IEnumerable<string> Refusals(JsonNode standing) =>
        standing["refused"]!.AsArray().Select(r => $"{r!["line"]}{(r["entry"] is { } entry ? $".{entry}" : "")} {r["code"]}");

    public static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(body);
        return packed.ToArray();
    }
}
