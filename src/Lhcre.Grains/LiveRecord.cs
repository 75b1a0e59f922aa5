using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>
/// A record that takes pushes: a mutable holder with one reference to an immutable version of it. Knows the journal and the clock, and no
/// Orleans. One push at a time; reads at any time.
/// </summary>
/// <remarks>
/// Loaded without rows behind its chunks, it stays folded until something else than the whole record is asked for. Not safe from several
/// threads: an activation's turns keep it single-threaded.
/// </remarks>
/// <param name="key">Whose.</param>
/// <param name="journal">Where it is.</param>
/// <param name="addresses">Where it is served.</param>
/// <param name="clock">The clock.</param>
/// <param name="sources">The sources that are configured; null for none, of whose absence nothing is said.</param>
/// <param name="replays">Where past versions are made anew; null for nobody else's but this record's.</param>
public sealed partial class LiveRecord(
    PatientKey key, IJournal journal, Addresses addresses, TimeProvider clock, SourceSystems? sources = null, Replays? replays = null)
{
    /// <summary>How long a check against the journal's head stands: 15 s.</summary>
    public static readonly TimeSpan ConfirmedFor = TimeSpan.FromSeconds(15);

    private readonly SourceSystems _sources = sources ?? SourceSystems.None;
    private readonly RecordTail _tail = new();
    private readonly PastRecords _past = new(key, addresses, journal, clock, sources ?? SourceSystems.None, replays ?? new Replays());
    private HeldRecord _held = new(null, PatientRecord.Empty(key, addresses), sources ?? SourceSystems.None);
    private long _loadedEpoch;
    private long _epoch;
    private bool _isPushing;
    private DateTimeOffset _checkedAt;
    private volatile WarmVersion? _warm;

    // Whatever ends the present version, or doubts it, ends what is read of it without a turn.
    private bool MustReload
    {
        get;
        set => (field, _warm) = (value, null);
    }
    = true;

    /// <summary>The record after the last push that is on disk.</summary>
    /// <exception cref="InvalidDataException">It was folded, and its chunks are damaged.</exception>
    public PatientRecord Snapshot => _held.Whole(Since(clock.GetUtcNow()));

    /// <summary>The number of the last row in it.</summary>
    public long Seq => _held.Seq;

    /// <summary>Whether it has gone over into the record of a number (<see cref="PatientRecord.IsSucceeded"/>), which answers from then on.</summary>
    /// <exception cref="InvalidDataException">As of <see cref="Snapshot"/>.</exception>
    public bool IsSucceeded => key.IsLocal && Snapshot.IsSucceeded;

    /// <summary>Another activation has appended since: this one answers nobody any more.</summary>
    public bool IsFenced
    {
        get;
        private set => (field, _warm) = (value, null);
    }

    /// <summary>It is known to be behind the journal, or not to know what became of a push: its answers are unconfirmed until it is loaded anew.</summary>
    public bool IsBehind => MustReload;

    /// <summary>Whether the person is restricted, or it takes reading more of the record to know whether they are.</summary>
    public bool IsRestricted => _held.IsRestricted != false;

    /// <summary>About how many bytes of memory it takes, past versions included.</summary>
    public long Bytes => _tail.Bytes + _held.Bytes + PastBytes;

    /// <summary>About how many bytes of memory past versions take, which come and go by themselves.</summary>
    public long PastBytes => _past.Bytes;

    /// <summary>Whether so much stands behind the chunks that it is worth folding now; <see cref="Fold"/> may be called at any time.</summary>
    public bool WantsFold => !MustReload && _tail.IsLong;

    /// <summary>Whether it is worth folding before the record is left alone.</summary>
    public bool WantsFoldBeforeRest => !MustReload && _tail.IsWorthFolding;

    /// <summary>Whether a head of the journal was seen within <see cref="ConfirmedFor"/> that says that nobody else has appended.</summary>
    public bool IsConfirmed(DateTimeOffset now) => IsConfirmed(_checkedAt, now);

    /// <summary>
    /// Answers a read without a turn, from any thread: null where it takes one. What it says is what a turn would have said at some moment of the
    /// call, and confirmed.
    /// </summary>
    public ReadAnswer? Glance(ReadRequest request) =>
        _warm is { } warm && IsConfirmed(warm.CheckedAt, clock.GetUtcNow()) ? warm.Read(request, _sources) : null;

    /// <summary>Reads the journal. Until it has succeeded once, there is nothing to read.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public async Task Load(CancellationToken cancellation)
    {
        var asked = clock.GetUtcNow();
        await Take(await journal.Load(key, cancellation), cancellation);
        _checkedAt = asked;
    }

    /// <summary>
    /// Takes over what the journal holds, as it was loaded here or by the activation that hands the record over. Unconfirmed: the one that
    /// handed it over may have been behind without knowing it.
    /// </summary>
    /// <exception cref="JournalUnavailableException">More of it had to be read, and the journal cannot be.</exception>
    public async Task Take(JournalledRecord journalled, CancellationToken cancellation)
    {
        var loaded = await LoadedRecord.Of(key, addresses, journalled, journal, Since(clock.GetUtcNow()), cancellation);
        Show(new HeldRecord(loaded.Folded, loaded.Record, _sources), isNextRow: false);
        _tail.Take(journalled, loaded.IsReplayed);
        _unquarantined = null;
        _loadedEpoch = journalled.Head.Epoch;
        _epoch = journalled.Head.Epoch + 1;
        MustReload = false;
        _checkedAt = default;
    }

    /// <summary>What another activation needs to go on with this record; null where it takes more than so many bytes, or must be loaded anew.</summary>
    public JournalledRecord? HandOver(long mostBytes) =>
        MustReload || IsFenced || _isPushing || _tail.Bytes > mostBytes ? null : _tail.Journalled(_loadedEpoch, Seq);

    /// <summary>
    /// Holds the record against the journal's head as of <paramref name="at"/>: confirms it, or marks it as fenced (another activation has
    /// appended since this one did) or as behind, to be loaded anew at its next use.
    /// </summary>
    public void Checked(RecordHead head, DateTimeOffset at)
    {
        // What a push under way has done to the head cannot be told from what others do.
        if (_isPushing || MustReload)
            return;
        if (head.Epoch == _loadedEpoch && head.Seq == Seq)
            _checkedAt = at;
        else if (_loadedEpoch == _epoch)
            IsFenced = true;
        else
            MustReload = true;
    }

    /// <summary>
    /// Answers a read from the record as it is in memory, unconfirmed where that was not held against the journal lately: a read never
    /// waits for one that is loaded anew.
    /// </summary>
    /// <exception cref="JournalUnavailableException">A source's own words stand in the journal only, and it cannot be read.</exception>
    public async ValueTask<ReadAnswer> Read(ReadRequest request, CancellationToken cancellation)
    {
        if (IsFenced)
            return ReadAnswer.Fenced;
        if (request.Source is null && _held.IsRestricted is null)
            await Whole(cancellation);
        // Whether the person is restricted, the record of the number knows by now: nothing is shown here, present or past, but the sources' own words.
        if (request.Source is null && key.IsLocal && (await Whole(cancellation)).IsSucceeded)
            return ReadAnswer.Gone;
        var (isOfPast, isRestricted) = (PastReading.Answers(request), IsRestricted);
        if (request is { Source: null, IsByLocalIdentifier: true } && isRestricted)
            return ReadAnswer.NotFound;
        var answer = isOfPast ? await Past().Read(request, _held, cancellation) : _held.Ready(request) ?? await OfPresent(request, cancellation);
        // What had to be fetched took time, in which another activation may have taken over.
        if (IsFenced)
            return ReadAnswer.Fenced;
        // Restricted meanwhile: what was made of it is given to nobody any more.
        if (request.Source is null && IsRestricted && !isRestricted)
            return await Read(request, cancellation);
        if (request.Source is null && isRestricted && !answer.IsRestricted)
            answer = answer with { IsRestricted = true };
        if (answer.Next is not null || answer.More is not null)
            _past.Given(answer.Version);
        var isConfirmed = !MustReload && IsConfirmed(clock.GetUtcNow());
        if (isConfirmed && (_warm is not { } warm || warm.CheckedAt != _checkedAt || !_held.IsAll(warm)))
            _warm = _held.Warm(_checkedAt);
        var mayBeBehind = !isOfPast || PastReading.MayBeBehind(request);
        return !mayBeBehind || isConfirmed ? answer : answer with { IsUnconfirmed = true };
    }

    /// <summary>
    /// Moves the rows behind the chunks into history and what they changed into new live chunks. May run beside pushes; not beside itself.
    /// Changes nothing of what is served.
    /// </summary>
    /// <param name="aside">Where the work is done, which may take some milliseconds a megabyte.</param>
    /// <param name="cancellation">Ends it before it is written.</param>
    /// <exception cref="JournalUnavailableException">It could not be written; nothing is lost.</exception>
    public async Task Fold(TaskScheduler aside, CancellationToken cancellation)
    {
        if (MustReload || IsFenced || (_isPushing && _loadedEpoch != _epoch) || (_tail.Rows.Count == 0 && !_tail.IsStale))
            return;
        var (record, chunks, rows, snapSeq, loads) = (await Whole(cancellation), _tail.Chunks, _tail.Rows, _tail.SnapSeq, _tail.Loads);
        var since = Since(clock.GetUtcNow());
        var fold = await Task.Factory.StartNew(() => RecordFold.Of(record, chunks, rows, since), cancellation, TaskCreationOptions.None, aside);
        try
        {
            var outcome = await journal.Fold(
                new Fold { Patient = key, Epoch = _loadedEpoch, OldSnapSeq = snapSeq, NewSnapSeq = fold.Seq, Live = fold.Live, Dropped = fold.Dropped, History = fold.History },
                cancellation);
            // Another activation has appended or folded: whether this one may go on shows when it has been loaded.
            MustReload |= outcome == AppendOutcome.Fenced;
            if (MustReload || _tail.Loads != loads)
                return;
        }
        catch (JournalUnavailableException failure) when (failure.OutcomeUnknown)
        {
            MustReload = true;
            throw;
        }

        fold.Done();
        _tail.Folded(fold);
        _held.Forget(fold.Seq);
        _warm = null;
    }

    /// <summary>Lets go of what only merging needs, if everything stands in chunks: the next push makes it again.</summary>
    public void Settle()
    {
        if (MustReload || _isPushing || _tail.Rows.Count > 0 || _tail.Chunks.Count == 0)
            return;
        _held.Fold(_tail.Chunks);
        (_warm, _unquarantined) = (null, null);
    }

    // The whole form; made of the log where the chunks of the folded one are damaged.
    private async ValueTask<PatientRecord> Whole(CancellationToken cancellation)
    {
        try
        {
            return Snapshot;
        }
        catch (InvalidDataException)
        {
            var record = await LoadedRecord.Replayed(key, addresses, journal, cancellation);
            (_held, _warm) = (Held(record), null);
            _tail.Distrust();
            return record;
        }
    }

    private PastReading Past() => new(_past, OfPresent, key, addresses, journal, _sources);

    private async ValueTask<ReadAnswer> OfPresent(ReadRequest request, CancellationToken cancellation) =>
        _held.Ready(request) ?? await HeldRecord.Answer(await Whole(cancellation), request, _sources, journal, cancellation);

    // Whoever reads the old version page by page goes on with it.
    private void Show(HeldRecord next, bool isNextRow)
    {
        _past.Superseded(_held, next, isNextRow);
        (_held, _warm) = (next, null);
    }

    private HeldRecord Held(PatientRecord record) => new(null, record, _sources);

    // Either way: a clock that has stepped back must not make an old check look fresh.
    private static bool IsConfirmed(DateTimeOffset checkedAt, DateTimeOffset now) => (now - checkedAt).Duration() <= ConfirmedFor;

    private static DateTimeOffset Since(DateTimeOffset now) => now - Limits.PushIdMemory;
}
