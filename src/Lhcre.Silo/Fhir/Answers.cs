using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>Writes FHIR answers: bytes that are ready, with their ETag, and issues where there is nothing to show.</summary>
internal static class Answers
{
    // What fits into one packet anyway gains little by being compressed.
    private const int LeastCompressed = 512;

    // From so many bytes on, an answer is written where it is sent from.
    private const int LeastStarted = 4096;

    // Whether an origin is let in stands in each answer, where any is.
    private const string Varies = "Accept, Accept-Encoding, Origin, Prefer";

    // A change is stamped before it is in the journal: within this time, another one of the same second may still come into sight.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    /// <summary>Issues, with the status of the first error.</summary>
    public static Task Issues(HttpContext http, params IReadOnlyList<Issue> issues)
    {
        var worst = issues.FirstOrDefault(i => i.Code.Severity == IssueSeverity.Error) ?? issues[0];
        // What is not there may be there in a moment.
        (http.Response.Headers.CacheControl, http.Response.Headers.Vary) = ("no-store", Varies);
        return Bytes(http, worst.Code.Status, OperationOutcome.Bytes(issues));
    }

    /// <summary>One issue of one kind.</summary>
    public static Task Issue(HttpContext http, IssueCode code, string? diagnostics = null) => Issues(http, new Issue(code, diagnostics));

    /// <summary>Tells when to try again: at once is of no use.</summary>
    public static void RetryAfter(HttpContext http, IssueCode code) => http.Response.Headers.RetryAfter = code == IssueCodes.JournalUnavailable ? "5" : "1";

    /// <summary>A body that is ready.</summary>
    public static Task Bytes(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        return Send(http, Body.Of(body), null, null);
    }

    /// <summary>A body of clinical content that is made for one instant, and has no tag to ask again by: nobody keeps it.</summary>
    public static Task Unkept(HttpContext http, ReadOnlyMemory<byte> body)
    {
        (http.Response.Headers.CacheControl, http.Response.Headers.Vary) = ("no-store, private", Varies);
        return Bytes(http, StatusCodes.Status200OK, body);
    }

    /// <summary>A page for people.</summary>
    /// <param name="http">The request.</param>
    /// <param name="page">HTML.</param>
    /// <param name="policy">What the page may load (Content-Security-Policy).</param>
    public static async Task Page(HttpContext http, ReadOnlyMemory<byte> page, string policy)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store, private";
        http.Response.Headers.Vary = Varies;
        http.Response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.BodyWriter.WriteAsync(page, http.RequestAborted);
    }

    /// <summary>A body that is the same for everybody as long as this process runs.</summary>
    /// <param name="http">The request.</param>
    /// <param name="body">The body.</param>
    /// <param name="version">What stands for its content in its entity tag.</param>
    public static Task Common(HttpContext http, ReadOnlyMemory<byte> body, string version)
    {
        var wanted = Wanted.Of(http);
        var tag = $"W/\"{version}{wanted.Written.TagSuffix}\"";
        Describe(http, tag, null);
        if (IsReading(http) && EntityTag.Matches(http.Request.Headers.IfNoneMatch, tag))
            return NotModified(http);
        wanted.ReadsCommon(http);
        return wanted.Kept is { } kept && kept.Tag == tag ? SendKept(http, kept) : Send(http, Body.Of(body), tag, null);
    }

    /// <summary>One resource, with its own version as ETag (FHIR http.html#versioning).</summary>
    public static Task Resource(HttpContext http, ReadAnswer answer)
    {
        Describe(http, TagOf(http, answer, isBundle: false), LastModified(http, answer, isBundle: false));
        return IsHeld(http, answer, isBundle: false) ? NotModified(http)
            : Bytes(http, StatusCodes.Status200OK, Wanted.Of(http).Part?.Resource(answer.Resource) ?? answer.Resource);
    }

    /// <summary>A Bundle of the entries.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answer">The entries, or the first part of them.</param>
    /// <param name="shape">What stands around them.</param>
    /// <param name="warnings">What was not understood: an entry of its own.</param>
    public static Task Bundle(HttpContext http, ReadAnswer answer, BundleShape shape, IReadOnlyList<Issue> warnings)
    {
        var sources = SourceStatusApi.Of(http);
        if (!sources.Errors.IsEmpty && Prefer.IsStrict(http.Request))
            return Issues(http, sources.Errors);
        var tag = TagOf(http, answer, isBundle: true);
        Describe(http, tag, LastModified(http, answer, isBundle: true));
        if (IsHeld(http, answer, isBundle: true))
            return NotModified(http);
        if (answer.Status == ReadStatus.NotModified)
            return SendKept(http, Wanted.Of(http).Kept!);
        if (answer.IsUnconfirmed)
            warnings = [.. warnings, new Issue(IssueCodes.Unconfirmed)];
        if (answer.IsRebuilt)
            warnings = [.. warnings, new Issue(IssueCodes.Rebuilt)];
        // RFC 7234 section 5.5.7: a warning that lasts.
        if (shape.Type == BundleHead.History && warnings.Count > 0)
            http.Response.Headers.Append("Warning", string.Join(", ", warnings.Select(w => $"299 - \"{w.Code.Code}\"").Distinct()));
        return Wanted.Of(http).Part is { } part
            ? Cut()
            : Send(http, Body.Of(shape.Around(answer, sources, warnings)), tag, answer);

        async Task Cut() => await Send(http, Body.Of(shape.Around(await shape.Cut(answer, part, http.RequestAborted), sources, warnings)), tag, answer);
    }

    /// <summary>What is kept of the answer that is asked for, and still is the answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answer">The present version: that of what is kept.</param>
    public static Task Kept(HttpContext http, ReadAnswer answer)
    {
        var kept = Wanted.Of(http).Kept!;
        Describe(http, kept.Tag, LastModified(http, answer, isBundle: true));
        return SendKept(http, kept);
    }

    /// <summary>Whether nothing of the record is needed to answer: the client holds the answer, or it is kept in the form that is wanted.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answer">The present version, with what else the entity tag depends on; its entries are not looked at.</param>
    /// <param name="isBundle">Whether a Bundle is asked for.</param>
    public static bool IsSettled(HttpContext http, ReadAnswer answer, bool isBundle) =>
        IsHeld(http, answer, isBundle) || Wanted.Of(http).Kept?.Tag == TagOf(http, answer, isBundle);

    private static string TagOf(HttpContext http, ReadAnswer answer, bool isBundle)
    {
        var wanted = Wanted.Of(http);
        return isBundle ? EntityTag.OfBundle(answer, wanted.Person, SourceStatusApi.Of(http).Generation, wanted.Written) : EntityTag.OfResource(answer, wanted.Written);
    }

    // Whether the client holds the answer. Of a Bundle, the tag says whether the record was confirmed; of a resource, nothing does.
    private static bool IsHeld(HttpContext http, ReadAnswer answer, bool isBundle)
    {
        if (!IsReading(http) || (!isBundle && answer.IsUnconfirmed))
            return false;
        var request = http.Request.Headers;
        if (request.IfNoneMatch.Count > 0)
            return EntityTag.Matches(request.IfNoneMatch, TagOf(http, answer, isBundle));
        // A date that is not the very one that was told may lie behind a change that the client has not seen.
        return request.IfModifiedSince.Count > 0 && !answer.IsUnconfirmed && LastModified(http, answer, isBundle) is { } at && request.IfModifiedSince == at;
    }

    // Told only once no other change can have the same second; and of a Bundle no earlier than since when this process knows what it tells of the sources.
    private static string? LastModified(HttpContext http, ReadAnswer answer, bool isBundle)
    {
        var wanted = Wanted.Of(http);
        if (answer.LastUpdated is not { } at || !wanted.IsMerged)
            return null;
        // Of the same date there is what was shown before the person was restricted.
        if (answer.IsRestricted)
            return null;
        // What is told of the sources changes with the time, and has no date.
        if (isBundle && SourceStatusApi.Of(http).Outcome is not null)
            return null;
        if (isBundle && wanted.Negotiation.Began > at)
            at = wanted.Negotiation.Began;
        return wanted.Negotiation.Clock.GetUtcNow() - at > Settling ? at.ToString("R", CultureInfo.InvariantCulture) : null;
    }

    private static void Describe(HttpContext http, string tag, string? lastModified)
    {
        var headers = http.Response.Headers;
        headers.ETag = tag;
        if (lastModified is not null)
            headers.LastModified = lastModified;
        // Clinical content: every use asks again whether it is current.
        headers.CacheControl = "no-cache, private";
        headers.Vary = Varies;
    }

    // What is asked by POST is no representation that a condition could be about (RFC 9110 section 13.1.2).
    private static bool IsReading(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);

    private static Task NotModified(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    // Where the URL alone asks for it, and the record can be asked in no time whether it has changed.
    private static PresentAnswer? Present(HttpContext http, ReadAnswer? answer) =>
        answer is { IsUnconfirmed: false, IsRestricted: false } && Wanted.Of(http) is { IsOfUrl: true, Person: { } person } && http.Request.Headers["Prefer"].Count == 0
            ? new PresentAnswer(person, answer.Sources, SourceStatusApi.Of(http).Generation, new ReadRequest { KnownVersion = answer.Version }, http.GetEndpoint())
            : null;

    private static async Task SendKept(HttpContext http, KeptForm kept)
    {
        var wanted = Wanted.Of(http);
        http.Response.ContentType = wanted.Written.ContentType;
        if (wanted.Coding != ContentCoding.Identity)
            http.Response.Headers.ContentEncoding = wanted.Coding!.Name;
        http.Response.ContentLength = kept.Bytes.Length;
        // A connection that ends ends this too: its token would have to be made for each request.
        await http.Response.BodyWriter.WriteAsync(kept.Bytes);
    }

    private static async Task Send(HttpContext http, Body body, string? tag, ReadAnswer? answer)
    {
        var wanted = Wanted.Of(http);
        var response = http.Response;
        response.ContentType = wanted.Written.ContentType;
        if (wanted.Written.Kind == MediaKind.Xml)
        {
            var (xml, refusal) = await wanted.Negotiation.Xml.Write(body, http.RequestAborted);
            if (refusal is not null)
            {
                await NotAsXml(http, refusal);
                return;
            }

            body = Body.Of(xml);
        }
        else if (wanted.IsPretty && body.Length <= Pretty.MostBytes)
        {
            body = Body.Of(Pretty.Write(await body.Whole(http.RequestAborted)));
        }

        var coding = wanted.Coding is null || (wanted.TakesPlain && body.Length < LeastCompressed) ? ContentCoding.Identity : wanted.Coding;
        if (coding != ContentCoding.Identity)
            response.Headers.ContentEncoding = coding.Name;
        if (tag is not null && coding == wanted.Coding && wanted.Key is { } key && wanted.Negotiation.Forms.IsWorthKeeping(key, body.Length))
        {
            await SendKept(http, await wanted.Negotiation.Forms.Make(key, tag, answer?.Version ?? 0, Present(http, answer), () => body.Compressed(coding)));
            return;
        }

        if (coding == ContentCoding.Identity)
            response.ContentLength = body.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        // Once the answer has started, its bytes are written where they are sent from; before, they would be copied there.
        if (!(body.Length < LeastStarted))
            await response.StartAsync(http.RequestAborted);
        if (coding == ContentCoding.Identity)
            await body.Write(response.BodyWriter, http.RequestAborted);
        else
            await body.Through(coding.Fast, response.BodyWriter.AsStream(leaveOpen: true), http.RequestAborted);
    }

    // What is told of it is small, and known to be sound as XML.
    private static async Task NotAsXml(HttpContext http, Issue refusal)
    {
        http.Response.Headers.ETag = default;
        http.Response.Headers.LastModified = default;
        if (refusal.Code == IssueCodes.TooManyAsXml)
            RetryAfter(http, refusal.Code);
        var (xml, _) = FhirXml.Write(OperationOutcome.Bytes([refusal]));
        http.Response.StatusCode = refusal.Code.Status;
        http.Response.ContentLength = xml.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.BodyWriter.WriteAsync(xml, http.RequestAborted);
    }
}
