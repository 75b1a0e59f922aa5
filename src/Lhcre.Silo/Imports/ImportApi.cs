using System.Globalization;
using Lhcre.Grains.Feeds;
using Lhcre.Grains.Imports;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Microsoft.AspNetCore.Http.Features;

namespace Lhcre.Silo.Imports;

/// <summary>Bulk: <c>POST /sources/{source}/$import</c>, and what becomes of it.</summary>
internal sealed class ImportApi(
    IImportJournal imports, ImportReception reception, ImportRounds rounds, SourceFeeds feeds, TimeProvider clock, ILogger<ImportApi> logger)
{
    private const int DefaultCount = 100;
    private const int MostCount = 1000;

    /// <summary>
    /// Takes an NDJSON body in: 202 with <c>Content-Location</c> once all of it is on disk. The same <c>X-Request-Id</c> again gets the same import.
    /// </summary>
    public async Task Post(HttpContext http, SourceSystem source)
    {
        feeds.Heard(source.Id);
        if (!IsNdjson(http.Request, out var isPacked))
        {
            await Answers.Issue(http, IssueCodes.NotNdjson);
            return;
        }

        // Ours is the limit, and it is of what is unpacked.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        var name = http.Request.Headers["X-Request-Id"] is [{ Length: > 0 } given] ? given : null;
        switch (await reception.Receive(source.Id, name, http.Request.Body, isPacked, http.RequestAborted))
        {
            case ReceivedBody.Refused(var code):
                if (code.Status == StatusCodes.Status429TooManyRequests)
                    Answers.RetryAfter(http, code);
                await Answers.Issue(http, code);
                return;
            case ReceivedBody.Accepted(var id) when await imports.Find(source.Id, id, CancellationToken.None) is { } import:
                ImportLog.Accepted(logger, import.Id, import.Source, import.Lines, import.Bytes);
                rounds.Wake();
                http.Response.Headers.ContentLocation = ImportAnswers.Path(import);
                await ImportAnswers.Send(http, StatusCodes.Status202Accepted, writer => ImportAnswers.Write(writer, import, clock.GetUtcNow()));
                return;
            default:
                await Answers.Issue(http, IssueCodes.UnknownImport);
                return;
        }
    }

    /// <summary>How far an import is, and which of its lines were refused: a page of them, <c>_count</c> 1 to 1000, default 100.</summary>
    public async Task Get(HttpContext http, SourceSystem source, string id)
    {
        if (await Count(http) is not { } count)
            return;
        if (await imports.Find(source.Id, id, http.RequestAborted) is not { } import)
        {
            await Answers.Issue(http, IssueCodes.UnknownImport);
            return;
        }

        var refused = await imports.Refused(id, ImportAnswers.Place(http.Request.Query["after"]), count, http.RequestAborted);
        var codes = await imports.RefusedCodes(id, http.RequestAborted);
        await ImportAnswers.Send(http, StatusCodes.Status200OK, writer => ImportAnswers.Write(writer, import, clock.GetUtcNow(), codes, refused, count));
    }

    /// <summary>The imports of a source, the latest first.</summary>
    public async Task List(HttpContext http, SourceSystem source)
    {
        if (await Count(http) is not { } count)
            return;
        var page = await imports.List(source.Id, http.Request.Query["after"] is [{ } after] ? after : null, count, http.RequestAborted);
        await ImportAnswers.Send(http, StatusCodes.Status200OK, writer => ImportAnswers.Write(writer, source.Id, page, clock.GetUtcNow(), count));
    }

    /// <summary>Cancels: what was carried out stays, the rest is gone. What has ended stays as it is. Answers how the import stands then.</summary>
    public async Task Cancel(HttpContext http, SourceSystem source, string id)
    {
        await imports.Cancel(source.Id, id, clock.GetUtcNow(), CancellationToken.None);
        if (await imports.Find(source.Id, id, CancellationToken.None) is { } import)
            await ImportAnswers.Send(http, StatusCodes.Status200OK, writer => ImportAnswers.Write(writer, import, clock.GetUtcNow()));
        else
            await Answers.Issue(http, IssueCodes.UnknownImport);
    }

    // Null where it was refused.
    private static async Task<int?> Count(HttpContext http)
    {
        if (Wanted.Of(http).Written.Kind != MediaKind.Json)
        {
            // It is no FHIR, and has no other form.
            await Answers.Issue(http, IssueCodes.NotAcceptable);
            return null;
        }

        var count = DefaultCount;
        if (http.Request.Query["_count"] is not [{ } text] || (int.TryParse(text, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MostCount))
            return count;
        await Answers.Issue(http, IssueCodes.InvalidSearchValue, $"_count is 1 to {MostCount}.");
        return null;
    }

    private static bool IsNdjson(HttpRequest request, out bool isPacked)
    {
        isPacked = request.Headers.ContentEncoding is [{ } coding] && coding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (!isPacked && request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            return false;
        var parts = request.ContentType?.Split(';', StringSplitOptions.TrimEntries) ?? [];
        return parts is [var media, .. var parameters]
            && media.ToLowerInvariant() is "application/fhir+ndjson" or "application/ndjson" or "application/x-ndjson"
            && parameters.All(p => !p.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
                || p["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
