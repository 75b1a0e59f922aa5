using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Feeds;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Sources;

/// <summary>Pushing: the writing half of each source's own FHIR base.</summary>
internal sealed class PushApi(
    SourcePush pushes, IJournal journal, SourceFeeds feeds, Addresses addresses, FreshPushId freshPushId, LivePushes live, Arrivals arrivals, TimeProvider clock)
{
    /// <summary>POST of a Bundle or a resource, PUT and DELETE of a resource.</summary>
    public async Task Push(HttpContext http, SourceSystem source, Interaction interaction)
    {
        var arrival = feeds.Heard(source.Id);
        try
        {
            var (answer, counts) = await Take(http, source, interaction, arrival);
            // Before its source knows: whoever asks next is told of it.
            feeds.Count(counts, arrival);
            await Send(http, answer);
        }
        catch (JournalUnavailableException)
        {
            feeds.Count(PushCounts.Unwritten(source.Id), arrival);
            throw;
        }
    }

    private async Task<(PushAnswerBody Answer, SourceCounts Counts)> Take(HttpContext http, SourceSystem source, Interaction interaction, DateTimeOffset arrival)
    {
        ReadOnlyMemory<byte> bytes = default;
        if (interaction.Method != "DELETE")
        {
            (bytes, var unread) = await PushedBody.Read(http.Request, http.RequestAborted);
            if (unread is not null)
                return Refuse(source, new Issue(unread));
        }

        var lane = Priority.Of(http.Request);
        using var underWay = lane == Lane.Live ? live.Begin() : null;
        var (types, refusal) = ExtentHeader.Read(http.Request, source);
        if (refusal is not null)
            return Refuse(source, refusal);
        var given = http.Request.Headers["X-Request-Id"].ToString();
        if (given.Length > 0 && await Repeated(Id(given), http.RequestAborted) is { } again)
            return Again(again);
        var received = UnexpectedTypes.Told(
            await live.Read(lane, () => FhirIntake.Read(bytes, interaction, source.Id, addresses.Source(source.Id), source.Trust), http.RequestAborted), source);
        if (given.Length == 0 && received.PushId is { } named && await Repeated(Id(named), http.RequestAborted) is { } known)
            return Again(known);
        if (received.IsRefused)
            return Refuse(source, [.. received.Entries.SelectMany(e => e.Issues), .. received.Issues]);
        if (types is not null && received.Bundle is null)
            return Refuse(source, new Issue(IssueCodes.ExtentOfOnePerson));

        var name = given.Length > 0 ? given : received.PushId;
        var push = name is null ? freshPushId() : Id(name);
        var extent = types is { } covered ? new SourceExtent(source.Id, received.Time, covered) : null;
        var report = await pushes.Take(received, source.Id, push, Callers.Of(http), lane, extent, http.RequestAborted);
        if (report.IsApplied)
            feeds.Applied(source.Id, arrival, report.Recorded);
        if (report.IsApplied && lane == Lane.Live)
            arrivals.Of(received);
        var answer = Answer(http, report, received, source);
        if (name is not null && report.IsAcknowledged && answer.Status < 300)
        {
            var now = clock.GetUtcNow();
            await journal.KeepAnswer(push, new KeptAnswer(answer.Status, now, answer.Location, answer.Body), now - Limits.PushIdMemory, CancellationToken.None);
        }

        if (report.Unwritten is { } unwritten)
            Answers.RetryAfter(http, unwritten);
        if (report.Extent is { } whole)
            http.Response.Headers[ExtentHeader.Name] = whole.Header;
        return (answer, PushCounts.Of(source.Id, received, report));

        // All that was said the first time, in the header too.
        (PushAnswerBody, SourceCounts) Again(PushAnswerBody kept)
        {
            if (types is not null && ExtentReport.HeaderOf(kept.Body) is { } whole)
                http.Response.Headers[ExtentHeader.Name] = whole;
            return (kept, PushCounts.Repeated(source.Id));
        }

        // With the method, the path and the bytes, since some gateways give all requests of one client one id, and some sources all their Bundles one
        // identifier: another push under a known name must not pass for it. And what is whole is not the same as what is not.
        PushId Id(string text) => PushId.Of(
            source.Id,
            $"{interaction.Method} {interaction.Type}/{interaction.Id} {text} {ContentHash.Of(bytes.Span).Bits:x}{(types is { } whole ? $" whole {string.Join(',', whole)}" : "")}");
    }

    private static (PushAnswerBody Answer, SourceCounts Counts) Refuse(SourceSystem source, params ImmutableArray<Issue> issues) =>
        (PushAnswers.Refused(issues), PushCounts.Refused(source.Id));

    private PushAnswerBody Answer(HttpContext http, PushReport report, Received received, SourceSystem source)
    {
        if (report.Issues.Any(i => i.Code.Severity == IssueSeverity.Error))
            return PushAnswers.Refused(report.Issues);
        return received.Bundle is { } kind
            ? PushAnswers.Bundle(report, kind)
            : PushAnswers.Resource(report.Entries[0], addresses.Source(source.Id), http.Request.Headers["Prefer"].ToString());
    }

    private async Task<PushAnswerBody?> Repeated(PushId push, CancellationToken cancellation) =>
        await journal.FindAnswer(push, clock.GetUtcNow() - Limits.PushIdMemory, cancellation) is { } kept ? new PushAnswerBody(kept.Status, kept.Location, kept.Body) : null;

    private static Task Send(HttpContext http, PushAnswerBody answer)
    {
        if (answer.Location is { } location)
            http.Response.Headers.Location = location;
        if (answer.Body.IsEmpty)
        {
            http.Response.StatusCode = answer.Status;
            return Task.CompletedTask;
        }

        return Answers.Bytes(http, answer.Status, answer.Body);
    }
}

/// <summary>Makes the id of a push whose source gave none.</summary>
internal delegate PushId FreshPushId();
