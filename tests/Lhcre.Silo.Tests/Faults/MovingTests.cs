using System.Net;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>A record that another activation takes while it is pushed to, and one to which more is sent than it can take.</summary>
public sealed class MovingTests(FaultySilo silo) : IClassFixture<FaultySilo>
{
    private readonly string _nhs = FreshNhsNumber();

    private PatientKey Key => PatientKey.Parse(TestSilo.PatientId(_nhs));

    [Fact]
    public async Task A_push_that_is_fenced_once_lands_and_nobody_sees_it()
    {
        await silo.Http.Put("dorset", $"Patient/m-{_nhs}", Patient("m-" + _nhs, _nhs));

        Rival(times: 1);
        var answer = await silo.Http.Put("dorset", $"Observation/m-{_nhs}", Observation("m-" + _nhs, "Patient/m-" + _nhs));
        silo.Back();

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(3, await silo.Rows(_nhs));
        Assert.Equal(["Patient", "Observation", "Observation"], await silo.Types(_nhs));
    }

    [Fact]
    public async Task A_push_that_is_fenced_twice_is_answered_with_503_and_lands_when_it_comes_again()
    {
        await silo.Http.Put("dorset", $"Patient/m-{_nhs}", Patient("m-" + _nhs, _nhs));

        Rival(times: 2);
        var refused = await silo.Http.Put("dorset", $"Observation/m-{_nhs}", Observation("m-" + _nhs, "Patient/m-" + _nhs));
        silo.Back();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (refused.Status, refused.Headers.RetryAfter?.ToString()));
        Assert.Equal(["LHC904"], refused.Codes);
        Assert.Equal(3, await silo.Rows(_nhs));
        Assert.Equal(HttpStatusCode.Created, (await silo.Http.Put("dorset", $"Observation/m-{_nhs}", Observation("m-" + _nhs, "Patient/m-" + _nhs))).Status);
    }

    [Fact]
    public async Task More_calls_than_may_wait_for_one_record_are_refused_at_once_and_the_others_go_on()
    {
        const int Calls = 1_200;
        await silo.Http.Put("dorset", $"Patient/m-{_nhs}", Patient("m-" + _nhs, _nhs));
        var gate = new TaskCompletionSource();
        silo.Journal.Before = verb => verb == nameof(IJournal.Append) ? gate.Task : Task.CompletedTask;
        var calls = silo.Http.Parts.GetRequiredService<PatientCalls>();

        var pushes = Enumerable.Range(0, Calls).Select(n => calls.Push(Key, Push("many", n), Caller.Development).AsTask()).ToList();
        await FaultySilo.Until(() => Task.FromResult(pushes.Any(p => p.IsCompleted)));
        Assert.All(pushes.Where(p => p.IsCompleted), p => Assert.Equal(PushStatus.Busy, p.Result.Status));
        gate.SetResult();
        silo.Back();
        var statuses = (await Task.WhenAll(pushes)).CountBy(a => a.Status).ToDictionary();

        Assert.InRange(statuses[PushStatus.Busy], 1, Calls - 1_000);
        Assert.Equal(Calls, statuses[PushStatus.Busy] + statuses[PushStatus.Applied]);
    }

    // Another activation appends just before this one does, so many times.
    private void Rival(int times)
    {
        var isRival = false;
        silo.Journal.Before = async verb =>
        {
            if (verb != nameof(IJournal.Append) || isRival || times-- <= 0)
                return;
            isRival = true;
            var rival = new LiveRecord(Key, silo.Journal, new Addresses("http://127.0.0.1"), TimeProvider.System);
            Assert.Equal(PushStatus.Applied, (await rival.Push(Push("rival", times), default)).Status);
            isRival = false;
        };
    }

    private PushRequest Push(string what, int number) => new()
    {
        Source = "dorset",
        Push = PushId.Of("dorset", $"{what} {number} {_nhs}"),
        Fragments = new FragmentBatch([Fragment.Stated("dorset", System.Text.Encoding.UTF8.GetBytes(Observation($"{what}-{number}-{_nhs}", "Patient/m-" + _nhs)))]),
    };
}
