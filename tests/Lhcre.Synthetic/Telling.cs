using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>What was done to a fact when it was told.</summary>
internal readonly record struct Perturbations(ulong Bits)
{
    public bool Has(Perturbation perturbation) => (Bits & (1UL << (int)perturbation)) != 0;

    public Perturbations With(Perturbation perturbation) => new(Bits | (1UL << (int)perturbation));

    public static Perturbations operator |(Perturbations left, Perturbations right) => new(left.Bits | right.Bits);

    public IEnumerable<Perturbation> All => Enum.GetValues<Perturbation>().Where(Has);
}

/// <summary>One entry of one source, and which true fact it tells.</summary>
internal sealed record Telling
{
    /// <summary>The fact that is told.</summary>
    public required TrueFact Fact { get; init; }

    /// <summary>Whose fact it is: another person's number where a stranger's is filed here.</summary>
    public required int Person { get; init; }

    /// <summary>What the source says of it: the fact, less what it leaves out, and with what it says differently.</summary>
    public required TrueFact Says { get; init; }

    public required EntryKey Key { get; init; }

    public required Perturbations Done { get; init; }

    /// <summary>The codings that it gives for what the fact is about.</summary>
    public ImmutableArray<Coding> Codings { get; init; } = [];

    /// <summary>Business identifiers, as <c>system|value</c>; a visit number has no system. The hash of a document names it too.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Whether an attachment is given by its hash, rather than inline.</summary>
    public bool IsHashed { get; init; }

    public StatedDate Date { get; init; } = StatedDate.None;

    /// <summary>Which of the ways to spell, to word, to write a unit.</summary>
    public int Manner { get; init; }

    /// <summary>The results that a report names.</summary>
    public ImmutableArray<Telling> Results { get; init; } = [];

    /// <summary>What hard-to-tell group it is of.</summary>
    public HardNegative? Negative { get; init; }

    /// <summary>Which group of facts; of no meaning beyond one person.</summary>
    public int Group { get; init; }

    /// <summary>The source's Patient that it is about; null for what is about nobody.</summary>
    public EntryKey? Subject { get; init; }

    /// <summary>What else of the source it refers to, by the element that does.</summary>
    public ImmutableArray<(string Element, EntryKey Target)> Links { get; init; } = [];

    /// <summary>All versions of the entry, ascending.</summary>
    public ImmutableArray<Fragment> Versions { get; init; } = [];

    /// <summary>Whether the source states it still.</summary>
    public bool IsLive => !Done.Has(Perturbation.Deleted);

    /// <summary>Whether the source says that it was an error.</summary>
    public bool IsRetracted => Done.Has(Perturbation.EnteredInError);

    public bool IsStranger => Done.Has(Perturbation.Stranger);

    public string Source => Key.Source;

    public string Type => Key.Type;
}
