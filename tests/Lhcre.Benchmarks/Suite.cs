using System.Globalization;
using System.Text;

namespace Lhcre.Benchmarks;

/// <summary>The verbs that print figures: each part by itself, or all of them in one run.</summary>
internal static class Suite
{
    private const string Help = """
        Usage: Lhcre.Benchmarks all [--quick] [--write]      every figure, in one run
               Lhcre.Benchmarks PART... [--quick]            reads, heap, durable, pushes, sources, cold, visitors, bytes, parse,
                                                             door, merge: these alone
               Lhcre.Benchmarks inner [--filter GLOB]        the inner parts, by BenchmarkDotNet

          --quick   shorter rounds, fewer people: to see whether it works, not how fast it is
          --write   also writes RESULTS.md beside the project

        Every figure is one of this machine and this run; what counts is its ratio to what it is measured against.
        """;

    private static readonly (string Name, Func<Scale, IAsyncEnumerable<Figure>> Measure)[] Parts =
    [
        ("reads", WarmReads.Measure),
        ("heap", WarmHeap.Measure),
        ("durable", DurablePushes.Measure),
        ("pushes", PushRates.Measure),
        ("sources", SourceRates.Measure),
        ("cold", ColdLookups.Measure),
        ("visitors", VisitorOpens.Measure),
        ("bytes", BytesWritten.Measure),
        ("parse", ParseRates.Measure),
        ("door", DoorRates.Measure),
        ("merge", MergeCosts.Measure),
        ("corrections", CorrectionRates.Measure),
    ];

    /// <summary>Runs the parts that are named.</summary>
    /// <returns>0, or 2 for wrong arguments.</returns>
    public static async Task<int> Run(string[] args)
    {
        string[] flags = ["--quick", "--write"];
        var named = args.Except(flags).ToArray();
        if (named.Length == 0 || named.Any(n => n != "all" && Parts.All(p => p.Name != n)))
        {
            Console.Error.WriteLine(Help);
            return 2;
        }

        var report = new StringBuilder();
        Print(report, await Machine.Describe());
        var scale = args.Contains("--quick") ? Scale.Quick : Scale.Full;
        if (scale == Scale.Quick)
            Print(report, "Quick run: the figures only show that it works.\n");
        foreach (var (name, measure) in Parts.Where(p => named.Contains("all") || named.Contains(p.Name)))
        {
            Print(report, string.Create(CultureInfo.InvariantCulture, $"## {name}\n\n{Figure.TableHead}"));
            await foreach (var figure in measure(scale))
                Print(report, figure.ToString());
            Print(report, "");
        }

        Print(report, $"Load average at the end: {Machine.LoadAverage()}.");
        if (args.Contains("--write"))
            await Write(Path.Combine(Machine.Repository(), "tests", "Lhcre.Benchmarks", "RESULTS.md"), report.ToString());
        return 0;
    }

    // What the cluster tests print stands at the end, put there by hand: it stays.
    private static async Task Write(string file, string report)
    {
        var before = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
        var cluster = before.IndexOf("## cluster", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, $"# Results\n\n{report}{(cluster < 0 ? "" : "\n" + before[cluster..])}");
    }

    private static void Print(StringBuilder report, string text)
    {
        Console.WriteLine(text);
        report.Append(text).Append('\n');
    }
}
