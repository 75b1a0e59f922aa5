using Lhcre.Silo;
using Lhcre.Silo.Load;

// serve is the default: its options may come without the verb.
var (verb, rest) = args is [var first, .. var others] && (!first.StartsWith('-') || first is "--help" or "-h") ? (first, others) : ("serve", args);
return verb switch
{
    "serve" => await Serve.Run(rest, Console.Out, Console.Error, CancellationToken.None),
    "demo" => await Demo.Run(rest, Console.Out, Console.Error, CancellationToken.None),
    "migrate" => await Interruptible(stop => Migrate.Run(rest, Console.Out, Console.Error, stop)),
    "load" => await Interruptible(stop => LoadCommand.Run(rest, Console.Out, Console.Error, stop)),
    _ => await Usage.Run(verb, verb is "help" or "--help" or "-h" ? Console.Out : Console.Error),
};

// The first Ctrl-C lets the verb finish what it has begun and report; the second one is the system's.
static async Task<int> Interruptible(Func<CancellationToken, Task<int>> run)
{
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, press) =>
    {
        press.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    };
    return await run(stop.Token);
}
