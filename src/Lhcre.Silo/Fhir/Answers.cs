using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>Writes FHIR answers: bytes that are ready, with their ETag, and issues where there is nothing to show.</summary>
internal static class Answers
{
    // Kestrel takes what is flushed at once in one piece: small stretches cost a hand-over between threads each, large ones memory for
    // every client that reads slowly.
    private const int Stretch = 512 * 1024;

    /// <summary>Issues, with the status of the first error.</summary>
    public static Task Issues(HttpContext http, params IReadOnlyList<Issue> issues)
    {
        var worst = issues.FirstOrDefault(i => i.Code.Severity == IssueSeverity.Error) ?? issues[0];
        return Bytes(http, worst.Code.Status, OperationOutcome.Bytes(issues));
    }

    /// <summary>One issue of one kind.</summary>
    public static Task Issue(HttpContext http, IssueCode code, string? diagnostics = null) => Issues(http, new Issue(code, diagnostics));

    /// <summary>Tells when to try again: at once is of no use.</summary>
    public static void RetryAfter(HttpContext http, IssueCode code) => http.Response.Headers.RetryAfter = code == IssueCodes.JournalUnavailable ? "5" : "1";

    /// <summary>A body that is ready.</summary>
    public static async Task Bytes(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType(http);
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>One resource, with its own version as ETag (FHIR http.html#versioning).</summary>
    public static Task Resource(HttpContext http, ReadAnswer answer)
    {
        var etag = string.Create(CultureInfo.InvariantCulture, $"W/\"{answer.Version}\"");
        if (IsNotModified(http, etag, answer.LastUpdated))
            return Task.CompletedTask;
        return Bytes(http, StatusCodes.Status200OK, answer.Resource);
    }

    /// <summary>A searchset of the entries.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answer">The entries.</param>
    /// <param name="self">The URL that was understood.</param>
    /// <param name="warnings">What was not understood: an entry of its own.</param>
    public static async Task Bundle(HttpContext http, ReadAnswer answer, string self, IReadOnlyList<Issue> warnings)
    {
        // Record version, merge rules, how the sources are configured, and whether it is confirmed: what the bytes depend on.
        var etag = string.Create(CultureInfo.InvariantCulture, $"W/\"{answer.Version}.{PatientRecord.MergeRules}.{answer.Sources:x}{(answer.IsUnconfirmed ? ".unconfirmed" : "")}\"");
        if (IsNotModified(http, etag, answer.LastUpdated))
            return;
        if (answer.IsUnconfirmed)
            warnings = [.. warnings, new Issue(IssueCodes.Unconfirmed)];
        byte[][] beside = warnings.Count == 0 ? answer.Beside : [.. answer.Beside, OperationOutcome.BundleEntry(warnings)];
        var head = new BundleHead(BundleHead.SearchSet, answer.Entries.Length, answer.LastUpdated, ("self", self));
        var bundle = new BundleWriter(head, answer.Entries, answer.EntryBytes, answer.Entries.Length, beside);
        http.Response.ContentType = ContentType(http);
        http.Response.ContentLength = bundle.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        // Once the answer has started, its bytes are written where they are sent from; before, they would be copied there.
        await http.Response.StartAsync(http.RequestAborted);
        var body = http.Response.BodyWriter;
        await bundle.Write(body, Stretch, Flush);

        async ValueTask Flush()
        {
            var result = await body.FlushAsync(http.RequestAborted);
            if (result.IsCompleted || result.IsCanceled)
                throw new OperationCanceledException("The client has gone.");
        }
    }

    private static bool IsNotModified(HttpContext http, string etag, DateTimeOffset? lastUpdated)
    {
        http.Response.Headers.ETag = etag;
        if (lastUpdated is { } at)
            http.Response.Headers.LastModified = at.ToString("R", CultureInfo.InvariantCulture);
        // Clinical content: every use asks again whether it is current.
        http.Response.Headers.CacheControl = "no-cache, private";
        http.Response.Headers.Vary = "Accept, Accept-Encoding";
        foreach (var value in http.Request.Headers.IfNoneMatch)
        {
            if (value is not null && value.Split(',').Any(v => v.Trim() is "*" || v.Trim().AsSpan().SequenceEqual(etag) || v.Trim().AsSpan().SequenceEqual(etag.AsSpan(2))))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return true;
            }
        }

        return false;
    }

    private static string ContentType(HttpContext http)
    {
        var accept = http.Request.Headers.Accept.ToString();
        return accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("fhir+json", StringComparison.OrdinalIgnoreCase)
            ? "application/json; charset=utf-8"
            : "application/fhir+json; charset=utf-8";
    }
}
