using System.Globalization;
using System.Text.Json.Nodes;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>A Patient, as a source knows it.</summary>
internal static class PersonJson
{
    private const string VerificationUrl = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
    private const string VerificationSystem = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";

    public static void Write(JsonObject json, Telling telling)
    {
        var person = telling.Says.Person!;
        var isPlain = telling.Done.Has(Perturbation.Diacritics);
        // A stranger's number was typed wrongly: nobody has traced it.
        var status = telling.IsStranger ? "02" : telling.Manner % 5 < 3 ? "01" : "03";
        json["identifier"] = new JsonArray(new JsonObject
        {
            ["extension"] = new JsonArray(new JsonObject
            {
                ["url"] = VerificationUrl,
                ["valueCodeableConcept"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = VerificationSystem, ["code"] = status }) },
            }),
            ["system"] = NhsNumber.System,
            ["value"] = person.NhsDigits,
        });
        json["name"] = new JsonArray(new JsonObject
        {
            ["use"] = "official",
            ["family"] = isPlain ? Names.Plain(person.Family) : person.Family,
            ["given"] = new JsonArray(isPlain ? Names.Plain(person.Given) : person.Given),
        });
        json["gender"] = person.Gender;
        json["birthDate"] = person.BirthDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (person.Deceased is { } deceased)
            json["deceasedBoolean"] = deceased;
    }
}
