using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>Whose an entry is, as far as the push itself says. A closed set.</summary>
public abstract record PersonClue
{
    private PersonClue()
    {
    }

    /// <summary>The push gives the NHS number.</summary>
    /// <param name="Number">The number, checked.</param>
    /// <param name="Patient">The source's Patient that the entry names, or is; null where it names the person by number only.</param>
    public sealed record Named(NhsNumber Number, EntryKey? Patient) : PersonClue;

    /// <summary>Someone whom only the source's earlier pushes can name: by its Patient, else by an identifier of its own.</summary>
    /// <param name="Patient">The Patient by which to look, and for which to wait while nobody is found; null where only identifiers are given.</param>
    /// <param name="Identifiers">Identifiers of the person other than the NHS number, each with a system.</param>
    /// <param name="IfUnknown">What to park it with where nobody is found.</param>
    public sealed record LookUp(EntryKey? Patient, ImmutableArray<Identifier> Identifiers, IssueCode IfUnknown) : PersonClue
    {
        /// <summary>Equality by the contents of the identifiers.</summary>
        public bool Equals(LookUp? other) =>
            other is not null && Patient == other.Patient && IfUnknown == other.IfUnknown && Identifiers.SequenceEqual(other.Identifiers);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Patient, Identifiers.Length, IfUnknown);
    }

    /// <summary>Whoever holds the entry of this key: a DELETE names no person.</summary>
    public sealed record OwnKey(EntryKey Key) : PersonClue;

    /// <summary>About nobody: a supporting resource, kept once for all who refer to it.</summary>
    public sealed record Nobody : PersonClue
    {
        private Nobody()
        {
        }

        /// <summary>The one instance.</summary>
        public static Nobody One { get; } = new();
    }

    /// <summary>It cannot be known: to be parked.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="WaitsFor">The Patient of this push that is itself parked, and would settle it; null where only an operator can.</param>
    public sealed record Unknowable(IssueCode Code, EntryKey? WaitsFor) : PersonClue;
}
