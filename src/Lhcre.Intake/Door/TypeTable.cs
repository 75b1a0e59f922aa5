using System.Diagnostics.CodeAnalysis;
using Hl7.Fhir.Introspection;

namespace Lhcre.Intake.Door;

/// <summary>
/// What one FHIR type may hold, compiled from the FHIR library's own metadata. A type is compiled when it is first met: compiling all of
/// them takes longer than the rest of the start, and a source sends a few dozen.
/// </summary>
internal sealed class TypeTable
{
    private readonly ClassMapping _mapping;
    private Content? _content;

    /// <summary>Of the library's <paramref name="mapping"/>.</summary>
    public TypeTable(ClassMapping mapping) => (_mapping, IsResource) = (mapping, mapping.IsResource);

    /// <summary>As FHIR names it.</summary>
    public string Name => _mapping.Name;

    /// <summary>Whether it is a resource type.</summary>
    public bool IsResource { get; }

    /// <summary>The bits of the elements that must be there.</summary>
    public ulong Required => Compiled.Required;

    private Content Compiled => _content ?? Compile();

    /// <summary>What stands under a JSON name, which comes without its underscore; null for a name that is not exactly one of FHIR's.</summary>
    public Element? Find(ReadOnlySpan<byte> name) => Compiled.Elements.Find(name);

    /// <summary>
    /// Whether a name that <see cref="Find"/> does not know would be that of a choice, by its beginning and whatever its case: then its bit.
    /// </summary>
    public bool IsOfChoice(string name, out ulong bit)
    {
        foreach (var (stem, choice) in Compiled.Choices)
        {
            if (name.Length > stem.Length && name.StartsWith(stem, StringComparison.OrdinalIgnoreCase))
            {
                bit = choice;
                return true;
            }
        }

        bit = 0;
        return false;
    }

    // Two threads may both compile: the results are equal, and the first one stays.
    [MemberNotNull(nameof(_content))]
    private Content Compile()
    {
        Interlocked.CompareExchange(ref _content, TypeCompiler.Compile(_mapping), null);
        return _content!;
    }

    /// <summary>What the compiler makes.</summary>
    /// <param name="Elements">By JSON name.</param>
    /// <param name="Required">The bits of the elements that must be there.</param>
    /// <param name="Choices">The names of choices without a type, the longest first, and their bits.</param>
    internal sealed record Content(NameTable<Element> Elements, ulong Required, (string Stem, ulong Bit)[] Choices);
}
