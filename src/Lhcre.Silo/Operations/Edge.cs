using System.Diagnostics;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;

namespace Lhcre.Silo.Operations;

/// <summary>
/// The outermost step of every request: gives it an id, and turns whatever went wrong into a coded answer. The one place where any
/// exception is caught, since an answer must go out whatever happened.
/// </summary>
internal static class Edge
{
    private const string RequestId = "X-Request-Id";

    /// <summary>Puts the edge before everything else.</summary>
    public static void UseEdge(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        var negotiation = app.Services.GetRequiredService<Negotiation>();
        app.Use((http, next) =>
        {
            http.Features.Set(negotiation);
            return Run(http, next, readiness);
        });
    }

    private static async Task Run(HttpContext http, RequestDelegate next, Readiness readiness)
    {
        http.Response.Headers[RequestId] = RequestIdOf(http);
        // Who comes again over this connection would find it closed in a moment.
        if (readiness.IsDraining)
            http.Response.Headers.Connection = "close";
        try
        {
            await next(http);
            if (HttpMethods.IsOptions(http.Request.Method) && http.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed })
                Browsers.TellMethods(http);
            if (http.Response is { HasStarted: false, ContentLength: null, StatusCode: 404 or 405 or 415 })
                await Answers.Issue(http, NothingServed(http));
        }
        catch (OperationCanceledException failure) when (failure is ClientGoneException || http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is listening any more.
        }
        catch (BadHttpRequestException failure)
        {
            await Answer(http, failure.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => IssueCodes.BodyTooLarge,
                StatusCodes.Status415UnsupportedMediaType => IssueCodes.WrongContentType,
                _ => IssueCodes.BadRequest,
            });
        }
        catch (Exception failure) when (failure is TimeoutException or LimitExceededException)
        {
            // A grain that is far behind, or has so many calls waiting that it takes no more. Whether a push that waited will still be taken in
            // is not known; under its id it may be sent again.
            await AnswerLater(http, IssueCodes.Busy);
        }
        catch (RecordMovingException)
        {
            await AnswerLater(http, IssueCodes.RecordMoving);
        }
        catch (Exception failure)
        {
            var logger = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Lhcre.Edge");
            if (JournalUnavailableException.In(failure) is { } unavailable)
            {
                if (!unavailable.IsBusy)
                    EdgeLog.JournalUnavailable(logger, unavailable.Message);
                await AnswerLater(http, unavailable.IsBusy ? IssueCodes.Busy : IssueCodes.JournalUnavailable);
                return;
            }

            // An exception's text may quote what was sent; its type and place never do.
            var place = new StackTrace(failure, fNeedFileInfo: false).GetFrame(0)?.GetMethod();
            EdgeLog.RequestFailed(logger, RequestIdOf(http), Route(http), failure.GetType().Name, $"{place?.DeclaringType?.FullName}.{place?.Name}");
            await Answer(http, IssueCodes.InternalError);
        }
    }

    private static Task AnswerLater(HttpContext http, IssueCode code)
    {
        if (!http.Response.HasStarted)
            Answers.RetryAfter(http, code);
        return Answer(http, code);
    }

    private static Task Answer(HttpContext http, IssueCode code)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.Headers.ETag = default;
            http.Response.Headers.LastModified = default;
            http.Response.Headers.ContentEncoding = default;
            return Answers.Issue(http, code);
        }

        // Half an answer must not look like a whole one.
        http.Abort();
        return Task.CompletedTask;
    }

    private static IssueCode NothingServed(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status405MethodNotAllowed when http.Request.Path.StartsWithSegments("/fhir") && !IsReading(http.Request.Method) => IssueCodes.MergedIsReadOnly,
        StatusCodes.Status405MethodNotAllowed => IssueCodes.MethodNotAllowed,
        StatusCodes.Status415UnsupportedMediaType => IssueCodes.WrongContentType,
        _ => IssueCodes.UnknownPath,
    };

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static string RequestIdOf(HttpContext http)
    {
        var given = http.Request.Headers[RequestId].ToString();
        return given.Length is > 0 and <= 128 && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') ? given : http.TraceIdentifier;
    }

    private static string Route(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
}
