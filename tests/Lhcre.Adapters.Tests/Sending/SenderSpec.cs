using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Lhcre.Adapters.Tests.Sending;

/// <summary>An outbox, a sender and a record at its other end, on a clock of their own.</summary>
public abstract class SenderSpec : IAsyncDisposable
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestFolder _folder = new();
    private readonly HttpClient _http;

    // Told by several at once.
    private readonly ConcurrentQueue<RefusedMessage> _refused = new();
    private readonly ConcurrentQueue<SendTrouble> _troubles = new();

    protected SenderSpec()
    {
        Outbox = Open();
        _http = new HttpClient(Record);
        Options = new SenderOptions(new Uri("http://record.example/"), "dorset") { InFlight = 2, Refused = _refused.Enqueue, Trouble = _troubles.Enqueue };
    }

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero));

    private protected RecordDouble Record { get; } = new();

    private protected CancellationTokenSource Stopping { get; } = new();

    private protected IReadOnlyList<RefusedMessage> Refused => [.. _refused];

    private protected IReadOnlyList<SendTrouble> Troubles => [.. _troubles];

    private protected Outbox Outbox { get; set; }

    private protected SenderOptions Options { get; set; }

    private protected SourceSender? Sender { get; private set; }

    private protected Task Running { get; private set; } = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await Outbox.DisposeAsync();
        _folder.Dispose();
        _http.Dispose();
        Stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Outbox Open() => Adapters.Outbox.Open(_folder.At("outbox"), Texts.Identity);

    private protected void Start(double jitter = 1)
    {
        Sender = new SourceSender(Outbox, _http, Options, Time, () => jitter);
        Running = Sender.Run(Stopping.Token);
    }

    private protected async Task Stop()
    {
        await Stopping.CancelAsync();
        while (!Running.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        await Running;
    }

    private protected async Task SendAll()
    {
        using var stop = new CancellationTokenSource();
        Sender = new SourceSender(Outbox, _http, Options, Time, () => 1);
        var run = Sender.Run(stop.Token);
        await Emptied();
        await stop.CancelAsync();
        await run.WaitAsync(Patience);
    }

    private protected async Task Emptied()
    {
        var emptied = Outbox.Emptied();
        await Until(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            return emptied.IsCompleted;
        });
    }

    private protected async Task<string[]> RefusedFile()
    {
        await using var file = new FileStream(_folder.At("outbox/refused.ndjson"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(file);
        return (await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private protected static async Task Until(Func<bool> isSo)
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!isSo())
        {
            Assert.True(Environment.TickCount64 < end, "It did not come to that in time.");
            await Task.Delay(2);
        }
    }
}
