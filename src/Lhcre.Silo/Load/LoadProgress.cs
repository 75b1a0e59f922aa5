using Spectre.Console;

namespace Lhcre.Silo.Load;

/// <summary>Shows how far a load is while it runs: a bar on a terminal, a line every five seconds elsewhere.</summary>
internal sealed class LoadProgress(TextWriter output, LoadTally tally, IReadOnlyList<InputFile> files, TimeProvider time)
{
    private static readonly TimeSpan BarEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly long _began = time.GetTimestamp();

    /// <summary>Since the load began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>Shows progress until the load has ended, and gives its end.</summary>
    public async Task<T> Follow<T>(Task<T> load)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
            await Bar(load);
        else
            await Lines(load);
        return await load;
    }

    private Task Bar(Task load) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask("files", maxValue: Math.Max(1, files.Sum(f => f.Length)));
            while (await IsRunning(load, BarEvery))
                Show();
            Show();

            void Show()
            {
                bar.Description = Markup.Escape(Text());
                bar.Value = tally.Now.Bytes;
            }
        });

    private async Task Lines(Task load)
    {
        while (await IsRunning(load, LineEvery))
            await output.WriteLineAsync(Text());
    }

    private string Text()
    {
        var now = tally.Now;
        return $"{now.Files:N0} of {files.Count:N0} files, {now.Resources:N0} resources, {now.Resources / Math.Max(Elapsed.TotalSeconds, 0.001):N0}/s";
    }

    private async Task<bool> IsRunning(Task load, TimeSpan wait)
    {
        using var ended = new CancellationTokenSource();
        var first = await Task.WhenAny(load, Task.Delay(wait, time, ended.Token));
        await ended.CancelAsync();
        return first != load;
    }
}
