using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>An idea with its standard coding, a second standard one where there is one, and the code that local systems have for it.</summary>
internal sealed record Concept(Coding Main, string Display, Coding? Also = null)
{
    public const string SnomedSystem = "http://snomed.info/sct";
    public const string LoincSystem = "http://loinc.org";
    public const string LocalSystem = "https://codes.wessexcarerecords.example/local";
    private const string Icd10 = "http://hl7.org/fhir/sid/icd-10-cm";

    /// <summary>A made-up code in the manner of Read: five places, one to one with the standard coding.</summary>
    public Coding Local { get; } = new(LocalSystem, Short(Main));

    public static Concept Snomed(string code, string display, string? loinc = null) =>
        new(new Coding(SnomedSystem, code), display, loinc is null ? null : new Coding(LoincSystem, loinc));

    public static Concept Icd(string code, string display) => new(new Coding(Icd10, code), display);

    public static Concept Loinc(string code, string display) => new(new Coding(LoincSystem, code), display);

    private static string Short(Coding coding)
    {
        ulong hash = 14695981039346656037;
        foreach (var c in $"{coding.System}|{coding.Code}")
            hash = (hash ^ c) * 1099511628211;
        return string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + (hash % 26))}{hash / 26 % 1_000_000_000:D9}");
    }
}
