using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains.Journal;

/// <summary>A row to append, and what changes with it.</summary>
public sealed record Append
{
    /// <summary>Whose log.</summary>
    public required PatientKey Patient { get; init; }

    /// <summary>The epoch that the head must still have: the own one, or, in the first append of an activation, the one that it loaded.</summary>
    public required long OldEpoch { get; init; }

    /// <summary>The appending activation's epoch, at least <see cref="OldEpoch"/>; it is claimed by its first append.</summary>
    public required long NewEpoch { get; init; }

    /// <summary>The row, whose seq is the head's plus one.</summary>
    public required LogRow Row { get; init; }

    /// <summary>Of which source.</summary>
    public required string Source { get; init; }

    /// <summary>Whether somebody waits for it.</summary>
    public Lane Lane { get; init; }

    /// <summary>
    /// The person's entries in this row, each with its version: <c>source_index</c>. Without those that a
    /// <see cref="FollowUpKind.Withdraw"/> takes out, which are another patient's by now. Of one key the highest version counts.
    /// </summary>
    public ImmutableArray<VersionedKey> Index { get; init; } = [];

    /// <summary>Entries that are the person's no longer, and may be found as another's again: each leaves <c>source_index</c> where that names this person.</summary>
    public ImmutableArray<EntryKey> Unindexed { get; init; } = [];

    /// <summary>By what else the source names the person.</summary>
    public ImmutableArray<LocalIdentifier> LocalIdentifiers { get; init; } = [];

    /// <summary>
    /// By what the source no longer names the person, such as after its Patient was withdrawn from the record: kept, they would leave an
    /// identifier ambiguous for good. One that is among <see cref="LocalIdentifiers"/> too stays.
    /// </summary>
    public ImmutableArray<LocalIdentifier> FormerIdentifiers { get; init; } = [];

    /// <summary>Supporting resources to be kept.</summary>
    public ImmutableArray<SupportingResource> Supporting { get; init; } = [];

    /// <summary>The supporting resources that the record refers to, and the version delivered to it with this row; null for none.</summary>
    public ImmutableArray<SupportingUse> Uses { get; init; } = [];

    /// <summary>
    /// The supporting resources that the record holds no longer, or in a lower version than was delivered: that one is forgotten, and only what is among
    /// <see cref="Uses"/> is referred to from now on.
    /// </summary>
    public ImmutableArray<EntryKey> Unused { get; init; } = [];

    /// <summary>The follow-ups that this row carries out.</summary>
    public ImmutableArray<long> Settles { get; init; } = [];

    /// <summary>The parked resources that this row takes in, by id.</summary>
    public ImmutableArray<string> Unparks { get; init; } = [];

    /// <summary>
    /// What the record withholds with this row, as parked resources: of an id that is parked already nothing changes, unless it is among
    /// <see cref="Unparks"/>, in whose place it comes then.
    /// </summary>
    public ImmutableArray<ParkedResource> Withholds { get; init; } = [];

    /// <summary>
    /// By what the person is found where nothing names them, in place of what it was before: <c>person_index</c>. Null where it stays.
    /// </summary>
    public PersonFacts? Person { get; init; }

    /// <summary>Until when what this row brings is held (<see cref="IJournal.Hold"/>); null for good.</summary>
    public Lease? Lease { get; init; }

    /// <summary>The index without what does not count.</summary>
    internal IEnumerable<VersionedKey> HighestOfIndex()
    {
        if (Index.Length < 2 || Index.Select(entry => entry.Key).Distinct().Count() == Index.Length)
            return Index;
        return Index.GroupBy(entry => entry.Key).Select(
            versions => versions.Aggregate((one, other) => other.Version.Span.SequenceCompareTo(one.Version.Span) > 0 ? other : one));
    }

    /// <summary>Refuses what no head could ever admit.</summary>
    /// <exception cref="ArgumentException">An epoch runs backwards or is negative, or the row's seq is below 1.</exception>
    public void Check()
    {
        if (OldEpoch < 0 || NewEpoch < OldEpoch)
            throw new ArgumentException($"An append goes from epoch {OldEpoch} to {NewEpoch}: epochs count from 0 and never fall.");
        if (Row.Seq < 1)
            throw new ArgumentException($"An append has seq {Row.Seq}: rows count from 1.");
    }
}

/// <summary>By what a person is found as of a row of the record.</summary>
/// <param name="Patient">Whose record.</param>
/// <param name="Seq">The last row that it was made of.</param>
/// <param name="Person">By what.</param>
public sealed record PersonDescription(PatientKey Patient, long Seq, PersonFacts Person);

/// <summary>A key and a version of it, as a <see cref="FragmentVersion.SortKey"/>.</summary>
public sealed record VersionedKey(EntryKey Key, ReadOnlyMemory<byte> Version);

/// <summary>An identifier of a person that is not the NHS number, such as a hospital number.</summary>
public sealed record LocalIdentifier(string System, string Value);

/// <summary>A resource that is about nobody, kept once.</summary>
/// <param name="Key">Its source, type and id.</param>
/// <param name="Version">Its version's sort key.</param>
/// <param name="Body">The encoded fragment (<see cref="LogBody"/>), opaque to the journal.</param>
public sealed record SupportingResource(EntryKey Key, ReadOnlyMemory<byte> Version, ReadOnlyMemory<byte> Body);

/// <summary>That a record refers to a supporting resource, and which version of it the record holds; null for none yet.</summary>
public sealed record SupportingUse(EntryKey Key, ReadOnlyMemory<byte>? Delivered);

/// <summary>The answer that a push got.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="At">When.</param>
/// <param name="Location">The Location header; null where there was none.</param>
/// <param name="Body">The body, JSON.</param>
public sealed record KeptAnswer(int Status, DateTimeOffset At, string? Location, ReadOnlyMemory<byte> Body);

/// <summary>What a follow-up does to a record.</summary>
public enum FollowUpKind : byte
{
    /// <summary>The entry is another patient's as of <see cref="FollowUp.Version"/>: withdraw it here.</summary>
    Withdraw = 1,

    /// <summary>A supporting resource that the record refers to is kept in a version that the record does not hold: deliver it.</summary>
    Deliver = 2,
}

/// <summary>An instruction that was committed with its cause and is carried out at once, also after a crash.</summary>
/// <param name="Id">From 1, in the order in which they were written; never given twice.</param>
/// <param name="Patient">To whose record.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Key">The entry, or the supporting resource.</param>
/// <param name="Version">The sort key as of which to withdraw, or that was kept when this was written; a higher one may be kept by now.</param>
public sealed record FollowUp(long Id, PatientKey Patient, FollowUpKind Kind, EntryKey Key, ReadOnlyMemory<byte> Version);

/// <summary>How an append ended.</summary>
public enum AppendOutcome
{
    /// <summary>On disk.</summary>
    Committed,

    /// <summary>Another activation has appended since: nothing was written, and this activation knows too little to go on.</summary>
    Fenced,
}

/// <summary>The journal could not carry out a call. The message holds no patient data.</summary>
/// <remarks>
/// A grain that cannot read its record throws it, so it goes over the wire: a caller in another process must know it too. So it carries no
/// inner exception: a driver's own cannot be sent to another silo, and the caller would be told of that instead.
/// </remarks>
[GenerateSerializer, Alias("lhcre.journal-unavailable")]
public sealed class JournalUnavailableException : Exception
{
    /// <summary>Why, and whether the call may have taken effect all the same.</summary>
    public JournalUnavailableException(string message, bool outcomeUnknown)
        : base(message) => OutcomeUnknown = outcomeUnknown;

    /// <summary>Whether the call may have taken effect: the caller must read before it answers anybody.</summary>
    [Id(0)]
    public bool OutcomeUnknown { get; private set; }

    /// <summary>Whether too much is waiting already: nothing was written, and it is worth trying again in a while.</summary>
    [Id(1)]
    public bool IsBusy { get; private set; }

    /// <summary>Refused at once, since too much is waiting already.</summary>
    public static JournalUnavailableException Busy() =>
        new("The journal has as much to write as it takes in at a time; nothing was written. Try again.", outcomeUnknown: false) { IsBusy = true };

    /// <summary>The journal's failure in a failure: Orleans hands that of an activation on as its own exception, with ours inside.</summary>
    public static JournalUnavailableException? In(Exception? failure)
    {
        while (failure is not (null or JournalUnavailableException))
            failure = failure.InnerException;
        return (JournalUnavailableException?)failure;
    }
}
