namespace Lhcre.Intake.Door;

/// <summary>What an element is to those who identify, split and rewrite resources.</summary>
internal enum Role
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The id of a resource.</summary>
    Id,

    /// <summary>The meta of a resource.</summary>
    Meta,

    /// <summary>When a resource was changed last.</summary>
    LastUpdated,

    /// <summary>The version of a resource.</summary>
    VersionId,

    /// <summary>The identifiers of a resource, all of them.</summary>
    Identifiers,

    /// <summary>The system of any identifier.</summary>
    IdentifierSystem,

    /// <summary>The value of any identifier.</summary>
    IdentifierValue,

    /// <summary>A literal reference.</summary>
    Reference,

    /// <summary>A URL, which may name a Binary.</summary>
    Url,

    /// <summary>The URL of an entry of a Bundle.</summary>
    FullUrl,

    /// <summary>The resource of an entry of a Bundle.</summary>
    Resource,
}
