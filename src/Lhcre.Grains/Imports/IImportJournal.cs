using Lhcre.Grains.Journal;

namespace Lhcre.Grains.Imports;

/// <summary>
/// Bodies of imports that were accepted and not carried out yet, and what became of them. What has been returned from is on disk.
/// </summary>
/// <remarks>
/// Every call is safe from any thread and from several processes. A call that cannot be carried out throws
/// <see cref="JournalUnavailableException"/>; nothing else is thrown for a fault of the disk or the database.
/// An import is cut into pieces, and a piece is what one process takes up at a time, for as long as it says so again: a piece whose holder is
/// silent for longer than its lease is taken up by another, and from then on the first can finish nothing of it. Of one source the imports
/// are carried out in the order in which they were accepted, one after the other; of one import the pieces that are first before the others, and
/// otherwise any number of them at once. Every implementation passes <c>ImportJournalSpec</c>.
/// </remarks>
public interface IImportJournal : IAsyncDisposable
{
    /// <summary>Begins to receive an import. One that is still being received under the same id is begun anew.</summary>
    /// <param name="id">The import's id.</param>
    /// <param name="source">Whose.</param>
    /// <param name="at">When.</param>
    /// <param name="patience">For how long the next piece may be out before what was stored may be taken for broken off.</param>
    /// <param name="most">Imports of this source that may be not done, this one included.</param>
    /// <param name="cancellation">Ends it before it begins.</param>
    Task<ImportBegin> Begin(string id, string source, DateTimeOffset at, TimeSpan patience, int most, CancellationToken cancellation);

    /// <summary>Stores the next piece. False where the import was begun anew or taken for broken off: nothing was stored.</summary>
    Task<bool> Store(ImportUpload upload, ImportPiece piece, TimeSpan patience, CancellationToken cancellation);

    /// <summary>
    /// All of it is stored: from now on it is carried out. One without pieces is done at once. False where it was begun anew or taken for broken
    /// off.
    /// </summary>
    /// <param name="upload">Which.</param>
    /// <param name="bytes">Bytes of the body.</param>
    /// <param name="lines">Lines that are not blank, those that were refused at the door too.</param>
    /// <param name="refused">The lines that were refused at the door, each counted as one resource.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellation">Ends it before it begins.</param>
    Task<bool> Accept(
        ImportUpload upload, long bytes, long lines, IReadOnlyList<ImportRefusal> refused, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Takes back what was stored of a body that broke off; nothing where it was begun anew or accepted.</summary>
    Task Abandon(ImportUpload upload, CancellationToken cancellation);

    /// <summary>An import of a source; null where there is none, or it is still being received.</summary>
    Task<Import?> Find(string source, string id, CancellationToken cancellation);

    /// <summary>
    /// The imports of a source that were accepted, the latest first (then by id), behind <paramref name="after"/> (an id; null for the start, as is
    /// one that there is not).
    /// </summary>
    Task<IReadOnlyList<Import>> List(string source, string? after, int limit, CancellationToken cancellation);

    /// <summary>Why lines of an import were refused, by line and entry, one reason for each, behind one of them (null: from the start).</summary>
    Task<IReadOnlyList<ImportRefusal>> Refused(string id, (long Line, int? Entry)? after, int limit, CancellationToken cancellation);

    /// <summary>How many reasons there are of each code, by code.</summary>
    Task<IReadOnlyList<(string Code, long Count)>> RefusedCodes(string id, CancellationToken cancellation);

    /// <summary>Takes up the next piece of any import; null where nothing is to be done. Of several sources the one of whom the fewest are taken up.</summary>
    /// <param name="at">When.</param>
    /// <param name="lease">For how long it is this caller's.</param>
    /// <param name="cancellation">Ends it before it begins.</param>
    Task<ImportWork?> Take(DateTimeOffset at, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Goes on for another lease. False where another has taken it up, or the import was cancelled.</summary>
    Task<bool> Renew(ImportWork work, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Lets go of a piece that was not finished, for others to take up at once.</summary>
    Task GiveBack(ImportWork work, CancellationToken cancellation);

    /// <summary>
    /// A piece was carried out: it is removed, and what became of it counted, in one commit; with the last one the import is done. False where
    /// another has taken it up or finished it, or the import was cancelled: nothing changed.
    /// </summary>
    Task<bool> Finish(ImportWork work, ImportCounts counts, IReadOnlyList<ImportRefusal> refused, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Cancels an import that is not done; one that has ended stays as it is. Its pieces are gone.</summary>
    Task Cancel(string source, string id, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Removes what ended before an instant, and bodies that broke off.</summary>
    Task Forget(DateTimeOffset before, CancellationToken cancellation);
}
