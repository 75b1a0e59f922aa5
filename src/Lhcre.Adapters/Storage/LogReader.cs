using Microsoft.Win32.SafeHandles;

namespace Lhcre.Adapters.Storage;

/// <summary>Reads what is safely on disk, frame after frame, and goes on when more has come.</summary>
internal sealed class LogReader(OutboxLog log) : IDisposable
{
    private Segment? _segment;
    private SafeFileHandle? _file;
    private long _offset;

    /// <summary>The next frame; null where none has come yet.</summary>
    /// <exception cref="OutboxDamagedException">The file has changed since it was opened.</exception>
    public Frame? Next()
    {
        while (_segment is null || _offset >= _segment.Length)
        {
            // Asked first: what the present file has got meanwhile comes before what stands in the next one.
            var next = log.Following(_segment);
            if (_segment is not null && _offset < _segment.Length)
                break;
            if (next is null)
                return null;
            _file?.Dispose();
            (_segment, _offset, _file) = (next, next.HeaderLength, Open(next));
            if (_file is null)
                _offset = next.Length;
        }

        var frame = Segment.ReadFrame(_file!, _offset, _segment.Length, out var length) ?? throw new OutboxDamagedException(_segment.Path, _offset);
        _offset += length;
        return frame;
    }

    // Null where the file has gone meanwhile: all in it is settled. Shared with whoever writes to it and whoever removes it, as Windows asks.
    private static SafeFileHandle? Open(Segment segment)
    {
        try
        {
            return File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
