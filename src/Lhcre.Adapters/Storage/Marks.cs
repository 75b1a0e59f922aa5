using System.Buffers.Binary;

namespace Lhcre.Adapters.Storage;

/// <summary>
/// What was settled, and which messages were put together into a push that is not settled yet, so that the very same push is sent again after
/// a crash. A file of records: length 4, CRC-32C 4, kind 1, then sequences of 8 bytes. A push is on disk before it is sent; that something is
/// settled may be forgotten by a power failure (not by a kill), then it is sent again under its id, and the record answers as before.
/// </summary>
internal sealed class Marks : IDisposable
{
    private const byte Position = 1;
    private const byte Settled = 2;
    private const byte Begun = 3;

    // Pairs: from and to.
    private const byte SettledRanges = 4;
    private const int Header = 8;

    // From where on it is written anew, with what still counts; and not before it has doubled, if that is much.
    private const long Large = 1 << 20;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SequenceSet _beyond = new();
    private readonly List<long[]> _open = [];
    private FileStream _file;
    private long _position;
    private long _atMost = Large;

    private Marks(string path)
    {
        _path = path;
        _file = SafeFile.Open(path, FileMode.OpenOrCreate);
    }

    /// <summary>The largest sequence up to which everything is settled.</summary>
    public long SettledUpTo
    {
        get
        {
            lock (_gate)
                return _position;
        }
    }

    /// <summary>The largest sequence that was ever settled.</summary>
    public long Most
    {
        get
        {
            lock (_gate)
                return _beyond.Most ?? _position;
        }
    }

    /// <summary>The pushes of several messages that were begun and of which nothing is settled.</summary>
    public IReadOnlyList<long[]> OpenPushes
    {
        get
        {
            lock (_gate)
                return [.. _open.Where(push => !push.Any(Has))];
        }
    }

    /// <summary>Opens the file, or begins it; what a crash left half written is cut off.</summary>
    public static Marks Open(string folder)
    {
        var marks = new Marks(Path.Combine(folder, "settled.marks"));
        var bytes = new byte[marks._file.Length];
        marks._file.ReadExactly(bytes);
        var at = 0;
        while (Next(bytes.AsSpan(at)) is > 0 and var length)
        {
            var record = bytes.AsSpan(at + Header, length - Header);
            var numbers = new long[(record.Length - 1) / sizeof(long)];
            for (var n = 0; n < numbers.Length; n++)
                numbers[n] = BinaryPrimitives.ReadInt64LittleEndian(record[(1 + (n * sizeof(long)))..]);
            marks.Take(record[0], numbers);
            at += length;
        }

        marks._file.SetLength(at);
        marks._file.Position = at;
        return marks;
    }

    /// <summary>Whether a message is settled.</summary>
    public bool IsSettled(long sequence)
    {
        lock (_gate)
            return Has(sequence);
    }

    /// <summary>Nothing up to here exists any more.</summary>
    public void Pass(long sequence)
    {
        lock (_gate)
        {
            if (sequence > _position)
                Put(Position, [sequence], toDisk: false);
        }
    }

    /// <summary>Messages are accepted or refused for good.</summary>
    public void Settle(IReadOnlyCollection<long> sequences)
    {
        lock (_gate)
        {
            // Once a part of a push is settled, its rest goes under other ids. That must not be forgotten, or all of it would go again under its first
            // one, behind what was sent since.
            var isPart = _open.Exists(push => push.Any(sequences.Contains) && !push.All(s => Has(s) || sequences.Contains(s)));
            Put(Settled, [.. sequences], toDisk: isPart);
            if (_file.Length > _atMost)
                Compact();
        }
    }

    /// <summary>What was settled is on disk when it returns.</summary>
    public void Keep()
    {
        lock (_gate)
            _file.Flush(flushToDisk: true);
    }

    /// <summary>These go out together, in this order, from now on.</summary>
    public void Begin(long[] sequences)
    {
        lock (_gate)
            Put(Begun, sequences, toDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool Has(long sequence) => sequence <= _position || _beyond.Contains(sequence);

    private void Put(byte kind, long[] numbers, bool toDisk)
    {
        _file.Write(Record(kind, numbers));
        if (toDisk)
            _file.Flush(flushToDisk: true);
        Take(kind, numbers);
    }

    private void Take(byte kind, long[] numbers)
    {
        switch (kind)
        {
            case Begun:
                _open.Add(numbers);
                return;
            case Position:
                _position = Math.Max(_position, numbers[0]);
                break;
            case SettledRanges:
                for (var n = 0; n + 1 < numbers.Length; n += 2)
                    _beyond.Add(numbers[n], numbers[n + 1]);
                break;
            default:
                foreach (var number in numbers)
                    _beyond.Add(number, number);
                break;
        }

        _position = _beyond.TakeOut(_position);
        _open.RemoveAll(push => push.All(Has));
    }

    private void Compact()
    {
        var bytes = new List<byte>(Record(Position, [_position]));
        if (_beyond.Ranges.Count > 0)
            bytes.AddRange(Record(SettledRanges, [.. _beyond.Ranges.SelectMany(range => new[] { range.First, range.Last })]));
        foreach (var push in _open)
            bytes.AddRange(Record(Begun, push));
        _file.Dispose();
        SafeFile.Replace(_path, [.. bytes]);
        _file = SafeFile.Open(_path, FileMode.Open);
        _file.Position = _file.Length;
        _atMost = Math.Max(Large, 2 * _file.Length);
    }

    private static byte[] Record(byte kind, long[] numbers)
    {
        var record = new byte[Header + 1 + (numbers.Length * sizeof(long))];
        record[Header] = kind;
        for (var n = 0; n < numbers.Length; n++)
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(Header + 1 + (n * sizeof(long))), numbers[n]);
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Checksum.Of(record.AsSpan(0, 4), record.AsSpan(Header)));
        return record;
    }

    // The length of the whole record that begins here; 0 where there is none.
    private static int Next(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header + 1)
            return 0;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return length > Header && (length - Header - 1) % sizeof(long) == 0 && length <= bytes.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Checksum.Of(bytes[..4], bytes[Header..length])
            ? length
            : 0;
    }
}
