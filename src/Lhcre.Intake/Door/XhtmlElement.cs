namespace Lhcre.Intake.Door;

/// <summary>An element of FHIR's XHTML: what may stand in it, and which attributes it may have.</summary>
/// <param name="Name">As ASCII.</param>
/// <param name="Bit">One bit for each element.</param>
/// <param name="Children">The bits of the elements that may stand in it.</param>
/// <param name="Content">What else is asked of its content.</param>
/// <param name="Attributes">The bits of the attributes that it may have.</param>
/// <param name="Needed">The bits of the attributes that it must have.</param>
/// <param name="NextInTable">Of a part of a table, the bits of the parts that may follow: they come in one order.</param>
internal sealed record XhtmlElement(
    byte[] Name, ulong Bit, ulong Children, XhtmlContent Content, ulong Attributes, ulong Needed, ulong NextInTable)
{
    /// <summary>What may stand behind a child.</summary>
    public ulong After(XhtmlElement child) => Content == XhtmlContent.Table ? child.NextInTable : Children;

    /// <summary>Whether it may end behind a child. A table ends behind its rows, which only rows may follow.</summary>
    public bool MayEndBehind(XhtmlElement child) => Content != XhtmlContent.Table || child.NextInTable == child.Bit;
}

/// <summary>What is asked of the content of an element, beside which elements it is made of.</summary>
internal enum XhtmlContent
{
    /// <summary>Nothing: text may stand in it too.</summary>
    Mixed,

    /// <summary>No text.</summary>
    ElementsOnly,

    /// <summary>No text, and one element at least.</summary>
    OneAtLeast,

    /// <summary>The parts of a table, in their order.</summary>
    Table,

    /// <summary>Nothing at all may stand in it.</summary>
    Empty,
}
