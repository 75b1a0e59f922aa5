using System.Text;
using Lhcre.Adapters.Conformance;
using Xunit.Abstractions;

namespace Lhcre.Adapters.Tests.Conformance;

/// <summary>What the kit does by itself breaks no rule.</summary>
public sealed class KitConformanceTests(ITestOutputHelper log) : IDisposable
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1" ? 20 : 2;
    private readonly TestFolder _folder = new();

    public static TheoryData<int> AllSeeds => [.. Enumerable.Range(1, Seeds)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(AllSeeds))]
    public async Task The_outbox_and_the_sender_keep_every_rule(int seed)
    {
        // Versions of the same resources, so that order shows; every tenth asks to be refused.
        var resources = Enumerable.Range(0, 120).Select(n => UnrulyRecordTests.Resource($"o{n % 30}", n % 10, n % 30 == 7, n)).ToList();
        await using var record = await UnrulyRecord.Start(new UnrulyOptions { Seed = seed }, TimeProvider.System);
        var refused = new List<RefusedMessage>();
        var options = new SenderOptions(record.Url, "dorset") { BatchMessages = 8, FirstWait = TimeSpan.FromMilliseconds(100), Refused = refused.Add };
        await using var outbox = Outbox.Open(_folder.At("outbox"), Texts.Identity);
        using var http = SourceSender.Connect(options);
        using var stop = new CancellationTokenSource();
        var random = new Random(seed);
        var run = new SourceSender(outbox, http, options, TimeProvider.System, random.NextDouble).Run(stop.Token);
        foreach (var (resource, n) in resources.Select((r, n) => (r, n)))
            await outbox.Append(Outgoing.Put($"Patient/p{n % 10}", "Observation", $"o{n % 30}", Encoding.UTF8.GetBytes(resource)));
        await outbox.Emptied().WaitAsync(TimeSpan.FromMinutes(2));
        await stop.CancelAsync();
        await run;

        var report = record.Report([.. resources.Select(UnrulyRecordTests.Entry)]);

        log.WriteLine($"seed {seed}: {report}");
        Assert.True(report.IsConformant, report.ToString());
        Assert.Equal(4, refused.Count);
        Assert.True(report.Done.Keys.Count() > 3, "Little was done to it.");
    }
}
