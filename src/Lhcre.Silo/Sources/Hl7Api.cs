using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>HL7 v2 over HTTP: <c>POST /sources/{source}/hl7v2</c>, one message, answered with its acknowledgement in the same media type.</summary>
internal sealed class Hl7Api(Hl7Door door, ILogger<Hl7Api> logger)
{
    // HAPI's "HL7 over HTTP" calls the first one so; the others are what engines send.
    private static readonly string[] Media = ["x-application/hl7-v2+er7", "application/hl7-v2+er7", "application/hl7-v2", "text/plain"];

    /// <summary>
    /// 200 AA, 422 AE, 400 AR; 429 and 503 with Retry-After where it is to be sent again. What is no message at all (415, 413) gets an
    /// OperationOutcome.
    /// </summary>
    public async Task Push(HttpContext http, SourceSystem source)
    {
        if (MediaOf(http.Request) is not { } media)
        {
            await Answers.Issue(http, IssueCodes.WrongHl7ContentType);
            return;
        }

        var (bytes, refusal) = await PushedBody.Whole(http.Request, http.RequestAborted);
        if (refusal is not null)
        {
            await Answers.Issue(http, refusal);
            return;
        }

        var answer = await door.Take(source, bytes, Callers.Of(http), Priority.Of(http.Request));
        if (answer.Code != Hl7Answer.Accepted)
            Hl7Log.Refused(logger, source.Id, http.Connection.RemoteIpAddress?.ToString() ?? "somebody", answer.Code, string.Join(' ', answer.Codes));
        if (answer.Again is { } again)
            Answers.RetryAfter(http, again);
        http.Response.StatusCode = answer switch
        {
            { Again: { } code } => code.Status,
            { Code: Hl7Answer.Accepted } => StatusCodes.Status200OK,
            { Code: Hl7Answer.Rejected } => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status422UnprocessableEntity,
        };
        http.Response.ContentType = media;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = answer.Bytes.Length;
        await http.Response.BodyWriter.WriteAsync(answer.Bytes, http.RequestAborted);
    }

    // Whatever charset it names: MSH-18 counts, since it travels with the message.
    private static string? MediaOf(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            return null;
        var given = request.ContentType?.Split(';', 2)[0].Trim();
        return Array.Find(Media, m => m.Equals(given, StringComparison.OrdinalIgnoreCase));
    }
}
