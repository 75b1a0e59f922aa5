using System.Text;
using Lhcre.Adapters.Conformance;
using Lhcre.Adapters.Tests.Conformance;
using Lhcre.Processes;
using Xunit.Abstractions;

namespace Lhcre.Adapters.Tests.Examples;

/// <summary>The worked examples as processes of their own, killed and started again, against a record that misbehaves.</summary>
public sealed class ExampleConformanceTests(ITestOutputHelper log) : IDisposable
{
    private const int Kills = 2;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dorset_pushes_every_Bundle_of_its_folder()
    {
        var resources = Enumerable.Range(0, 24).Select(n => UnrulyRecordTests.Resource($"o{n % 12}", n % 4, isRefused: n == 9, value: n)).ToList();
        Directory.CreateDirectory(_folder.At("in"));
        foreach (var (resource, n) in resources.Select((r, n) => (r, n)))
            await File.WriteAllTextAsync(_folder.At($"in/{n:D4}.json"), $$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{{resource}} }]}""");

        await Run("dorset", [.. resources.Select(UnrulyRecordTests.Entry)], "--folder", _folder.At("in"));

        Assert.Empty(Directory.EnumerateFiles(_folder.At("in")));
        Assert.Equal(24, Directory.EnumerateFiles(_folder.At("in/done")).Count());
        Assert.Single(await File.ReadAllLinesAsync(_folder.At("outbox/refused.ndjson")));
    }

    [Fact]
    public async Task Hampshire_pushes_every_change_of_its_table()
    {
        // Many versions of few resources, of which a batch holds one each: many pushes; and a withdrawal.
        var resources = Enumerable.Range(0, 120).Select(n => UnrulyRecordTests.Resource($"o{n % 5}", n % 5, value: n)).ToList();
        await using var server = await PostgresServer.Start();
        var database = await server.CreateDatabase();
        var (_, help) = await Help("hampshire");
        await PostgresServer.Execute(database, help[help.IndexOf("CREATE TABLE", StringComparison.Ordinal)..(help.LastIndexOf(");", StringComparison.Ordinal) + 2)]);
        foreach (var (resource, n) in resources.Select((r, n) => (r, n)))
            await PostgresServer.Execute(database, $"INSERT INTO resource_change (person, type, id, body) VALUES ('Patient/p{n % 5}', 'Observation', 'o{n % 5}', '{resource}')");
        await PostgresServer.Execute(database, "INSERT INTO resource_change (person, type, id) VALUES ('Patient/p0', 'Observation', 'o0')");

        await Run("hampshire", [.. resources.Select(UnrulyRecordTests.Entry), new PushedEntry("Observation/o0", "deleted", "", false)], "--postgres", database);
    }

    [Fact]
    public async Task The_Isle_of_Wight_pushes_every_message_of_its_files()
    {
        // Files of one message, of several, of a batch, with the line ends of text files, and of what is no message: that is for the record to refuse.
        Directory.CreateDirectory(_folder.At("in"));
        var messages = Enumerable.Range(0, 20).Select(n => $"MSH|^~\\&|PAS|IOW|||20261123060000||ADT^A08|{(n == 7 ? "REFUSE-THIS" : "M")}{n}|P|2.4\rPID|1||P{n % 4}^^^IOW||Müller\r").ToList();
        for (var n = 0; n < 10; n++)
            await Write($"{n:D4}", messages[n]);
        await Write("0010", string.Concat(messages[10..14]));
        await Write("0011", $"FHS|^~\\&|\rBHS|^~\\&|\r{string.Concat(messages[14..17])}BTS|3\rFTS|1\r");
        await Write("0012", string.Concat(messages[17..]).Replace("\r", "\r\n", StringComparison.Ordinal));
        // What does not begin as a message does is the record's to judge, and not passed over: here a byte order mark is in the way.
        messages.Add("\u00EF\u00BB\u00BFMSH|^~\\&|PAS\r");
        await Write("0014", $"\r\n \r\n{messages[20]}");
        const string headless = "PID|1||P1^^^IOW||Müller\r";
        await Write("0013", $"\n{headless}{messages[0].Replace("|M0|", "|M20|", StringComparison.Ordinal)}BTS|1\r\r");
        messages.AddRange([headless, messages[0].Replace("|M0|", "|M20|", StringComparison.Ordinal)]);

        await Run("isle-of-wight", [.. messages.Select(m => PushedEntry.OfHl7(Encoding.Latin1.GetBytes(m)))], "--folder", _folder.At("in"));

        Assert.Equal(15, Directory.EnumerateFiles(_folder.At("in/done")).Count());
        Assert.Single(await File.ReadAllLinesAsync(_folder.At("outbox/refused.ndjson")));

        Task Write(string name, string text) => File.WriteAllBytesAsync(_folder.At($"in/{name}.hl7"), Encoding.Latin1.GetBytes(text));
    }

    [Theory]
    [InlineData("dorset", "--folder DIR")]
    [InlineData("hampshire", "--postgres CONNECTION")]
    [InlineData("isle-of-wight", "--folder DIR")]
    public async Task Each_says_how_it_is_used(string verb, string option)
    {
        var (exitCode, help) = await Help(verb);
        Assert.Equal(0, exitCode);
        Assert.Contains(option, help, StringComparison.Ordinal);
        Assert.Contains("--outbox DIR", help, StringComparison.Ordinal);
        await using var wrong = ChildProcess.Start(ExampleProgram.Path, [verb]);
        Assert.Equal(2, await wrong.Exit(TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData("dorset", "--folder in --to nonsense")]
    [InlineData("dorset", "--folder in --every often")]
    [InlineData("hampshire", "--postgres nonsense")]
    public async Task A_value_that_cannot_be_read_is_wrong_usage(string verb, string options)
    {
        await using var wrong = ChildProcess.Start(ExampleProgram.Path, [verb, .. options.Replace(" in ", $" {_folder.At("in")} ", StringComparison.Ordinal).Split(' '), "--outbox", _folder.At("outbox")]);

        Assert.Equal(2, await wrong.Exit(TimeSpan.FromMinutes(1)));
        Assert.StartsWith("An option's value cannot be read: ", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outbox_that_another_process_has_is_told_of_in_one_line()
    {
        await using var outbox = Outbox.Open(_folder.At("outbox"), Guid.NewGuid());
        await using var second = ChildProcess.Start(ExampleProgram.Path, ["dorset", "--folder", _folder.At("in"), "--outbox", _folder.At("outbox")]);

        Assert.Equal(3, await second.Exit(TimeSpan.FromMinutes(1)));
        Assert.Equal("The folder of the outbox is in use by another process.", second.Output.Trim());
    }

    private static async Task<(int ExitCode, string Output)> Help(string verb)
    {
        await using var help = ChildProcess.Start(ExampleProgram.Path, [verb, "--help"]);
        return (await help.Exit(TimeSpan.FromMinutes(1)), help.Output);
    }

    private async Task Run(string source, IReadOnlyList<PushedEntry> expected, params string[] options)
    {
        await using var record = await UnrulyRecord.Start(new UnrulyOptions { Source = source, Seed = 2 }, TimeProvider.System);
        string[] args = [source, "--to", record.Url.ToString(), "--outbox", _folder.At("outbox"), "--every", "0.2", .. options];
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var doomed = ChildProcess.Start(ExampleProgram.Path, args);
            var end = Environment.TickCount64 + 60_000;
            while (record.Requests < 3 * kill && !doomed.HasExited && Environment.TickCount64 < end)
                await Task.Delay(5);
            await doomed.Kill();
            record.AdapterWasKilled();
        }

        await using var adapter = ChildProcess.Start(ExampleProgram.Path, [.. args, "--once"]);
        var exitCode = await adapter.Exit(TimeSpan.FromMinutes(2));

        var report = record.Report(expected);
        log.WriteLine($"{source}, killed {Kills} times: {report}");
        Assert.True(exitCode == 0, adapter.Output);
        Assert.True(report.IsConformant, $"{report}\n{adapter.Output}");
        Assert.True(report.Done.Keys.Count() > 3, "Little was done to it.");
    }
}
