namespace Lhcre.Adapters.Storage;

/// <summary>Appends on their way to disk: those that come while others are being written go together, with one fsync.</summary>
/// <param name="log">Where they go.</param>
/// <param name="fault">What ends it.</param>
/// <param name="written">Is told when some are safely there, before those who wait for them.</param>
internal sealed class AppendQueue(OutboxLog log, DiskFault fault, Action written)
{
    private readonly Lock _gate = new();
    private readonly List<Pending> _queued = [];
    private Task _writing = Task.CompletedTask;

    private sealed record Pending(IReadOnlyList<Outgoing> Messages, string? Cursor, TaskCompletionSource Done);

    /// <summary>Ends when nothing is being written.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
                return _writing;
        }
    }

    /// <summary>Ends when it is safely on disk.</summary>
    public Task Add(IReadOnlyList<Outgoing> messages, string? cursor)
    {
        var append = new Pending(messages, cursor, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _queued.Add(append);
            if (_writing.IsCompleted)
                _writing = Task.Run(Write, CancellationToken.None);
        }

        return append.Done.Task;
    }

    private void Write()
    {
        while (true)
        {
            Pending[] appends;
            lock (_gate)
            {
                appends = [.. _queued];
                _queued.Clear();
                if (appends.Length == 0)
                {
                    // Under the lock, so that whoever comes next starts anew.
                    _writing = Task.CompletedTask;
                    return;
                }
            }

            try
            {
                fault.Guard(() => log.Write([.. appends.Select(a => (a.Cursor, a.Messages))]));
                written();
                foreach (var append in appends)
                    append.Done.SetResult();
            }
            catch (OutboxFailedException failure)
            {
                foreach (var append in appends)
                    append.Done.SetException(failure);
            }
        }
    }
}
