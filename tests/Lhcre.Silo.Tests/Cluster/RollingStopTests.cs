using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Cluster;

/// <summary>Three silos that find each other in a database, over one journal: one of them stops, and nobody notices.</summary>
[Collection(nameof(Database))]
public sealed class RollingStopTests(Database database, ITestOutputHelper log) : IAsyncLifetime, IAsyncDisposable
{
    private const int People = 90;

    private readonly SimulatedJournal _journal = new();
    private TestSilo[] _silos = [];

    public async Task InitializeAsync()
    {
        var connection = await database.Create();
        _silos = [.. Enumerable.Range(0, 3).Select(n => new TestSilo(
            _ => Task.FromResult<IJournal>(_journal), o => o with { Postgres = connection, PodName = $"lhcre-{n}", Drain = TimeSpan.FromSeconds(1) }))];
        await Task.WhenAll(_silos.Select(s => s.InitializeAsync()));
    }

    public Task DisposeAsync() => Task.WhenAll(_silos.Select(s => s.DisposeAsync()));

    ValueTask IAsyncDisposable.DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task Of_a_silo_that_stops_under_load_no_request_fails_and_its_records_go_to_the_others()
    {
        var people = Enumerable.Range(0, People).Select(_ => FreshNhsNumber()).ToArray();
        foreach (var nhs in people)
            Assert.Equal(HttpStatusCode.OK, (await _silos[People % 3].Push("dorset", Collection(Patient("r-" + nhs, nhs), Observation("r-" + nhs, "Patient/r-" + nhs)))).Status);
        var (parts, others) = (_silos[0].Parts.GetRequiredService<Residents>(), _silos[1..].Select(s => s.Parts.GetRequiredService<Residents>()).ToArray());
        Assert.True(parts.Count > People / 6, $"{parts.Count} of {People} records are in the silo that stops");

        using var enough = new CancellationTokenSource();
        var answers = new ConcurrentBag<(string What, HttpStatusCode Status, TimeSpan Took)>();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(n => Load(n, people, answers, enough.Token)));
        await Task.Delay(1000);
        var stopping = Stopwatch.StartNew();
        await _silos[0].Stop();
        var took = stopping.Elapsed;
        await Task.Delay(1000);
        await enough.CancelAsync();
        await load;

        log.WriteLine($"{answers.Count} requests, the slowest {answers.Max(a => a.Took).TotalMilliseconds:F0} ms; stopped in {took.TotalSeconds:F1} s; "
            + $"handed over {parts.HandedOver}, left {parts.LeftBehind}, taken over {others.Sum(o => o.TakenOver)}");
        Assert.DoesNotContain(answers, a => (int)a.Status >= 300);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.True(parts.HandedOver >= 0.9 * (parts.HandedOver + parts.LeftBehind), $"handed over {parts.HandedOver}, left {parts.LeftBehind}");
        Assert.True(others.Sum(o => o.TakenOver) >= 0.9 * parts.HandedOver, $"handed over {parts.HandedOver}, taken over {others.Sum(o => o.TakenOver)}");
    }

    [Fact]
    public async Task A_silo_that_was_told_to_stop_says_so_goes_on_serving_and_sends_nobody_back_to_itself()
    {
        var nhs = FreshNhsNumber();
        await _silos[0].Push("dorset", Collection(Patient("d-" + nhs, nhs)));
        Assert.Equal(HttpStatusCode.OK, (await _silos[0].Get("health/ready")).Status);

        var stopping = _silos[0].Stop();
        var (ready, live, read) = (await _silos[0].Get("health/ready"), await _silos[0].Get("health/live"), await _silos[0].Get($"fhir/Patient?identifier={nhs}"));
        await stopping;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, HttpStatusCode.OK), (ready.Status, live.Status, read.Status));
        Assert.Contains("\"draining\":true", ready.Body, StringComparison.Ordinal);
        Assert.True(read.Headers.ConnectionClose);
        await Assert.ThrowsAsync<HttpRequestException>(() => _silos[0].Get("health/live"));
    }

    // Half lookups, half pushes, at the silos that stay.
    private async Task Load(int number, string[] people, ConcurrentBag<(string, HttpStatusCode, TimeSpan)> answers, CancellationToken enough)
    {
        var random = new Random(number);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var (nhs, silo, clock) = (people[random.Next(people.Length)], _silos[1 + random.Next(2)], Stopwatch.StartNew());
            var answer = i % 2 == 0
                ? await silo.Get($"fhir/Patient/{TestSilo.PatientId(nhs)}/$everything")
                : await silo.Put("dorset", $"Observation/r-{nhs}", Observation("r-" + nhs, "Patient/r-" + nhs, $"{number}.{i}"));
            answers.Add((i % 2 == 0 ? "lookup" : "push", answer.Status, clock.Elapsed));
        }
    }
}
