using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Http.UnnumberedSilo;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>The move into the record of a number is whole, whatever comes between its steps.</summary>
public sealed class SuccessionTests : IAsyncLifetime
{
    private readonly string _nhs = FreshNhsNumber();
    private FaultySilo _silo = new(new SimulatedJournal(), TakesMrn);

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task After_a_crash_behind_the_first_commit_the_rest_moves_all_the_same()
    {
        await _silo.Http.Push("dorset", Collection(Patient("b", null), Observation("1", "Patient/b"), Observation("2", "Patient/b", "71")));
        _silo.Down(nameof(IJournal.FollowUps), nameof(IJournal.ParkedFor), nameof(IJournal.ParkedResolvable));
        await _silo.Http.Push("dorset", Collection(Patient("b", _nhs)));
        Assert.Equal(["Patient"], await _silo.Types(_nhs));

        _silo = await _silo.Crash();

        await FaultySilo.Until(async () => (await _silo.Types(_nhs)).Count == 3);
        await FaultySilo.Until(async () => (await _silo.Journal.FollowUps(0, 10, default)).Count == 0);
        Assert.Equal(["Patient", "Observation", "Observation"], await _silo.Types(_nhs));
    }

    [Fact]
    public async Task What_was_looked_up_before_the_number_came_and_is_written_after_lands_in_the_record_of_the_number()
    {
        var local = TestSilo.Pseudonym.For("dorset", Mrn, "MRN-b");
        await _silo.Http.Push("dorset", Collection(Patient("b", null)));
        await _silo.Http.Push("dorset", Collection(Patient("b", _nhs)));

        // As a push does that has found the person a moment ago.
        var late = Fragment.Stated("dorset", System.Text.Encoding.UTF8.GetBytes(Observation("late", "Patient/b")));
        var answer = await Push(local, late);
        Assert.Equal(PushStatus.Moved, answer.Status);
        Assert.Equal(PushStatus.Moved, (await Push(local, late)).Status);
        Assert.Equal(["Patient"], await _silo.Types(_nhs));
    }

    [Fact]
    public async Task A_later_version_of_the_Patient_without_the_number_does_not_take_it_back_however_it_races()
    {
        var local = TestSilo.Pseudonym.For("dorset", Mrn, "MRN-b");
        await _silo.Http.Push("dorset", Collection(Patient("b", null, Meta("2026-01-01T00:00:00Z")), Observation("1", "Patient/b", more: Meta("2026-01-01T00:00:00Z"))));
        _silo.Down(nameof(IJournal.FollowUps), nameof(IJournal.ParkedFor), nameof(IJournal.ParkedResolvable));
        await _silo.Http.Push("dorset", Collection(Patient("b", _nhs, Meta("2026-01-02T00:00:00Z", "2"))));

        // Looked up before the number was on disk, written after, and the instructions of both are still to be carried out.
        var later = Fragment.Stated("dorset", System.Text.Encoding.UTF8.GetBytes(Patient("b", null, Meta("2026-01-03T00:00:00Z", "3"))));
        Assert.Equal(PushStatus.Applied, (await Push(local, later)).Status);

        _silo = await _silo.Crash();
        await FaultySilo.Until(async () => (await _silo.Journal.FollowUps(0, 10, default)).Count == 0);
        Assert.Equal(["Patient", "Observation"], await _silo.Types(_nhs));
        Assert.Equal(TestSilo.PatientId(_nhs), (await _silo.Journal.FindPatients([new EntryKey("dorset", "Patient", "b")], default))[0]!.Value.Value);
    }

    private async Task<PushAnswer> Push(PatientKey patient, Fragment fragment) => await _silo.Http.Parts.GetRequiredService<IGrainFactory>().GetGrain<IPatientGrain>(patient.Value).Push(
        new PushRequest { Source = "dorset", Push = PushId.Of("dorset", Guid.NewGuid().ToString()), Fragments = new FragmentBatch([fragment]) }, Caller.Development);
}
