using Lhcre.Grains.Feeds;
using Lhcre.Record;
using Lhcre.Silo.Fhir;

namespace Lhcre.Silo.Sources;

/// <summary>A source's feed as a whole: that it is there though it has nothing to push, and how it stands.</summary>
internal sealed class FeedApi(SourceFeeds feeds, TimeProvider clock)
{
    /// <summary>
    /// <c>POST /sources/{source}/$heartbeat</c>: the source is there. With <c>watermark</c>, an instant, in a Parameters resource or in the URL: it has sent everything
    /// up to then. Answers as <see cref="Status"/>.
    /// </summary>
    public async Task Heartbeat(HttpContext http, SourceSystem source)
    {
        var query = await Query.Of(http);
        // A misspelt watermark, or one in a body that is sent as a form, would make the source late without a word.
        if (query.Names.FirstOrDefault(name => name is not ("watermark" or "_format" or "_pretty")) is { } unknown)
        {
            await Answers.Issue(http, IssueCodes.SearchParameterRefused, $"The one parameter is watermark, in the URL or in a Parameters resource sent as application/fhir+json; not {unknown}");
            return;
        }

        string[] given = [.. query.Parameters.Where(p => p.Key == "watermark").Select(p => p.Value)];
        var (watermark, refusal) = given.Length == 0 ? (null, null) : Watermark(given);
        if (refusal is not null)
        {
            await Answers.Issues(http, new Issue(IssueCodes.InvalidValue, refusal, "Parameters.parameter.where(name='watermark').value"));
            return;
        }

        feeds.Beat(source.Id, watermark);
        await Status(http, source);
    }

    /// <summary><c>GET /sources/{source}/$status</c>: as <c>/fhir/$source-status</c> of this source alone, and what was pushed through this silo since it started.</summary>
    public Task Status(HttpContext http, SourceSystem source)
    {
        http.Response.Headers.CacheControl = "no-cache, private";
        return Answers.Bytes(
            http, StatusCodes.Status200OK, StatusWriter.Write([.. feeds.Judge().All.Where(s => s.Source.Id == source.Id)], feeds.Total, feeds.SinceStart));
    }

    private (DateTimeOffset? Watermark, string? Refusal) Watermark(string[] given)
    {
        if (given.Length > 1)
            return (null, "There is more than one watermark.");
        if (!Instant.TryRead(given[0], out var watermark))
            return (null, $"No instant with its zone: {given[0]}");
        var now = clock.GetUtcNow();
        return watermark > now + Limits.ClockAhead
            ? (null, "The watermark is more than 24 hours ahead of our clock.")
            : (watermark < now ? watermark : now, null);
    }
}
