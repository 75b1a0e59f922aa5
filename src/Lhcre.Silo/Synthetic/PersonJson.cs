using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Silo.Synthetic;

/// <summary>Writes the person, their practice and hospital, and the people who work there.</summary>
internal static class PersonJson
{
    /// <summary>
    /// A UK Core Patient: the NHS number with its verification status (Extension-UKCore-NHSNumberVerificationStatus: 01, present and
    /// verified), the source's hospital number, name, telecom, addresses and the practice.
    /// </summary>
    public static void Patient(FhirJson fhir, SyntheticPerson person, SourceVoice voice, string practice)
    {
        var json = fhir.Json;
        json.WriteStartArray("identifier");
        json.WriteStartObject();
        fhir.OneObject("extension", () =>
        {
            fhir.Text("url", "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus");
            fhir.Object("valueCodeableConcept", () => fhir.OneObject("coding", () =>
            {
                fhir.Text("system", "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland");
                fhir.Text("code", "01");
                fhir.Text("display", "Number present and verified");
            }));
        });
        fhir.IdentifierMembers(NhsNumber.System, person.NhsNumber.Digits());
        json.WriteEndObject();
        json.WriteStartObject();
        fhir.Text("use", "usual");
        fhir.Hl7Concept("type", "v2-0203", "MR");
        fhir.IdentifierMembers(voice.System("hospital-number"), HospitalNumber(person, voice));
        json.WriteEndObject();
        json.WriteEndArray();

        json.WriteBoolean("active", true);
        Name(fhir, "official", null, person.FamilyName, person.GivenNames);
        json.WriteStartArray("telecom");
        Telecom(fhir, "phone", person.Phone, "mobile");
        Telecom(fhir, "email", $"person{person.Number}@mail.example", "home");
        json.WriteEndArray();
        fhir.Text("gender", person.Gender);
        fhir.Text("birthDate", person.BirthDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteStartArray("address");
        foreach (var address in person.Addresses)
        {
            json.WriteStartObject();
            Address(fhir, address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        fhir.ReferenceList("generalPractitioner", [practice]);
    }

    public static void Organisation(FhirJson fhir, SyntheticOrganisation organisation)
    {
        fhir.Identifier("https://fhir.nhs.uk/Id/ods-organization-code", organisation.OdsCode);
        fhir.Json.WriteBoolean("active", true);
        fhir.Text("name", organisation.Name);
        fhir.OneObject("address", () =>
        {
            fhir.Text("use", "work");
            fhir.Text("city", organisation.Town.Name);
            fhir.Text("district", organisation.Town.County);
        });
    }

    public static void Practitioner(FhirJson fhir, SyntheticPractitioner practitioner)
    {
        fhir.Identifier("https://fhir.hl7.org.uk/Id/gmc-number", practitioner.GmcNumber);
        Name(fhir, "official", practitioner.Prefix, practitioner.FamilyName, [practitioner.GivenName]);
    }

    private static string HospitalNumber(SyntheticPerson person, SourceVoice voice) =>
        string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(voice.Source[0])}{(person.Number * 7) + 1_000_003}");

    private static void Name(FhirJson fhir, string use, string? prefix, string family, IEnumerable<string> given) => fhir.OneObject("name", () =>
    {
        fhir.Text("use", use);
        fhir.Text("family", family);
        fhir.Json.WriteStartArray("given");
        foreach (var name in given)
            fhir.Json.WriteStringValue(name);
        fhir.Json.WriteEndArray();
        if (prefix is not null)
        {
            fhir.Json.WriteStartArray("prefix");
            fhir.Json.WriteStringValue(prefix);
            fhir.Json.WriteEndArray();
        }
    });

    private static void Telecom(FhirJson fhir, string system, string value, string use)
    {
        fhir.Json.WriteStartObject();
        fhir.Text("system", system);
        fhir.Text("value", value);
        fhir.Text("use", use);
        fhir.Json.WriteEndObject();
    }

    private static void Address(FhirJson fhir, SyntheticAddress address)
    {
        fhir.Text("use", address.Use);
        fhir.Json.WriteStartArray("line");
        fhir.Json.WriteStringValue(address.Line);
        fhir.Json.WriteEndArray();
        fhir.Text("city", address.Town.Name);
        fhir.Text("district", address.Town.County);
        fhir.Text("postalCode", address.Postcode);
        fhir.Text("country", "GB");
    }
}
