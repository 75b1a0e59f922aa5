using System.Collections.Frozen;
using System.Text;

namespace Lhcre.Record.Reading;

/// <summary>
/// The units that are understood, and how many of its dimension's unit each is. Source: UCUM 2.1, tables 1 to 4 and 23 (codes, prefixes and
/// definitions), and the spellings beside UCUM's that UK laboratories and GP systems send. Case counts: <c>mg</c> is not <c>Mg</c>.
/// </summary>
/// <remarks>
/// Only what is a multiple by an exact decimal number is converted. So moles are not grams, and mg/dL of glucose is not mmol/L: that takes the
/// substance. Arbitrary units (<c>U</c>, <c>[iU]</c>) are dimensions of their own, as UCUM has it, and so are months and years.
/// </remarks>
internal static class UnitTable
{
    private static readonly (string Dimension, string Factor, string Spellings)[] Rows =
    [
        ("g", "1", "g gm gram grams"),
        ("g", "1e3", "kg kilogram kilograms"),
        ("g", "1e-3", "mg milligram milligrams"),
        ("g", "1e-6", "ug mcg microgram micrograms"),
        ("g", "1e-9", "ng nanogram nanograms"),
        ("g", "1e-12", "pg"),
        ("g", "1e-15", "fg"),
        ("g", "453.59237", "[lb_av] lb lbs"),
        ("g", "28.349523125", "[oz_av] oz"),
        ("g", "6350.29318", "[stone_av] st"),
        ("mol", "1", "mol"),
        ("mol", "1e-3", "mmol"),
        ("mol", "1e-6", "umol"),
        ("mol", "1e-9", "nmol"),
        ("mol", "1e-12", "pmol"),
        ("mol", "1e-15", "fmol"),
        ("eq", "1", "eq Eq"),
        ("eq", "1e-3", "meq mEq"),
        ("osm", "1", "osm Osm osmol"),
        ("osm", "1e-3", "mosm mOsm mosmol mOsmol"),
        ("L", "1", "L l litre litres liter liters"),
        ("L", "1e-1", "dL dl"),
        ("L", "1e-2", "cL cl"),
        ("L", "1e-3", "mL ml millilitre millilitres milliliter milliliters cm3 cm^3 cc"),
        ("L", "1e-6", "uL ul mm3 mm^3 cmm"),
        ("L", "1e-9", "nL nl"),
        ("L", "1e-12", "pL pl"),
        ("L", "1e-15", "fL fl"),
        ("L", "1e3", "m3 m^3"),
        ("m", "1", "m metre metres meter meters"),
        ("m", "1e-2", "cm centimetre centimetres"),
        ("m", "1e-3", "mm millimetre millimetres"),
        ("m", "1e-6", "um"),
        ("m", "1e-9", "nm"),
        ("m", "1e3", "km"),
        ("m", "2.54e-2", "[in_i] in inch inches"),
        ("m", "30.48e-2", "[ft_i] ft feet"),
        ("m2", "1", "m2 m^2 m*2 sqm"),
        ("m2", "1e-4", "cm2 cm^2 cm*2"),
        ("m2", "1e-6", "mm2 mm^2 mm*2"),
        ("1.73m2", "1", "1.73m2 1.73_m2 1.73m^2 1.73m*2 1.73sqm 1.73.m2"),
        ("Pa", "1", "Pa"),
        ("Pa", "1e2", "hPa"),
        ("Pa", "1e3", "kPa"),
        ("Pa", "133.322", "mm[Hg] mmHg mmhg"),
        ("Pa", "98.0665", "cm[H2O] cmH2O"),
        ("Cel", "1", "Cel °C ºC ˚C degC degreesC degreesCelsius"),
        ("[degF]", "1", "[degF] °F ºF degF"),
        ("s", "1", "s sec secs second seconds"),
        ("s", "1e-3", "ms msec millisecond milliseconds"),
        ("s", "60", "min mins minute minutes"),
        ("s", "3600", "h hr hrs hour hours"),
        ("s", "86400", "d day days"),
        ("s", "604800", "wk week weeks"),
        ("mo", "1", "mo month months"),
        ("a", "1", "a yr yrs year years"),
        ("%", "1", "% percent"),
        ("1", "1", "1 beat beats breath breaths cell cells copy copies"),
        ("U", "1", "U"),
        ("U", "1e3", "kU"),
        ("U", "1e-3", "mU"),
        ("U", "1e-6", "uU"),
        ("[iU]", "1", "[iU] [IU] iU IU iu"),
        ("[iU]", "1e3", "k[iU] k[IU] kIU"),
        ("[iU]", "1e-3", "m[iU] m[IU] mIU miu"),
        ("[iU]", "1e-6", "u[iU] u[IU] uIU"),
        ("kat", "1", "kat"),
        ("kat", "1e-6", "ukat"),
        ("kat", "1e-9", "nkat"),
        ("J", "1", "J"),
        ("J", "1e3", "kJ"),
        ("J", "4184", "kcal"),
        ("V", "1", "V"),
        ("V", "1e-3", "mV"),
        ("V", "1e-6", "uV"),
        ("[pH]", "1", "[pH] pH"),
        ("CFU", "1", "[CFU] CFU cfu"),
        ("tablet", "1", "tablet tablets tab tabs tbl TAB"),
        ("capsule", "1", "capsule capsules cap caps CAP"),
        ("puff", "1", "puff puffs"),
        ("drop", "1", "drop drops [drp]"),
        ("spray", "1", "spray sprays"),
        ("patch", "1", "patch patches"),
        ("sachet", "1", "sachet sachets"),
        ("unit", "1", "unit units"),
        ("dose", "1", "dose doses"),
    ];

    // Below a line: how often a day. A week is no power of ten of days, and stays.
    private static readonly (string Dimension, string Factor, string Spellings)[] Rates =
    [
        ("d", "86400", "s sec second seconds"),
        ("d", "1440", "min mins minute minutes"),
        ("d", "24", "h hr hrs hour hours"),
        ("d", "1", "d day days 24h 24hr 24hrs 24hours (24.h) 24.h"),
        ("wk", "1", "wk week weeks"),
    ];

    // A unit with its line: what is counted in a minute is mostly a beat.
    private static readonly (string Unit, string Spellings)[] Wholes = [("/min", "bpm BPM"), ("/s", "Hz")];

    private static readonly FrozenDictionary<string, Unit> Above = Read(Rows);
    private static readonly FrozenDictionary<string, Unit> Below = Read(Rates);

    private static readonly FrozenDictionary<string, string> Whole =
        Wholes.SelectMany(row => row.Spellings.Split(' ').Select(s => KeyValuePair.Create(s, row.Unit))).ToFrozenDictionary();

    /// <summary>What a spelling without spaces stands for as a whole; itself where it stands for nothing else.</summary>
    public static string WholeOf(string spelling) => Whole.GetValueOrDefault(spelling, spelling);

    /// <summary>A simple unit above the line, such as <c>mmol</c>; null where it is not known.</summary>
    public static Unit? Counted(string spelling) => Above.GetValueOrDefault(spelling);

    /// <summary>A simple unit below the line, its factor inverted already; null where it is not known, or has no exact inverse.</summary>
    public static Unit? Per(string spelling) =>
        Below.GetValueOrDefault(spelling)
        ?? (Above.GetValueOrDefault(spelling) is { } unit && unit.Factor.Inverse() is { } inverse ? unit with { Factor = inverse } : null);

    private static FrozenDictionary<string, Unit> Read((string Dimension, string Factor, string Spellings)[] rows) =>
        rows.SelectMany(row => row.Spellings.Split(' ').Select(s => KeyValuePair.Create(s, new Unit(row.Dimension, Number(row.Factor))))).ToFrozenDictionary();

    private static ExactNumber Number(string text) =>
        ExactNumber.TryParse(Encoding.ASCII.GetBytes(text), out var number) ? number : throw new InvalidOperationException($"{text} is no number.");
}

/// <summary>A unit as so many of the unit in which its dimension is compared.</summary>
/// <param name="Name">The unit in which it is compared; empty for a mere number.</param>
/// <param name="Factor">How many of these it is.</param>
internal sealed record Unit(string Name, ExactNumber Factor)
{
    /// <summary>Whether it is in the table; otherwise it stands for itself.</summary>
    public bool IsKnown { get; init; } = true;
}
