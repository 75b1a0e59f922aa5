using System.Diagnostics;
using System.Text.Json;
using Lhcre.Record;
using Lhcre.Silo.Load;
using Lhcre.Silo.Tests.Data;
using Xunit.Abstractions;

namespace Lhcre.Silo.Tests.Load;

/// <summary>On real Synthea files, written by nobody on this project, where the shared data is present.</summary>
public class SyntheaLoadTests(ITestOutputHelper log)
{
    // The first of the archive, so that not all of its 720 MB need be unpacked.
    private static readonly string[] Members =
    [
        "synth_all/Alexia_Rice_a39449f8-f68c-4fc7-a481-1d0720c45fd8.json",
        "synth_all/Lemuel_Hodkiewicz_ece76cc5-d728-4ddd-a85d-a47de7d1649a.json",
        "synth_all/Ammie_Huels_ea186cb3-ccb1-4dfc-a92e-dc9286aaa2ce.json",
    ];

    [Fact]
    public async Task Synthea_people_get_the_first_test_numbers_by_file_name_and_nothing_else_changes()
    {
        if (SharedData.Find(log, "synthea/v2.4-all-617.tar.xz") is not { } archive)
            return;
        using var folder = new TempFolder();
        using (var tar = Process.Start("tar", ["-xJf", archive, "-C", folder.Path, "--occurrence=1", .. Members]))
        {
            await tar.WaitForExitAsync();
            Assert.Equal(0, tar.ExitCode);
        }

        await using var server = await SourceServer.Start();
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] args = [folder.Path, "--source", "dorset", "--assign-nhs-numbers", "--to", server.Url.ToString()];
        Assert.Equal(0, await LoadCommand.Run(args, output, error, default));
        log.WriteLine(output.ToString());

        var files = Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories).OrderBy(Path.GetFileName, StringComparer.Ordinal).ToList();
        Assert.Equal(Members.Length, files.Count);
        var numbers = TestNumbers.Take(files.Count)!;
        for (var n = 0; n < files.Count; n++)
        {
            var inserted = $$""","identifier":[{"system":"{{NhsNumber.System}}","value":"{{numbers[n].Digits()}}"}]""";
            var asOneMore = $$""",{"system":"{{NhsNumber.System}}","value":"{{numbers[n].Digits()}}"}""";
            var pushed = Assert.Single(server.Pushes, p => p.Text.Contains(numbers[n].Digits(), StringComparison.Ordinal));
            var without = pushed.Text.Replace(inserted, "", StringComparison.Ordinal).Replace(asOneMore, "", StringComparison.Ordinal);
            Assert.Equal(await File.ReadAllTextAsync(files[n]), without);
            using var bundle = JsonDocument.Parse(pushed.Body);
            var patient = bundle.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"))
                .Single(r => r.GetProperty("resourceType").GetString() == "Patient");
            Assert.Contains(patient.GetProperty("identifier").EnumerateArray(), i => i.GetProperty("system").GetString() == NhsNumber.System);
        }
    }
}
