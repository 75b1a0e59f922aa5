namespace Lhcre.Intake;

/// <summary>What an HTTP request at a source's base says: POST [base], POST Type, PUT Type/id, DELETE Type/id.</summary>
/// <param name="Method"><c>POST</c>, <c>PUT</c> or <c>DELETE</c>.</param>
/// <param name="Type">The type in the path; null at the base itself.</param>
/// <param name="Id">The id in the path; null for POST.</param>
public sealed record Interaction(string Method, string? Type, string? Id);

/// <summary>The Bundle types that a source may push.</summary>
public enum BundleKind
{
    /// <summary>All or nothing, about one person.</summary>
    Transaction,

    /// <summary>Each entry on its own.</summary>
    Batch,

    /// <summary>A message: each entry on its own, by its <c>resource.id</c>.</summary>
    Message,

    /// <summary>A collection: each entry on its own, by its <c>resource.id</c>.</summary>
    Collection,

    /// <summary>A document: each entry on its own, by its <c>resource.id</c>.</summary>
    Document,
}
