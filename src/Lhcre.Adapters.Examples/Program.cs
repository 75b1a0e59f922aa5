using System.Runtime.InteropServices;
using Lhcre.Adapters.Examples;

using var stop = new CancellationTokenSource();
// SIGTERM and Ctrl-C: what is under way is waited for, and nothing is lost either way.
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

const string help = """
    Lhcre.Adapters.Examples dorset | hampshire | isle-of-wight [OPTIONS]

      dorset          a folder of FHIR Bundles
      hampshire       a PostgreSQL table with a change column
      isle-of-wight   a folder of HL7 v2 files

    Each has its own --help.
    """;

try
{
    switch (args.FirstOrDefault())
    {
        case "dorset":
            return await DorsetFolder.Run(args[1..], stop.Token);
        case "hampshire":
            return await HampshireTable.Run(args[1..], stop.Token);
        case "isle-of-wight":
            return await IsleOfWightFiles.Run(args[1..], stop.Token);
        default:
            Console.WriteLine(help);
            return args.FirstOrDefault() is "--help" or "-h" ? 0 : 2;
    }
}
catch (Exception e) when (e is ArgumentException or FormatException)
{
    Console.Error.WriteLine($"An option's value cannot be read: {e.Message} See --help.");
    return 2;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // The outbox is another process's, or the disk fails: without it nothing may be read on.
    Console.Error.WriteLine(e.Message);
    return 3;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
