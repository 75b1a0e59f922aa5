using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Lhcre.Adapters.Storage;

namespace Lhcre.Adapters;

/// <summary>
/// What an adapter has read and the record has not settled yet, in a folder on disk. An append is answered when it is safely there, and what
/// is there is sent until the record has accepted or refused it, whatever is killed meanwhile, and once. Safe for concurrent use; one process a folder.
/// </summary>
public sealed class Outbox : IAsyncDisposable
{
    // A frame is one array.
    private const long MostAtOnce = 1L << 30;

    // Bytes of a cursor: it stands in the head of each file.
    private const int LongestCursor = 1 << 16;

    private readonly Lock _gate = new();
    private readonly FileStream _lock;
    private readonly OutboxOptions _options;
    private readonly OutboxLog _log;
    private readonly Marks _marks;
    private readonly RefusedFile _refused;
    private readonly DiskFault _fault;
    private readonly AppendQueue _appends;
    private TaskCompletionSource _changed = NewSignal();
    private long _unsettledBytes;
    private long _unsettled;

    private Outbox(FileStream @lock, OutboxOptions options, OutboxLog log, Marks marks, RefusedFile refused, long unsettled, long unsettledBytes)
    {
        (_lock, _options, _log, _marks, _refused) = (@lock, options, log, marks, refused);
        (_unsettled, _unsettledBytes) = (unsettled, unsettledBytes);
        _fault = new DiskFault(Wake);
        _appends = new AppendQueue(log, _fault, Wake);
    }

    /// <summary>
    /// How far the adapter had read its source by its last append, as it said there; null where it never did. An adapter that goes on from
    /// here after a crash reads nothing twice and misses nothing.
    /// </summary>
    public string? Cursor => _log.Cursor;

    /// <summary>How many messages are neither accepted nor refused.</summary>
    public long Unsettled
    {
        get
        {
            lock (_gate)
                return _unsettled;
        }
    }

    /// <summary>What has come so far: the sequence of the last message, 0 at first.</summary>
    public long LastSequence => _log.Last;

    /// <summary>Opens an outbox, or begins one.</summary>
    /// <param name="folder">Its folder, made where it does not exist, for this account alone: it holds patient data.</param>
    /// <param name="newIdentity">Any random number: what tells an outbox that is begun from every other one. Not used of one that exists.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="OutboxInUseException">Another process has it open.</exception>
    /// <exception cref="OutboxDamagedException">Something that was acknowledged cannot be read.</exception>
    public static Outbox Open(string folder, Guid newIdentity, OutboxOptions? options = null)
    {
        options ??= new OutboxOptions();
        SafeFile.MakeFolder(folder);
        var @lock = Lock(folder);
        try
        {
            var marks = Marks.Open(folder);
            var (unsettled, bytes) = (0L, 0L);
            var log = OutboxLog.Open(folder, options.SegmentBytes, newIdentity, marks.Most + 1, marks.IsSettled, message =>
            {
                unsettled++;
                bytes += message.Size;
            });
            marks.Pass(log.First - 1);
            log.Release([], marks.Keep);
            return new Outbox(@lock, options, log, marks, RefusedFile.Open(folder, marks.SettledUpTo), unsettled, bytes);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>One message, without a cursor.</summary>
    /// <inheritdoc cref="Append(IReadOnlyList{Outgoing}, string?, CancellationToken)"/>
    public Task Append(Outgoing message, CancellationToken stop = default) => Append([message], null, stop);

    /// <summary>
    /// Takes messages, all or none, and returns when they are safely on disk. Waits while the outbox is full. Appends that come together share
    /// one fsync.
    /// </summary>
    /// <param name="messages">In their order; may be empty where only the cursor moves.</param>
    /// <param name="cursor">How far the source was read with these, kept with them or not at all: 64 KiB of UTF-8 at most; null leaves the last one.</param>
    /// <param name="stop">Ends the waiting for room; what was begun to be written is carried through.</param>
    /// <exception cref="OutboxFailedException">The disk failed.</exception>
    public async Task Append(IReadOnlyList<Outgoing> messages, string? cursor, CancellationToken stop = default)
    {
        var size = messages.Sum(m => (long)new QueuedMessage(0, m).Size);
        if (size > MostAtOnce)
            throw new ArgumentException($"One append is at most {MostAtOnce} bytes.", nameof(messages));
        if (cursor is not null && Encoding.UTF8.GetByteCount(cursor) > LongestCursor)
            throw new ArgumentException($"A cursor is at most {LongestCursor} bytes of UTF-8.", nameof(cursor));
        while (true)
        {
            Task room;
            lock (_gate)
            {
                _fault.ThrowIfAny();
                // One that is larger than the bound alone goes when nothing else is there.
                if (_unsettledBytes == 0 || _unsettledBytes + size <= _options.MostBytes)
                {
                    _unsettledBytes += size;
                    _unsettled += messages.Count;
                    break;
                }

                room = _changed.Task;
            }

            await room.WaitAsync(stop);
        }

        await _appends.Add(messages, cursor);
    }

    /// <summary>Waits until everything that was appended so far is settled.</summary>
    /// <exception cref="OutboxFailedException">The disk failed, or it was closed.</exception>
    public async Task Emptied(CancellationToken stop = default)
    {
        for (var last = LastSequence; ;)
        {
            var changed = Changed();
            if (_marks.SettledUpTo >= last)
                return;
            _fault.ThrowIfAny();
            await changed.WaitAsync(stop);
        }
    }

    /// <summary>Writes what was begun to be written, and lets the folder go.</summary>
    public async ValueTask DisposeAsync()
    {
        _fault.Close();
        await _appends.Idle;
        _log.Dispose();
        _marks.Dispose();
        await _lock.DisposeAsync();
    }

    /// <summary>Ends when something has come or was settled since it was asked for.</summary>
    internal Task Changed()
    {
        lock (_gate)
            return _changed.Task;
    }

    /// <summary>The pushes of several messages that were sent, perhaps, and are not settled.</summary>
    internal IReadOnlyList<long[]> OpenPushes => _marks.OpenPushes;

    /// <summary>Everything up to here is settled.</summary>
    internal long SettledUpTo => _marks.SettledUpTo;

    internal bool IsSettled(long sequence) => _marks.IsSettled(sequence);

    internal LogReader Reader() => new(_log);

    /// <summary>
    /// The id of a push of these messages: a function of the outbox and of what is in it, so that it is the same on each try, also after a crash.
    /// One of several messages is written down first.
    /// </summary>
    internal Guid Begin(IReadOnlyList<QueuedMessage> push, bool isKnown)
    {
        long[] sequences = [.. push.Select(m => m.Sequence)];
        if (!isKnown && sequences.Length > 1)
            _fault.Guard(() => _marks.Begin(sequences));
        var name = new byte[16 + (sequences.Length * sizeof(long))];
        _log.Identity.TryWriteBytes(name);
        for (var n = 0; n < sequences.Length; n++)
            BinaryPrimitives.WriteInt64BigEndian(name.AsSpan(16 + (n * sizeof(long))), sequences[n]);
        // RFC 9562 section 5.8: version 8, made of a hash of our own.
        var id = SHA256.HashData(name).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>These are accepted, or refused for good: the refused ones are on disk first.</summary>
    internal void Settle(IReadOnlyList<QueuedMessage> settled, IReadOnlyList<RefusedMessage> refused, DateTimeOffset at)
    {
        settled = [.. settled.Where(m => !_marks.IsSettled(m.Sequence))];
        long[] sequences = [.. settled.Select(m => m.Sequence)];
        _fault.Guard(() =>
        {
            if (refused.Count > 0)
                _refused.Add(refused, at);
            _marks.Settle(sequences);
            _refused.Forget(sequences);
            _log.Release(sequences, _marks.Keep);
        });
        lock (_gate)
        {
            _unsettledBytes -= settled.Sum(m => m.Size);
            _unsettled -= settled.Count;
        }

        Wake();
    }

    /// <summary>Something may go that could not before.</summary>
    internal void Wake()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static FileStream Lock(string folder)
    {
        try
        {
            return SafeFile.Open(Path.Combine(folder, "outbox.lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e)
        {
            throw new OutboxInUseException("The folder of the outbox is in use by another process.", e);
        }
    }
}
