using System.Diagnostics;
using Lhcre.Simulation;

if (SimulationOptions.Read(args) is not { } options)
{
    await Console.Error.WriteLineAsync(SimulationOptions.Help);
    return args.Contains("--help") ? 0 : 2;
}

var started = Stopwatch.GetTimestamp();
for (var seed = options.From; seed < options.From + options.Seeds; seed++)
{
    var outcome = SimulationRun.Of(seed, options.Steps);
    if (options.IsTraced)
    {
        foreach (var line in outcome.Trace)
            Console.WriteLine(line);
        Console.WriteLine($"trace {outcome.Hash}");
    }

    if (outcome.Broken is { } broken)
    {
        Console.WriteLine($"seed {seed}: {outcome.Invariant}\n{(broken is BrokenInvariantException ? broken.Message : broken.ToString())}\n  {outcome.Command}");
        return 1;
    }
}

Console.WriteLine($"{options.Seeds} seeds from {options.From}, {options.Steps} steps each: every invariant held ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");
return 0;
