namespace Lhcre.Silo.Synthetic;

/// <summary>Names as diverse as those of the region, accents and apostrophes included. A pair is nobody's name but by chance.</summary>
internal static class WessexNames
{
    public static readonly string[] Female =
    [
        "Olivia", "Zoë", "Siân", "Amelia", "Priya", "Małgorzata", "Chloë", "Ayşe", "Grace", "Renée", "Fatima", "Niamh", "Adaeze", "Mei", "Ingrid",
        "Beatriz", "Daisy", "Nguyệt", "Harriet", "Żaneta", "Margaret", "Joan", "Sushila", "Åsa", "Florence", "Anaïs",
    ];

    public static readonly string[] Male =
    [
        "Oliver", "Łukasz", "José", "Mohammed", "George", "Seán", "Kwame", "Björn", "Arjun", "Tomáš", "Harry", "Oluwaseun", "Jürgen", "Wei", "Rhys",
        "François", "Albert", "Đức", "Callum", "Ibrahim", "Derek", "Kenneth", "Ravi", "Søren", "Alfie", "Nuño",
    ];

    public static readonly string[] Family =
    [
        "Smith", "Müller", "O'Connor", "Patel", "Nuñez", "Hardy", "Nowak", "Adébáyò", "Llewellyn", "Nguyễn", "Dvořák", "Begum", "Ó Briain", "Chalke",
        "Khan", "Fernández", "Blackmore", "Wójcik", "Okonkwo", "Mac Gabhann", "Åkesson", "Da Silva", "Sørensen", "Tizzard", "Singh", "Loveless",
        "Yılmaz", "Beauchamp-Lee", "Chen", "Guðmundsdóttir", "Stickland", "Mérimée", "Osei", "Durrant", "Popović", "Barnes",
    ];

    public static SyntheticPractitioner Practitioner(SyntheticOrganisation organisation, int nth)
    {
        // Drawn from the place alone: the same people work there, whoever comes to see them.
        var place = 0;
        foreach (var c in organisation.OdsCode)
            place = ((place * 31) + c) % 1_000_003;
        var dice = new Dice(place, nth);
        return new SyntheticPractitioner($"{dice.Between(9_000_000, 9_999_999)}", "Dr", dice.OneOf(dice.Chance(50) ? Female : Male), dice.OneOf(Family));
    }
}
