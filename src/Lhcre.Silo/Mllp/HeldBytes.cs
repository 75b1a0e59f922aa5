namespace Lhcre.Silo.Mllp;

/// <summary>Counts the bytes that the connections of a listener hold together, against a bound. Safe for concurrent use.</summary>
internal sealed class HeldBytes(long most)
{
    private long _held;

    /// <summary>How many are held.</summary>
    public long Now => Interlocked.Read(ref _held);

    /// <summary>Takes room for so many more; false where there is none, and nothing is taken then.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= most)
            return true;
        Give(bytes);
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _held, -bytes);
}
