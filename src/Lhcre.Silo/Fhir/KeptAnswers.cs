using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Feeds;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Fhir;

/// <summary>
/// Answers again what was answered before under the very same URL, of a record that is warm in this process and has not changed since: neither the
/// path nor the query is read again, and nothing of the record is looked at but its version.
/// </summary>
internal static class KeptAnswers
{
    /// <summary>Puts it before routing.</summary>
    public static void UseKeptAnswers(this WebApplication app)
    {
        var (negotiation, residents, feeds) =
            (app.Services.GetRequiredService<Negotiation>(), app.Services.GetRequiredService<Residents>(), app.Services.GetRequiredService<SourceFeeds>());
        var visitors = app.Services.GetRequiredService<Visitors>();
        app.Use((http, next) => Find(http, negotiation, residents, feeds, visitors) is { } answer ? Answers.Kept(http, answer) : next(http));
    }

    // What a request asks for conditionally, or under conditions of its own, is looked at as a whole.
    private static ReadAnswer? Find(HttpContext http, Negotiation negotiation, Residents residents, SourceFeeds feeds, Visitors visitors)
    {
        var headers = http.Request.Headers;
        if (!HttpMethods.IsGet(http.Request.Method) || !http.Request.Path.StartsWithSegments("/fhir")
            || headers.IfNoneMatch.Count > 0 || headers.IfModifiedSince.Count > 0 || headers["Prefer"].Count > 0)
            return null;
        var statuses = feeds.Current;
        if (Wanted.Read(http, negotiation, hasPage: false).ReadsKept(http)?.Present is not { } present || present.SourceStatus != statuses.Generation || !visitors.IsSettled(present.Person)
            || residents.Glance(present.Person, present.StillThat) is not { Status: ReadStatus.NotModified, IsRestricted: false } answer || answer.Sources != present.Sources)
            return null;
        SourceStatusApi.Tell(http, statuses);
        // Whoever counts requests by their route finds it.
        http.SetEndpoint(present.Endpoint);
        return answer;
    }
}
