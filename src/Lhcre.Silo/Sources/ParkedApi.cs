using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;

namespace Lhcre.Silo.Sources;

/// <summary>What a source sent and could not be filed, for its operators: <c>/sources/{source}/parked</c>.</summary>
internal sealed class ParkedApi(IJournal journal)
{
    /// <summary>A page, oldest first, with how many there are by code.</summary>
    public async Task List(HttpContext http, SourceSystem source)
    {
        if (!await IsJson(http))
            return;
        var question = await ParkedQuestion.Of(http, source);
        if (question.Faults.Count > 0)
            await Answers.Issues(http, question.Faults);
        else
            await Json(http, StatusCodes.Status200OK, ParkedText.Page(question, await journal.Asides(question.Asked, http.RequestAborted)));
    }

    private static async Task<bool> IsJson(HttpContext http)
    {
        if (Wanted.Of(http).Written.Kind == MediaKind.Json)
            return true;
        // It is no FHIR, and has no other form.
        await Answers.Issue(http, IssueCodes.NotAcceptable);
        return false;
    }

    private static async Task Json(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store, private";
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
