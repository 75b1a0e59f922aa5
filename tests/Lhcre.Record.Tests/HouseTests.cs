using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Lhcre.Record.Tests;

/// <summary>The arrows between the projects (DESIGN.md, "The house"), and what keeps the house tidy.</summary>
public partial class HouseTests
{
    private const int MostLines = 300;

    private static readonly string Root = FindRoot();

    private static readonly string[] Projects = ["Lhcre.Record", "Lhcre.Intake", "Lhcre.Contracts", "Lhcre.Grains", "Lhcre.Silo"];

    // What an adapter team takes along: it runs elsewhere, so nothing of the product is in it. Its parts are tested together.
    private static readonly string[] Kit = ["Lhcre.Adapters", "Lhcre.Adapters.Conformance", "Lhcre.Adapters.Examples"];

    public static TheoryData<string> Sources => [.. SourceFiles().Select(Relative)];

    [Fact]
    public void There_are_five_projects_and_a_kit_and_each_has_its_tests()
    {
        Assert.Equal(Projects.Concat(Kit).Order(), Directory.EnumerateDirectories(At("src"), "Lhcre.*").Select(Path.GetFileName).Order());
        Assert.All(Projects, project => Assert.True(File.Exists(At("tests", $"{project}.Tests", $"{project}.Tests.csproj")), project));
        Assert.True(File.Exists(At("tests", "Lhcre.Adapters.Tests", "Lhcre.Adapters.Tests.csproj")));
        Assert.NotEmpty(SourceFiles());
    }

    [Theory]
    [InlineData("Lhcre.Record", "")]
    [InlineData("Lhcre.Intake", "Lhcre.Record")]
    [InlineData("Lhcre.Contracts", "Lhcre.Record")]
    [InlineData("Lhcre.Grains", "Lhcre.Contracts")]
    [InlineData("Lhcre.Silo", "Lhcre.Grains Lhcre.Intake")]
    [InlineData("Lhcre.Adapters", "")]
    [InlineData("Lhcre.Adapters.Conformance", "")]
    [InlineData("Lhcre.Adapters.Examples", "Lhcre.Adapters")]
    public void The_arrows_point_from_Silo_to_Grains_and_Intake_to_Contracts_to_Record(string project, string expected) =>
        Assert.Equal(expected, string.Join(' ', References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order()));

    [Fact]
    public void Record_builds_with_no_package_at_all() => Assert.Empty(References("Lhcre.Record", "PackageReference"));

    [Fact]
    public void An_adapter_team_takes_no_package_along() =>
        Assert.All(["Lhcre.Adapters", "Lhcre.Adapters.Conformance"], project => Assert.Empty(References(project, "PackageReference")));

    [Fact]
    public void A_worked_adapter_has_under_150_lines() =>
        Assert.All(Directory.EnumerateFiles(At("src", "Lhcre.Adapters.Examples"), "*.cs"), file => Assert.InRange(File.ReadAllLines(file).Length, 1, 149));

    [Fact]
    public void Contracts_bring_a_front_end_team_the_grain_client_and_nothing_else() =>
        Assert.Equal(["Microsoft.Orleans.Sdk"], References("Lhcre.Contracts", "PackageReference"));

    [Fact]
    public void Only_Intake_sees_the_FHIR_object_model()
    {
        // Nobody can deserialise on the hot path by accident: a grain does not reference what would do it.
        var withFhir = Projects.Where(project => References(project, "PackageReference").Any(IsFhir)).ToArray();
        Assert.Equal(["Lhcre.Intake"], withFhir);
        Assert.All(References("Lhcre.Intake", "PackageReference"), package => Assert.True(IsFhir(package), package));
        Assert.Empty(SourceFiles().Where(file => !Relative(file).StartsWith("src/Lhcre.Intake/", StringComparison.Ordinal) && UsesFhir().IsMatch(File.ReadAllText(file))).Select(Relative));

        // The library, and what is pinned for it.
        static bool IsFhir(string package) => package.StartsWith("Hl7.Fhir.", StringComparison.Ordinal) || package is "Fhir.Metrics" or "Microsoft.Extensions.Caching.Memory";
    }

    [Fact]
    public void What_every_project_gets_is_an_analyser_or_a_test_library()
    {
        var shared = XDocument.Load(At("Directory.Build.props")).Descendants("PackageReference").ToList();
        Assert.NotEmpty(shared);
        Assert.All(shared, package => Assert.True(
            (string?)package.Attribute("PrivateAssets") == "all" || (string?)package.Parent!.Attribute("Condition") == "$(MSBuildProjectName.EndsWith('.Tests'))",
            (string?)package.Attribute("Include")));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_source_file_is_one_thing_named_as_the_field_names_it(string path)
    {
        var text = File.ReadAllText(At(path));
        Assert.True(text.Split('\n').Length <= MostLines + 1, $"over {MostLines} lines: which two things is it?");
        Assert.DoesNotMatch(NoDomainNoun(), Path.GetFileNameWithoutExtension(path));
        Assert.DoesNotMatch(TypeOfNoDomainNoun(), text);
        Assert.DoesNotMatch(Unfinished(), text);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_namespace_is_the_projects_with_the_folder_or_without(string path)
    {
        var folders = path.Split('/')[1..^1];
        var declared = Namespace().Match(File.ReadAllText(At(path)));
        if (!declared.Success)
        {
            // Program.cs of statements, or a file of attributes.
            Assert.DoesNotMatch(DeclaresType(), File.ReadAllText(At(path)));
            return;
        }

        Assert.Contains(declared.Groups[1].Value, Enumerable.Range(1, folders.Length).Select(depth => string.Join('.', folders[..depth])));
    }

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(At("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Relative(file).Split('/').Any(part => part is "bin" or "obj")).Order(StringComparer.Ordinal);

    private static string[] References(string project, string kind) =>
        [.. XDocument.Load(At("src", project, $"{project}.csproj")).Descendants(kind).Select(e => (string)e.Attribute("Include")!)];

    private static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lhcre.Grains.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Lhcre.Grains.sln stands in no folder above the tests.");
    }

    [GeneratedRegex(@"\b(using|namespace)\s+(static\s+)?Hl7\.Fhir\b|\bHl7\.Fhir\.\w+\.")]
    private static partial Regex UsesFhir();

    [GeneratedRegex("(Manager|Helpers?|Service|Utils?|Utility|Processor|Wrapper|Base|Impl|Common|Constants|Extensions)$")]
    private static partial Regex NoDomainNoun();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+\w+(Manager|Helpers?|Utils?|Utility|Processor|Wrapper|Impl|Common|Constants)\b")]
    private static partial Regex TypeOfNoDomainNoun();

    [GeneratedRegex(@"#pragma\s+warning\s+disable|\b(TODO|FIXME|HACK)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^namespace ([\w.]+);\s*$", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^\s*((public|internal|sealed|static|abstract|readonly|partial) )+(class|record|struct|interface|enum) ", RegexOptions.Multiline)]
    private static partial Regex DeclaresType();
}
