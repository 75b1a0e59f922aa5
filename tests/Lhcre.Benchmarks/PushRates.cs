using System.Globalization;
using Lhcre.Benchmarks.Load;
using Lhcre.Benchmarks.Stores;

namespace Lhcre.Benchmarks;

/// <summary>Pushes a second over HTTP, on both journals.</summary>
internal static class PushRates
{
    private const int Connections = 8;
    private const int Writers = 64;

    /// <summary>Measures it.</summary>
    public static IAsyncEnumerable<Figure> Measure(Scale scale) => Store.OnEach(store => Measure(store, scale));

    private static async IAsyncEnumerable<Figure> Measure(Store store, Scale scale)
    {
        await using var silo = await HostedSilo.Start(store.Journal);
        await using var load = LoadProcess.Start();
        var people = scale.Pushes / 5;
        await load.Carry(new LoadOrder(LoadWork.Bundles, silo.Port, Connections, First: 0, Count: 100));
        var bundles = await load.Carry(new LoadOrder(LoadWork.Bundles, silo.Port, Connections, First: 100, Count: people));
        yield return OverHttp($"{store.Name}: HTTP pushes of Bundles of {(double)bundles.Result.Resources / bundles.Result.Requests:0} resources, {Connections} connections", bundles);
        await load.Carry(new LoadOrder(LoadWork.Singles, silo.Port, Connections, First: 0, Count: scale.Pushes));
        var singles = await load.Carry(new LoadOrder(LoadWork.Singles, silo.Port, Connections, First: scale.Pushes, Count: scale.Pushes));
        yield return OverHttp($"{store.Name}: HTTP pushes of one resource, {Connections} connections", singles);
        var many = await load.Carry(new LoadOrder(LoadWork.Singles, silo.Port, Writers, First: 2 * scale.Pushes, Count: 2 * scale.Pushes));
        yield return OverHttp($"{store.Name}: HTTP pushes of one resource, {Writers} connections", many);
    }

    private static Figure OverHttp(string work, LoadRound round) => new(work, string.Create(
        CultureInfo.InvariantCulture,
        $"{round.Result.Rate:0} pushes/s, {round.Result.Resources / round.Result.Seconds:0} resources/s, {round.Result.Sent / 1e6 / round.Result.Seconds:0.0} MB/s; median {round.Result.Median:0.0} ms, p99 {round.Result.P99:0.0} ms; {round.CpuEach:0.00} ms CPU a push"));
}
