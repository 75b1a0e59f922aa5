using Lhcre.Silo.Load;

namespace Lhcre.Silo.Tests.Load;

/// <summary>A load that was stopped, or ended in any other way, goes on where it was.</summary>
public sealed class LoadResumeTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _kept = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Marks => Path.Combine(_kept.Path, "marks");

    public void Dispose()
    {
        _folder.Dispose();
        _kept.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Stopped_and_run_again_it_pushes_the_rest_and_no_more_than_what_was_under_way_twice(int parallel)
    {
        _folder.Write("a.ndjson", Lines(0, 40));
        _folder.Write("b.json", TempFolder.Person("P900"));
        _folder.Write("c.ndjson", "\n\n" + Lines(100, 40));
        var all = Enumerable.Range(0, 40).Concat(Enumerable.Range(100, 40)).Append(900).Select(n => $"P{n:D3}").ToList();
        var pushed = new List<string>();

        for (var run = 1; ; run++)
        {
            using var stop = new CancellationTokenSource();
            var count = 0;
            await using var server = await SourceServer.Start(async (p, _) =>
            {
                if (Interlocked.Increment(ref count) == 17)
                    await stop.CancelAsync();
                return Reply.AllCreated(p);
            });
            // The marks are of one server: each run has the same one.
            var exit = await Load(server, $"{_folder.Path} --parallel {parallel} --resume {Marks}", "http://record.example", stop: stop.Token);
            pushed.AddRange(server.Pushes.Select(Name));
            if (exit == 0)
                break;
            Assert.Equal(130, exit);
            Assert.InRange(run, 1, 6);
        }

        Assert.Equal(all.Order(), pushed.Distinct().Order());
        Assert.InRange(pushed.Count, all.Count, all.Count + 6 * parallel);
        Assert.Contains("were answered before", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("files      3 of 3", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_loaded_is_not_loaded_again_and_what_is_new_or_has_changed_is()
    {
        _folder.Write("a.json", TempFolder.Person("Ann"));
        _folder.Write("b.ndjson", Lines(1, 2));
        await using var server = await SourceServer.Start();
        Assert.Equal(0, await Load(server, $"{_folder.Path} --resume {Marks}"));
        Assert.Equal(0, await Load(server, $"{_folder.Path} --resume {Marks}"));
        Assert.Equal(3, server.Pushes.Count);
        Assert.Contains("2 of them, and 0 lines or messages of others, were answered before", _output.ToString(), StringComparison.Ordinal);

        _folder.Write("a.json", TempFolder.Person("Anne"));
        _folder.Write("c.json", TempFolder.Person("Cora"));
        Assert.Equal(0, await Load(server, $"{_folder.Path} --resume {Marks}"));

        Assert.Equal(["Anne", "Cora"], server.Pushes.Skip(3).Select(Name).Order());
    }

    [Fact]
    public async Task What_a_server_had_no_room_for_is_due_again()
    {
        _folder.Write("a.ndjson", Lines(1, 3));
        var isBusy = true;
        await using var server = await SourceServer.Start(p => isBusy && Name(p) == "P002" ? new Reply(429, RetryAfter: "60") : Reply.AllCreated(p));
        Assert.Equal(1, await Load(server, $"{_folder.Path} --resume {Marks}", time: new SwiftTime()));

        isBusy = false;
        server.Pushes.Clear();
        await Load(server, $"{_folder.Path} --resume {Marks} --parallel 1");

        // From there on; what is behind it was answered, which costs one push more and no harm.
        Assert.Equal(["P002", "P003"], server.Pushes.Select(Name));
    }

    [Theory]
    [InlineData(404, "LHC107")]
    [InlineData(401, "login")]
    public async Task A_source_that_is_not_let_in_ends_it_and_all_is_due_once_it_is(int status, string code)
    {
        _folder.Write("a.ndjson", Lines(1, 9));
        var isIn = false;
        await using var server = await SourceServer.Start(p => isIn ? Reply.AllCreated(p) : Reply.Refused(status, code, "no"));
        Assert.Equal(2, await Load(server, $"{_folder.Path} --resume {Marks} --parallel 2"));
        Assert.InRange(server.Pushes.Count, 1, 2);
        Assert.Contains("takes nothing from the source dorset (" + code, _error.ToString(), StringComparison.Ordinal);

        isIn = true;
        server.Pushes.Clear();
        Assert.Equal(0, await Load(server, $"{_folder.Path} --resume {Marks}"));
        Assert.Equal(9, server.Pushes.Count);
    }

    [Fact]
    public async Task Refusals_of_earlier_runs_stay_in_the_report_and_in_the_exit_code()
    {
        _folder.Write("a.ndjson", $"{Lines(1, 1)}nonsense\n");
        var report = Path.Combine(_kept.Path, "report");
        await using var server = await SourceServer.Start(p => Name(p) == "P001" ? Reply.Refused(422, "LHC202", "no") : Reply.AllCreated(p));
        Assert.Equal(1, await Load(server, $"{_folder.Path} --resume {Marks} --report {report}"));
        _folder.Write("b.ndjson", Lines(2, 1));

        Assert.Equal(1, await Load(server, $"{_folder.Path} --resume {Marks} --report {report}"));

        Assert.Equal(["P001", "P002"], server.Pushes.Select(Name));
        Assert.Contains("refused    nothing now; 2 in the runs before", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, (await File.ReadAllLinesAsync(report)).Length);
    }

    [Fact]
    public async Task Marks_that_a_kill_cut_off_cost_a_few_pushes_and_nothing_else()
    {
        _folder.Write("a.ndjson", Lines(1, 3));
        _folder.Write("b.ndjson", Lines(4, 3));
        await using var server = await SourceServer.Start();
        await Load(server, $"{_folder.Path} --resume {Marks} --parallel 1");
        var whole = await File.ReadAllBytesAsync(Marks);

        for (var length = whole.Length - 1; whole.AsSpan(0, length).Contains((byte)'\n'); length -= 7)
        {
            await File.WriteAllBytesAsync(Marks, whole[..length]);
            server.Pushes.Clear();
            Assert.Equal(0, await Load(server, $"{_folder.Path} --resume {Marks}"));
            Assert.InRange(server.Pushes.Count, 0, 6);
            server.Pushes.Clear();
            Assert.Equal(0, await Load(server, $"{_folder.Path} --resume {Marks}"));
            Assert.Empty(server.Pushes);
        }
    }

    [Theory]
    [InlineData("{\"resourceType\":\"Patient\"}\n", "holds something else")]
    [InlineData("x", "holds something else")]
    [InlineData("{\"source\":\"hampshire\",\"to\":\"http://127.0.0.1:1\"}\n", "remembers a load of hampshire to http://127.0.0.1:1")]
    public async Task A_file_of_something_else_is_refused_and_left_as_it_is(string text, string expected)
    {
        _folder.Write("a.json", TempFolder.Person("Ann"));
        await File.WriteAllTextAsync(Marks, text);
        await using var server = await SourceServer.Start();

        Assert.Equal(2, await Load(server, $"{_folder.Path} --resume {Marks}"));

        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(Marks));
        Assert.Empty(server.Pushes);
    }

    private static string Lines(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(n => TempFolder.Person($"P{n:D3}") + "\n"));

    private static string Name(Pushed push) => push.Text.Split("\"family\": \"")[1].Split('"')[0];

    private async Task<int> Load(SourceServer server, string args, string? to = null, TimeProvider? time = null, CancellationToken stop = default)
    {
        if (to is not null && File.Exists(Marks))
            await File.WriteAllTextAsync(Marks, (await File.ReadAllTextAsync(Marks, stop)).Replace(to, server.Url.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal), stop);
        var options = LoadOptions.Read([.. args.Split(' '), "--source", "dorset", "--to", server.Url.ToString()], out var problem);
        Assert.Null(problem);
        var exit = await LoadCommand.Run(options!, time ?? TimeProvider.System, _output, _error, stop);
        if (to is not null)
            await File.WriteAllTextAsync(
                Marks, (await File.ReadAllTextAsync(Marks, CancellationToken.None)).Replace(server.Url.AbsoluteUri.TrimEnd('/'), to, StringComparison.Ordinal), CancellationToken.None);
        return exit;
    }
}
