namespace Lhcre.Synthetic;

/// <summary>A name, as it is without its accents, and its short form where there is one in use.</summary>
internal sealed record Name(string Text, string Plain, string? Short = null);

/// <summary>Names of the region, accents included. A pair of them is nobody's name but by chance.</summary>
internal static class Names
{
    public static readonly Name[] Female =
    [
        new("Margaret", "Margaret", "Maggie"), new("Elizabeth", "Elizabeth", "Liz"), new("Zoë", "Zoe"), new("Siân", "Sian"),
        new("Małgorzata", "Malgorzata", "Gosia"), new("Priya", "Priya"), new("Renée", "Renee"), new("Susan", "Susan", "Sue"),
    ];

    public static readonly Name[] Male =
    [
        new("James", "James", "Jim"), new("William", "William", "Bill"), new("José", "Jose", "Pepe"), new("Seán", "Sean"),
        new("Łukasz", "Lukasz"), new("Robert", "Robert", "Bob"), new("Jürgen", "Jurgen"), new("Kwame", "Kwame"),
    ];

    public static readonly Name[] Family =
    [
        new("Smith", "Smith"), new("Müller", "Muller"), new("Nuñez", "Nunez"), new("Hardy", "Hardy"), new("Dvořák", "Dvorak"),
        new("Patel", "Patel"), new("Okonkwo", "Okonkwo"), new("Wójcik", "Wojcik"), new("Tizzard", "Tizzard"), new("Mérimée", "Merimee"),
        new("Loveless", "Loveless"), new("Åkesson", "Akesson"),
    ];

    /// <summary>The name without its accents.</summary>
    public static string Plain(string text) => Female.Concat(Male).Concat(Family).FirstOrDefault(n => n.Text == text)?.Plain ?? text;

    /// <summary>The name's short form; null where it has none.</summary>
    public static string? Short(string given) => Female.Concat(Male).FirstOrDefault(n => n.Text == given)?.Short;
}
