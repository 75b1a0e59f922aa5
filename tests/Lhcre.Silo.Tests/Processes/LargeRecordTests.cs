using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Lhcre.Processes;
using Lhcre.Silo.Tests.Http;
using Xunit.Abstractions;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Processes;

/// <summary>A record of 50 MB under many clients that read slowly: the process answers all of them, and does not grow with their number.</summary>
public sealed class LargeRecordTests(ITestOutputHelper log) : IDisposable
{
    private const int Clients = 64;
    private const int Letters = 50;
    private const int LetterBytes = 750 * 1024; // a megabyte each in base64

    // A stretch of half a megabyte in each connection, the sockets' own buffers, and room for the collector.
    private const long MostGrowth = 400L * 1024 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-large-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Fifty_megabytes_under_64_connections_are_answered_in_bounded_memory()
    {
        var nhs = FreshNhsNumber();
        await using var silo = await SiloProcess.Serve(_folder.FullName);
        await Push(silo, Collection(Patient("large", nhs)));
        for (var n = 0; n < Letters; n += 10)
            await Push(silo, Collection([.. Enumerable.Range(n, 10).Select(Letter)]));
        var id = JsonNode.Parse(await silo.Client.GetStringAsync($"fhir/Patient?identifier={nhs}"))!["entry"]![0]!["resource"]!["id"]!.GetValue<string>();
        var everything = new Uri($"{silo.Url}/fhir/Patient/{id}/$everything");
        var (expected, length) = await Read(silo.Client, everything, slowly: false);
        var before = silo.PeakMemory();

        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients }) { Timeout = TimeSpan.FromMinutes(5) };
        var clock = Stopwatch.StartNew();
        var read = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Read(http, everything, slowly: true)));
        var after = silo.PeakMemory();

        log.WriteLine($"{Clients} clients of {length / 1048576.0:0.0} MiB in {clock.Elapsed.TotalSeconds:0.0} s; peak memory {before / 1048576} MiB before, {after / 1048576} MiB after");
        Assert.True(length > 50_000_000, $"the record has {length} bytes only");
        Assert.All(read, r => Assert.Equal((expected, length), r));
        Assert.True(after - before < MostGrowth, $"memory grew by {(after - before) / 1048576} MiB");
        Assert.True(await silo.IsReady());
    }

    private static async Task Push(SiloProcess silo, string json)
    {
        using var pushed = await silo.Client.PostAsync("sources/dorset/fhir", TestSilo.Fhir(json));
        Assert.True(pushed.IsSuccessStatusCode, $"{pushed.StatusCode}");
    }

    private static string Letter(int number) => $$$"""
        {"resourceType":"DocumentReference","id":"letter-{{{number}}}","status":"current","subject":{"reference":"Patient/large"},
         "content":[{"attachment":{"contentType":"application/pdf","data":"{{{Convert.ToBase64String(Bytes(number))}}}"}}]}
        """;

    private static byte[] Bytes(int seed)
    {
        var bytes = new byte[LetterBytes];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task<(string Hash, long Length)> Read(HttpClient http, Uri url, bool slowly)
    {
        using var answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, length, rests) = (new byte[256 * 1024], 0L, 0);
        for (int got; (got = await body.ReadAsync(buffer)) > 0;)
        {
            hash.AppendData(buffer.AsSpan(0, got));
            length += got;
            // Long enough that all of them wait for something at the same time.
            if (slowly && length > (rests + 1) * 8_000_000L)
            {
                rests++;
                await Task.Delay(200);
            }
        }

        return (Convert.ToHexString(hash.GetHashAndReset()), length);
    }
}
