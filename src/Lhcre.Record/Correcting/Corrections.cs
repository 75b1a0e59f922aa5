using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>The corrections of a record: which rows of its log stand. Immutable.</summary>
public sealed class Corrections
{
    /// <summary>None: every row stands.</summary>
    public static readonly Corrections None = new([]);

    private readonly HashSet<EntryKey> _left;
    private readonly HashSet<EntryKey> _come;

    private Corrections(ImmutableArray<Correction> all)
    {
        All = all;
        var ended = all.OfType<QuarantineEnd>().Select(e => e.Of).ToHashSet();
        InForce = [.. all.OfType<Quarantine>().Where(q => !ended.Contains(q.Id))];
        Moves = [.. all.OfType<Move>().Where(m => !ended.Contains(m.Of))];
        _left = [.. Moves.Where(m => !m.IsHere).SelectMany(m => m.Entries)];
        _come = [.. Moves.Where(m => m.IsHere).SelectMany(m => m.Entries)];
    }

    /// <summary>All that there ever were, in the order of their rows.</summary>
    public ImmutableArray<Correction> All { get; }

    /// <summary>The quarantines that none of these has ended.</summary>
    public ImmutableArray<Quarantine> InForce { get; }

    /// <summary>The moves that none of these has ended, with what was added to each.</summary>
    public ImmutableArray<Move> Moves { get; }

    /// <summary>Those of a list.</summary>
    public static Corrections Of(IEnumerable<Correction> all)
    {
        ImmutableArray<Correction> some = [.. all];
        return some.IsEmpty ? None : new Corrections(some);
    }

    /// <summary>Whether it is one of these.</summary>
    public bool Knows(PushId id) => All.Any(c => c.Id == id);

    /// <summary>Whether a quarantine or a move is one of these, and no other one has ended it.</summary>
    public bool IsInForce(PushId correction) => InForce.Any(q => q.Id == correction) || Moves.Any(m => m.Of == correction);

    /// <summary>Whether an entry is another person's, by a move that is in force: what is filed here of it does not count.</summary>
    public bool HaveLeft(EntryKey key) => _left.Contains(key);

    /// <summary>Whether an entry is here by a move that is in force.</summary>
    public bool HaveCome(EntryKey key) => _come.Contains(key);

    /// <summary>Whether what this source sends is held against something else than what is shown: it is quarantined, or some of it moves.</summary>
    public bool Concern(string source, Receipt received) => Exclude(source, received) || Moves.Any(m => m.Source == source);

    /// <summary>Whether what this source sent, and we received then, does not count; of what is here by a move, also where that is over.</summary>
    public bool Exclude(string source, Receipt received)
    {
        if (received.Move is { } move && !Moves.Any(m => m.IsHere && m.Of == move))
            return true;
        foreach (var quarantine in InForce)
        {
            if (quarantine.Covers(source, received))
                return true;
        }

        return false;
    }

    /// <summary>With one more.</summary>
    public Corrections With(Correction correction) => new(All.Add(correction));

    /// <summary>As if those had been ended by which something that this source sent, and we received then, does not count, and all of its moves.</summary>
    public Corrections Without(string source, Receipt received)
    {
        var ended = InForce.Where(q => q.Covers(source, received)).Select(q => q.Id).Concat(Moves.Where(m => m.Source == source).Select(m => m.Of).Distinct());
        return Of(All.AddRange(ended.Select(id => new QuarantineEnd(id, source, "", id))));
    }

    /// <summary>Whether both leave the same standing, and are known by the same ids.</summary>
    public bool AreAs(Corrections other) => ReferenceEquals(this, other) || All.SequenceEqual(other.All);
}
