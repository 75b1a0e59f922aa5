namespace Lhcre.Silo.Synthetic;

/// <summary>A town with the letters and digits that its postcodes begin with.</summary>
public sealed record Town(string Name, string County, string PostcodeDistrict);

/// <summary>An address at which somebody lives, is studying or stays: none of them exists.</summary>
/// <param name="Use"><c>home</c> or <c>temp</c> (FHIR address-use).</param>
/// <param name="Line">House number and street.</param>
/// <param name="Town">The town.</param>
/// <param name="Postcode">Shaped as a postcode, with letters behind the space that Royal Mail never issues there.</param>
public sealed record SyntheticAddress(string Use, string Line, Town Town, string Postcode);

/// <summary>A general practice or a hospital, with a code in the shape of an ODS code. None of them exists.</summary>
public sealed record SyntheticOrganisation(string OdsCode, string Name, Town Town);

/// <summary>Somebody who works there, with a made-up GMC number.</summary>
public sealed record SyntheticPractitioner(string GmcNumber, string Prefix, string GivenName, string FamilyName);

/// <summary>The towns, streets, practices and hospitals that synthetic people live near.</summary>
internal static class WessexPlaces
{
    private static readonly Dictionary<string, Town[]> Towns = new(StringComparer.Ordinal)
    {
        ["dorset"] =
        [
            new("Bournemouth", "Dorset", "BH8"), new("Poole", "Dorset", "BH15"), new("Wareham", "Dorset", "BH20"),
            new("Dorchester", "Dorset", "DT1"), new("Weymouth", "Dorset", "DT4"), new("Sherborne", "Dorset", "DT9"),
        ],
        ["hampshire"] =
        [
            new("Southampton", "Hampshire", "SO17"), new("Winchester", "Hampshire", "SO23"), new("Portsmouth", "Hampshire", "PO4"),
            new("Fareham", "Hampshire", "PO16"), new("Andover", "Hampshire", "SP10"), new("Basingstoke", "Hampshire", "RG21"),
        ],
        ["isle-of-wight"] =
        [
            new("Newport", "Isle of Wight", "PO30"), new("Cowes", "Isle of Wight", "PO31"), new("Ryde", "Isle of Wight", "PO33"),
            new("Shanklin", "Isle of Wight", "PO37"), new("Freshwater", "Isle of Wight", "PO40"),
        ],
        ["away"] =
        [
            new("Leeds", "West Yorkshire", "LS6"), new("Norwich", "Norfolk", "NR2"), new("Kettering", "Northamptonshire", "NN15"),
            new("Hexham", "Northumberland", "NE46"),
        ],
    };

    private static readonly string[] Streets =
    [
        "Quay Lane", "Chalk Hill", "Rope Walk", "Heather Close", "Mill Pond Road", "Osprey Way", "Saxon Gate", "Purbeck View", "Needles Avenue",
        "Ferry Terrace", "Old Orchard", "Beacon Rise", "Samphire Street", "Watercress Lane", "Lantern Court", "Cob Nut Drive",
    ];

    private static readonly string[] Surgeries = ["Quay Surgery", "Downs Medical Practice", "Riverside Practice", "Old Bakery Surgery"];

    // A prefix of practice codes for each area. Real ones begin with other letters.
    private static readonly Dictionary<string, string> CodePrefixes = new(StringComparer.Ordinal)
    {
        ["dorset"] = "X81",
        ["hampshire"] = "X82",
        ["isle-of-wight"] = "X84",
        ["away"] = "X89",
    };

    private static readonly Dictionary<string, SyntheticOrganisation> Hospitals = new(StringComparer.Ordinal)
    {
        ["dorset"] = new("XD1", "Frome Valley General Hospital", Towns["dorset"][3]),
        ["hampshire"] = new("XH1", "Solent Water University Hospital", Towns["hampshire"][0]),
        ["isle-of-wight"] = new("XW1", "Medina General Hospital", Towns["isle-of-wight"][0]),
    };

    public static Town Town(Dice dice, string area) => dice.OneOf(Towns[area]);

    public static SyntheticAddress Address(Dice dice, string use, Town town)
    {
        // The inward part of a postcode never holds C, I, K, M, O or V (BS 7666), so these can be nobody's.
        const string Never = "CIKMOV";
        var inward = $"{dice.Between(0, 9)}{Never[dice.Between(0, 5)]}{Never[dice.Between(0, 5)]}";
        return new SyntheticAddress(use, $"{dice.Between(1, 180)} {dice.OneOf(Streets)}", town, $"{town.PostcodeDistrict} {inward}");
    }

    public static SyntheticOrganisation Practice(Dice dice, string area)
    {
        var town = dice.Between(0, Towns[area].Length - 1);
        var surgery = dice.Between(0, Surgeries.Length - 1);
        var place = Towns[area][town];
        return new SyntheticOrganisation($"{CodePrefixes[area]}{town:D2}{surgery}", $"{place.Name} {Surgeries[surgery]}", place);
    }

    public static SyntheticOrganisation Hospital(string source) => Hospitals[source];
}
