using Lhcre.Grains.Journal;
using Lhcre.Silo.Mllp;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>A whole silo that listens over MLLP for two of its sources.</summary>
public sealed class MllpSilo : IAsyncLifetime
{
    private readonly Dictionary<string, int> _ports = new() { ["isle-of-wight"] = TestSilo.FreePort(), ["dorset"] = TestSilo.FreePort() };

    /// <summary>On the embedded store, with limits that a test can reach in its lifetime.</summary>
    public MllpSilo()
        : this(async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None), o => o)
    {
    }

    internal MllpSilo(Func<DirectoryInfo, Task<IJournal>> open, Func<ServeOptions, ServeOptions> adjust) =>
        Http = new TestSilo(open, options => adjust(options with { Mllp = _ports, MllpLimits = Limits }));

    /// <summary>Those of the product, with less time for a message.</summary>
    internal static MllpLimits Limits { get; } = new() { MessageTime = TimeSpan.FromSeconds(2), AnswerTime = TimeSpan.FromSeconds(2) };

    internal TestSilo Http { get; }

    internal int Port => _ports["isle-of-wight"];

    internal int OtherPort => _ports["dorset"];

    internal MllpListener Listener => Listeners.Single(l => l.Source.Id == "isle-of-wight");

    internal MllpListener OtherListener => Listeners.Single(l => l.Source.Id == "dorset");

    private IReadOnlyList<MllpListener> Listeners => Http.Parts.GetRequiredService<MllpServer>().Listeners;

    public Task InitializeAsync() => Http.InitializeAsync();

    public Task DisposeAsync() => Http.DisposeAsync();

    /// <summary>The types in a person's record.</summary>
    internal async Task<IReadOnlyList<string>> Types(string nhsNumber) =>
        [.. (await Http.Everything(nhsNumber)).Select(r => r["resourceType"]!.GetValue<string>())];
}
