namespace Lhcre.Record.Searching;

/// <summary>How an ordered value is compared (FHIR R4 search.html, "Prefixes").</summary>
public enum SearchPrefix : byte
{
    /// <summary><c>eq</c>, or none: the range of the asked value contains all of the stated one.</summary>
    Equal = 0,

    /// <summary><c>ne</c>: it does not.</summary>
    NotEqual = 1,

    /// <summary><c>gt</c>: the stated value reaches above the asked one.</summary>
    Greater = 2,

    /// <summary><c>lt</c>: the stated value reaches below the asked one.</summary>
    Less = 3,

    /// <summary><c>ge</c>: greater or equal.</summary>
    GreaterOrEqual = 4,

    /// <summary><c>le</c>: less or equal.</summary>
    LessOrEqual = 5,

    /// <summary><c>sa</c>: the stated value lies above the asked one altogether.</summary>
    StartsAfter = 6,

    /// <summary><c>eb</c>: the stated value lies below the asked one altogether.</summary>
    EndsBefore = 7,

    /// <summary><c>ap</c>: the two overlap, the asked one widened by a tenth.</summary>
    Approximate = 8,
}

/// <summary>An ordered value in a query: its prefix, and what is compared.</summary>
internal static class Prefixed
{
    /// <summary>Takes the prefix off; a value without one is to be equal.</summary>
    public static SearchPrefix Take(ref ReadOnlySpan<char> value)
    {
        if (value.Length < 2 || !char.IsAsciiLetterLower(value[0]))
            return SearchPrefix.Equal;
        SearchPrefix? prefix = value[..2] switch
        {
            "eq" => SearchPrefix.Equal,
            "ne" => SearchPrefix.NotEqual,
            "gt" => SearchPrefix.Greater,
            "lt" => SearchPrefix.Less,
            "ge" => SearchPrefix.GreaterOrEqual,
            "le" => SearchPrefix.LessOrEqual,
            "sa" => SearchPrefix.StartsAfter,
            "eb" => SearchPrefix.EndsBefore,
            "ap" => SearchPrefix.Approximate,
            _ => null,
        };
        if (prefix is not null)
            value = value[2..];
        return prefix ?? SearchPrefix.Equal;
    }

    /// <summary>Whether a stated range satisfies what is asked.</summary>
    /// <param name="prefix">How.</param>
    /// <param name="asked">The asked range; for <see cref="SearchPrefix.Approximate"/> widened already.</param>
    /// <param name="stated">What the resource says.</param>
    public static bool Holds(SearchPrefix prefix, DateRange asked, DateRange stated) => prefix switch
    {
        SearchPrefix.Equal => asked.Contains(stated),
        SearchPrefix.NotEqual => !asked.Contains(stated),
        SearchPrefix.Greater => stated.To > asked.To,
        SearchPrefix.Less => stated.From < asked.From,
        SearchPrefix.GreaterOrEqual => stated.To > asked.To || asked.Contains(stated),
        SearchPrefix.LessOrEqual => stated.From < asked.From || asked.Contains(stated),
        SearchPrefix.StartsAfter => stated.From > asked.To,
        SearchPrefix.EndsBefore => stated.To < asked.From,
        _ => asked.Overlaps(stated),
    };
}
