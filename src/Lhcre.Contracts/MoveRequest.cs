using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Contracts;

/// <summary>Which entries of a source are another person's than it says: a <see cref="Record.Move"/> as it goes to one of the two records.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.move-request")]
public sealed record MoveRequest
{
    /// <summary>The move as a whole: the id of its first correction.</summary>
    [Id(0)]
    public required PushId Whole { get; init; }

    /// <summary>Whether they come to this record; else they leave it.</summary>
    [Id(1)]
    public bool IsHere { get; init; }

    /// <summary>The pseudonym of the other record's person.</summary>
    [Id(2)]
    public required string Other { get; init; }

    /// <summary>The types of the entries.</summary>
    [Id(3)]
    public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>Their ids, in the same order.</summary>
    [Id(4)]
    public ImmutableArray<string> Ids { get; init; } = [];

    /// <summary>The id of the source's Patient who moves with all that is filed under them; null for the entries alone.</summary>
    [Id(5)]
    public string? Unit { get; init; }

    /// <summary>The request for a move.</summary>
    public static MoveRequest Of(Move move) => new()
    {
        Whole = move.Of,
        IsHere = move.IsHere,
        Other = move.Other.Value,
        Types = [.. move.Entries.Select(e => e.Type)],
        Ids = [.. move.Entries.Select(e => e.Id)],
        Unit = move.Unit,
    };

    /// <summary>The move that is asked for.</summary>
    public Move Move(PushId id, string source, string reason) =>
        new(id, source, reason, Whole, IsHere, PatientKey.Parse(Other), [.. Types.Zip(Ids, (type, key) => new EntryKey(source, type, key))], Unit);

    /// <summary>Whether another one moves the same to the same person.</summary>
    public bool Moves(MoveRequest other) => (Other, Unit) == (other.Other, other.Unit) && Types.SequenceEqual(other.Types) && Ids.SequenceEqual(other.Ids);

    /// <summary>Without the ids: Orleans prints a call's arguments where the call fails or waits, and a source's own id is patient data.</summary>
    public override string ToString() => $"{Types.Length} entries {(IsHere ? "to" : "from")} here";
}
