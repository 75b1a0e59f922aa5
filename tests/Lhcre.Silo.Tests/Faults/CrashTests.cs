using System.Net;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>What was committed with its cause is carried out, though the process ended between the two.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private readonly string _nhs = FreshNhsNumber();
    private FaultySilo _silo = new();

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task What_moved_to_another_person_leaves_the_first_after_a_crash()
    {
        var other = FreshNhsNumber();
        await _silo.Http.Push("dorset", Collection(Patient("m1", _nhs), Patient("m2", other), Observation("move", "Patient/m1")));

        StopFollowUps();
        var moved = await _silo.Http.Put("dorset", "Observation/move", Observation("move", "Patient/m2"));
        Assert.Equal(HttpStatusCode.Created, moved.Status);
        Assert.Equal(["Patient", "Observation"], await _silo.Types(_nhs));

        _silo = await _silo.Crash();
        await FaultySilo.Until(async () => (await _silo.Types(_nhs)).Count == 1);
        Assert.Equal(["Patient", "Observation"], await _silo.Types(other));
        Assert.Empty(await _silo.Journal.FollowUps(0, 10, default));
    }

    [Fact]
    public async Task A_practitioner_who_came_later_is_delivered_after_a_crash()
    {
        await _silo.Http.Push("dorset", Collection(Patient("d", _nhs), Observation("d", "Patient/d", more: ""","performer":[{"reference":"Practitioner/d"}]""")));

        StopFollowUps();
        Assert.Equal(HttpStatusCode.Created, (await _silo.Http.Put("dorset", "Practitioner/d", Practitioner("d", "Later"))).Status);
        Assert.Equal(["Patient", "Observation"], await _silo.Types(_nhs));

        _silo = await _silo.Crash();
        await FaultySilo.Until(async () => (await _silo.Types(_nhs)).Count == 3);
        Assert.Equal(["Patient", "Observation", "Practitioner"], await _silo.Types(_nhs));
    }

    [Fact]
    public async Task What_was_parked_and_has_its_person_now_lands_after_a_crash()
    {
        await _silo.Http.Push("dorset", Collection(Observation("early", "Patient/late")));

        StopFollowUps();
        Assert.Equal(["201"], (await _silo.Http.Push("dorset", Collection(Patient("late", _nhs)))).EntryStatuses);
        Assert.Equal(["Patient"], await _silo.Types(_nhs));

        _silo = await _silo.Crash();
        await FaultySilo.Until(async () => (await _silo.Types(_nhs)).Count == 2);
        Assert.Equal(0, (await _silo.Journal.Parked("dorset", null, 10, default)).Total);
    }

    [Fact]
    public async Task More_of_what_was_parked_than_one_batch_holds_lands_whole()
    {
        await _silo.Http.Push("dorset", Collection(Enumerable.Range(0, 150).Select(n => Observation($"early-{n}", "Patient/late"))));
        StopFollowUps();
        await _silo.Http.Push("dorset", Collection(Patient("late", _nhs)));

        _silo = await _silo.Crash();

        await FaultySilo.Until(async () => (await _silo.Types(_nhs)).Count == 151);
        Assert.Equal(0, (await _silo.Journal.Parked("dorset", null, 10, default)).Total);
    }

    [Fact]
    public async Task One_follow_up_that_cannot_be_carried_out_holds_up_neither_the_others_nor_the_process()
    {
        await _silo.Http.Push("dorset", Collection(Patient("h", _nhs), Observation("h", "Patient/h", more: ""","performer":[{"reference":"Practitioner/bad"},{"reference":"Practitioner/good"}]""")));
        StopFollowUps();
        var damaged = new SupportingResource(new("dorset", "Practitioner", "bad"), new byte[] { 1 }, new byte[] { 0 });
        await _silo.Journal.KeepSupporting([damaged], default);
        await _silo.Http.Put("dorset", "Practitioner/good", Practitioner("good", "Later"));

        _silo = await _silo.Crash();

        await FaultySilo.Until(async () => (await _silo.Types(_nhs)).Count == 3);
        Assert.Equal(["201"], (await _silo.Http.Push("dorset", Collection(Observation("h2", "Patient/h")))).EntryStatuses);
        Assert.Equal("bad", Assert.Single(await _silo.Journal.FollowUps(0, 10, default)).Key.Id);
    }

    // The commit goes through; what looks for what follows from it does not.
    private void StopFollowUps() => _silo.Down(nameof(IJournal.FollowUps), nameof(IJournal.ParkedFor), nameof(IJournal.ParkedResolvable));
}
