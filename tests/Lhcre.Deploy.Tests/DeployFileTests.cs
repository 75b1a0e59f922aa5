using System.Text.RegularExpressions;
using Lhcre.Silo.Operations;
using YamlDotNet.Serialization;

namespace Lhcre.Deploy.Tests;

/// <summary>The files for Docker, and the script that does without. Docker itself is not run here.</summary>
public sealed partial class DeployFileTests
{
    private static readonly string Image = File.ReadAllText(Repository.At("deploy/Dockerfile"));

    private static readonly Dictionary<string, object> Compose =
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new YamlDotNet.Core.MergingParser(
            new YamlDotNet.Core.Parser(new StringReader(File.ReadAllText(Repository.At("deploy/compose.yaml"))))));

    private static readonly string[] Names = ["silo-1", "silo-2", "silo-3"];

    public static TheoryData<string> Silos => [.. Names];

    [Fact]
    public void The_image_has_no_shell_and_nobody_in_it_is_root()
    {
        var last = Image[Image.LastIndexOf("FROM", StringComparison.Ordinal)..];

        Assert.Matches(@"^FROM \S+/dotnet/aspnet:10\.0-\w+-chiseled\n", last);
        Assert.Contains("USER $APP_UID", last, StringComparison.Ordinal);
        Assert.DoesNotContain("RUN", last, StringComparison.Ordinal);
        Assert.Contains("ENTRYPOINT [\"dotnet\", \"Lhcre.Silo.dll\"]", last, StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_restores_every_project_that_the_program_is_made_of()
    {
        // What Lhcre.Silo references, and what these reference.
        string[] projects = [.. Referenced("Lhcre.Silo").Distinct().Order()];

        Assert.Equal(projects, CopiedProjects().Matches(Image).Select(m => m.Groups[1].Value).Order());
    }

    [Fact]
    public void The_image_says_the_ports_of_the_program() => Assert.Equal(
        [8080, new ServeOptions().SiloPort, new ServeOptions().GatewayPort],
        Exposed().Match(Image).Groups[1].Value.Split(' ').Select(p => int.Parse(p, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [MemberData(nameof(Silos))]
    public void Each_silo_of_compose_starts_with_options_that_exist(string name)
    {
        var service = Service(name);
        var variables = Map(service["environment"]).ToDictionary(v => (string)v.Key, v => Filled((string)v.Value));
        var asked = new HashSet<string> { "DOTNET_EnableDiagnostics" };
        var command = ((List<object>)service["command"]).Cast<string>().ToArray();
        var (options, errors) = ServeOptions.Parse(command[1..], variable =>
        {
            asked.Add(variable);
            return variables.GetValueOrDefault(variable);
        });

        Assert.Empty(errors);
        Assert.Empty(variables.Keys.Except(asked));
        Assert.Equal(("serve", name), (command[0], options.PodName));
        Assert.Equal(options.Address.ToString(), Map(Map(service["networks"])["record"])["ipv4_address"]);
        Assert.Matches(@"^127\.0\.0\.1:\d+:8080$", (string)Assert.Single((List<object>)service["ports"]));
        Assert.Equal("true", service["read_only"]);
        Assert.InRange(int.Parse(((string)service["stop_grace_period"]).TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture), StopDeadline.Within.TotalSeconds + 10, 120);
    }

    [Fact]
    public void The_silos_of_compose_are_told_apart()
    {
        var silos = Names.Select(Service).ToArray();

        Assert.Equal(3, silos.Select(s => Map(s["environment"])["POD_NAME"]).Distinct().Count());
        Assert.Equal(3, silos.Select(s => Map(s["environment"])["POD_IP"]).Distinct().Count());
        Assert.Single(silos.Select(s => Map(s["environment"])["LHCRE_BASE_URL"]).Distinct());
    }

    [Theory]
    [InlineData("--help", 0, "deploy/cluster up")]
    [InlineData("", 2, "deploy/cluster up")]
    [InlineData("dance", 2, "'dance' is none of up, status, roll, down, wipe")]
    [InlineData("up --port many", 2, "'many' is no port")]
    [InlineData("up --folder", 2, "--folder: a value is missing")]
    [InlineData("up --fast", 2, "'--fast' is no option")]
    [InlineData("status --folder /nonexistent/lhcre", 1, "silo 3: not running")]
    [InlineData("down --folder /nonexistent/lhcre", 0, "nothing is there")]
    public async Task The_script_says_what_it_takes(string arguments, int exitCode, string expected)
    {
        var (code, output, errors) = await Repository.Run("bash", [Repository.At("deploy/cluster"), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(exitCode, code);
        Assert.Contains(expected, output + errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lock", "down", "another deploy/cluster is at work")]
    [InlineData("lock", "wipe", "another deploy/cluster is at work")]
    [InlineData("thesis", "wipe", "was not made by deploy/cluster up: nothing is removed")]
    [InlineData("thesis", "up", "holds something else")]
    public async Task The_script_leaves_alone_what_is_not_its_own(string found, string verb, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("lhcre-deploy-");
        try
        {
            var other = folder.CreateSubdirectory(found);
            var (code, output, errors) = await Repository.Run("bash", Repository.At("deploy/cluster"), verb, "--folder", folder.FullName);

            Assert.Equal(1, code);
            Assert.Contains(expected, output + errors, StringComparison.Ordinal);
            Assert.True(Directory.Exists(other.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Referenced(string project) => References()
        .Matches(File.ReadAllText(Repository.At($"src/{project}/{project}.csproj"))).Select(m => m.Groups[1].Value)
        .SelectMany(Referenced).Append(project);

    private static Dictionary<object, object> Service(string name) => Map(Map(Compose["services"])[name]);

    private static Dictionary<object, object> Map(object value) => (Dictionary<object, object>)value;

    // As Compose fills in what the shell has set: ${NAME:?…}.
    private static string Filled(string text) => Unset().Replace(text, "secret");

    [GeneratedRegex(@"COPY src/(\S+)/\1\.csproj src/\1/")]
    private static partial Regex CopiedProjects();

    [GeneratedRegex(@"ProjectReference Include=""\.\./(\S+)/\1\.csproj""")]
    private static partial Regex References();

    [GeneratedRegex(@"EXPOSE (.+)")]
    private static partial Regex Exposed();

    [GeneratedRegex(@"\$\{\w+:\?[^}]*\}")]
    private static partial Regex Unset();
}
