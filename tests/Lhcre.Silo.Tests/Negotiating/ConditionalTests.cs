using System.Net;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Negotiating;

/// <summary>What the client holds is not sent again, and nothing that it does not hold is withheld.</summary>
public sealed class ConditionalTests : IAsyncLifetime
{
    private static readonly string[] Asked = ["everything", "search", "read", "explain", "by identifier", "at the source", "all at the source", "metadata", "history", "history of one"];

    private readonly ShiftedTime _clock = new();
    private readonly string _nhs = FreshNhsNumber();
    private readonly TestSilo _silo;

    public ConditionalTests() => _silo = new TestSilo(
        async folder => await Grains.Journal.SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None), clock: _clock);

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    public static TheoryData<string> Paths => [.. Asked];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task By_its_tag(string what)
    {
        await PushPatient();
        var path = PathOf(what);
        var first = await _silo.Get(path);
        var tag = first.Headers.ETag!.ToString();

        foreach (var held in new[] { tag, tag[2..], $"\"other\", {tag}", "*" })
        {
            var again = await _silo.Get(path, ("If-None-Match", held));
            Assert.Equal((HttpStatusCode.NotModified, "", tag), (again.Status, again.Body, $"{again.Headers.ETag}"));
            // What a 304 must say besides (RFC 9110 section 15.4.5).
            Assert.Equal(("no-cache, private", "Accept, Accept-Encoding, Origin, Prefer"), (Cache(again), string.Join(", ", again.Headers.Vary)));
        }

        foreach (var held in new[] { "\"other\"", "W/\"0\"", $"\"9{tag[3..]}", "nonsense" })
            Assert.Equal((HttpStatusCode.OK, first.Body), (await _silo.Get(path, ("If-None-Match", held))) is var a ? (a.Status, a.Body) : default);
        var head = await _silo.Send(HttpMethod.Head, path, null, ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.NotModified, ""), (head.Status, head.Body));
        // A Bundle that is written otherwise is something else; a resource has its version for a tag, in whatever format.
        var xml = await _silo.Get(path, ("If-None-Match", tag), ("Accept", "application/fhir+xml"));
        var isVersion = what is "read" or "at the source";
        Assert.Equal(isVersion ? HttpStatusCode.NotModified : HttpStatusCode.OK, xml.Status);
        Assert.Equal(isVersion ? null : "application/fhir+xml", xml.ContentHeaders.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("search")]
    [InlineData("by identifier")]
    [InlineData("all at the source")]
    public async Task A_change_is_seen(string what)
    {
        await PushPatient();
        var tag = (await _silo.Get(PathOf(what))).Headers.ETag!.ToString();

        await _silo.Push("dorset", Collection(Patient("c-" + _nhs, _nhs, ",\"gender\":\"female\""), Observation("c2-" + _nhs, "Patient/c-" + _nhs)));

        var changed = await _silo.Get(PathOf(what), ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(tag, changed.Headers.ETag!.ToString());
    }

    [Theory]
    [InlineData("fhir/Patient/{1}/$everything")]
    [InlineData("fhir/{0}/_search")]
    public async Task A_POST_is_always_answered(string path)
    {
        await PushPatient();
        path = path.Replace("{1}", TestSilo.PatientId(_nhs), StringComparison.Ordinal).Replace("{0}", $"Observation", StringComparison.Ordinal);
        foreach (var header in new[] { ("If-None-Match", "*"), ("If-Modified-Since", "Sun, 06 Nov 2044 08:49:37 GMT") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            if (path.EndsWith("_search", StringComparison.Ordinal))
                request.Content = new FormUrlEncodedContent([new("patient", TestSilo.PatientId(_nhs))]);
            request.Headers.TryAddWithoutValidation(header.Item1, header.Item2);
            using var answer = await _silo.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("search")]
    [InlineData("read")]
    public async Task By_its_date_once_that_can_mean_one_version_only(string what)
    {
        await PushPatient();
        // What is told of a source that was never heard has no date.
        foreach (var source in (string[])["hampshire", "isle-of-wight"])
            await _silo.Push(source, Collection(Patient("other", FreshNhsNumber())));
        var path = PathOf(what);
        // Another change of this second may be on its way: there is no date yet that a client could come back with.
        Assert.Null((await _silo.Get(path)).ContentHeaders.LastModified);

        _clock.Shift(TimeSpan.FromMinutes(2));
        await Faults.FaultySilo.Until(async () => (await _silo.Get(path)) is { Headers.Warning.Count: 0, ContentHeaders.LastModified: not null });
        var told = (await _silo.Get(path)).ContentHeaders.LastModified!.Value.ToString("R");

        Assert.Equal(HttpStatusCode.NotModified, (await _silo.Get(path, ("If-Modified-Since", told))).Status);
        Assert.Equal(HttpStatusCode.NotModified, (await _silo.Send(HttpMethod.Head, path, null, ("If-Modified-Since", told))).Status);
        // A tag outranks it (RFC 9110 section 13.1.3), and a date that was never told proves nothing.
        Assert.Equal(HttpStatusCode.OK, (await _silo.Get(path, ("If-Modified-Since", told), ("If-None-Match", "\"other\""))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _silo.Get(path, ("If-Modified-Since", _clock.GetUtcNow().ToString("R")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _silo.Get(path, ("If-Modified-Since", "yesterday"))).Status);

        await _silo.Push("dorset", Collection(Patient("c-" + _nhs, _nhs, ",\"gender\":\"female\""), Observation("c2-" + _nhs, "Patient/c-" + _nhs)));
        Assert.Equal(HttpStatusCode.OK, (await _silo.Get(path, ("If-Modified-Since", told))).Status);
    }

    [Fact]
    public async Task Where_a_source_is_silent_a_date_proves_nothing()
    {
        await PushPatient();
        _clock.Shift(TimeSpan.FromMinutes(2));
        await Faults.FaultySilo.Until(async () => (await _silo.Get(PathOf("everything"))).Headers.Warning.Count == 0);

        // Two sources were never heard: that changes when they are, and has no date.
        var answer = await _silo.Get(PathOf("everything"), ("If-Modified-Since", _clock.GetUtcNow().ToString("R")));
        Assert.Equal((HttpStatusCode.OK, null), (answer.Status, answer.ContentHeaders.LastModified));
        Assert.NotNull((await _silo.Get(PathOf("read"))).ContentHeaders.LastModified);
    }

    [Theory]
    [InlineData("gzip", "application/fhir+json")]
    [InlineData("br", "application/json")]
    [InlineData("zstd", "application/fhir+json")]
    [InlineData("zstd", "application/fhir+xml")]
    [InlineData("identity", "application/fhir+xml")]
    [InlineData("identity", "application/fhir+json")]
    public async Task A_warm_answer_is_kept_in_its_form_and_is_the_present_one(string coding, string accept)
    {
        await PushPatient();
        var forms = _silo.Parts.GetRequiredService<Negotiation>().Forms;
        var before = forms.Bytes;
        var first = await Read(coding, accept);
        Assert.Equal(before, forms.Bytes);
        for (var i = 0; i < 3; i++)
            Assert.Equal(first, await Read(coding, accept));
        Assert.InRange(forms.Bytes, before + 1, before + 64 * 1024);

        await _silo.Push("dorset", Collection(Observation("new-" + _nhs, "Patient/c-" + _nhs)));
        var (bytes, tag) = await Read(coding, accept);
        Assert.Equal(await Read("identity", accept), (bytes, tag));
        Assert.NotEqual(first.Tag, tag);
        Assert.Contains("new-" + _nhs, bytes, StringComparison.Ordinal);
    }

    private async Task<(string Text, string Tag)> Read(string coding, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf("everything"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _silo.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, accept), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(coding == "identity" ? [] : [coding], answer.Content.Headers.ContentEncoding);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        return (System.Text.Encoding.UTF8.GetString(coding == "identity" ? bytes : ContentCodingTests.Plain(coding, bytes)), $"{answer.Headers.ETag}");
    }

    private static string Cache(Answer answer) => string.Join(", ", answer.Headers.CacheControl!.ToString().Split(',', StringSplitOptions.TrimEntries).Order());

    private Task<Answer> PushPatient() => _silo.Push("dorset", Collection(Patient("c-" + _nhs, _nhs), Observation("c-" + _nhs, "Patient/c-" + _nhs)));

    private string PathOf(string what)
    {
        var id = TestSilo.PatientId(_nhs);
        return what switch
        {
            "everything" => $"fhir/Patient/{id}/$everything",
            "search" => $"fhir/Observation?patient={id}",
            "read" => $"fhir/Patient/{id}",
            "explain" => $"fhir/Patient/{id}/$explain",
            "by identifier" => $"fhir/Patient?identifier={_nhs}",
            "at the source" => $"sources/dorset/fhir/Patient/c-{_nhs}",
            "all at the source" => $"sources/dorset/fhir/Patient/c-{_nhs}/$everything",
            "history" => $"fhir/_history?patient={id}",
            "history of one" => $"fhir/Patient/{id}/_history",
            _ => "fhir/metadata",
        };
    }
}
