using System.Threading.Channels;

namespace Lhcre.Grains.Journal;

/// <summary>
/// Writes that queued while the last commit was in flight go into the next one together, so that the price of a commit (an fsync, a
/// round trip) is shared. One commit at a time, writes in the order of their coming; a write's call returns when it is committed.
/// </summary>
/// <typeparam name="TWrite">What is to be written.</typeparam>
/// <typeparam name="TOutcome">How a write ended.</typeparam>
internal sealed class GroupCommit<TWrite, TOutcome> : IAsyncDisposable
{
    /// <summary>Most writes of one commit: 512.</summary>
    public const int MaxWrites = 512;

    /// <summary>Most bytes of one commit: 4 MiB. One write that is larger goes alone.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    // Two commits' worth: more waiting would only make the waits longer.
    private const int QueueLength = 2 * MaxWrites;

    private readonly Channel<Waiting> _queue =
        Channel.CreateBounded<Waiting>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Func<IReadOnlyList<TWrite>, Task<IReadOnlyList<TOutcome>>> _commit;
    private readonly Func<TWrite, long> _bytes;
    private readonly Task _loop;

    /// <summary>Starts the loop.</summary>
    /// <param name="commit">
    /// Writes all in one commit, and answers the outcome of each in their order. <see cref="JournalUnavailableException"/> means that none
    /// of them can be written now, and goes to all callers; any other exception means that nothing was written because one of them cannot be:
    /// they are tried again one by one, and it goes to the caller of that one.
    /// </param>
    /// <param name="bytes">About how many bytes a write takes.</param>
    public GroupCommit(Func<IReadOnlyList<TWrite>, Task<IReadOnlyList<TOutcome>>> commit, Func<TWrite, long> bytes)
    {
        _commit = commit;
        _bytes = bytes;
        _loop = Task.Run(CommitAll);
    }

    /// <summary>Writes in the next commit. While the queue is full, waits for room in it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before its commit began: nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">It could not be written, or the journal is closed.</exception>
    public async Task<TOutcome> Commit(TWrite write, CancellationToken cancellation)
    {
        var waiting = new Waiting(write, _bytes(write), cancellation);
        try
        {
            await _queue.Writer.WriteAsync(waiting, cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new JournalUnavailableException("The journal is closed.", outcomeUnknown: false, closed);
        }

        return await waiting.Outcome.Task;
    }

    /// <summary>Takes no more writes, and commits those that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task CommitAll()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            // Those who were woken by the last commit write again at once: let them in, or their writes would fill every other batch only.
            await Task.Yield();
            var batch = Take();
            if (batch.Count > 0 && !await TryCommit(batch))
            {
                foreach (var waiting in batch)
                    await TryCommit([waiting]);
            }
        }
    }

    private List<Waiting> Take()
    {
        var batch = new List<Waiting>();
        long bytes = 0;
        while (batch.Count < MaxWrites && _queue.Reader.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= MaxBytes))
        {
            _queue.Reader.TryRead(out _);
            if (next.Cancellation.IsCancellationRequested)
            {
                next.Outcome.SetCanceled(next.Cancellation);
                continue;
            }

            bytes += next.Bytes;
            batch.Add(next);
        }

        return batch;
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

    private sealed record Waiting(TWrite Write, long Bytes, CancellationToken Cancellation)
    {
        // Asynchronous continuations: a caller must not run inside the loop.
        public TaskCompletionSource<TOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
