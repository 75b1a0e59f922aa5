using System.Diagnostics;
using System.Net;
using Lhcre.Grains.Journal;
using Lhcre.Silo.Tests.Faults;
using Lhcre.Silo.Tests.Http;
using Lhcre.Silo.Visits;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Visits;

/// <summary>A home source that hangs holds nobody up beyond the deadline, is named in the answer, and is heard all the same when it speaks.</summary>
public sealed class HangingSourceTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(700);

    private readonly string _nhs = FreshNhsNumber();
    private readonly TaskCompletionSource _speaks = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HomeSource _wales = null!;
    private HomeSource _scotland = null!;
    private TestSilo _silo = null!;

    public async Task InitializeAsync()
    {
        (_wales, _scotland) = (await HomeSource.Start(), await HomeSource.Start());
        _wales.Knows(_nhs, "W91001", Observation("weight", "Patient/h1"));
        _scotland.Knows(_nhs, "S10001", Observation("height", "Patient/h1", "71"));
    }

    public async Task DisposeAsync()
    {
        _speaks.TrySetResult();
        await _silo.DisposeAsync();
        await _wales.DisposeAsync();
        await _scotland.DisposeAsync();
    }

    [Fact]
    public async Task The_answer_comes_at_the_deadline_names_the_source_and_later_the_record_completes_itself()
    {
        _wales.Before = _ => _speaks.Task;
        await Start(_wales.Pulled(), _scotland.Pulled("scotland"));

        var began = Stopwatch.GetTimestamp();
        var answer = await Observations();
        Assert.InRange(Stopwatch.GetElapsedTime(began), Deadline, TimeSpan.FromSeconds(15));

        Assert.Equal("71", Assert.Single(answer.Resources("match"))["valueQuantity"]!["value"]!.ToJsonString());
        Assert.Equal(["LHC730"], answer.Codes.Where(c => c.StartsWith("LHC73", StringComparison.Ordinal)));
        Assert.Contains("wales; missing-since=", Assert.Single(answer.Headers.GetValues("X-LHCRE-Source-Status")), StringComparison.Ordinal);
        // Nobody waits for it a second time, or has it asked again.
        var again = await Observations(("If-None-Match", $"{answer.Headers.ETag}"));
        Assert.Equal((HttpStatusCode.NotModified, 1), (again.Status, _wales.Asked.Count));

        _speaks.SetResult();
        await FaultySilo.Until(async () => (await Observations()).Resources("match").Count == 2);
        var whole = await Observations();
        Assert.DoesNotContain(whole.Codes, c => c.StartsWith("LHC73", StringComparison.Ordinal));
        Assert.NotEqual(answer.Headers.ETag, whole.Headers.ETag);
        Assert.Equal(2, _wales.Asked.Count);
    }

    [Fact]
    public async Task One_that_does_not_answer_in_its_time_is_asked_again_by_itself()
    {
        _wales.Before = number => number == 1 ? _speaks.Task : Task.CompletedTask;
        await Start(_wales.Pulled() with { Timeout = TimeSpan.FromSeconds(1) });

        Assert.Equal("LHC730", Assert.Single((await Observations()).Codes, c => c.StartsWith("LHC73", StringComparison.Ordinal)));
        await FaultySilo.Until(() => Task.FromResult(_wales.Asked.Count == 3));
        await FaultySilo.Until(async () => (await Observations()).Resources("match").Count == 1);
    }

    [Fact]
    public async Task A_second_request_goes_where_the_first_one_takes_too_long_and_the_sooner_answer_counts()
    {
        _wales.Before = number => number == 1 ? _speaks.Task : Task.CompletedTask;
        await Start(_wales.Pulled() with { HedgeAfter = TimeSpan.FromMilliseconds(50) });

        await FaultySilo.Until(async () => (await Observations()).Resources("match").Count == 1);

        Assert.False(_speaks.Task.IsCompleted);
        Assert.Equal(2, _wales.AskedFor("identifier="));
    }

    private async Task Start(params PulledSource[] sources)
    {
        _silo = new TestSilo(
            async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None),
            options => options with { Pulls = new PullPlan { Sources = sources, Deadline = Deadline, FirstPause = TimeSpan.FromMilliseconds(200) } });
        await _silo.InitializeAsync();
    }

    private Task<Answer> Observations(params (string Name, string Value)[] headers) => _silo.Get($"fhir/Observation?patient.identifier={_nhs}", headers);
}
