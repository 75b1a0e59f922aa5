using System.Reflection;
using System.Text;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;
using Lhcre.Intake.Door;
using Element = Lhcre.Intake.Door.Element;

namespace Lhcre.Intake.Tests.Door;

/// <summary>The tables against the metadata that they are made of, type by type.</summary>
public class TypeTableTests
{
    // Every type that can be met, from the resources down.
    private static readonly IReadOnlyList<ClassMapping> Types = Reachable();

    [Fact]
    public void Every_element_of_every_type_is_in_its_table()
    {
        var names = 0;
        foreach (var type in Types.Where(t => !t.IsFhirPrimitive))
        {
            var table = TypeCompiler.TableOf(type);
            foreach (var property in type.PropertyMappings)
            {
                var suffixes = property.Choice == ChoiceType.DatatypeChoice ? property.FhirTypeMappings.Select(t => char.ToUpperInvariant(t.Name[0]) + t.Name[1..]) : [""];
                foreach (var name in suffixes.Select(s => property.Name + s))
                {
                    var element = table.Find(Encoding.UTF8.GetBytes(name));
                    Assert.True(element is not null, $"{type.Name}.{name}");
                    Assert.Equal(name, element.Name);
                    Assert.Equal(property.IsCollection, element.IsList);
                    Assert.Equal(property.IsMandatoryElement, (table.Required & element.Bit) != 0);
                    names++;
                }
            }
        }

        Assert.True(names > 8_000, $"{names} names: there are more in R4.");
    }

    [Fact]
    public void Every_primitive_has_a_kind_and_holds_an_id_and_extensions()
    {
        foreach (var type in Types.Where(t => t.IsFhirPrimitive))
        {
            // FHIR R4 has no integer64; the library does.
            Assert.True(ElementKinds.Of(type) != ElementKind.Other || type.Name == "integer64", type.Name);
            Assert.Equal(["extension", "id"], type.PropertyMappings.Where(p => !p.RepresentsValueElement).Select(p => p.Name).Order());
        }
    }

    [Fact]
    public void Every_code_that_a_table_has_the_library_takes()
    {
        var codes = 0;
        foreach (var type in Types.Where(t => t.IsCodeOfT))
        {
            var isValid = type.NativeType.GetMethod("IsValidValue", BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)!;
            foreach (var field in type.EnumType!.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                var literal = field.GetCustomAttribute<Hl7.Fhir.Utility.EnumLiteralAttribute>()!.Literal;
                var bound = new Element { Name = "x", Bit = 1, Kind = ElementKind.BoundCode, IsList = false, Codes = TypeCompiler.CodesOf(type.EnumType) };
                Assert.True(Primitives.IsValid(Encoding.UTF8.GetBytes(literal), bound), $"{type.Name} {literal}");
                Assert.True((bool)isValid.Invoke(null, [literal])!, $"{type.Name} {literal}");
                codes++;
            }
        }

        Assert.True(codes > 2_000, $"{codes} codes: there are more in R4.");
    }

    [Theory]
    [InlineData("Extension", "valueAge")]
    [InlineData("Observation", "valueSampledData")]
    [InlineData("Observation", "valueAge")]
    public void Subtypes_are_allowed_where_their_base_is(string type, string name) => Assert.NotNull(Of(type).Find(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("Patient", "Name")]
    [InlineData("Patient", "")]
    [InlineData("Observation", "value")]
    [InlineData("Observation", "valuequantity")]
    [InlineData("Observation", "valuePatient")]
    [InlineData("Observation", "valueNonsense")]
    [InlineData("string", "value")]
    public void Names_that_are_not_exactly_FHIRs_are_not_found(string type, string name) => Assert.Null(Of(type).Find(Encoding.UTF8.GetBytes(name)));

    private static TypeTable Of(string type) => TypeCompiler.TableOf(ModelInfo.ModelInspector.FindClassMapping(type)!);

    private static List<ClassMapping> Reachable()
    {
        var model = ModelInfo.ModelInspector;
        var reached = new HashSet<ClassMapping>();
        var open = new Queue<ClassMapping>(FhirTypes.All.Select(t => model.FindClassMapping(t)!));
        while (open.TryDequeue(out var type))
        {
            if (!reached.Add(type))
                continue;
            foreach (var property in type.PropertyMappings.Where(p => !p.RepresentsValueElement && p.Choice != ChoiceType.ResourceChoice))
            {
                var next = property.Choice == ChoiceType.DatatypeChoice || property.ImplementingType.IsAbstract ? property.FhirTypeMappings : [model.FindOrImportClassMapping(property.ImplementingType)!];
                foreach (var mapping in next)
                    open.Enqueue(mapping);
            }
        }

        return [.. reached];
    }
}
