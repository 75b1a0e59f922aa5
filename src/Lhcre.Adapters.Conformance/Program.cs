using Lhcre.Adapters.Conformance;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
return await ConformanceCommand.Run(args, Console.Out, Console.Error, TimeProvider.System, stop.Token);
