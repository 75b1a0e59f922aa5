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

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
