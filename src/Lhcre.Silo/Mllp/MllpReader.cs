using System.Buffers;
using System.IO.Pipelines;

namespace Lhcre.Silo.Mllp;

/// <summary>
/// Reads the blocks of a connection: <c>VT … FS CR</c> (HL7 v2 Minimal Lower Layer Protocol, Implementation Guide v2 appendix C). A block ends
/// at FS CR and nowhere else: a message cut short at a stray FS could be taken for a whole one. What stands between two blocks is passed over.
/// </summary>
internal sealed class MllpReader(PipeReader input, MllpLimits limits, HeldBytes held, TimeProvider clock) : IDisposable
{
    /// <summary>The start of a block.</summary>
    public const byte Start = 0x0B;

    /// <summary>The first byte of a block's end.</summary>
    public const byte End = 0x1C;

    /// <summary>The second one.</summary>
    public const byte Return = 0x0D;

    // How many times as long as a message may be somebody goes on sending before he is cut.
    private const int Endless = 4;

    private readonly BlockBuffer _block = new(limits, held);
    private bool _isInside;
    private bool _isEnding;
    private MllpEnd? _unheld;
    private long _began;
    private long _came;
    private int _stray;

    // How it ends when the other side has gone.
    private MllpEnd Lost => _isInside ? MllpEnd.Broken : MllpEnd.Closed;

    private static ReadOnlySpan<byte> SecondStart => "\vMSH"u8;

    /// <summary>Waits for the next block, as long as it takes until one begins.</summary>
    /// <param name="stop">Ends the waiting; a block that has begun is given up.</param>
    public async ValueTask<MllpBlock> Next(CancellationToken stop)
    {
        _block.Dispose();
        while (true)
        {
            if (stop.IsCancellationRequested)
                return new MllpBlock(MllpEnd.Stopped);
            var (read, end) = await Read(stop);
            if (end is not null)
                return new MllpBlock(end.Value);
            var rest = new SequenceReader<byte>(read.Buffer);
            end = Take(ref rest);
            input.AdvanceTo(rest.Position);
            if (end is not null)
                return Finished(end.Value);
            if (read.IsCompleted)
                return new MllpBlock(Lost);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    private async ValueTask<(ReadResult Read, MllpEnd? End)> Read(CancellationToken stop)
    {
        var left = Timeout.InfiniteTimeSpan;
        if (_isInside)
        {
            left = limits.MessageTime + TimeSpan.FromSeconds((double)_came / limits.BytesPerSecond) - clock.GetElapsedTime(_began);
            if (left <= TimeSpan.Zero)
                return (default, MllpEnd.TooSlow);
        }

        CancellationTokenSource? late = null;
        try
        {
            if (input.TryRead(out var ready))
                return (ready, null);
            late = _isInside ? new CancellationTokenSource(left, clock) : null;
            using var either = late is null ? null : CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
            return (await input.ReadAsync(either?.Token ?? stop), null);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // A connection that is reset fails so too, be it while nobody reads.
            return (default, stop.IsCancellationRequested ? MllpEnd.Stopped
                : late is { IsCancellationRequested: true } ? MllpEnd.TooSlow
                : Lost);
        }
        finally
        {
            late?.Dispose();
        }
    }

    private MllpBlock Finished(MllpEnd end)
    {
        if (end != MllpEnd.Whole)
            return new MllpBlock(end, _block.Written);
        // The sender gave up one block and began again, without an end: what it began with never came to its end.
        var again = _block.Written.Span.LastIndexOf(SecondStart);
        return new MllpBlock(end, _block.Written[(again + 1)..], again >= 0);
    }

    // Null: more is needed.
    private MllpEnd? Take(ref SequenceReader<byte> rest)
    {
        while (!rest.End)
        {
            var end = _isInside ? Within(ref rest) : Between(ref rest);
            if (end is not null)
                return end;
        }

        return null;
    }

    private MllpEnd? Between(ref SequenceReader<byte> rest)
    {
        var bytes = rest.UnreadSpan;
        var start = bytes.IndexOf(Start);
        var stray = start < 0 ? bytes : bytes[..start];
        foreach (var value in stray)
            _stray += value is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t' ? 0 : 1;
        rest.Advance(start < 0 ? bytes.Length : start + 1);
        if (_stray > limits.StrayBytes)
            return MllpEnd.Stray;
        if (start >= 0)
            (_isInside, _isEnding, _unheld, _began, _came) = (true, false, null, clock.GetTimestamp(), 0);
        return null;
    }

    private MllpEnd? Within(ref SequenceReader<byte> rest)
    {
        var bytes = rest.UnreadSpan;
        if (_isEnding)
        {
            _isEnding = false;
            if (bytes[0] == Return)
            {
                rest.Advance(1);
                (_isInside, _stray) = (false, 0);
                return _unheld ?? MllpEnd.Whole;
            }

            Hold([End]);
        }

        var end = bytes.IndexOf(End);
        _isEnding = end >= 0;
        Hold(end < 0 ? bytes : bytes[..end]);
        rest.Advance(end < 0 ? bytes.Length : end + 1);
        return _came > (long)Endless * limits.MessageBytes ? MllpEnd.Stray : null;
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        _came += bytes.Length;
        _unheld ??= _block.Add(bytes);
    }
}
