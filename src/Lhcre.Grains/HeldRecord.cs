using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>
/// One version of a record in memory: folded as long as nothing else than the whole of it is asked for, and with the answer to that, which is
/// asked for most. What it says never changes; in which form it stands does.
/// </summary>
internal sealed class HeldRecord
{
    // An entry in the whole form, beside the bytes that are served of it.
    private const int EntryBytes = 700;

    private readonly SourceSystems _sources;
    private FoldedRecord? _folded;
    private PatientRecord? _whole;
    private ReadAnswer? _everything;

    /// <summary>A record in the one form or the other.</summary>
    /// <param name="folded">The folded form; null where there is the whole one.</param>
    /// <param name="whole">The whole form; null where there is the folded one.</param>
    /// <param name="sources">The sources that are configured.</param>
    public HeldRecord(FoldedRecord? folded, PatientRecord? whole, SourceSystems sources)
    {
        if (folded is null == whole is null)
            throw new ArgumentException("A record is held in one form, not in both and not in none.");
        (_folded, _whole, _sources) = (folded, whole, sources);
    }

    /// <summary>The last row in it.</summary>
    public long Seq => _folded?.Seq ?? _whole!.Seq;

    /// <summary>The last row that changed anything that is served.</summary>
    public long Version => _folded?.Version ?? _whole!.Version;

    /// <summary>When that was appended.</summary>
    public DateTimeOffset LastUpdated => _folded?.LastUpdated ?? _whole!.LastUpdated;

    /// <summary>When the last row was appended.</summary>
    public DateTimeOffset LastAppended => _folded?.LastAppended ?? _whole!.LastAppended;

    /// <summary>Whether the last row was appended under other merge rules than this release's.</summary>
    public bool IsOfOtherRules => (_folded?.LastRules ?? _whole!.LastRules) != PatientRecord.MergeRules;

    /// <summary>Whether the person was restricted at this version; null where it must be unfolded to know.</summary>
    public bool? IsRestricted => _whole is { } whole ? whole.IsRestricted : _folded!.IsRestricted;

    /// <summary>About how many bytes of memory it takes.</summary>
    public long Bytes => _folded?.EntryBytes ?? Everything().EntryBytes * (_whole!.IsRestricted ? 2 : 1) + (long)EntryBytes * Everything().Entries.Length;

    /// <summary>The whole form, from now on.</summary>
    /// <param name="since">Push ids from before this need not be known.</param>
    /// <exception cref="InvalidDataException">It was folded, and its chunks are damaged.</exception>
    public PatientRecord Whole(DateTimeOffset since)
    {
        _whole ??= _folded!.Unfold(since);
        _folded = null;
        return _whole;
    }

    /// <summary>The whole form, where it is held in that.</summary>
    public PatientRecord? Unfolded => _whole;

    /// <summary>Lets go of the words of rows that stand in history by now.</summary>
    public void Forget(long seq) => _whole = _whole?.WithoutRows(seq);

    /// <summary>Lets go of what only merging needs: every resource stands in these chunks.</summary>
    public void Fold(IReadOnlyList<RecordChunk> chunks)
    {
        if (_whole is { } whole)
            (_folded, _whole, _everything) = (FoldedRecord.Of(whole, chunks), null, null);
    }

    /// <summary>The bytes of what is served here and not there.</summary>
    public long BytesBeside(HeldRecord other)
    {
        var there = new HashSet<byte[]>(other.Stored(), ReferenceEqualityComparer.Instance);
        return Stored().Where(e => !there.Contains(e)).Sum(e => (long)e.Length + EntryBytes);
    }

    /// <summary>The answer that needs nothing but what is at hand in either form; null where the whole form is needed.</summary>
    public ReadAnswer? Ready(ReadRequest request)
    {
        // What is shown of a restricted person is made of the whole form.
        if (request is not { Source: null, Id: null } || (_folded is not null && IsRestricted != false))
            return null;
        if (request.KnownVersion == Version && Seq > 0)
            return new ReadAnswer { Status = ReadStatus.NotModified, Version = Version, LastUpdated = LastUpdated, Sources = _sources.Stamp, IsRestricted = IsRestricted != false };
        return IsEverything(request) ? AnswerParts.Of(Everything(), request) : null;
    }

    /// <summary>The answer of a whole record. What of it has left memory is read from the journal.</summary>
    /// <param name="record">The record.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="sources">The sources that are configured.</param>
    /// <param name="journal">Where its rows are.</param>
    /// <param name="cancellation">Ends the reading of more.</param>
    /// <param name="isRestricted">Whether the person is restricted now; null where this is the present record.</param>
    /// <exception cref="JournalUnavailableException">A source's own words stand in the journal only, and it cannot be read.</exception>
    public static async ValueTask<ReadAnswer> Answer(
        PatientRecord record, ReadRequest request, SourceSystems sources, IJournal journal, CancellationToken cancellation, bool? isRestricted = null)
    {
        var words = await RecordWords.Fetch(journal, record.Key, RecordReading.RowsToFetch(record, request), cancellation);
        return Asked(RecordReading.Read(record, request, words, sources, isRestricted), request);
    }

    /// <summary>Of an answer what was asked for: the part of it, or that the caller holds it already.</summary>
    public static ReadAnswer Asked(ReadAnswer answer, ReadRequest request) =>
        // A single resource's version is known when it has been found, which costs nothing more.
        request.KnownVersion is { } known && request.Id is not null && answer.Status == ReadStatus.Found && answer.Version == known
            ? new ReadAnswer { Status = ReadStatus.NotModified, Version = known, LastUpdated = answer.LastUpdated, Sources = answer.Sources, PresentId = answer.PresentId, IsRestricted = answer.IsRestricted }
            : AnswerParts.Of(answer, request);

    /// <summary>What may be read of it without a turn from now on.</summary>
    /// <param name="checkedAt">As of when it is known that nobody else has appended.</param>
    public WarmVersion Warm(DateTimeOffset checkedAt) => new(Seq, Version, LastUpdated, _everything, _whole, IsRestricted != false, checkedAt);

    /// <summary>Whether a version that was shown has everything that is at hand by now.</summary>
    public bool IsAll(WarmVersion shown) => ReferenceEquals(shown.Everything, _everything) && ReferenceEquals(shown.Record, _whole);

    // As it is stored, whatever is shown of it.
    private byte[][] Stored() => _folded?.Entries ?? (_whole!.IsRestricted ? Array.ConvertAll(_whole.All.ToArray(), r => r.BundleEntryBytes) : Everything().Entries);

    // The whole record is what is asked for most: its answer is made once.
    private ReadAnswer Everything() => _everything ??= _folded is { } folded
        ? RecordReading.Everything(folded, _sources)
        : RecordReading.Read(_whole!, ReadRequest.Everything, null, _sources);

    /// <summary>Whether the whole record is asked for.</summary>
    public static bool IsEverything(ReadRequest request) =>
        request is { Type: null, Query: null, Operation: ReadOperation.Resources, AsOf: null, VersionId: null, Skip: 0, Count: null };
}
