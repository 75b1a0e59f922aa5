using System.Buffers;

namespace Lhcre.Intake.Door;

/// <summary>Pooled memory of one walk: texts without their escapes, and the lists of primitives of the objects that are open.</summary>
internal ref struct Scratch
{
    private byte[]? _text;
    private PrimitiveList[]? _lists;

    /// <summary>How many lists there are.</summary>
    public int ListCount { get; private set; }

    /// <summary>Room for a text of this many bytes; what was in it is gone.</summary>
    public Span<byte> Text(int length)
    {
        if (_text is null || _text.Length < length)
        {
            if (_text is not null)
                ArrayPool<byte>.Shared.Return(_text);
            _text = ArrayPool<byte>.Shared.Rent(Math.Max(length, 256));
        }

        return _text;
    }

    /// <summary>Adds a list of the object that was opened last.</summary>
    public void Add(PrimitiveList list)
    {
        _lists ??= ArrayPool<PrimitiveList>.Shared.Rent(16);
        if (ListCount == _lists.Length)
        {
            var more = ArrayPool<PrimitiveList>.Shared.Rent(ListCount * 2);
            _lists.CopyTo(more, 0);
            ArrayPool<PrimitiveList>.Shared.Return(_lists);
            _lists = more;
        }

        _lists[ListCount++] = list;
    }

    /// <summary>Takes the lists of an object that is closed off, and gives them; they stay as they are until the next one is added.</summary>
    public ReadOnlySpan<PrimitiveList> Close(int from)
    {
        var closed = _lists.AsSpan(from, ListCount - from);
        ListCount = from;
        return closed;
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose()
    {
        if (_text is not null)
            ArrayPool<byte>.Shared.Return(_text);
        if (_lists is not null)
            ArrayPool<PrimitiveList>.Shared.Return(_lists);
    }
}
