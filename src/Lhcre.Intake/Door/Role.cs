namespace Lhcre.Intake.Door;

/// <summary>What a collecting walk makes of an element, beside checking it.</summary>
internal enum Role
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The id of a resource.</summary>
    Id,

    /// <summary>The meta of a resource.</summary>
    Meta,

    /// <summary>A literal reference.</summary>
    Reference,

    /// <summary>A URL, which may name a Binary.</summary>
    Url,
}
