using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>
/// Past versions of one record: a few are kept for a while, so that the pages of one version are served from it whatever is pushed meanwhile;
/// others are made anew of the log, aside from everybody's turns and one at a time in a silo. Safe from any thread.
/// </summary>
/// <param name="key">Whose.</param>
/// <param name="addresses">Where it is served.</param>
/// <param name="journal">Where the log is.</param>
/// <param name="clock">The clock.</param>
/// <param name="sources">The sources that are configured.</param>
/// <param name="replays">Where they are made.</param>
internal sealed class PastRecords(
    PatientKey key, Addresses addresses, IJournal journal, TimeProvider clock, SourceSystems sources, Replays replays)
{
    /// <summary>How long one is kept after its last use: 60 s.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    /// <summary>Most that are kept: 4.</summary>
    public const int Most = 4;

    /// <summary>Most bytes that are kept, of more than one: 64 MiB.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Kept> _kept = [];
    private (RecordHistory History, long UsedAt)? _history;
    private (long Version, long At)? _given;
    private bool _isWatched;
    private int _forgotten;

    /// <summary>About how many bytes of memory are kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _kept.Sum(k => k.Bytes) + (_history?.History.Bytes ?? 0);
        }
    }

    /// <summary>A part of an answer was given of the present version: whoever has it will ask for the rest.</summary>
    public void Given(long version)
    {
        lock (_lock)
            _given = (version, clock.GetTimestamp());
    }

    /// <summary>Lets go of all, and keeps nothing that is being made of what was read before: some of it was erased.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _forgotten++;
            _kept.Clear();
            (_history, _given) = (null, null);
        }
    }

    /// <summary>The present record is about to make way for another: it is kept where somebody may ask for the rest of it.</summary>
    /// <param name="old">The present one.</param>
    /// <param name="next">The one that comes.</param>
    /// <param name="isNextRow">Whether there is no other row between the two.</param>
    public void Superseded(HeldRecord old, HeldRecord next, bool isNextRow)
    {
        lock (_lock)
        {
            if (_given is not { } given || given.Version != old.Version || next.Version == old.Version || clock.GetElapsedTime(given.At) > KeptFor)
                return;
            _given = null;
        }

        Keep(new PastRecord(old, null, isNextRow ? next.LastAppended : null, IsReplayed: false), old.BytesBeside(next), Volatile.Read(ref _forgotten));
    }

    /// <summary>The record as of a moment, if it is kept.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="isOfRows">Whether every row matters, also one that changed nothing of the merged record.</param>
    /// <param name="isWithBefore">Whether the record as of the row before is wanted too.</param>
    public PastRecord? AtHand(RecordMoment moment, bool isOfRows, bool isWithBefore = false)
    {
        lock (_lock)
        {
            Expire();
            if (_kept.Find(k => k.Past.IsOf(moment, isOfRows) && (!isWithBefore || k.Past.Before is not null)) is not { } kept)
                return null;
            kept.UsedAt = clock.GetTimestamp();
            return kept.Past;
        }
    }

    /// <summary>The record as of a moment; as of no row at all where nothing had been appended by then.</summary>
    /// <exception cref="JournalUnavailableException">It is not kept, and the journal cannot be read.</exception>
    public Task<PastRecord> AsOf(RecordMoment moment, bool isOfRows, bool isWithBefore, CancellationToken cancellation) => replays.InTurn(
        async () =>
        {
            // Somebody before may have wanted the same.
            if (AtHand(moment, isOfRows, isWithBefore) is { } kept)
                return kept;
            var forgotten = Volatile.Read(ref _forgotten);
            var log = await journal.LoadLog(key, cancellation);
            var (past, bytes) = await Replays.Aside(
                () =>
                {
                    var replayed = Replayed(log, moment);
                    return (replayed, replayed.Held.Bytes);
                },
                cancellation);
            if (past.Held.Seq > 0)
                Keep(past, bytes, forgotten);
            return past;
        },
        cancellation);

    /// <summary>All that became of what is asked for, up to a moment.</summary>
    /// <param name="of">Of what.</param>
    /// <param name="page">Which stretch of it must have its bytes.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="JournalUnavailableException">It is not kept, and the journal cannot be read.</exception>
    public async Task<RecordHistory> History(HistoryOf of, Func<RecordHistory, bool> page, CancellationToken cancellation)
    {
        return KeptHistory(of) is { } kept && page(kept)
            ? kept
            : await replays.InTurn(async () => KeptHistory(of) is { } other && page(other) ? other : await ReadHistory(of, page, cancellation), cancellation);
    }

    private async Task<RecordHistory> ReadHistory(HistoryOf of, Func<RecordHistory, bool> page, CancellationToken cancellation)
    {
        var forgotten = Volatile.Read(ref _forgotten);
        var log = await journal.LoadLog(key, cancellation);
        var history = KeptHistory(of);
        // What is wanted shows once it is known how much there is: the newest is taken first, and what is older where that is not it.
        do
        {
            var wanted = history?.Wanted;
            history = await Replays.Aside(() => RecordHistory.Read(new Replay(key, addresses, RecordWords.Rows(log)), RecordWords.Rows(log), of, wanted), cancellation);
        }
        while (!page(history));

        lock (_lock)
        {
            if (forgotten != _forgotten)
                return history;
            _history = (history, clock.GetTimestamp());
        }

        Watch();
        return history;
    }

    private RecordHistory? KeptHistory(HistoryOf of)
    {
        lock (_lock)
        {
            Expire();
            if (_history is not { } kept || kept.History.Of != of)
                return null;
            _history = (kept.History, clock.GetTimestamp());
            return kept.History;
        }
    }

    private PastRecord Replayed(JournalledLog log, RecordMoment moment)
    {
        var replay = new Replay(key, addresses, RecordWords.Rows(log));
        DateTimeOffset? until = null;
        foreach (var row in RecordWords.Rows(log))
        {
            if (row.Seq > moment.Seq || row.At > moment.At)
            {
                until = row.At;
                break;
            }

            replay.Take(row);
        }

        // Words that are asked for are fetched: the log is in memory no longer than it takes.
        var record = replay.Record.WithoutRows(replay.Record.Seq);
        return new PastRecord(new HeldRecord(null, record, sources), replay.Before.WithoutRows(record.Seq), until, IsReplayed: true);
    }

    private void Keep(PastRecord past, long bytes, int forgotten)
    {
        lock (_lock)
        {
            if (forgotten != _forgotten)
                return;
            Expire();
            _kept.Add(new Kept(past, bytes) { UsedAt = clock.GetTimestamp() });
            while (_kept.Count > Most || (_kept.Count > 1 && _kept.Sum(k => k.Bytes) > MostBytes))
                _kept.Remove(_kept.MinBy(k => k.UsedAt)!);
        }

        Watch();
    }

    // Nobody may ask again, and the memory is to be had back all the same.
    private void Watch()
    {
        lock (_lock)
        {
            if (_isWatched)
                return;
            _isWatched = true;
        }

        _ = LetGo();
    }

    private async Task LetGo()
    {
        for (var isLeft = true; isLeft;)
        {
            await Task.Delay(KeptFor, clock, CancellationToken.None).ConfigureAwait(false);
            lock (_lock)
            {
                Expire();
                _isWatched = isLeft = _kept.Count > 0 || _history is not null;
            }
        }
    }

    private void Expire()
    {
        _kept.RemoveAll(k => IsOver(k.UsedAt));
        if (_history is { } history && IsOver(history.UsedAt))
            _history = null;
    }

    private bool IsOver(long usedAt) => clock.GetElapsedTime(usedAt) >= KeptFor;

    private sealed class Kept(PastRecord past, long bytes)
    {
        public PastRecord Past { get; } = past;

        public long Bytes { get; } = bytes;

        public long UsedAt { get; set; }
    }
}
