using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>Answers reads of what a record said: as of a row or an instant, one version of a resource, a history.</summary>
/// <param name="records">The record as it was.</param>
/// <param name="present">Answers from the record as it is.</param>
/// <param name="key">Whose record.</param>
/// <param name="addresses">Where it is served.</param>
/// <param name="journal">Where its rows are.</param>
/// <param name="sources">The sources that are configured.</param>
internal sealed class PastReading(
    PastRecords records,
    Func<ReadRequest, CancellationToken, ValueTask<ReadAnswer>> present,
    PatientKey key,
    Addresses addresses,
    IJournal journal,
    SourceSystems sources)
{
    private static readonly ReadAnswer NoSuchVersion = new() { Status = ReadStatus.NoSuchVersion };

    /// <summary>Whether a request is one of these.</summary>
    public static bool Answers(ReadRequest request) =>
        request.AsOf is not null || request.VersionId is not null || request.Operation == ReadOperation.History;

    /// <summary>Whether what may have come since the record was last held against the journal can change the answer.</summary>
    public static bool MayBeBehind(ReadRequest request) => request.VersionId is null && request.AsOf?.Seq is null;

    /// <summary>Answers one.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="held">The record as it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="JournalUnavailableException">The record as it was is not at hand, and the journal cannot be read.</exception>
    public ValueTask<ReadAnswer> Read(ReadRequest request, HeldRecord held, CancellationToken cancellation)
    {
        // Times are shown to the millisecond: whoever asks for one that was shown means the row that was appended in the course of it.
        if (request.AsOf?.At is { } at)
            request = request with { AsOf = new RecordMoment(null, at.AddTicks(TimeSpan.TicksPerMillisecond - 1 - (at.Ticks % TimeSpan.TicksPerMillisecond))) };
        return request switch
        {
            { Operation: ReadOperation.History } => History(request, held, cancellation),
            { VersionId: { } version } => Version(request, version, held, cancellation),
            _ => AsOf(request, request.AsOf!, held, cancellation),
        };
    }

    private async ValueTask<ReadAnswer> AsOf(ReadRequest request, RecordMoment moment, HeldRecord held, CancellationToken cancellation)
    {
        var (plain, isOfRows) = (request with { AsOf = null }, IsOfRows(request));
        if (PastRecord.IsOf(held, moment, isOfRows))
        {
            var answer = await present(plain, cancellation);
            // By its number, a row is what it is now; at an instant it may have been shown otherwise.
            return moment.At is not null && held.IsOfOtherRules ? answer with { IsRebuilt = true } : answer;
        }

        if (await Find(moment, isOfRows, isWithBefore: false, held, cancellation) is not { } past)
            return NoSuchVersion;
        return await Of(past, moment, plain, IsRestricted(held), cancellation);
    }

    // FHIR http.html#vread: under the very id, and of the very version.
    private async ValueTask<ReadAnswer> Version(ReadRequest request, long version, HeldRecord held, CancellationToken cancellation)
    {
        var plain = request with { VersionId = null, AsOf = null };
        var now = await present(plain with { KnownVersion = null }, cancellation);
        if (Is(now, request.Id, version))
            return request.KnownVersion == version ? await present(plain, cancellation) : now;
        // What is derived, and no source's, leaves no trace where it has gone.
        if (version < 1 || (now.Status == ReadStatus.NotFound && request.Type is not ("DetectedIssue" or "Provenance")))
            return ReadAnswer.NotFound;
        var moment = new RecordMoment(version, null);
        if (await Find(moment, isOfRows: true, isWithBefore: true, held, cancellation) is not { } past)
            return ReadAnswer.NotFound;
        var then = await Of(past, moment, plain with { KnownVersion = null }, IsRestricted(held), cancellation);
        if (Is(then, request.Id, version))
            return then;
        var before = await HeldRecord.Answer(past.Before!, plain with { KnownVersion = null }, sources, journal, cancellation, IsRestricted(held));
        return IsShown(before, request.Id) && !IsShown(then, request.Id) ? ReadAnswer.Gone : ReadAnswer.NotFound;

        static bool IsShown(ReadAnswer answer, string? id) => answer.Status == ReadStatus.Found && answer.PresentId == id;
        static bool Is(ReadAnswer answer, string? id, long version) => IsShown(answer, id) && answer.Version == version;
    }

    private async ValueTask<ReadAnswer> History(ReadRequest request, HeldRecord held, CancellationToken cancellation)
    {
        var isNow = request.AsOf is not { } moment || PastRecord.IsOf(held, moment, isOfRows: false);
        if (isNow && request.KnownVersion == held.Version && held.Seq > 0)
            return new ReadAnswer { Status = ReadStatus.NotModified, Version = held.Version, LastUpdated = held.LastUpdated, Sources = sources.Stamp, IsRestricted = IsRestricted(held) };
        if (request.AsOf is { Seq: { } seq } && !await IsThere(seq, held, cancellation))
            return NoSuchVersion;
        MergedId? id = null;
        if (request.Source is not null)
            return ReadAnswer.NotFound;
        if (request.Id is not null)
        {
            if (request.Type is null || !MergedId.TryParse(request.Id, out var asked) || asked.Patient != key)
                return ReadAnswer.NotFound;
            id = asked;
        }

        var to = isNow ? new RecordMoment(held.Seq, null) : request.AsOf!;
        var answer = await Shown(request, new HistoryOf(to, request.Type, id, IsRestricted(held)), cancellation);
        // An id that never was an address of its own: that of a member, from the first. It answers with what it is a part of, as a read does.
        return answer.Status == ReadStatus.NotFound && id is not null
            && await present(new ReadRequest(null, request.Type, request.Id), cancellation) is { Status: ReadStatus.Found, PresentId: { } other }
            && MergedId.TryParse(other, out var presentId) && presentId != id
            ? await Shown(request, new HistoryOf(to, request.Type, presentId, IsRestricted(held)), cancellation)
            : answer;
    }

    private async ValueTask<ReadAnswer> Shown(ReadRequest request, HistoryOf of, CancellationToken cancellation)
    {
        HistoryPage? page = null;
        var history = await records.History(of, one => (page = HistoryPage.Of(one, request)) is not null, cancellation);
        if (history.Seq == 0 || (of.Id is not null && history.Entries.Count == 0))
            return ReadAnswer.NotFound;
        byte[][] entries = [.. page!.Entries.Select(e => e.Bytes(addresses))];
        return new ReadAnswer
        {
            Status = ReadStatus.Found,
            Version = history.Version,
            LastUpdated = history.LastUpdated,
            Entries = entries,
            EntryBytes = entries.Sum(e => (long)e.Length),
            PresentId = of.Id?.ToString(),
            Sources = sources.Stamp,
            Total = page.Total,
            Next = page.Next,
            IsRebuilt = history.IsOfOtherRules,
            IsRestricted = of.IsRestricted,
        };
    }

    // Null where there is no such row.
    private async ValueTask<PastRecord?> Find(RecordMoment moment, bool isOfRows, bool isWithBefore, HeldRecord held, CancellationToken cancellation)
    {
        if (records.AtHand(moment, isOfRows, isWithBefore) is { } kept)
            return kept;
        if (moment is { Seq: { } seq } && !await IsThere(seq, held, cancellation))
            return null;
        return await records.AsOf(moment, isOfRows, isWithBefore, cancellation);
    }

    // Behind the row that this activation knows there is another one only where somebody else has appended.
    private async ValueTask<bool> IsThere(long seq, HeldRecord held, CancellationToken cancellation) =>
        seq > 0 && (seq <= held.Seq || seq <= (await journal.Heads([key], cancellation))[0].Seq);

    private async ValueTask<ReadAnswer> Of(PastRecord past, RecordMoment moment, ReadRequest request, bool isRestricted, CancellationToken cancellation)
    {
        // What is at hand of it is shown as the person was then.
        var answer = (past.Held.IsRestricted == isRestricted ? past.Held.Ready(request) : null)
            ?? await HeldRecord.Answer(past.Held.Whole(default), request, sources, journal, cancellation, isRestricted);
        return past.Held.IsOfOtherRules && (past.IsReplayed || moment.At is not null) ? answer with { IsRebuilt = true } : answer;
    }

    // As of now, whatever was so then (CLINICAL.md, "Restricted").
    private static bool IsRestricted(HeldRecord held) => held.IsRestricted != false;

    // What sources say, and how a resource came about, may change with any row.
    private static bool IsOfRows(ReadRequest request) => request.Source is not null || request.Operation == ReadOperation.Explain;
}
