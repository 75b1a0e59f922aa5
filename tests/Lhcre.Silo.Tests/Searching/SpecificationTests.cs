using System.Text.Json;
using System.Text.RegularExpressions;
using Lhcre.Record.Searching;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.RealShapes;
using Xunit.Abstractions;

namespace Lhcre.Silo.Tests.Searching;

/// <summary>The table of search parameters against the SearchParameters and the patient compartment of the FHIR R4 package.</summary>
public sealed class SpecificationTests(ITestOutputHelper log)
{
    // Sounds, distances, and conditions on something else than elements.
    private static readonly HashSet<string> LeftOut =
    [
        "phonetic", "near", "item-subject", "context-type-quantity", "context-type-value", "chromosome-variant-coordinate", "chromosome-window-coordinate",
        "referenceseqid-variant-coordinate", "referenceseqid-window-coordinate",
    ];

    [Fact]
    public void Every_parameter_of_R4_is_there_with_its_kind_and_its_elements()
    {
        if (SharedData.Find(log, "spec/hl7.fhir.r4.examples-4.0.1-full.tar.xz") is not { } archive)
            return;
        var (compared, failures) = (0, new List<string>());
        foreach (var parameter in Definitions(archive, "SearchParameter-"))
        {
            var (code, kind) = (Text(parameter, "code"), Text(parameter, "type"));
            // The package has examples of search parameters beside R4's own.
            if (!Text(parameter, "url").StartsWith("http://hl7.org/fhir/SearchParameter/", StringComparison.Ordinal) || Text(parameter, "id").Contains("example", StringComparison.Ordinal)
                || Text(parameter, "id").Contains("-extensions-", StringComparison.Ordinal) || LeftOut.Contains(code) || kind == "special" || Text(parameter, "expression").Contains("xtension(", StringComparison.Ordinal))
                continue;
            foreach (var type in parameter.GetProperty("base").EnumerateArray().Select(b => b.GetString()!).Where(t => SearchTable.AllTypes.Contains(t)))
            {
                compared++;
                if (SearchTable.Find(type, code) is not { } own)
                    failures.Add($"{type}.{code} is not there");
                else if (own.KindCode != kind)
                    failures.Add($"{type}.{code} is {own.KindCode}, not {kind}");
                else if (kind != "composite" && !Reads(own, Elements(Text(parameter, "expression"), type)))
                    failures.Add($"{type}.{code} reads {string.Join(", ", own.Elements)}, not {Text(parameter, "expression")}");
            }
        }

        log.WriteLine($"{compared} parameters of {SearchTable.AllTypes.Length} types");
        Assert.Empty(failures);
        Assert.True(compared > 900);
    }

    [Fact]
    public void The_parameters_of_the_patient_compartment_are_there()
    {
        if (SharedData.Find(log, "spec/hl7.fhir.r4.examples-4.0.1-full.tar.xz") is not { } archive)
            return;
        var compartment = Definitions(archive, "CompartmentDefinition-patient").Single();
        var missing = compartment.GetProperty("resource").EnumerateArray().Where(r => r.TryGetProperty("param", out _))
            .SelectMany(r => r.GetProperty("param").EnumerateArray().Select(p => (Type: Text(r, "code"), Name: p.GetString()!)))
            .Where(p => SearchTable.Find(p.Type, p.Name) is null);
        Assert.Equal([], missing);
    }

    private static IEnumerable<JsonElement> Definitions(string archive, string name) =>
        RealFiles.Within(archive).Where(f => Path.GetFileName(f.Name).StartsWith(name, StringComparison.Ordinal))
            .Select(f => JsonDocument.Parse(f.Json).RootElement).Where(r => r.TryGetProperty("base", out _) || r.TryGetProperty("resource", out _));

    // The elements right below the resource, of the alternatives that are the type's own.
    private static HashSet<string> Elements(string expression, string type) =>
        [.. Regex.Matches(expression, $@"\b{type}\.([a-z]\w*)").Select(m => m.Groups[1].Value)];

    // Where an element may be of several types, JSON puts the type behind its name.
    private static bool Reads(SearchParameter own, HashSet<string> elements)
    {
        string[] read = [.. own.Elements.Select(e => e.Split('.', '(')[0])];
        return read.All(r => elements.Any(e => r == e || (r.StartsWith(e, StringComparison.Ordinal) && char.IsAsciiLetterUpper(r[e.Length]))))
            && elements.All(e => read.Any(r => r.StartsWith(e, StringComparison.Ordinal)));
    }

    private static string Text(JsonElement value, string name) => value.TryGetProperty(name, out var text) ? text.GetString()! : "";
}
