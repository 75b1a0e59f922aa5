using System.Globalization;

namespace Lhcre.Synthetic;

/// <summary>How much to measure.</summary>
internal sealed record QualityOptions
{
    /// <summary>The first seed; the others follow it. Fixed, as <see cref="Rates.Fixed"/> is.</summary>
    public const int FirstSeed = 20_250_101;

    /// <summary>How to call it.</summary>
    public const string Help = """
        Usage: deploy/quality [--people N] [--seeds N] [--shuffles N] [--cases]

        Made-up people of whom everything is known, what three sources make of them, and how well the merge finds the truth again: tables
        in Markdown on standard output, progress on standard error. The same arguments print the same tables.

          --people N    so many people of each seed (1200)
          --seeds N     so many seeds (5)
          --shuffles N  so many orders of arrival, a hundred of each small record (100000)
          --cases       prints up to three pairs of whatever was counted, as they were said

        Exits with 0 where every goal is met, with 1 where one is missed.
        """;

    public int People { get; init; } = 1200;

    public int Seeds { get; init; } = 5;

    public int Shuffles { get; init; } = 100_000;

    public bool HasCases { get; init; }

    /// <summary>Reads the command line; null where it cannot be read.</summary>
    public static QualityOptions? Read(IReadOnlyList<string> args)
    {
        var options = new QualityOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--cases")
            {
                options = options with { HasCases = true };
                continue;
            }

            if (++i >= args.Count || !int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            var read = options;
            options = args[i - 1] switch
            {
                "--people" => read with { People = number },
                "--seeds" => read with { Seeds = number },
                "--shuffles" => read with { Shuffles = number },
                _ => null,
            };
            if (options is null)
                return null;
        }

        return options;
    }
}
