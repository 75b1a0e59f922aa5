namespace Lhcre.Intake.Door;

/// <summary>Which elements an object has so far.</summary>
internal struct Members
{
    private Element? _choice;

    /// <summary>The bits of the elements that are there.</summary>
    public ulong Plain { get; private set; }

    /// <summary>The bits of the elements that are there with an underscore before their names.</summary>
    public ulong Extra { get; private set; }

    /// <summary>Whether <c>resourceType</c> is there.</summary>
    public bool HasType { get; set; }

    /// <summary>Whether an element is there in either form.</summary>
    public readonly bool Has(ulong bit) => ((Plain | Extra) & bit) != 0;

    /// <summary>Whether an element is there in both forms.</summary>
    public readonly bool HasBoth(Element element) => (Plain & Extra & element.Bit) != 0;

    /// <summary>Adds an element.</summary>
    /// <returns>Whether it was not there, in the same form, before.</returns>
    public bool Add(Element element, bool isExtra)
    {
        var isNew = ((isExtra ? Extra : Plain) & element.Bit) == 0;
        if (isExtra)
            Extra |= element.Bit;
        else
            Plain |= element.Bit;
        return isNew;
    }

    /// <summary>Whether a choice that was added just now is of one type in both of its forms. False too where another choice came between.</summary>
    public bool IsOneChoice(Element choice)
    {
        var isOne = !HasBoth(choice) || _choice == choice;
        _choice = choice;
        return isOne;
    }
}
