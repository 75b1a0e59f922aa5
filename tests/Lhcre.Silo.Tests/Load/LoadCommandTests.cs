using System.Collections.Concurrent;
using System.Text.Json;
using Lhcre.Record;
using Lhcre.Silo.Load;

namespace Lhcre.Silo.Tests.Load;

public sealed class LoadCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_is_pushed_several_at_a_time_and_counted()
    {
        People(24);
        var together = new TaskCompletionSource();
        var under = 0;
        await using var server = await SourceServer.Start(async (p, gone) =>
        {
            if (Interlocked.Increment(ref under) >= 4)
                together.TrySetResult();
            await together.Task.WaitAsync(TimeSpan.FromSeconds(30), gone);
            return Reply.AllCreated(p);
        });
        Assert.Equal(0, await Load(server, $"{_folder.Path} --parallel 4"));
        Assert.Equal(24, server.Pushes.Count);
        Assert.Equal(4, server.AtATime);
        Assert.Matches(@"files\s+24 of 24 in", Output);
        Assert.Matches(@"24 acknowledged \(24 new, 0 updated or unchanged\), 0 parked, 0 refused", Output);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task A_repeat_carries_the_same_push_ids_and_other_content_others()
    {
        People(3);
        await using var server = await SourceServer.Start();
        await Load(server, _folder.Path);
        await Load(server, $"{_folder.Path} --parallel 1");
        var ids = server.Pushes.Select(p => p.RequestId).ToList();
        Assert.Equal(ids[..3].Order(), ids[3..].Order());
        Assert.Equal(3, ids.Distinct().Count());

        _folder.Write("001.json", TempFolder.Person("Changed"));
        await Load(server, _folder.Path);
        Assert.Equal(4, server.Pushes.Select(p => p.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task Every_refusal_is_told_with_file_entry_code_and_reason()
    {
        _folder.Write("anna.json", TempFolder.Person("Anna"));
        _folder.Write("bert.json", TempFolder.Person("Bert"));
        _folder.Write("notes.json", "not JSON at all");
        _folder.Write("many.ndjson", $"{TempFolder.Person("Cora")}\n[]\n");
        await using var server = await SourceServer.Start(p => p.Text switch
        {
            var t when t.Contains("Anna", StringComparison.Ordinal) => Reply.Entries(("422 No", Reply.Outcome("LHC202", "birthDate is no date"))),
            var t when t.Contains("Bert", StringComparison.Ordinal) => Reply.Refused(422, "LHC405", "two people", "Bundle.entry[0]"),
            _ => Reply.Entries(("202 Accepted", Reply.Outcome("LHC302", "no NHS number"))),
        });
        var report = System.IO.Path.Combine(_folder.Path, "report.txt");
        Assert.Equal(1, await Load(server, $"{_folder.Path} --report {report}"));
        Assert.Contains("refused    anna.json entry 0: LHC202 birthDate is no date", Output, StringComparison.Ordinal);
        Assert.Contains("refused    bert.json entry 0: LHC405 two people", Output, StringComparison.Ordinal);
        Assert.Contains($"refused    notes.json: LHC101 {IssueCodes.MalformedJson.Meaning}", Output, StringComparison.Ordinal);
        Assert.Contains($"refused    many.ndjson line 2: LHC201 {IssueCodes.NoResourceType.Meaning}", Output, StringComparison.Ordinal);
        Assert.Contains("parked     LHC302: 1", Output, StringComparison.Ordinal);
        Assert.Contains("0 acknowledged (0 new, 0 updated or unchanged), 1 parked, 4 refused", Output, StringComparison.Ordinal);

        var lines = (await File.ReadAllLinesAsync(report)).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(5, lines.Count);
        var parked = lines.Single(l => l.GetProperty("outcome").GetString() == "parked");
        Assert.Equal(("many.ndjson", 1, 0, "LHC302"), (
            parked.GetProperty("file").GetString(), parked.GetProperty("line").GetInt32(), parked.GetProperty("entry").GetInt32(), parked.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Of_many_refusals_twenty_are_shown_and_all_are_in_the_report()
    {
        People(25);
        await using var server = await SourceServer.Start(_ => Reply.Refused(422, "LHC202", "no"));
        var report = System.IO.Path.Combine(_folder.Path, "report.txt");
        Assert.Equal(1, await Load(server, $"{_folder.Path} --report {report}"));
        Assert.Contains("and 5 more; --report FILE has them all", Output, StringComparison.Ordinal);
        Assert.Equal(25, (await File.ReadAllLinesAsync(report)).Length);
    }

    [Fact]
    public async Task A_resource_with_an_id_is_put_and_one_without_is_posted_also_as_lines()
    {
        _folder.Write("a.json", """{"resourceType":"Patient","id":"p1"}""");
        _folder.Write("b.ndjson", "{\"resourceType\":\"Condition\",\"id\":\"c1\"}\r\n\r\n{\"resourceType\":\"Condition\"}");
        await using var server = await SourceServer.Start();
        Assert.Equal(0, await Load(server, _folder.Path));
        Assert.Equal(
            ["POST /sources/dorset/fhir/Condition", "PUT /sources/dorset/fhir/Condition/c1", "PUT /sources/dorset/fhir/Patient/p1"],
            server.Pushes.Select(p => $"{p.Method} {p.Path}").Order(StringComparer.Ordinal));
        Assert.Contains("files      2 of 2", Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_being_busy_is_waited_out()
    {
        People(3);
        var seen = new ConcurrentDictionary<string, int>();
        await using var server = await SourceServer.Start(p =>
            seen.AddOrUpdate(p.RequestId, 1, (_, n) => n + 1) == 1 ? new Reply(429, RetryAfter: "0") : Reply.AllCreated(p));
        Assert.Equal(0, await Load(server, _folder.Path));
        Assert.Contains("3 sent again", Output, StringComparison.Ordinal);
        Assert.Contains("3 acknowledged", Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slices_and_limits_choose_files_and_numbers_do_not_depend_on_them()
    {
        People(9);
        await using var server = await SourceServer.Start();
        await Load(server, $"{_folder.Path} --assign-nhs-numbers");
        var all = Numbers(server);
        Assert.Equal(9, all.Values.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 9).Select(n => TestNumbers.Take(9)![n].Digits()), all.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value));

        server.Pushes.Clear();
        await Load(server, $"{_folder.Path} --assign-nhs-numbers --slice 2/3");
        var slice = Numbers(server);
        Assert.Equal(["Person001", "Person004", "Person007"], slice.Keys.Order(StringComparer.Ordinal));
        Assert.All(slice, p => Assert.Equal(all[p.Key], p.Value));

        server.Pushes.Clear();
        await Load(server, $"{_folder.Path} --assign-nhs-numbers --slice 3/3 --limit 1 --parallel 1");
        Assert.Equal(all["Person002"], Assert.Single(Numbers(server)).Value);
    }

    [Fact]
    public async Task Every_line_of_an_ndjson_file_has_a_number_of_its_own_and_the_files_behind_it_count_on()
    {
        _folder.Write("a.json", TempFolder.Person("A"));
        _folder.Write("b.ndjson", $"{TempFolder.Person("B")}\n\n{TempFolder.Person("C")}\n");
        _folder.Write("c.json", TempFolder.Person("D"));
        await using var server = await SourceServer.Start();
        await Load(server, $"{_folder.Path} --assign-nhs-numbers");
        Assert.Equal(Enumerable.Range(0, 4).Select(n => TestNumbers.Take(4)![n].Digits()), Numbers(server).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value));
    }

    [Fact]
    public async Task Without_being_asked_it_changes_no_byte()
    {
        People(1);
        await using var server = await SourceServer.Start();
        await Load(server, _folder.Path);
        Assert.Equal(TempFolder.Person("Person000"), Assert.Single(server.Pushes).Text);
    }

    [Fact]
    public async Task Stopped_it_ends_what_it_began_and_reports_that()
    {
        People(50);
        using var stop = new CancellationTokenSource();
        var count = 0;
        await using var server = await SourceServer.Start(async (p, _) =>
        {
            if (Interlocked.Increment(ref count) == 4)
                await stop.CancelAsync();
            return Reply.AllCreated(p);
        });
        Assert.Equal(130, await Load(server, $"{_folder.Path} --parallel 2", stop.Token));
        Assert.InRange(server.Pushes.Count, 4, 8);
        Assert.Contains("Stopped. So far:", Output, StringComparison.Ordinal);
        Assert.Contains($"{server.Pushes.Count} acknowledged", Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_in_one_line()
    {
        People(5);
        var server = await SourceServer.Start();
        await server.DisposeAsync();
        Assert.Equal(3, await Load(server, _folder.Path));
        Assert.StartsWith($"load: the server at {server.Url} cannot be reached (", _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("people", "Name the source")]
    [InlineData("/no/such/place --source dorset", "There is no file or folder /no/such/place.")]
    public async Task Wrong_usage_says_what_is_wrong(string args, string expected)
    {
        Assert.Equal(2, await LoadCommand.Run(args.Split(' '), _output, _error, default));
        Assert.StartsWith("load: " + expected, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", Output);
    }

    [Fact]
    public async Task A_folder_without_files_and_a_report_that_cannot_be_written_are_wrong_usage()
    {
        await using var server = await SourceServer.Start();
        Assert.Equal(2, await Load(server, _folder.Path));
        People(1);
        Assert.Equal(2, await Load(server, $"{_folder.Path} --report {_folder.Path}/no/such/folder/report"));
        Assert.Empty(server.Pushes);
    }

    [Fact]
    public async Task Help_names_every_option()
    {
        Assert.Equal(0, await LoadCommand.Run(["--help"], _output, _error, default));
        Assert.All(new[] { "--source", "--to", "--parallel", "--slice", "--limit", "--report", "--resume", "--assign-nhs-numbers" }, o => Assert.Contains(o, Output, StringComparison.Ordinal));
    }

    private string Output => _output.ToString();

    private void People(int count)
    {
        for (var n = 0; n < count; n++)
            _folder.Write($"{n:D3}.json", TempFolder.Person($"Person{n:D3}"));
    }

    private Task<int> Load(SourceServer server, string args, CancellationToken stop = default)
    {
        _output.GetStringBuilder().Clear();
        return LoadCommand.Run([.. args.Split(' '), "--source", "dorset", "--to", server.Url.ToString()], _output, _error, stop);
    }

    // Family name to NHS number.
    private static Dictionary<string, string> Numbers(SourceServer server) => server.Pushes.ToDictionary(
        p => Patient(p).GetProperty("name")[0].GetProperty("family").GetString()!,
        p => Patient(p).GetProperty("identifier")[0].GetProperty("value").GetString()!);

    private static JsonElement Patient(Pushed push) => JsonDocument.Parse(push.Body).RootElement.GetProperty("entry")[0].GetProperty("resource");
}
