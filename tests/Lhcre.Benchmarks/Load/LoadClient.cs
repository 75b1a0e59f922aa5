using System.Diagnostics;
using System.Text.Json;

namespace Lhcre.Benchmarks.Load;

/// <summary>
/// The side that asks, as a process of its own, so that what it costs is not counted as the server's. It is as cheap as it can be, and the
/// same for every server: ready-made request bytes, one blocking socket and thread a connection, bodies counted and thrown away.
/// </summary>
internal static class LoadClient
{
    /// <summary>The verb by which the benchmark starts itself as a load client.</summary>
    public const string Verb = "load-client";

    /// <summary>Carries out orders, a line of JSON each, until there are no more, and answers each with a line of JSON.</summary>
    public static int Run(TextReader orders, TextWriter results)
    {
        while (orders.ReadLine() is { } line)
        {
            results.WriteLine(JsonSerializer.Serialize(Carry(JsonSerializer.Deserialize<LoadOrder>(line)!, orders, results)));
            results.Flush();
        }

        return 0;
    }

    private static LoadResult Carry(LoadOrder order, TextReader orders, TextWriter results)
    {
        var requests = LoadRequest.Of(order);
        if (order.IsHeld)
        {
            results.WriteLine();
            results.Flush();
            orders.ReadLine();
        }

        var next = -1;
        var connections = Enumerable.Range(0, order.Connections).Select(_ => new LoadConnection(order.Port)).ToList();
        using var never = new ManualResetEventSlim();
        var clock = Stopwatch.StartNew();
        var began = Stopwatch.GetTimestamp();
        var until = TimeSpan.FromSeconds(order.Seconds);
        var threads = connections.ConvertAll(connection => new Thread(() => connection.Send(Next)));
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var seconds = clock.Elapsed.TotalSeconds;
        connections.ForEach(c => c.Dispose());
        return Sum(connections, seconds);

        LoadTurn? Next()
        {
            if (order.Seconds > 0 && clock.Elapsed >= until)
                return null;
            if (order.Work == LoadWork.Get)
                return new LoadTurn(requests[0], Stopwatch.GetTimestamp());
            var at = Interlocked.Increment(ref next);
            if (at >= requests.Count)
                return null;
            if (order.PerSecond == 0)
                return new LoadTurn(requests[at], Stopwatch.GetTimestamp());
            var due = began + (long)(at / order.PerSecond * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var wait && wait > TimeSpan.Zero)
                never.Wait(wait);
            return new LoadTurn(requests[at], due);
        }
    }

    private static LoadResult Sum(List<LoadConnection> connections, double seconds)
    {
        var times = connections.SelectMany(c => c.Milliseconds).Order().ToList();
        return new LoadResult(
            times.Count - connections.Sum(c => c.Failures), connections.Sum(c => c.Failures), connections.Sum(c => c.Resources),
            connections.Sum(c => c.Sent), connections.Sum(c => c.Received), seconds, times[times.Count / 2], times[times.Count * 99 / 100]);
    }
}
