using System.Globalization;

namespace Lhcre.Simulation;

/// <summary>What to simulate.</summary>
internal sealed record SimulationOptions
{
    /// <summary>How to call it.</summary>
    public const string Help = """
        Usage: Lhcre.Simulation [--seed N] [--seeds N] [--from N] [--steps N] [--trace]

        Patients' records over one journal, in silos that die, on lines that fail, by clocks that step: everything that happens is
        decided by a seed, and what always holds is checked after each recovery and at the end.

          --seed N    this seed alone
          --seeds N   so many seeds (200), one after the other, until one fails
          --from N    the first of them (1)
          --steps N   so many things that happen in each (60)
          --trace     prints everything that happens

        Exits with 0 where every invariant held, and with 1 where one did not; then it prints its name and the command that plays it again.
        """;

    public int From { get; init; } = 1;

    public int Seeds { get; init; } = 200;

    public int Steps { get; init; } = SimulationRun.UsualSteps;

    public bool IsTraced { get; init; }

    /// <summary>Reads the command line; null where it cannot be read.</summary>
    public static SimulationOptions? Read(IReadOnlyList<string> args)
    {
        var options = new SimulationOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--trace")
            {
                options = options with { IsTraced = true };
                continue;
            }

            if (++i >= args.Count || !int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            var (read, name) = (options, args[i - 1]);
            options = name switch
            {
                "--seed" => read with { From = number, Seeds = 1 },
                "--seeds" => read with { Seeds = number },
                "--from" => read with { From = number },
                "--steps" => read with { Steps = number },
                _ => null,
            };
            if (options is null)
                return null;
        }

        return options;
    }
}
