using Lhcre.Grains.Journal;

namespace Lhcre.Grains;

/// <summary>
/// The records of this silo that are made anew of their logs, to be read as they were: one at a time, since it takes a processor and memory for
/// a log, aside from everybody's turns, and with few that wait, since whoever waits long has gone.
/// </summary>
public sealed class Replays : IDisposable
{
    /// <summary>Most that wait: 64.</summary>
    public const int MostWaiting = 64;

    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    /// <summary>How many are being made or wait.</summary>
    public int Count => Volatile.Read(ref _waiting);

    /// <summary>Does such work in its turn.</summary>
    /// <param name="work">The work; what of it takes the processor goes <see cref="Aside"/>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="JournalUnavailableException">Too many wait already (<see cref="JournalUnavailableException.IsBusy"/>).</exception>
    public async Task<T> InTurn<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting + 1)
                throw JournalUnavailableException.Busy();
            await _turn.WaitAsync(cancellation);
            try
            {
                return await work();
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Not in the turn of a record: its pushes and its readers of today do not wait for this.</summary>
    public static Task<T> Aside<T>(Func<T> work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.None, TaskScheduler.Default);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
