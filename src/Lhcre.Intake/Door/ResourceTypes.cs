using Hl7.Fhir.Model;

namespace Lhcre.Intake.Door;

/// <summary>The tables of the resource types of R4, by name.</summary>
internal static class ResourceTypes
{
    private static readonly NameTable<TypeTable> ByName =
        new([.. FhirTypes.All.Select(name => KeyValuePair.Create(name, TypeCompiler.TableOf(ModelInfo.ModelInspector.FindClassMapping(name)!)))]);

    /// <summary>What the id and extensions of any primitive may hold, whichever it is.</summary>
    public static TypeTable OfPrimitive { get; } = TypeCompiler.TableOf(ModelInfo.ModelInspector.FindClassMapping("string")!);

    /// <summary>The table of a resource type; null for a name that is not exactly one of them.</summary>
    public static TypeTable? Find(ReadOnlySpan<byte> name) => ByName.Find(name);
}
