namespace Lhcre.Silo.Imports;

/// <summary>A stream that is read from its beginning to its end and does nothing else.</summary>
internal abstract class ForwardStream : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>
/// What is read of a stream, counted, and not more than a limit: what is unpacked can be a thousand times as long as what was sent.
/// </summary>
internal sealed class CountedStream(Stream stream, long most) : ForwardStream
{
    /// <summary>Bytes that were read so far.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="TooLongException">There is more than the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        return (Count += read) > most ? throw new TooLongException() : read;
    }

    /// <summary>There is more than the limit.</summary>
    internal sealed class TooLongException() : Exception("The stream is longer than the most that is read of it.");
}

/// <summary>A stream with something behind its end.</summary>
internal sealed class FollowedStream(Stream stream, ReadOnlyMemory<byte> last) : ForwardStream
{
    private ReadOnlyMemory<byte>? _rest;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest is null && !buffer.IsEmpty)
        {
            if (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                return read;
            _rest = last;
        }

        var rest = _rest ?? default;
        var length = Math.Min(rest.Length, buffer.Length);
        rest[..length].CopyTo(buffer);
        _rest = rest[length..];
        return length;
    }
}
