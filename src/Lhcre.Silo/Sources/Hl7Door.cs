using System.Diagnostics;
using Lhcre.Contracts;
using Lhcre.Grains.Feeds;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Intake.V2;
using Lhcre.Intake.V2.Mapping;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Sources;

/// <summary>
/// Where every HL7 v2 message comes in, over MLLP or HTTP: read, mapped, and from there on a push like any other. It is answered once what it says
/// is on disk; what is refused is kept as a letter, so that nothing is lost where nobody reads acknowledgements.
/// </summary>
internal sealed class Hl7Door(
    SourcePush pushes, IJournal journal, SourceFeeds feeds, Addresses addresses, ServeOptions options, LivePushes live, Arrivals arrivals, TimeProvider clock, ILogger<Hl7Door> logger) : IDisposable
{
    // A message becomes several times its size on its way into a record: of those from this size on one is taken in at a time.
    private const int Large = 4 * 1024 * 1024;

    private readonly SemaphoreSlim _large = new(1);

    /// <summary>Takes a message in. Whatever goes wrong is an answer. Whole is whole: it is carried through although its sender may have gone.</summary>
    /// <param name="source">Whose it is.</param>
    /// <param name="bytes">The message; must not change any more.</param>
    /// <param name="caller">Who sends it.</param>
    /// <param name="lane">Whether somebody waits for it.</param>
    public async Task<Hl7Answer> Take(SourceSystem source, ReadOnlyMemory<byte> bytes, Caller caller, Lane lane)
    {
        var arrival = feeds.Heard(source.Id);
        using var underWay = lane == Lane.Live ? live.Begin() : null;
        if (bytes.Length < Large)
            return await Answer(Hl7Arrival.Read(source, bytes, arrival), caller, lane);
        await _large.WaitAsync();
        try
        {
            return await Answer(Hl7Arrival.Read(source, bytes, arrival), caller, lane);
        }
        finally
        {
            _large.Release();
        }
    }

    /// <summary>Answers a message that is longer than any may be. It is the one refusal without a letter: there is only the head of it.</summary>
    /// <param name="source">Whose it is.</param>
    /// <param name="head">What there is of it.</param>
    public Hl7Answer TooLong(SourceSystem source, ReadOnlyMemory<byte> head)
    {
        var arrival = Hl7Arrival.Read(source, head, feeds.Heard(source.Id));
        return Counted(Write(arrival, Hl7Answer.Rejected, [new Issue(IssueCodes.BodyTooLarge)]), PushCounts.Refused(source.Id), arrival);
    }

    /// <summary>Answers a message that could not be held for want of room: it is to be sent again.</summary>
    /// <inheritdoc cref="TooLong"/>
    public Hl7Answer NoRoom(SourceSystem source, ReadOnlyMemory<byte> head)
    {
        var arrival = Hl7Arrival.Read(source, head, feeds.Heard(source.Id));
        return Counted(NotNow(arrival, IssueCodes.Busy), PushCounts.Unwritten(source.Id), arrival);
    }

    /// <inheritdoc/>
    public void Dispose() => _large.Dispose();

    // An edge, as Operations.Edge is one for HTTP: a sender must get its answer, and the next message its turn, whatever happened.
    private async Task<Hl7Answer> Answer(Hl7Arrival arrival, Caller caller, Lane lane)
    {
        try
        {
            return await TakeIn(arrival, caller, lane);
        }
        catch (Exception failure) when (Passing(failure) is { } passing)
        {
            return Counted(NotNow(arrival, passing), PushCounts.Unwritten(arrival.Source.Id), arrival);
        }
        catch (Exception failure)
        {
            // An exception's text may quote what was sent; its type and place never do.
            var place = new StackTrace(failure, fNeedFileInfo: false).GetFrame(0)?.GetMethod();
            Hl7Log.Failed(logger, arrival.Source.Id, failure.GetType().Name, $"{place?.DeclaringType?.FullName}.{place?.Name}");
        }

        try
        {
            return await RefusedWhole(arrival, Hl7Answer.Failed, [new Issue(IssueCodes.InternalError)]);
        }
        catch (JournalUnavailableException)
        {
            return Counted(NotNow(arrival, IssueCodes.JournalUnavailable), PushCounts.Unwritten(arrival.Source.Id), arrival);
        }
    }

    private async Task<Hl7Answer> TakeIn(Hl7Arrival arrival, Caller caller, Lane lane)
    {
        var now = clock.GetUtcNow();
        if (await journal.FindAnswer(arrival.Push, now - Limits.PushIdMemory, CancellationToken.None) is { } kept)
            return Counted(new Hl7Answer(Hl7Answer.Accepted, kept.Body.ToArray(), []), PushCounts.Repeated(arrival.Source.Id), arrival);
        if (arrival.Message is not { } message)
            return await RefusedWhole(arrival, Hl7Answer.Rejected, [arrival.Fault!]);
        if (Objection(arrival.Source, message) is { } objection)
            return await RefusedWhole(arrival, Hl7Answer.Rejected, [objection]);
        var mapped = await live.Read(lane, () => Hl7Mapping.Map(message, arrival.Source.Id), CancellationToken.None);
        if (mapped.Bundle is null || mapped.Issues.Any(IsError))
            return await RefusedWhole(arrival, mapped.IsRejected ? Hl7Answer.Rejected : Hl7Answer.Failed, mapped.Issues);
        var received = UnexpectedTypes.Told(
            await live.Read(
                lane,
                () => FhirIntake.Read(mapped.Bundle, new Interaction("POST", null, null), arrival.Source.Id, addresses.Source(arrival.Source.Id), arrival.Source.Trust),
                CancellationToken.None),
            arrival.Source);
        if (received.IsRefused)
            return await RefusedWhole(arrival, Hl7Answer.Failed, [.. received.Issues, .. received.Entries.SelectMany(e => e.Issues)]);

        // A release that reads more of the same bytes makes another push of them: under the first one's id the rest would pass for known.
        var push = PushId.Of(arrival.Source.Id, $"{arrival.Push.Hash.Bits:x} read as {ContentHash.Of(mapped.Bundle).Bits:x}");
        var report = await pushes.Take(received, arrival.Source.Id, push, caller, lane, CancellationToken.None);
        if (report.IsApplied)
            feeds.Applied(arrival.Source.Id, arrival.At, report.Recorded);
        feeds.Count(PushCounts.Of(arrival.Source.Id, received, report), arrival.At);
        Issue[] issues = [.. mapped.Issues, .. report.Issues, .. report.Entries.SelectMany(PushAnswers.Issues).Distinct()];
        if (report.Unwritten is { } unwritten)
            return NotNow(arrival, unwritten);
        if (lane == Lane.Live)
            arrivals.Of(message, received);
        if (issues.Any(IsError))
            return await Refused(arrival, Hl7Answer.Failed, issues);
        var answer = Write(arrival, Hl7Answer.Accepted, issues);
        await journal.KeepAnswer(arrival.Push, new KeptAnswer(StatusCodes.Status200OK, now, null, answer.Bytes), now - Limits.PushIdMemory, CancellationToken.None);
        return answer;
    }

    /// <summary>What no mapping need look at: whose message it is, and for what. Null where there is nothing against it.</summary>
    public Issue? Objection(SourceSystem source, Hl7Message message)
    {
        if (options.MllpFacilities.TryGetValue(source.Id, out var own) && !own.Contains(message.Header[4].Value ?? ""))
            return new Issue(IssueCodes.OtherFacility, null, "MSH-4");
        // HL7 table 0103. What is sent for training or debugging is made up, and must not stand in a person's record.
        if (!options.IsDevelopment && message.ProcessingId is not ("P" or ""))
            return new Issue(IssueCodes.Hl7ProcessingId, null, "MSH-11");
        return message.Version is { Length: > 0 } version && !version.StartsWith("2.", StringComparison.Ordinal) ? new Issue(IssueCodes.Hl7Version, null, "MSH-12") : null;
    }

    // Once it is kept: what could not be is to be sent again, and counted as that.
    private async Task<Hl7Answer> RefusedWhole(Hl7Arrival arrival, string code, IReadOnlyList<Issue> issues) =>
        Counted(await Refused(arrival, code, issues), PushCounts.Refused(arrival.Source.Id), arrival);

    private Hl7Answer Counted(Hl7Answer answer, SourceCounts counts, Hl7Arrival arrival)
    {
        feeds.Count(counts, arrival.At);
        return answer;
    }

    private async Task<Hl7Answer> Refused(Hl7Arrival arrival, string code, IReadOnlyList<Issue> issues)
    {
        var answer = Write(arrival, code, issues);
        if (!arrival.Bytes.IsEmpty)
            await journal.Refuse([arrival.Letter(issues.First(IsError).Code)], CancellationToken.None);
        return answer;
    }

    private Hl7Answer NotNow(Hl7Arrival arrival, IssueCode why) => Write(arrival, Hl7Answer.Failed, [new Issue(why)]) with { Again = why };

    private Hl7Answer Write(Hl7Arrival arrival, string code, IReadOnlyList<Issue> issues)
    {
        // Most receivers take the mere presence of an ERR for trouble: what is said for completeness is left out.
        var told = issues.Where(i => i.Code.Severity != IssueSeverity.Information).ToList();
        var ack = Hl7Ack.Write(arrival.Header, code, arrival.AckId, clock.GetUtcNow(), told);
        return new Hl7Answer(code, ack, code == Hl7Answer.Accepted ? [] : [.. told.Where(IsError).Select(i => i.Code.Code).Distinct()]);
    }

    private static IssueCode? Passing(Exception failure) => failure switch
    {
        TimeoutException or LimitExceededException => IssueCodes.Busy,
        RecordMovingException => IssueCodes.RecordMoving,
        _ => JournalUnavailableException.In(failure) is { } unavailable ? (unavailable.IsBusy ? IssueCodes.Busy : IssueCodes.JournalUnavailable) : null,
    };

    private static bool IsError(Issue issue) => issue.Code.Severity == IssueSeverity.Error;
}
