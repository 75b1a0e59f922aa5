using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains.Journal;

/// <summary>
/// The store of record: one head and one gapless log a patient, and the registers (who is named by what, what is parked, what is still to
/// be done) that change in the same commit as the log. What has been returned from is on disk.
/// </summary>
/// <remarks>
/// Every call is safe from any thread. A call that cannot be carried out throws <see cref="JournalUnavailableException"/>, which says
/// whether it may have taken effect; nothing else is thrown for a fault of the disk or the database, or after the journal was closed.
/// A write that is cancelled before its commit begins throws <see cref="OperationCanceledException"/>, and nothing was written; from then
/// on it is carried through, and its call waits for it. What a caller gives in a call must not change until the call returns.
/// Writes that nobody waits for (appends and folds in the backfill lane, what was settled) let the others go first, and are never passed over
/// for good. Where too much waits already, a write is refused at once (<see cref="JournalUnavailableException.IsBusy"/>).
/// Every implementation passes <c>JournalSpec</c>.
/// </remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>What a patient's record is loaded from. An unknown patient has the head <c>default</c>, no chunks and no rows.</summary>
    Task<JournalledRecord> Load(PatientKey patient, CancellationToken cancellation);

    /// <summary>The whole log of a patient: every row ever appended is in it exactly once.</summary>
    Task<JournalledLog> LoadLog(PatientKey patient, CancellationToken cancellation);

    /// <summary>Of a patient's log the history chunks and rows that hold one of these seqs. Unknown ones are passed over.</summary>
    Task<JournalledLog> LoadLog(PatientKey patient, IReadOnlyList<long> seqs, CancellationToken cancellation);

    /// <summary>The patients' heads as of one moment, in the order of the patients; <c>default</c> for an unknown one.</summary>
    Task<IReadOnlyList<RecordHead>> Heads(IReadOnlyList<PatientKey> patients, CancellationToken cancellation);

    /// <summary>
    /// Appends one row, and changes the registers, if the head is still (<see cref="Append.OldEpoch"/>, the row's seq − 1):
    /// compare-and-set, in one commit. The head becomes (<see cref="Append.NewEpoch"/>, the row's seq).
    /// </summary>
    /// <remarks>
    /// In the same commit, in this order: the follow-ups and parked resources that this append settles are removed; what it withholds is
    /// parked, as by <see cref="Park"/>; by what the person is found (<see cref="Append.Person"/>) takes the place of what it was; index rows of
    /// this patient are dropped (<see cref="Append.Unindexed"/>); index rows move to this
    /// patient where the given version is the higher one, and whichever patient holds the lower one gets a
    /// <see cref="FollowUpKind.Withdraw"/> at the higher version (of equal versions that of the smaller patient key counts as the higher,
    /// so that it does not matter which came first); local identifiers are dropped and added; uses are forgotten (<see cref="Append.Unused"/>); the delivered version of a use rises, and
    /// otherwise never falls; supporting resources are kept as by <see cref="KeepSupporting"/>; a use whose resource is kept in a version above the
    /// delivered one gets a <see cref="FollowUpKind.Deliver"/>.
    /// Of one patient, kind and key one follow-up is pending: a new one takes the place of the old one, under a new id.
    /// </remarks>
    /// <returns><see cref="AppendOutcome.Fenced"/> if the head differed: nothing was written.</returns>
    /// <exception cref="ArgumentException">No head could ever admit it (<see cref="Append.Check"/>).</exception>
    /// <exception cref="JournalUnavailableException">
    /// As for every call; and nothing was written, if one of <see cref="Append.Unparks"/> was discarded: it may have been since it was read.
    /// </exception>
    Task<AppendOutcome> Append(Append append, CancellationToken cancellation);

    /// <summary>
    /// In one commit, if the head still has (<see cref="Journal.Fold.Epoch"/>, <see cref="Journal.Fold.OldSnapSeq"/>), a seq of at least
    /// <see cref="Journal.Fold.NewSnapSeq"/>, and the first history chunk, where there is any, begins at the first row still in the log:
    /// the chunks are added, the dropped live ones and the rows up to the last history chunk's end are removed, and the head gets the
    /// new snap seq.
    /// </summary>
    /// <returns><see cref="AppendOutcome.Fenced"/> if the head or the log differed: nothing was written.</returns>
    /// <exception cref="ArgumentException">It would lose rows (<see cref="Journal.Fold.Check"/>).</exception>
    Task<AppendOutcome> Fold(Fold fold, CancellationToken cancellation);

    /// <summary>Whose each key is, in the order of the keys; null where nobody's is known.</summary>
    Task<IReadOnlyList<PatientKey?>> FindPatients(IReadOnlyList<EntryKey> keys, CancellationToken cancellation);

    /// <summary>
    /// Everybody whom this source names by this local identifier, in the order of their keys: none, one, or several where it is ambiguous.
    /// </summary>
    Task<IReadOnlyList<PatientKey>> FindPatients(string source, LocalIdentifier identifier, CancellationToken cancellation);

    /// <summary>Whoever a query matches by what they are found by now (<see cref="Append.Person"/>), in the order of their keys, at most so many.</summary>
    Task<IReadOnlyList<PatientKey>> FindPeople(PersonQuery query, int limit, CancellationToken cancellation);

    /// <summary>Whose the next so many records behind a patient are (null: from the first one), in the order of their keys; fewer where there are no more.</summary>
    Task<IReadOnlyList<PatientKey>> Patients(PatientKey? after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Of the next so many records behind a patient (null: from the first one), in the order of their keys, those of whom nobody is found by
    /// anything: there is nothing to find them by, or they were written before there was such an index. And the last one that was looked at;
    /// null where there was none.
    /// </summary>
    Task<(IReadOnlyList<PatientKey> Patients, PatientKey? Last)> Unfindable(PatientKey? after, int among, CancellationToken cancellation);

    /// <summary>
    /// By what people are found, of those whose head still has the description's seq: what was appended since has said it. One commit.
    /// </summary>
    Task Describe(IReadOnlyList<PersonDescription> people, CancellationToken cancellation);

    /// <summary>The kept supporting resources, in the order of the keys; null where none is kept.</summary>
    Task<IReadOnlyList<SupportingResource?>> FindSupporting(IReadOnlyList<EntryKey> keys, CancellationToken cancellation);

    /// <summary>
    /// Keeps each resource whose version is above the kept one, and adds a <see cref="FollowUpKind.Deliver"/> for every patient that uses
    /// it in a lower version or has none yet. One commit.
    /// </summary>
    Task KeepSupporting(IReadOnlyList<SupportingResource> resources, CancellationToken cancellation);

    /// <summary>Keeps what cannot be filed yet. The same <see cref="Aside.Id"/> again changes nothing. One commit.</summary>
    Task Park(IReadOnlyList<ParkedResource> resources, CancellationToken cancellation);

    /// <summary>Keeps messages of which nothing was taken in. The same <see cref="Aside.Id"/> again changes nothing. One commit.</summary>
    Task Refuse(IReadOnlyList<RefusedLetter> letters, CancellationToken cancellation);

    /// <summary>
    /// A page of what is set aside, oldest first (then by id), behind <see cref="AsideQuery.After"/>, and how many there are by code: as of
    /// one moment. What is set aside and taken out meanwhile moves nothing between two pages. Of letters the bodies are left out.
    /// </summary>
    Task<AsidePage> Asides(AsideQuery query, CancellationToken cancellation);

    /// <summary>What is set aside under this id, whole, discarded or not; null for nothing.</summary>
    Task<Aside?> FindAside(string source, string id, CancellationToken cancellation);

    /// <summary>
    /// Marks what is set aside as discarded, from when on nothing files it: it is found by <see cref="FindAside"/> and listed as discarded,
    /// and by nothing else. The first time counts. Of what a record withholds (<see cref="IssueCodes.Withheld"/>), which is filed already,
    /// and of an unknown id, nothing changes. One commit.
    /// </summary>
    Task Discard(string source, string id, Discarding why, CancellationToken cancellation);

    /// <summary>What is parked and waits for one of these (<see cref="ParkedResource.WaitsFor"/>), oldest first; without what is discarded.</summary>
    Task<IReadOnlyList<ParkedResource>> ParkedFor(IReadOnlyList<EntryKey> keys, CancellationToken cancellation);

    /// <summary>
    /// The parked resources whose awaited key has a patient by now, oldest first: what a crash may have left behind. Without what is discarded.
    /// </summary>
    Task<IReadOnlyList<ParkedResource>> ParkedResolvable(int limit, CancellationToken cancellation);

    /// <summary>Takes out what is set aside, by id. Of unknown ids and of what is discarded nothing changes. One commit.</summary>
    Task Unpark(IReadOnlyList<string> ids, CancellationToken cancellation);

    /// <summary>The answer that a push got, if it was kept at or after <paramref name="since"/>.</summary>
    Task<KeptAnswer?> FindAnswer(PushId push, DateTimeOffset since, CancellationToken cancellation);

    /// <summary>
    /// Keeps the answer of a push; the first one stays, unless it is from before <paramref name="since"/>. Other answers from before
    /// <paramref name="since"/> may be removed.
    /// </summary>
    Task KeepAnswer(PushId push, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation);

    /// <summary>
    /// What is still to be done, in the order in which it was written, behind <paramref name="after"/> (a follow-up's id; 0 for the start).
    /// </summary>
    Task<IReadOnlyList<FollowUp>> FollowUps(long after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Removes follow-ups that turned out to need no row, and marks what they would have delivered as delivered, in the version that each
    /// names. Unknown ids change nothing. One commit.
    /// </summary>
    Task Settle(IReadOnlyList<long> followUps, CancellationToken cancellation);

    /// <summary>
    /// Appends a row that erases, as <see cref="Append"/> does, and in the same commit writes the record anew as of it: the live chunks take the place of all that there
    /// are; the history chunks that of all rows that are in no <see cref="Blanking.Kept"/> one; the log is empty, and the head's snap seq is the row's. The names, asides and
    /// answers that it lists are removed; the supporting resources among <see cref="Journal.Append.Unused"/> that no record uses any more; and this patient's follow-ups and leases of its
    /// source, or of all. A fold that was worked out before is fenced.
    /// </summary>
    /// <returns><see cref="AppendOutcome.Fenced"/> if the head differed: nothing was written.</returns>
    /// <exception cref="ArgumentException">No head could ever admit it, or it would lose rows (<see cref="Blanking.Check"/>).</exception>
    Task<AppendOutcome> Blank(Blanking blanking, CancellationToken cancellation);

    /// <summary>
    /// What blanking removed is overwritten as far as the store itself can do it: the embedded one's write-ahead log is moved into the database and cut off; a
    /// server's tables are vacuumed.
    /// </summary>
    /// <returns>False where somebody reads what was before: to be called again. True where nothing was removed since.</returns>
    Task<bool> Scrub(CancellationToken cancellation);

    /// <summary>
    /// A source's words about a patient are held until then: what a row's <see cref="Journal.Append.Lease"/> does in its commit. Of one that is held already the later end counts,
    /// unless its stay is over; that one's end stays as long as it is ahead.
    /// </summary>
    Task Hold(Lease lease, CancellationToken cancellation);

    /// <summary>The stay is over: all that is held of the patient is held until then and no longer, unless an earlier end of the stay is known.</summary>
    Task Discharge(PatientKey patient, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>A source's words are held until then about everybody in its index of whom nothing says how long: they were written before there were leases.</summary>
    Task Adopt(string source, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>What is held of a patient, in the order of the sources.</summary>
    Task<IReadOnlyList<Lease>> Leases(PatientKey patient, CancellationToken cancellation);

    /// <summary>What is due to be erased by then, the longest due first, at most so many.</summary>
    Task<IReadOnlyList<Lease>> LeasesDue(DateTimeOffset by, int limit, CancellationToken cancellation);

    /// <summary>How much is held of a source, and how much of it is due by then.</summary>
    Task<LeaseCount> CountLeases(string source, DateTimeOffset by, CancellationToken cancellation);
}
