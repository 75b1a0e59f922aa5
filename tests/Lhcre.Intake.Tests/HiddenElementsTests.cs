using System.Reflection;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;
using Lhcre.Record;

namespace Lhcre.Intake.Tests;

/// <summary>What is hidden of a restricted person, held to FHIR's own definitions of the types that are shown.</summary>
public sealed class HiddenElementsTests
{
    // Whoever is no place and works at none: a reference to one of these alone is no reason to hide it.
    private static readonly string[] Persons = ["Patient", "Group", "Device", "RelatedPerson", "Person"];

    private static readonly Type[] TellingTypes = [typeof(Address), typeof(ContactPoint), typeof(ContactDetail), typeof(Signature), typeof(Attachment), typeof(Hl7.Fhir.Model.Identifier)];

    // Shown in part, by what they are and not by their names; and the number of a part of a device.
    private static readonly string[] Filtered = ["identifier", "attachment", "subject", "origin", "component"];

    public static TheoryData<string> Types => [.. Restriction.ShownTypes.Order()];

    [Theory]
    [MemberData(nameof(Types))]
    public void No_element_that_tells_where_is_forgotten(string type)
    {
        var shown = ModelInfo.GetTypeForFhirType(type);
        Assert.NotNull(shown);

        var forgotten = Elements(shown, type, []).Where(e => !(type == "Patient" && !HiddenElements.OfPatient.Contains(e.Path.Split('.')[1])))
            .SelectMany(e => Telling(e.Property).Where(name => !HiddenElements.Names.Contains(name) && !Filtered.Contains(name)).Select(name => $"{e.Path}: {name}"));

        Assert.Empty(forgotten);
    }

    [Fact]
    public void The_types_of_places_and_people_are_not_shown() =>
        Assert.All(
            ["Organization", "OrganizationAffiliation", "Location", "Practitioner", "PractitionerRole", "HealthcareService", "Endpoint", "CareTeam", "RelatedPerson", "Provenance", "AuditEvent"],
            type => Assert.False(Restriction.Shows(type), type));

    // The names in JSON under which an element tells where somebody is: of a choice, that of each type that does.
    private static IEnumerable<string> Telling(PropertyInfo property)
    {
        var isChoice = property.GetCustomAttribute<FhirElementAttribute>()!.Choice == ChoiceType.DatatypeChoice;
        var types = isChoice ? property.GetCustomAttribute<AllowedTypesAttribute>()?.Types ?? [] : [Item(property.PropertyType)];
        return types.Where(t => TellingTypes.Contains(t) || (t == typeof(ResourceReference) && LeadsToPlaces(property)))
            .Select(t => isChoice ? Name(property) + (t == typeof(ResourceReference) ? "Reference" : t.Name) : Name(property));
    }

    // Where anything may be referred to, the reference itself says what it leads to.
    private static bool LeadsToPlaces(PropertyInfo property)
    {
        var targets = property.GetCustomAttribute<ReferencesAttribute>()?.Resources ?? [];
        return targets.Any(t => t is "Organization" or "Location" or "Practitioner" or "PractitionerRole" or "HealthcareService" or "CareTeam" or "Endpoint")
            && targets.All(t => !Restriction.Shows(t) || Persons.Contains(t));
    }

    private static IEnumerable<(PropertyInfo Property, string Path)> Elements(Type type, string path, HashSet<Type> above)
    {
        if (!above.Add(type))
            yield break;
        foreach (var property in type.GetProperties().Where(p => p.GetCustomAttribute<FhirElementAttribute>() is not null))
        {
            var (item, name) = (Item(property.PropertyType), Name(property));
            if (name is "contained" or "extension" or "modifierExtension" or "meta")
                continue;
            yield return (property, $"{path}.{name}");
            if (HiddenElements.Names.Contains(name) || TellingTypes.Contains(item) || !typeof(Base).IsAssignableFrom(item) || typeof(Resource).IsAssignableFrom(item) || item.IsAbstract)
                continue;
            foreach (var inner in Elements(item, $"{path}.{name}", [.. above]))
                yield return inner;
        }
    }

    private static Type Item(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GetGenericArguments()[0] : type;

    private static string Name(PropertyInfo property) => property.GetCustomAttribute<FhirElementAttribute>()!.Name;
}
