namespace Lhcre.Adapters.Storage;

/// <summary>
/// What was appended, in files of which only the last one is written to. One writer; any number of readers, which see what is safely on disk.
/// </summary>
internal sealed class OutboxLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Segment> _segments;
    private readonly string _folder;
    private readonly long _segmentBytes;
    private FileStream _tail;

    private OutboxLog(string folder, long segmentBytes, List<Segment> segments, string? cursor)
    {
        (_folder, _segmentBytes, _segments, Cursor) = (folder, segmentBytes, segments, cursor);
        _tail = OpenTail();
    }

    /// <summary>What tells the messages of this outbox from those of every other one.</summary>
    public Guid Identity => _segments[0].Identity;

    /// <summary>How far the adapter had read by the last append; null where it never said.</summary>
    public string? Cursor { get; private set; }

    /// <summary>The last sequence that is safely on disk, 0 at first.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
                return _segments[^1].Last;
        }
    }

    /// <summary>Everything before this sequence was settled before, and its files are gone.</summary>
    public long First
    {
        get
        {
            lock (_gate)
                return _segments[0].First;
        }
    }

    /// <summary>Opens the files of a folder, or begins the first one; cuts off what a crash left half written.</summary>
    /// <param name="folder">Exists, and nobody else works in it.</param>
    /// <param name="segmentBytes">From where on the next file is begun.</param>
    /// <param name="newIdentity">Of an outbox that is begun.</param>
    /// <param name="next">The least sequence that is free, as far as others know: never is one given twice.</param>
    /// <param name="isSettled">Whether a message is settled: then it need not be there.</param>
    /// <param name="found">Is told every message that is there and not settled.</param>
    /// <exception cref="OutboxDamagedException">Something is not there that was acknowledged.</exception>
    public static OutboxLog Open(string folder, long segmentBytes, Guid newIdentity, long next, Func<long, bool> isSettled, Action<QueuedMessage> found)
    {
        var segments = Directory.EnumerateFiles(folder, Segment.Pattern).Order(StringComparer.Ordinal).Select(Segment.Open).ToList();
        if (segments.Count == 0)
            segments.Add(Segment.Create(folder, newIdentity, next, null));
        var cursor = segments[0].Cursor;
        foreach (var (segment, following) in segments.Zip(segments.Skip(1).Append(null)))
        {
            cursor = Recover(segment, mayBeTorn: following is null, frame =>
            {
                foreach (var message in frame.Messages.Where(m => !isSettled(m.Sequence)))
                {
                    found(message);
                    segment.Unsettled++;
                }

                return frame.Cursor;
            }) ?? cursor;
            for (var missing = segment.Last + 1; missing < following?.First; missing++)
            {
                if (!isSettled(missing))
                    throw new OutboxDamagedException(segment.Path, segment.Length);
            }
        }

        if (segments[^1].Last + 1 < next)
            segments.Add(Segment.Create(folder, segments[0].Identity, next, cursor));
        return new OutboxLog(folder, segmentBytes, segments, cursor);
    }

    /// <summary>Writes frames behind each other, and returns when they are safely on disk.</summary>
    /// <param name="appends">What each append brought.</param>
    public void Write(IReadOnlyList<(string? Cursor, IReadOnlyList<Outgoing> Messages)> appends)
    {
        var segment = _segments[^1];
        if (segment.Length - segment.HeaderLength >= _segmentBytes)
            segment = Roll();
        var (durable, last, length) = (segment.Last, segment.Last, segment.Length);
        foreach (var (cursor, messages) in appends)
        {
            var frame = Frame.Write(last + 1, durable, cursor, messages);
            _tail.Write(frame);
            length += frame.Length;
            last += messages.Count;
        }

        _tail.Flush(flushToDisk: true);
        lock (_gate)
        {
            segment.Unsettled += last - segment.Last;
            (segment.Last, segment.Length) = (last, length);
            Cursor = appends.Select(a => a.Cursor).LastOrDefault(c => c is not null) ?? Cursor;
        }
    }

    /// <summary>Removes the files of which everything is settled; the last one stays.</summary>
    /// <param name="settled">What was settled since.</param>
    /// <param name="keep">Puts what was settled safely on disk: asked before a file goes that has older ones before it, since its place must not look like a loss.</param>
    public void Release(IReadOnlyCollection<long> settled, Action keep)
    {
        List<Segment> over;
        bool areOldest;
        lock (_gate)
        {
            foreach (var sequence in settled)
                _segments.FindLast(s => s.First <= sequence)!.Unsettled--;
            over = _segments.FindAll(s => s.Unsettled == 0 && s != _segments[^1]);
            areOldest = over.SequenceEqual(_segments.Take(over.Count));
            _segments.RemoveAll(over.Contains);
        }

        if (!areOldest)
            keep();
        foreach (var segment in over)
            File.Delete(segment.Path);
    }

    /// <summary>The file behind another one, or the first; null where there is none yet.</summary>
    public Segment? Following(Segment? segment)
    {
        lock (_gate)
        {
            if (segment is null)
                return _segments[0];
            var at = _segments.IndexOf(segment);
            // A file that is gone was read to its end.
            return at < 0 ? _segments.FirstOrDefault(s => s.First > segment.Last) : at + 1 < _segments.Count ? _segments[at + 1] : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tail.Dispose();

    private Segment Roll()
    {
        var full = _segments[^1];
        var next = Segment.Create(_folder, Identity, full.Last + 1, Cursor);
        _tail.Dispose();
        lock (_gate)
        {
            // One of cursors alone: the new file has its name, and the last cursor.
            if (next.Path == full.Path)
                _segments.Remove(full);
            _segments.Add(next);
        }

        _tail = OpenTail();
        return next;
    }

    private FileStream OpenTail()
    {
        var tail = SafeFile.Open(_segments[^1].Path, FileMode.Open);
        tail.Position = _segments[^1].Length;
        return tail;
    }

    // Reads a file to its end, or to where a crash tore it; gives the last cursor in it.
    private static string? Recover(Segment segment, bool mayBeTorn, Func<Frame, string?> found)
    {
        string? cursor = null;
        using var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite);
        var (offset, end) = ((long)segment.HeaderLength, RandomAccess.GetLength(file));
        while (offset < end && Segment.ReadFrame(file, offset, end, out var length) is { } frame && frame.First == segment.Last + 1)
        {
            cursor = found(frame) ?? cursor;
            segment.Last = frame.Last;
            offset += length;
        }

        segment.Length = offset;
        if (offset == end)
            return cursor;
        if (!mayBeTorn || WasAcknowledged(Segment.Read(file, offset, checked((int)(end - offset))), segment.Last))
            throw new OutboxDamagedException(segment.Path, offset);
        RandomAccess.SetLength(file, offset);
        RandomAccess.FlushToDisk(file);
        return cursor;
    }

    // A later frame that says that the missing sequence was on disk when it was written: what is missing was acknowledged, and not torn.
    private static bool WasAcknowledged(ReadOnlyMemory<byte> rest, long last)
    {
        for (var at = Frame.Find(rest.Span, 0); at >= 0; at = Frame.Find(rest.Span, at + 1))
        {
            if (Frame.Read(rest[at..]) is { } frame && frame.Durable > last)
                return true;
        }

        return false;
    }
}
