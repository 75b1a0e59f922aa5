using Lhcre.Adapters.Storage;

namespace Lhcre.Adapters.Sending;

/// <summary>
/// The oldest messages that are not settled, and which of them may go now: of each person the first ones, and none while a push with something of
/// that person is under way. Safe for concurrent use.
/// </summary>
internal sealed class Window : IDisposable
{
    // More of them would be a record that takes nothing, and that is to be asked seldom.
    private const int MostResting = 64;

    private readonly Lock _gate = new();
    private readonly Outbox _outbox;
    private readonly SenderOptions _options;
    private readonly LogReader _reader;
    private readonly Action<QueuedMessage, string> _unfit;
    private readonly SortedDictionary<long, QueuedMessage> _waiting = [];
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private readonly HashSet<long> _alone = [];
    private readonly Dictionary<long, long[]> _begun = [];
    private readonly List<(Push Push, DateTimeOffset Until)> _resting = [];
    private readonly long _readAtLeast;
    private long _read;
    private int _underWay;
    private bool _hasJustRested;

    /// <param name="outbox">Where they stand.</param>
    /// <param name="options">How many go together.</param>
    /// <param name="unfit">Is told what cannot be sent at all and why, and settles it.</param>
    public Window(Outbox outbox, SenderOptions options, Action<QueuedMessage, string> unfit)
    {
        (_outbox, _options, _unfit, _reader) = (outbox, options, unfit, outbox.Reader());
        foreach (var push in outbox.OpenPushes)
        {
            foreach (var sequence in push)
                _begun[sequence] = push;
        }

        _readAtLeast = _begun.Count > 0 ? _begun.Keys.Max() : 0;
    }

    /// <summary>The next push; null where nothing may go at the moment.</summary>
    /// <param name="now">By the sender's clock.</param>
    /// <param name="next">Where nothing may go: in how long something will that rests; null where nothing rests.</param>
    public Push? Next(DateTimeOffset now, out TimeSpan? next)
    {
        lock (_gate)
        {
            next = _resting.Count > 0 ? _resting.Min(r => r.Until) - now : null;
            var isDue = next <= TimeSpan.Zero;
            if (isDue && !_hasJustRested)
                return Rested();
            Fill();
            var (chosen, isKnown) = Choose();
            _hasJustRested = false;
            if (chosen.Count == 0)
                return isDue ? Rested() : null;
            foreach (var message in chosen)
            {
                _waiting.Remove(message.Sequence);
                _begun.Remove(message.Sequence);
                _busy.Add(message.Message.Person);
            }

            _underWay += chosen.Count;
            return new Push(chosen, _outbox.Begin(chosen, isKnown));
        }
    }

    /// <summary>A push is put off, so that others go meanwhile; its people wait with it. False where there are many already, and it is not put off.</summary>
    public bool Rest(Push push, DateTimeOffset until)
    {
        lock (_gate)
        {
            // And what is looked at must not be full of them.
            if (_resting.Count >= MostResting || _resting.Sum(r => r.Push.Messages.Count) + push.Messages.Count > _options.Window / 2)
                return false;
            _resting.Add((push, until));
            return true;
        }
    }

    /// <summary>What of a push is not settled, as a push of its own.</summary>
    public Push Remainder(Push push)
    {
        lock (_gate)
        {
            var rest = push.Messages.Where(m => !_outbox.IsSettled(m.Sequence)).ToList();
            foreach (var message in push.Messages)
                _busy.Remove(message.Message.Person);
            foreach (var message in rest)
                _busy.Add(message.Message.Person);
            _underWay -= push.Messages.Count - rest.Count;
            return new Push(rest, _outbox.Begin(rest, isKnown: false)) { Tries = push.Tries, SettledBefore = push.SettledBefore };
        }
    }

    /// <summary>A push has ended: what of it is not settled waits again.</summary>
    /// <param name="push">Which.</param>
    /// <param name="oneByOne">Whether its messages go alone from now on.</param>
    public void Return(Push push, bool oneByOne)
    {
        lock (_gate)
        {
            _underWay -= push.Messages.Count;
            foreach (var message in push.Messages)
            {
                _busy.Remove(message.Message.Person);
                if (_outbox.IsSettled(message.Sequence))
                    _alone.Remove(message.Sequence);
                else
                    _waiting[message.Sequence] = message;
                if (oneByOne)
                    _alone.Add(message.Sequence);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    // By turns with what has not failed: of a record that tells of each failure that it is away itself, nothing else would be asked ever.
    private Push Rested()
    {
        var first = _resting.MinBy(r => r.Until);
        _resting.Remove(first);
        _hasJustRested = true;
        return first.Push;
    }

    private void Fill()
    {
        while ((_waiting.Count + _underWay < _options.Window || _read < _readAtLeast) && _reader.Next() is { } frame)
        {
            foreach (var message in frame.Messages.Where(m => !_outbox.IsSettled(m.Sequence)))
            {
                if (message.Message.Unfit() is { } reason)
                    _unfit(message, reason);
                else
                    _waiting[message.Sequence] = message;
            }

            _read = frame.Last;
        }
    }

    private (List<QueuedMessage> Push, bool IsKnown) Choose()
    {
        var chosen = new List<QueuedMessage>();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        // Of whom an earlier message stays behind: the later ones do too.
        var behind = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var message in _waiting.Values)
        {
            if (chosen.Count == _options.BatchMessages)
                break;
            if (_busy.Contains(message.Message.Person) || behind.Contains(message.Message.Person))
                continue;
            if (chosen.Count == 0 && _begun.TryGetValue(message.Sequence, out var begun))
                return ([.. begun.Select(sequence => _waiting[sequence])], true);
            var goesAlone = message.Message.GoesAlone || _alone.Contains(message.Sequence);
            if (chosen.Count == 0 && goesAlone)
                return ([message], false);
            var size = message.Message.Body.Length + BatchBundle.EntryOverhead + message.Message.Path.Length;
            // What two entries of one batch say of one resource has no order (FHIR R4 http.html#trules): one each.
            if (goesAlone || _begun.ContainsKey(message.Sequence) || (chosen.Count > 0 && bytes + size > _options.BatchBytes)
                || (message.Message.Kind != OutgoingKind.Post && !paths.Add(message.Message.Path)))
            {
                behind.Add(message.Message.Person);
                continue;
            }

            chosen.Add(message);
            bytes += size;
        }

        return (chosen, false);
    }
}
