using Lhcre.Grains.Feeds;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>How the sources' feeds stand, beside every answer of the merged record and on its own.</summary>
internal static class SourceStatusApi
{
    /// <summary><c>GET /fhir/$source-status</c>: a Parameters resource, see <see cref="StatusWriter"/>.</summary>
    public static Task Answer(HttpContext http, SourceFeeds feeds)
    {
        http.Response.Headers.CacheControl = "no-cache, private";
        return Answers.Bytes(http, StatusCodes.Status200OK, feeds.Judge().Parameters(feeds.Total));
    }

    /// <summary>How they stand for this request: the same as long as it lasts. None where the merged record is not what is read.</summary>
    public static SourceStatuses Of(HttpContext http) => http.Features.Get<SourceStatuses>() ?? SourceStatuses.None;

    /// <summary>Every answer of these routes tells in a header of sources that are not fresh; where all are, there is none.</summary>
    public static void TellSourceStatus(this IEndpointConventionBuilder routes, SourceFeeds feeds) => routes.Add(endpoint =>
    {
        if (endpoint.RequestDelegate is not { } answer)
            return;
        endpoint.RequestDelegate = http =>
        {
            Tell(http, feeds.Current);
            return answer(http);
        };
    });

    /// <summary>The answer is about a restricted person: which sources are not fresh is not told with it.</summary>
    public static void Unname(HttpContext http)
    {
        var statuses = Of(http);
        if (!ReferenceEquals(statuses, statuses.Unnamed))
            Tell(http, statuses.Unnamed);
    }

    /// <summary>Notes for a request how they stand, and tells it in the header.</summary>
    public static void Tell(HttpContext http, SourceStatuses statuses)
    {
        http.Features.Set(statuses);
        if (statuses.Header is { } header)
            http.Response.Headers[SourceStatuses.HeaderName] = header;
    }
}
