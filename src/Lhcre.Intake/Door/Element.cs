namespace Lhcre.Intake.Door;

/// <summary>What may stand under one JSON name in an object of one type. Each type of a choice has its own.</summary>
internal sealed class Element
{
    /// <summary>The name in JSON, without an underscore.</summary>
    public required string Name { get; init; }

    /// <summary>One bit for each element of the type. The names of a choice share one, since at most one of them may be there.</summary>
    public required ulong Bit { get; init; }

    /// <summary>How the value is checked.</summary>
    public required ElementKind Kind { get; init; }

    /// <summary>Whether a list is expected.</summary>
    public required bool IsList { get; init; }

    /// <summary>Whether it is one type of a choice.</summary>
    public bool IsChoice { get; init; }

    /// <summary>The type of a value that is an object of a known type; null for any other kind.</summary>
    public TypeTable? Type { get; init; }

    /// <summary>The codes of a <see cref="ElementKind.BoundCode"/>; null for any other kind.</summary>
    public NameTable<string>? Codes { get; init; }

    /// <summary>What a collecting walk makes of it.</summary>
    public Role Role { get; init; }
}
