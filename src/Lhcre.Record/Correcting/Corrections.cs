using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>The corrections of a record: which rows of its log stand. Immutable.</summary>
public sealed class Corrections
{
    /// <summary>None: every row stands.</summary>
    public static readonly Corrections None = new([]);

    private Corrections(ImmutableArray<Correction> all)
    {
        All = all;
        var ended = all.OfType<QuarantineEnd>().Select(e => e.Of).ToHashSet();
        InForce = [.. all.OfType<Quarantine>().Where(q => !ended.Contains(q.Id))];
    }

    /// <summary>All that there ever were, in the order of their rows.</summary>
    public ImmutableArray<Correction> All { get; }

    /// <summary>The quarantines that none of these has ended.</summary>
    public ImmutableArray<Quarantine> InForce { get; }

    /// <summary>Those of a list.</summary>
    public static Corrections Of(IEnumerable<Correction> all)
    {
        ImmutableArray<Correction> some = [.. all];
        return some.IsEmpty ? None : new Corrections(some);
    }

    /// <summary>Whether it is one of these.</summary>
    public bool Knows(PushId id) => All.Any(c => c.Id == id);

    /// <summary>Whether a quarantine is one of these, and no other one has ended it.</summary>
    public bool IsInForce(PushId quarantine) => InForce.Any(q => q.Id == quarantine);

    /// <summary>Whether what this source sent, and we received then, does not count.</summary>
    public bool Exclude(string source, Receipt received)
    {
        foreach (var quarantine in InForce)
        {
            if (quarantine.Covers(source, received))
                return true;
        }

        return false;
    }

    /// <summary>With one more.</summary>
    public Corrections With(Correction correction) => new(All.Add(correction));

    /// <summary>As if those had been ended by which something that this source sent, and we received then, does not count.</summary>
    public Corrections Without(string source, Receipt received) =>
        Of(All.AddRange(InForce.Where(q => q.Covers(source, received)).Select(q => new QuarantineEnd(q.Id, q.Source, "", q.Id))));

    /// <summary>Whether both leave the same standing, and are known by the same ids.</summary>
    public bool AreAs(Corrections other) => ReferenceEquals(this, other) || All.SequenceEqual(other.All);
}
