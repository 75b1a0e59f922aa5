using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>
/// A record that is warm in this silo, between its grain (which uses it in its own turns) and <see cref="Residents"/> (which looks after all of
/// them from outside): what each leaves here for the other.
/// </summary>
public sealed class Resident
{
    private readonly TimeProvider _clock;
    private readonly Func<ReadRequest, ReadAnswer?> _glance;
    private readonly Action<string> _leave;
    private readonly Action _rest;
    private long _usedAt;
    private long _changedAt;
    private int _hasRested;
    private long _bytes;
    private int _changes;
    private volatile HeadSeen? _seen;

    internal Resident(PatientKey patient, TimeProvider clock, Func<ReadRequest, ReadAnswer?> glance, Action<string> leave, Action rest)
    {
        (Patient, _clock, _glance, _leave, _rest) = (patient, clock, glance, leave, rest);
        _changedAt = clock.GetTimestamp();
        Used();
    }

    /// <summary>Whose.</summary>
    public PatientKey Patient { get; }

    /// <summary>About how many bytes it takes, as its grain measured it last.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Since when nobody has asked for it.</summary>
    public TimeSpan Idle => _clock.GetElapsedTime(Volatile.Read(ref _usedAt));

    /// <summary>Changes that were begun and that were ended: odd while one is under way.</summary>
    internal int Changes => Volatile.Read(ref _changes);

    /// <summary>Somebody asks for it.</summary>
    public void Used() => Volatile.Write(ref _usedAt, _clock.GetTimestamp());

    /// <summary>
    /// The answer to a read that takes no turn of the grain; null where it takes one, as it does to take in what was seen of the head. Called from
    /// any thread.
    /// </summary>
    public ReadAnswer? Glance(ReadRequest request)
    {
        if (_seen is not null || _glance(request) is not { } answer)
            return null;
        Used();
        return answer;
    }

    /// <summary>A push or a load begins or ends: what was seen of the head before says nothing any more.</summary>
    public void Changing()
    {
        Interlocked.Increment(ref _changes);
        Volatile.Write(ref _changedAt, _clock.GetTimestamp());
        Volatile.Write(ref _hasRested, 0);
        _seen = null;
    }

    /// <summary>The head that the journal showed since the last call, if the record did not change meanwhile; else null.</summary>
    public HeadSeen? TakeSeen()
    {
        if (_seen is not { } seen)
            return null;
        _seen = null;
        return seen.Changes == Changes ? seen : null;
    }

    /// <summary>The journal shows this head.</summary>
    internal void Seen(RecordHead head, DateTimeOffset at, int changes) => _seen = new HeadSeen(head, at, changes);

    /// <summary>Its size; the difference to the one before.</summary>
    internal long Measured(long bytes) => bytes - Interlocked.Exchange(ref _bytes, bytes);

    /// <summary>Asks it to let go of what only pushes need, if there was none for so long; once after each.</summary>
    internal bool Rest(TimeSpan after)
    {
        if (Changes % 2 != 0 || _clock.GetElapsedTime(Volatile.Read(ref _changedAt)) < after || Interlocked.Exchange(ref _hasRested, 1) == 1)
            return false;
        _rest();
        return true;
    }

    /// <summary>Asks it to go.</summary>
    internal void Leave(string why) => _leave(why);
}

/// <summary>A head of the journal, as of a moment before it was asked for.</summary>
/// <param name="Head">The head.</param>
/// <param name="At">When it was asked for.</param>
/// <param name="Changes">The record's changes by then.</param>
public sealed record HeadSeen(RecordHead Head, DateTimeOffset At, int Changes);
