namespace Lhcre.Adapters.Storage;

/// <summary>
/// That the disk has failed, or the outbox was closed: nothing more is written from then on. After a failed fsync nobody knows what is on disk
/// (fsync(2), EIO), and what is written behind half a record is cut off with it.
/// </summary>
/// <param name="told">Is told of it, by which time it is known here.</param>
internal sealed class DiskFault(Action told)
{
    private IOException? _first;

    /// <summary>Writes, where nothing has failed so far.</summary>
    /// <exception cref="OutboxFailedException">Something has, or does now.</exception>
    public void Guard(Action write)
    {
        ThrowIfAny();
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Set(e as IOException ?? new IOException(e.Message, e));
            ThrowIfAny();
        }
    }

    /// <summary>Nothing is to be written any more.</summary>
    public void Close() => Set(new IOException("The outbox was closed."));

    /// <exception cref="OutboxFailedException">Something has failed.</exception>
    public void ThrowIfAny()
    {
        if (Volatile.Read(ref _first) is { } first)
            throw new OutboxFailedException("The outbox could not be written; open it anew.", first);
    }

    private void Set(IOException failure)
    {
        Interlocked.CompareExchange(ref _first, failure, null);
        told();
    }
}
