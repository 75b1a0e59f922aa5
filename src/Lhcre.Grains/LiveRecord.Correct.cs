using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <content>Taking corrections in: which rows of the log count (decision 0022).</content>
public sealed partial class LiveRecord
{
    // The record as it would be if what some source sends now counted: what its next push is held against as long as it does not.
    private PatientRecord? _unquarantined;

    /// <summary>
    /// Takes in a correction: the record is made anew of its whole log, and shown once the correction is on disk. <see cref="PushStatus.Fenced"/> means that
    /// another activation has the record: this one must not answer anybody any more.
    /// </summary>
    public Task<PushAnswer> Correct(CorrectionRequest request, CancellationToken cancellation) =>
        InTurn(() => TakeIn(request.Correction(), request, cancellation), cancellation);

    private async Task<PushAnswer> TakeIn(Correction ordered, CorrectionRequest request, CancellationToken cancellation)
    {
        var lane = request.Lane;
        var record = await Whole(cancellation);
        var sent = clock.GetUtcNow();
        RecordRow[] rows = [.. RecordWords.Rows(await journal.LoadLog(key, cancellation))];
        if (rows.Length != record.Seq)
            return Fenced(record);
        var at = At(record, sent);
        var told = Unquarantined(record, ordered.Source, at, rows);
        var correction = Sifted(record, told, ordered);
        if (!IsNews(record, correction, rows, request.IsCarried))
            return await Claim(record, told, correction, at, lane, sent, cancellation);
        var row = new RecordRow(record.Seq + 1, correction.Id, at, LogBody.WriteRow([], null, correction), []) { Correction = correction };
        var after = LoadedRecord.Corrected(record, row, rows);
        if (Along(correction, after, rows, await Kept(after, correction.Source, cancellation)) is { IsEmpty: false } along)
        {
            row = row with { Body = LogBody.WriteRow(along, null, correction), Fragments = along };
            after = LoadedRecord.Corrected(record, row, rows);
        }

        var toldAfter = Unquarantined(after, correction.Source, at, [.. rows, row]);
        var append = RecordAppend.OfCorrection(new Corrected(record, after), new Corrected(told, toldAfter), row, rows, correction.Source, _loadedEpoch, _epoch);
        append = RecordAppend.OfMoves(append, after, row);
        append = await Withholding.With(append with { Lane = lane }, record, after, isFirst: _loadedEpoch != _epoch, journal, cancellation);
        return await Commit(append, after, sent, cancellation) == AppendOutcome.Committed ? Applied() : Fenced(record);
    }

    // What was withdrawn by being left out of a whole push, while it did not count, was not withdrawn in that push's row.
    private static ImmutableArray<Fragment> Along(Correction correction, PatientRecord after, RecordRow[] rows, ImmutableArray<Fragment> kept)
    {
        var missing = correction is QuarantineEnd ? Restatement.Missing(rows, correction.Source) : [];
        return [.. kept, .. missing.Where(f => after.Entry(f.Key) is { } entry && !entry.Versions.Contains(f.Version)).OrderBy(f => f.Key)];
    }

    // It is in force, or has nothing to say here. What counts again, and another record has let go of since then, is found here from now on.
    private async Task<PushAnswer> Claim(
        PatientRecord record, PatientRecord told, Correction correction, DateTimeOffset at, Lane lane, DateTimeOffset sent, CancellationToken cancellation)
    {
        var claims = await Unclaimed(told, correction.Source, cancellation);
        if (claims.IsEmpty)
            return new PushAnswer(PushStatus.Unchanged, record.Version, []);
        var row = Claiming(record, PushId.Of(correction.Source, $"claims after {correction.Id.Hash.Bits:x} {record.Seq}"), at);
        return await Claim(record, row, RecordAppend.OfClaims(key, row, correction.Source, claims, _loadedEpoch, _epoch) with { Lane = lane }, sent, cancellation);
    }

    // An entry was to leave for another record, which has it no longer: one of its own that nobody has is found here again.
    private async Task<PushAnswer> Claim(PatientRecord record, PatientRecord told, PushRequest push, DateTimeOffset sent, CancellationToken cancellation)
    {
        var claims = await Unclaimed(told, push.Source, cancellation);
        if (claims.IsEmpty)
            return await Unchanged(push, [], cancellation);
        var row = Claiming(record, push.Push, At(record, sent));
        return await Claim(record, row, RecordAppend.OfClaims(key, row, push.Source, claims, _loadedEpoch, _epoch) with { Lane = push.Lane, Settles = push.Settles }, sent, cancellation);
    }

    private async Task<PushAnswer> Claim(PatientRecord record, RecordRow row, Append append, DateTimeOffset sent, CancellationToken cancellation)
    {
        var after = await LoadedRecord.With(record, row, journal, cancellation);
        append = await Withholding.With(append, record, after, isFirst: _loadedEpoch != _epoch, journal, cancellation);
        return await Commit(append, after, sent, cancellation) == AppendOutcome.Committed ? Applied() : Fenced(record);
    }

    private static RecordRow Claiming(PatientRecord record, PushId id, DateTimeOffset at) => new(record.Seq + 1, id, at, LogBody.WriteRow([]), []);

    private PushAnswer Applied() => new(PushStatus.Applied, Snapshot.Version, []);

    // What is to come is quarantined too: then the record must know, whether the source has said anything yet or not.
    private static bool IsNews(PatientRecord record, Correction correction, RecordRow[] rows, bool isCarried) => !record.Corrections.Knows(correction.Id) && correction switch
    {
        Quarantine or QuarantineEnd when isCarried => true,
        Move move => move.IsHere || move.Unit is not null || !move.Entries.IsEmpty,
        Quarantine { To: null } => rows.Length > 0,
        Quarantine quarantine => Array.Exists(rows, r => r.Fragments.Any(f => quarantine.Covers(f.Key.Source, r.Receipt))),
        QuarantineEnd end => record.Corrections.IsInForce(end.Of),
        _ => throw new InvalidOperationException("A correction of a kind that this release does not know."),
    };

    // What is about nobody is kept once for all records, and this one is to show it as it is kept, also where the row that brought it counts no longer.
    private async Task<ImmutableArray<Fragment>> Kept(PatientRecord record, string source, CancellationToken cancellation)
    {
        var found = new Dictionary<EntryKey, Fragment>();
        var asked = new HashSet<EntryKey>();
        var targets = record.LiveEntriesOf(source).SelectMany(e => e.Targets);
        while (targets.Where(t => PatientCompartment.MaySupport(t.Type) && asked.Add(t)).Distinct().ToList() is { Count: > 0 } next)
        {
            var kept = await journal.FindSupporting(next, cancellation);
            foreach (var resource in kept.OfType<SupportingResource>())
            {
                if (resource.Version.Span.SequenceCompareTo(record.Entry(resource.Key)?.Version.SortKey()) > 0)
                    found[resource.Key] = LogBody.Read(resource.Body)[0];
            }

            targets = [.. found.Values.SelectMany(f => f.References).Select(r => r.Target)];
        }

        return [.. found.Values.OrderBy(f => f.Key)];
    }

    // Those entries by which nobody is found; and those that are shown here though another record has them: whoever has the lower version is told so.
    private async Task<ImmutableArray<VersionedKey>> Unclaimed(PatientRecord record, string source, CancellationToken cancellation)
    {
        var claims = RecordAppend.Claims(record, source).ToList();
        var holders = await journal.FindPatients([.. claims.Select(c => c.Key)], cancellation);
        return [.. claims.Where((c, i) => holders[i] is not { } holder || (holder != key && record.Entry(c.Key) is { IsLive: true }))];
    }

    private PatientRecord Unquarantined(PatientRecord record, string source, DateTimeOffset at, RecordRow[] rows) => record.Corrections.Concern(source, at)
        ? LoadedRecord.Under(record.Corrections.Without(source, at), key, addresses, rows)
        : record;

    // The same without the log at hand; null where another activation has appended to it.
    private async ValueTask<PatientRecord?> Unquarantined(PatientRecord record, string source, Receipt at, CancellationToken cancellation)
    {
        if (!record.Corrections.Concern(source, at))
            return record;
        var corrections = record.Corrections.Without(source, at);
        if (_unquarantined is { } known && known.Seq == record.Seq && known.Corrections.AreAs(corrections))
            return known;
        RecordRow[] rows = [.. RecordWords.Rows(await journal.LoadLog(key, cancellation))];
        return rows.Length == record.Seq ? _unquarantined = LoadedRecord.Under(corrections, key, addresses, rows) : null;
    }
}
