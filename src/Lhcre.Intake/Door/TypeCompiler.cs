using System.Collections.Concurrent;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;
using Hl7.Fhir.Utility;

namespace Lhcre.Intake.Door;

/// <summary>Makes tables of the FHIR library's metadata, by the rules that its own reading follows.</summary>
internal static class TypeCompiler
{
    private static readonly ModelInspector Model = ModelInfo.ModelInspector;
    private static readonly ConcurrentDictionary<ClassMapping, TypeTable> Tables = new();
    private static readonly ConcurrentDictionary<Type, NameTable<string>> Codes = new();

    // The types that a choice may name. A name with other characters (of a backbone element, of a code bound to its values) is handed over.
    private static readonly Lazy<ClassMapping[]> DataTypes = new(() =>
    [
        .. Model.ClassMappings.Where(c => typeof(DataType).IsAssignableFrom(c.NativeType) && !c.NativeType.IsAbstract
            && !typeof(IDynamicType).IsAssignableFrom(c.NativeType) && c.Name.All(char.IsAsciiLetterOrDigit)),
    ]);

    /// <summary>The table of a type; the same one each time.</summary>
    public static TypeTable TableOf(ClassMapping type) => Tables.GetOrAdd(type, t => new TypeTable(t));

    /// <summary>Compiles one type.</summary>
    public static TypeTable.Content Compile(ClassMapping type)
    {
        // A primitive's own value is no member in JSON.
        var properties = type.PropertyMappings.Where(p => !p.RepresentsValueElement).ToArray();
        if (properties.Length > 64)
            throw new InvalidOperationException($"{type.Name} has more elements than a mask has bits.");
        var elements = new Dictionary<string, Element>(StringComparer.Ordinal);
        var taken = properties.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var choices = properties.Select((p, i) => (Property: p, Bit: 1ul << i)).Where(p => p.Property.Choice == ChoiceType.DatatypeChoice)
            .OrderByDescending(p => p.Property.Name.Length).ToArray();
        var required = 0ul;
        for (var i = 0; i < properties.Length; i++)
        {
            if (properties[i].IsMandatoryElement)
                required |= 1ul << i;
            if (properties[i].Choice != ChoiceType.DatatypeChoice)
                elements.Add(properties[i].Name, Plain(properties[i], 1ul << i, type));
        }

        // The longest first: of two choices a name belongs to the one that more of it is the name of, and an element of that name goes first.
        foreach (var (property, bit) in choices)
        {
            foreach (var dataType in DataTypes.Value)
            {
                var name = property.Name + char.ToUpperInvariant(dataType.Name[0]) + dataType.Name[1..];
                var isTaken = taken.Contains(name) || choices.Any(c => c.Property.Name.Length > property.Name.Length
                    && name.StartsWith(c.Property.Name, StringComparison.OrdinalIgnoreCase));
                if (!isTaken && IsAllowed(property, dataType))
                    elements.Add(name, Of(name, bit, dataType, property.IsCollection, isChoice: true, Role.None));
            }
        }

        return new TypeTable.Content(new NameTable<Element>(elements), required, [.. choices.Select(c => (c.Property.Name, c.Bit))]);
    }

    private static Element Plain(PropertyMapping property, ulong bit, ClassMapping owner)
    {
        if (property.Choice == ChoiceType.ResourceChoice)
        {
            return new Element
            {
                Name = property.Name,
                Bit = bit,
                Kind = ElementKind.Resource,
                IsList = property.IsCollection,
                Role = RoleOf(property.Name, owner),
            };
        }

        var type = property.ImplementingType.IsAbstract && property.FhirTypeMappings.Count == 1 ? property.FhirTypeMappings[0].NativeType : property.ImplementingType;
        var mapping = Model.FindOrImportClassMapping(type) ?? throw new InvalidOperationException($"{owner.Name}.{property.Name} has no type.");
        return Of(property.Name, bit, mapping, property.IsCollection, isChoice: false, RoleOf(property.Name, owner));
    }

    private static Element Of(string name, ulong bit, ClassMapping type, bool isList, bool isChoice, Role role)
    {
        var kind = ElementKinds.Of(type);
        return new Element
        {
            Name = name,
            Bit = bit,
            Kind = kind,
            IsList = isList,
            IsChoice = isChoice,
            Type = kind == ElementKind.Complex ? TableOf(type) : null,
            Codes = kind == ElementKind.BoundCode ? Codes.GetOrAdd(type.EnumType!, CodesOf) : null,
            Role = role,
        };
    }

    private static Role RoleOf(string name, ClassMapping owner) => (owner.Name, name) switch
    {
        (_, "id") when owner.IsResource => Role.Id,
        (_, "meta") when owner.IsResource => Role.Meta,
        (_, "identifier") when owner.IsResource => Role.Identifiers,
        ("Meta", "lastUpdated") => Role.LastUpdated,
        ("Meta", "versionId") => Role.VersionId,
        ("Identifier", "system") => Role.IdentifierSystem,
        ("Identifier", "value") => Role.IdentifierValue,
        ("Bundle.entry", "fullUrl") => Role.FullUrl,
        ("Bundle.entry", "resource") => Role.Resource,
        (_, "reference") => Role.Reference,
        (_, "url") => Role.Url,
        _ => Role.None,
    };

    // As the library's attribute has it: subtypes are allowed where their base is.
    private static bool IsAllowed(PropertyMapping property, ClassMapping type)
    {
        foreach (var rule in property.ValidationAttributes.OfType<AllowedTypesAttribute>())
        {
            var allowed = rule.OpenChoice ? Model.OpenTypes : rule.Types ?? [];
            if (!allowed.Any(t => t.IsAssignableFrom(type.NativeType)))
                return false;
        }

        return property.PropertyType.IsAssignableFrom(type.NativeType);
    }

    /// <summary>The codes of one of the library's enumerations.</summary>
    public static NameTable<string> CodesOf(Type codes)
    {
        var literals = Enum.GetValuesAsUnderlyingType(codes).Cast<object>().Select(v => ((Enum)Enum.ToObject(codes, v)).GetLiteral()!);
        return new NameTable<string>([.. literals.Select(l => KeyValuePair.Create(l, l))]);
    }
}
