using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Lhcre.Record;

/// <summary>What a pushed fragment did to a record.</summary>
public enum FragmentOutcome : byte
{
    /// <summary>The source had not stated it (or had withdrawn it).</summary>
    Created = 1,

    /// <summary>It replaces what the source said.</summary>
    Updated = 2,

    /// <summary>Nothing new: known already, or the same words again.</summary>
    Unchanged = 3,

    /// <summary>A version below the live one: kept as history, not shown.</summary>
    Superseded = 4,

    /// <summary>It withdraws what the source said.</summary>
    Withdrawn = 5,

    /// <summary>Journalled and not shown: it is filed under a Patient who is taken for somebody else (<see cref="PatientRecord.Withheld"/>).</summary>
    Withheld = 6,

    /// <summary>Journalled, and does not count for now: what its source sends is quarantined.</summary>
    Quarantined = 7,

    /// <summary>Journalled, and shown in another person's record: it was moved there.</summary>
    Moved = 8,
}

/// <summary>What of a push is to be journalled, and what each of its fragments does.</summary>
/// <param name="Fragments">The stamped fragments to journal, in the order of the push; empty where all is known.</param>
/// <param name="Outcomes">One for each pushed fragment.</param>
public sealed record Acceptance(ImmutableArray<Fragment> Fragments, ImmutableArray<FragmentOutcome> Outcomes)
{
    /// <summary>How many live entries the push's extent withdraws, which are not among the outcomes.</summary>
    public int Withdrawn { get; init; }
}

/// <summary>A row of the journal, as the record takes it in.</summary>
/// <param name="Seq">Its number: one above the record's <see cref="PatientRecord.Seq"/>.</param>
/// <param name="Push">Which push made it.</param>
/// <param name="At">When it is appended.</param>
/// <param name="Body">Its encoded body, which is retained as long as entries live in it.</param>
/// <param name="Fragments">The same, decoded.</param>
public sealed record RecordRow(long Seq, PushId Push, DateTimeOffset At, ReadOnlyMemory<byte> Body, IReadOnlyList<Fragment> Fragments)
{
    /// <summary>The number of the merge rules under which it was appended: by its body, else those of this release.</summary>
    public byte Rules { get; init; } = Body.IsEmpty ? (byte)PatientRecord.MergeRules : LogBody.Rules(Body);

    /// <summary>Whether something of it was erased (<see cref="Erasure"/>).</summary>
    public bool IsErased => Rules == LogBody.RulesOfErased;

    /// <summary>When what it says was received, where that is not when it is appended: what was parked, or what follows from another record's row.</summary>
    public DateTimeOffset? Received { get; init; }

    /// <summary>Which rows count from now on; null where that stays.</summary>
    public Correction? Correction { get; init; }

    /// <summary>When that was received by which it came here from another record; null where it came by itself (<see cref="Receipt.Cause"/>).</summary>
    public DateTimeOffset? Cause { get; init; }

    /// <summary>The <see cref="Record.Move"/> by which it is here, as a copy of what was filed in another record; null where it was filed here.</summary>
    public PushId? Move { get; init; }

    /// <summary>When what it says was received, as far as that is known.</summary>
    public DateTimeOffset ReceivedAt => Received ?? At;

    /// <summary>The same, and by what it came.</summary>
    public Receipt Receipt => new(ReceivedAt, Cause, Move);
}

/// <summary>
/// The merge: pure functions from a record and what comes to the record after it. Per key the highest version is live (rule 1 of
/// CLINICAL.md); live entries form clusters by <see cref="Matching.Clusters"/>; each cluster is shown as one member's own words, a Patient
/// element by element.
/// </summary>
public static class Merge
{
    /// <summary>
    /// Decides what of a push is new, and stamps what came without a version. Content equal to the live one is no news, unless it carries a
    /// declared version that must outrank what else may come.
    /// </summary>
    /// <param name="record">The record before the push.</param>
    /// <param name="fragments">The push, in its order.</param>
    /// <param name="arrival">When it arrived.</param>
    /// <param name="extent">Of what it says all; null where it leaves out what has not changed.</param>
    public static Acceptance Accept(PatientRecord record, IReadOnlyList<Fragment> fragments, DateTimeOffset arrival, SourceExtent? extent = null)
    {
        var draft = new AcceptanceDraft(record, arrival);
        foreach (var fragment in fragments)
            draft.Take(fragment);
        if (extent is not null)
            draft.Take(extent);
        return draft.Done();
    }

    /// <summary>The record after one more row: what a push does, and what replaying the journal does.</summary>
    /// <exception cref="ArgumentException">The row is not the next one.</exception>
    /// <exception cref="InvalidOperationException">It takes the words of a row that the record does not retain.</exception>
    public static PatientRecord Apply(PatientRecord record, RecordRow row) =>
        TryApply(record, row, ReadOnlyDictionary<long, IReadOnlyList<Fragment>>.Empty, out _)
        ?? throw new InvalidOperationException("The words of a row are not at hand.");

    /// <summary>The same of a record whose older rows stand in history: null where words of them are needed.</summary>
    /// <param name="record">The record before the row.</param>
    /// <param name="row">The row.</param>
    /// <param name="words">Rows that were fetched, by their numbers.</param>
    /// <param name="toFetch">The rows that are needed besides, where null is returned.</param>
    /// <exception cref="ArgumentException">The row is not the next one, or corrects the record (<see cref="Restatement"/>).</exception>
    public static PatientRecord? TryApply(
        PatientRecord record, RecordRow row, IReadOnlyDictionary<long, IReadOnlyList<Fragment>> words, out IReadOnlyCollection<long> toFetch)
    {
        if (row.Seq != record.Seq + 1)
            throw new ArgumentException($"Row {row.Seq} does not follow row {record.Seq}.", nameof(row));
        if (IsNews(record, row))
            throw new ArgumentException($"Row {row.Seq} corrects the record, which takes its log.", nameof(row));
        var step = new MergeStep(record, row, words);
        var after = step.Run();
        toFetch = step.ToFetch;
        return toFetch.Count == 0 ? after : null;
    }

    /// <summary>Whether a row corrects the record in a way that it does not know of yet, so that it is to be made anew (<see cref="Restatement"/>).</summary>
    public static bool IsNews(PatientRecord record, RecordRow row) => row.Correction is { } correction && !record.Corrections.Knows(correction.Id);
}
