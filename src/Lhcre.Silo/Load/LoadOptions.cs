using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Silo.Load;

/// <summary>What the <c>load</c> verb was asked to do.</summary>
public sealed record LoadOptions
{
    /// <summary>What <c>load --help</c> prints.</summary>
    public const string Help = """
        Usage: Lhcre.Silo load PATH... --source ID [options]

        Pushes FHIR R4 JSON to {URL}/sources/{ID}/fhir, and HL7 v2 to {URL}/sources/{ID}/hl7v2. A PATH is a folder (all *.json, *.ndjson
        and HL7 v2 files below it), a file that holds one Bundle or one resource, an .ndjson file with one Bundle or resource a line, or a
        file of HL7 v2 messages: *.hl7, or one that begins with MSH, FHS or BHS; each message counts as one resource. May be repeated
        without harm: a push of the same content carries the same X-Request-Id, and a message names itself.

          --source ID            who says it: dorset, hampshire, isle-of-wight, or another source of that server
          --to URL               the server (http://127.0.0.1:8080)
          --parallel N           pushes at a time, 1 to 256 (8)
          --slice K/N            only every N-th file, beginning with the K-th (1 to N), of all files sorted by name
          --limit N              at most N files, after --slice
          --report FILE          writes everything refused or parked to FILE, one JSON object a line
          --resume FILE          remembers in FILE what was answered, and goes on there: a load that was stopped, or killed, is run again with
                                 the same options; what is new in a folder, or has changed, is pushed, and the report is added to. FILE
                                 holds paths, sizes and counts, and belongs to one source of one server
          --assign-nhs-numbers   for synthetic data only: gives each Patient without an NHS number one of the test range, counting up
                                 from 999 000 0000 in the order of the sorted names of all files, before --slice and --limit: the
                                 same number on every run. A file takes one number (an .ndjson file one a line); a Bundle with
                                 several such Patients is pushed as it is.

        Exit code: 0 all was taken in, 1 something was refused (in this run, or with --resume in one before), 2 wrong usage, or the
        server does not take that source, 3 the server cannot be reached, 130 stopped by Ctrl-C.
        """;

    /// <summary>The most pushes at a time: 256.</summary>
    public const int MaxParallel = 256;

    /// <summary>Folders and files, at least one.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The source that says what the files hold.</summary>
    public required string Source { get; init; }

    /// <summary>The server, <c>http://127.0.0.1:8080</c> by default.</summary>
    public Uri To { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>Pushes at a time: 1 to <see cref="MaxParallel"/>, 8 by default.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Of which slice the files are: 1 to <see cref="Slices"/>.</summary>
    public int Slice { get; init; } = 1;

    /// <summary>Into how many slices the files are dealt: 1 by default.</summary>
    public int Slices { get; init; } = 1;

    /// <summary>The most files; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Where everything refused or parked is written, as NDJSON; null for nowhere.</summary>
    public string? Report { get; init; }

    /// <summary>Where it is remembered what was answered; null for nowhere.</summary>
    public string? Resume { get; init; }

    /// <summary>Whether Patients without an NHS number get one of the test range.</summary>
    public bool AssignNhsNumbers { get; init; }

    /// <summary>Reads the command line behind the verb.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="error">What is wrong with them, in one sentence; null where nothing is.</param>
    public static LoadOptions? Read(IReadOnlyList<string> args, out string? error)
    {
        var paths = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] && left.StartsWith("--", StringComparison.Ordinal)
                ? (left, right)
                : (args[i], null);
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                paths.Add(name);
                continue;
            }

            if (name is not ("--source" or "--to" or "--parallel" or "--slice" or "--limit" or "--report" or "--resume" or "--assign-nhs-numbers"))
                return Fail($"There is no option {name}.", out error);
            if (values.ContainsKey(name))
                return Fail($"{name} is given twice.", out error);
            if (name == "--assign-nhs-numbers" ? value is not null : value is null && ++i == args.Count)
                return Fail(value is null ? $"{name} needs a value." : $"{name} takes no value.", out error);
            values[name] = name == "--assign-nhs-numbers" ? "" : value ?? args[i];
        }

        return Read(paths, values, out error);
    }

    private static LoadOptions? Read(List<string> paths, Dictionary<string, string> values, out string? error)
    {
        if (paths.Count == 0)
            return Fail("Name at least one folder or file.", out error);
        if (!values.TryGetValue("--source", out var source))
            return Fail("Name the source: --source ID.", out error);
        if (!SourceSystem.IsValidId(source))
            return Fail("--source: a source id is 1 to 32 lower-case letters, digits and dashes, a letter first.", out error);
        var options = new LoadOptions
        {
            Paths = paths,
            Source = source,
            Report = values.GetValueOrDefault("--report"),
            Resume = values.GetValueOrDefault("--resume"),
            AssignNhsNumbers = values.ContainsKey("--assign-nhs-numbers"),
        };
        if (values.TryGetValue("--to", out var to))
        {
            if (!Uri.TryCreate(to, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0)
                return Fail("--to: expected an http or https URL, such as http://127.0.0.1:8080.", out error);
            options = options with { To = url };
        }

        if (values.TryGetValue("--parallel", out var parallel))
        {
            if (!TryCount(parallel, out var count) || count > MaxParallel)
                return Fail($"--parallel: expected a number from 1 to {MaxParallel}.", out error);
            options = options with { Parallel = count };
        }

        if (values.TryGetValue("--limit", out var limit))
        {
            if (!TryCount(limit, out var count))
                return Fail("--limit: expected a number of files, at least 1.", out error);
            options = options with { Limit = count };
        }

        if (values.TryGetValue("--slice", out var slice))
        {
            if (slice.Split('/') is not [var first, var second] || !TryCount(first, out var k) || !TryCount(second, out var n) || k > n)
                return Fail("--slice: expected K/N with K from 1 to N, such as 2/3.", out error);
            options = options with { Slice = k, Slices = n };
        }

        error = null;
        return options;
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;

    private static LoadOptions? Fail(string problem, out string error)
    {
        error = problem;
        return null;
    }
}
