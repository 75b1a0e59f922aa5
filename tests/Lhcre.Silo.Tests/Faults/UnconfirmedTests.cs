using System.Net;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Silo.Tests.Data;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>While the journal cannot be asked, warm lookups go on and say that they are not confirmed.</summary>
public sealed class UnconfirmedTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly SimulatedJournal _journal = new();
    private readonly ShiftedTime _clock = new();
    private readonly string _nhs = FreshNhsNumber();
    private readonly TestSilo _silo;

    public UnconfirmedTests() => _silo = new TestSilo(_ => Task.FromResult<IJournal>(_journal), clock: _clock);

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task After_15_seconds_a_lookup_is_marked_and_after_the_next_round_it_is_confirmed_again()
    {
        await _silo.Push("dorset", Collection(Patient("u-" + _nhs, _nhs)));
        var (everything, patient) = ($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything", $"fhir/Patient/{TestSilo.PatientId(_nhs)}");
        var confirmed = await _silo.Get(everything);
        Assert.Empty(confirmed.Headers.Warning);

        _journal.Before = verb => verb == nameof(IJournal.Heads) ? throw new JournalUnavailableException("Down for a test.", outcomeUnknown: false) : Task.CompletedTask;
        _clock.Shift(TimeSpan.FromSeconds(16));
        var (unconfirmed, single) = (await _silo.Get(everything), await _silo.Get(patient));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (unconfirmed.Status, single.Status));
        Assert.Equal("110 - \"Response is Stale\"", $"{unconfirmed.Headers.Warning}");
        Assert.Equal("110 - \"Response is Stale\"", $"{single.Headers.Warning}");
        Assert.Equal([.. confirmed.Codes, "LHC508"], unconfirmed.Codes);
        Assert.NotEqual(confirmed.Headers.ETag, unconfirmed.Headers.ETag);
        // Who has the confirmed answer is not told that nothing has changed.
        Assert.Equal(HttpStatusCode.OK, (await _silo.Get(everything, ("If-None-Match", $"{confirmed.Headers.ETag}"))).Status);
        Assert.Equal(HttpStatusCode.NotModified, (await _silo.Get(everything, ("If-None-Match", $"{unconfirmed.Headers.ETag}"))).Status);

        _journal.Before = _ => Task.CompletedTask;
        await FaultySilo.Until(async () => (await _silo.Get(everything)).Headers.Warning.Count == 0);
        Assert.Equal((confirmed.Body, confirmed.Headers.ETag), (await _silo.Get(everything)) is var again ? (again.Body, again.Headers.ETag) : default);
    }
}
