namespace Lhcre.Silo.Load;

/// <summary>
/// The <c>load</c> verb: pushes files to a source base over HTTP, like any FHIR client. See <see cref="LoadOptions.Help"/> for its contract.
/// </summary>
public static class LoadCommand
{
    private const int Done = 0;
    private const int Refused = 1;
    private const int WrongUsage = 2;
    private const int NotReached = 3;
    private const int Interrupted = 130;

    /// <summary>Runs the verb; gives its exit code.</summary>
    /// <param name="args">The arguments behind <c>load</c>.</param>
    /// <param name="output">Progress and the report; a progress bar where this is a terminal's standard output.</param>
    /// <param name="error">Wrong usage, and a server that cannot be reached.</param>
    /// <param name="stop">Ctrl-C: what was begun is ended, the report is of what was done so far.</param>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (args.Any(a => a is "--help" or "-h"))
        {
            await output.WriteLineAsync(LoadOptions.Help);
            return Done;
        }

        var options = LoadOptions.Read(args, out var problem);
        return options is null ? await Usage(error, problem) : await Run(options, TimeProvider.System, output, error, stop);
    }

    internal static async Task<int> Run(LoadOptions options, TimeProvider time, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var all = InputFile.Find(options.Paths, out var missing);
        if (missing is not null)
            return await Usage(error, $"There is no file or folder {missing}.");
        if (all.Count == 0)
            return await Usage(error, "There is no *.json, *.ndjson or HL7 v2 file there.");
        TestNumbers? numbers = null;
        try
        {
            if (options.AssignNhsNumbers)
            {
                (all, var needed) = await NumberLines(all, stop);
                numbers = TestNumbers.Take(needed);
                if (numbers is null)
                    return await Usage(error, "--assign-nhs-numbers: the test range has no number for each of so many.");
            }

            using var marks = options.Resume is null ? null : LoadMarks.Open(options.Resume, options.Source, options.To, time, out missing);
            if (missing is not null)
                return await Usage(error, missing);
            await using var report = options.Report is null ? null : new StreamWriter(options.Report, append: marks is not null) { AutoFlush = true };
            var files = InputFile.Select(all, options);
            var tally = new LoadTally(report);
            using var http = SourceClient.Connect(options.To, options.Parallel);
            var client = new SourceClient(http, options.To, options.Source, time);
            var progress = new LoadProgress(output, tally, files, time);
            var end = await progress.Follow(new LoadRun(client, tally, options.Parallel, numbers, marks, time).Run(files, stop));
            await Report(output, tally, files.Count, client.Retries, progress.Elapsed, end);
            var refused = tally.Now.Refused + (marks?.RefusedBefore ?? 0);
            if (end.Unreachable is not null)
                await error.WriteLineAsync($"load: the server at {options.To} cannot be reached ({end.Unreachable}).");
            if (end.NoBase is not null)
                await error.WriteLineAsync($"load: {options.To} takes nothing from the source {options.Source} ({end.NoBase}). Look at --to and --source; nothing was refused for what it is.");
            if (tally.Now.Refused == 0 && refused > 0)
                await output.WriteLineAsync($"refused    nothing now; {refused:N0} in the runs before (--report FILE has them)");
            return end.NoBase is not null ? WrongUsage : end.Unreachable is not null ? NotReached : end.Stopped ? Interrupted : refused > 0 ? Refused : Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await Usage(error, e.Message);
        }
    }

    // An .ndjson file takes as many numbers as it has lines.
    private static async Task<(List<InputFile> Files, int Needed)> NumberLines(List<InputFile> files, CancellationToken stop)
    {
        var numbered = new List<InputFile>(files.Count + 1);
        var next = 0;
        foreach (var file in files)
        {
            numbered.Add(file with { FirstNumber = next });
            next += file.IsNdjson ? await NdjsonLine.Count(file.Path, stop) : 1;
        }

        return (numbered, next);
    }

    private static async Task Report(TextWriter output, LoadTally tally, int files, int retries, TimeSpan elapsed, LoadEnd end)
    {
        var now = tally.Now;
        var seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        if (end.Stopped)
            await output.WriteLineAsync("Stopped. So far:");
        await output.WriteLineAsync($"files      {now.Files:N0} of {files:N0} in {seconds:N1} s");
        if (now.FilesBefore + now.PartsBefore > 0)
            await output.WriteLineAsync($"           {now.FilesBefore:N0} of them, and {now.PartsBefore:N0} lines or messages of others, were answered before");
        await output.WriteLineAsync($"pushes     {now.Pushes:N0}, {now.Pushes / seconds:N1}/s{(retries > 0 ? $", {retries:N0} sent again" : "")}");
        await output.WriteLineAsync($"resources  {now.Resources:N0}, {now.Resources / seconds:N0}/s");
        await output.WriteLineAsync($"           {now.Created + now.Known:N0} acknowledged ({now.Created:N0} new, {now.Known:N0} updated or unchanged), {now.Parked:N0} parked, {now.Refused:N0} refused");
        foreach (var (code, count) in tally.ParkedFor)
            await output.WriteLineAsync($"parked     {code}: {count:N0}");
        foreach (var refusal in tally.FirstRefusals)
            await output.WriteLineAsync($"refused    {refusal}");
        if (now.Refusals > LoadTally.Shown)
            await output.WriteLineAsync($"refused    and {now.Refusals - LoadTally.Shown:N0} more; --report FILE has them all");
    }

    private static async Task<int> Usage(TextWriter error, string? problem)
    {
        await error.WriteLineAsync($"load: {problem} See load --help.");
        return WrongUsage;
    }
}
