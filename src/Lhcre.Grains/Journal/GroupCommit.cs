using System.Threading.Channels;
using Lhcre.Contracts;

namespace Lhcre.Grains.Journal;

/// <summary>
/// Writes that queued while the last commit was in flight go into the next one together, so that the price of a commit (an fsync, a
/// round trip) is shared. One commit at a time; of each lane in the order of their coming, the live lane first; a write's call returns when
/// it is committed.
/// </summary>
/// <typeparam name="TWrite">What is to be written.</typeparam>
/// <typeparam name="TOutcome">How a write ended.</typeparam>
internal sealed class GroupCommit<TWrite, TOutcome> : IAsyncDisposable
{
    /// <summary>Most writes of one commit: 512.</summary>
    public const int MaxWrites = 512;

    /// <summary>Most bytes of one commit: 4 MiB. One write that is larger goes alone.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>Most writes that wait in one lane: four commits' worth. More would only wait longer, and are better off with an answer.</summary>
    public const int MaxWaiting = 4 * MaxWrites;

    /// <summary>Most bytes that wait in one lane: 64 MiB, or one write.</summary>
    public const long MaxWaitingBytes = 16 * MaxBytes;

    /// <summary>Commits that may pass a waiting backfill over before one begins with <see cref="BackfillShare"/> of its writes.</summary>
    public const int BackfillPatience = 8;

    /// <summary>How many of a backfill's writes then come first: 64.</summary>
    public const int BackfillShare = MaxWrites / 8;

    private readonly Lock _queues = new();
    private readonly WriteQueue _live = new(), _backfill = new();
    private readonly Channel<bool> _arrivals =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Func<IReadOnlyList<TWrite>, Task<IReadOnlyList<TOutcome>>> _commit;
    private readonly Func<TWrite, long> _bytes;
    private readonly Func<TWrite, Lane> _lane;
    private readonly Func<TWrite, string?> _onlyOneOf;
    private readonly Task _loop;
    private int _passedOver;
    private bool _closed;

    /// <summary>Starts the loop.</summary>
    /// <param name="commit">
    /// Writes all in one commit, and answers the outcome of each in their order. <see cref="JournalUnavailableException"/> means that none
    /// of them can be written now, and goes to all callers; any other exception means that nothing was written because one of them cannot be:
    /// they are tried again one by one, and it goes to the caller of that one.
    /// </param>
    /// <param name="bytes">About how many bytes a write takes.</param>
    /// <param name="lane">Which lane a write waits in; the live one where there is no such function.</param>
    /// <param name="onlyOneOf">Of the writes with the same text, a commit takes one; of those with null, any number.</param>
    public GroupCommit(
        Func<IReadOnlyList<TWrite>, Task<IReadOnlyList<TOutcome>>> commit,
        Func<TWrite, long> bytes,
        Func<TWrite, Lane>? lane = null,
        Func<TWrite, string?>? onlyOneOf = null)
    {
        _commit = commit;
        _bytes = bytes;
        _lane = lane ?? (_ => Lane.Live);
        _onlyOneOf = onlyOneOf ?? (_ => null);
        _loop = Task.Run(CommitAll);
    }

    /// <summary>Writes in the next commit that has room for it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before its commit began: nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">It could not be written, its lane is full, or the journal is closed.</exception>
    public Task<TOutcome> Commit(TWrite write, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<TOutcome>(cancellation);
        var waiting = new Waiting(write, _bytes(write), _onlyOneOf(write), cancellation);
        lock (_queues)
        {
            if (_closed)
                return Task.FromException<TOutcome>(new JournalUnavailableException("The journal is closed.", outcomeUnknown: false));
            if (!(_lane(write) == Lane.Live ? _live : _backfill).TryAdd(waiting))
                return Task.FromException<TOutcome>(JournalUnavailableException.Busy());
            _arrivals.Writer.TryWrite(true);
        }

        return waiting.Outcome.Task;
    }

    /// <summary>Takes no more writes, and commits those that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_queues)
            _closed = true;
        _arrivals.Writer.TryComplete();
        await _loop;
    }

    private async Task CommitAll()
    {
        while (await _arrivals.Reader.WaitToReadAsync())
        {
            _arrivals.Reader.TryRead(out _);
            // Those who were woken by the last commit write again at once: let them in, or their writes would fill every other batch only.
            await Task.Yield();
            while (Take() is { Count: > 0 } batch)
            {
                if (!await TryCommit(batch))
                {
                    foreach (var waiting in batch)
                        await TryCommit([waiting]);
                }

                await Task.Yield();
            }
        }
    }

    private List<Waiting> Take()
    {
        lock (_queues)
        {
            var batch = new Batch();
            if (_passedOver >= BackfillPatience)
                _backfill.MoveTo(batch, BackfillShare);
            _live.MoveTo(batch, MaxWrites);
            var before = batch.Writes.Count;
            _backfill.MoveTo(batch, MaxWrites);
            var isPassedOver = !_backfill.IsEmpty && batch.Writes.Count == before && _passedOver < BackfillPatience;
            _passedOver = isPassedOver ? _passedOver + 1 : 0;
            return batch.Writes;
        }
    }

    /// <summary>False if the batch holds one that cannot be written, and the others are to be tried without it.</summary>
    private async Task<bool> TryCommit(List<Waiting> batch)
    {
        IReadOnlyList<TOutcome> outcomes;
        try
        {
            outcomes = await _commit(batch.ConvertAll(waiting => waiting.Write));
        }
        catch (Exception failure) // The loop's edge: whatever it is, it belongs to the callers, and the loop goes on.
        {
            if (failure is not JournalUnavailableException && batch.Count > 1)
                return false;
            foreach (var waiting in batch)
                waiting.Outcome.SetException(failure);
            return true;
        }

        for (var i = 0; i < batch.Count; i++)
            batch[i].Outcome.SetResult(outcomes[i]);
        return true;
    }

    private sealed record Waiting(TWrite Write, long Bytes, string? OnlyOneOf, CancellationToken Cancellation)
    {
        // Asynchronous continuations: a caller must not run inside the loop.
        public TaskCompletionSource<TOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // What one commit takes.
    private sealed class Batch
    {
        private readonly HashSet<string> _taken = [];
        private long _bytes;

        public List<Waiting> Writes { get; } = [];

        public bool HasRoomFor(Waiting waiting) => Writes.Count == 0 || _bytes + waiting.Bytes <= MaxBytes;

        public bool HasOneOf(Waiting waiting) => waiting.OnlyOneOf is { } text && _taken.Contains(text);

        public void Add(Waiting waiting)
        {
            Writes.Add(waiting);
            _bytes += waiting.Bytes;
            if (waiting.OnlyOneOf is { } text)
                _taken.Add(text);
        }
    }

    // What waits in one lane.
    private sealed class WriteQueue
    {
        private readonly LinkedList<Waiting> _waiting = [];
        private long _bytes;

        public bool IsEmpty => _waiting.Count == 0;

        public bool TryAdd(Waiting waiting)
        {
            if (_waiting.Count == MaxWaiting || (!IsEmpty && _bytes + waiting.Bytes > MaxWaitingBytes))
                return false;
            _waiting.AddLast(waiting);
            _bytes += waiting.Bytes;
            return true;
        }

        public void MoveTo(Batch batch, int mostWrites)
        {
            for (var node = _waiting.First; node is not null && batch.Writes.Count < mostWrites;)
            {
                var (waiting, next) = (node.Value, node.Next);
                if (waiting.Cancellation.IsCancellationRequested)
                {
                    Remove(node);
                    waiting.Outcome.SetCanceled(waiting.Cancellation);
                }
                else if (!batch.HasOneOf(waiting))
                {
                    if (!batch.HasRoomFor(waiting))
                        return;
                    Remove(node);
                    batch.Add(waiting);
                }

                node = next;
            }
        }

        private void Remove(LinkedListNode<Waiting> node)
        {
            _waiting.Remove(node);
            _bytes -= node.Value.Bytes;
        }
    }
}
