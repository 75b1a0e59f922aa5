using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Http.UnnumberedSilo;

namespace Lhcre.Silo.Tests.Http;

/// <summary>What is taken back of somebody whose number came later, and what becomes of them when the number is taken back.</summary>
public sealed class SuccessionCorrectionTests(UnnumberedSilo unnumbered) : IClassFixture<UnnumberedSilo>
{
    // Nobody else's in this run; as a hospital number too.
    private readonly string _nhs = FreshNhsNumber();

    private TestSilo Silo => unnumbered.Http;

    private string Baby => $"baby-{_nhs}";

    private string Local => TestSilo.Pseudonym.For("dorset", Mrn, $"MRN-{Baby}").Value;

    private string Numbered => TestSilo.PatientId(_nhs);

    [Fact]
    public async Task What_came_in_a_stretch_before_the_number_is_taken_back_after_it_and_brought_back()
    {
        await Push(Patient(Baby, null), Observation($"right-{Baby}", $"Patient/{Baby}"));
        var wrong = await Stretch(() => Push(Observation($"wrong-{Baby}", $"Patient/{Baby}")));
        await Push(Patient(Baby, _nhs));
        var before = await Said(Silo, Numbered);

        await Order(wrong);

        Assert.Equal($"dorset Observation/right-{Baby} dorset Patient/{Baby}", await Shown(Silo, Numbered));
        await Order(End(wrong));
        Assert.Equal(before, await Said(Silo, Numbered));
    }

    [Fact]
    public async Task What_is_taken_back_before_the_number_comes_stays_so_and_is_brought_back_where_it_is_by_then()
    {
        await Push(Patient(Baby, null), Observation($"right-{Baby}", $"Patient/{Baby}"));
        var wrong = await Stretch(() => Push(Observation($"wrong-{Baby}", $"Patient/{Baby}")));
        await Order(wrong);

        await Push(Patient(Baby, _nhs));

        Assert.Equal($"dorset Observation/right-{Baby} dorset Patient/{Baby}", await Shown(Silo, Numbered));
        await Order(End(wrong));
        Assert.Equal($"dorset Observation/right-{Baby} dorset Observation/wrong-{Baby} dorset Patient/{Baby}", await Shown(Silo, Numbered));
    }

    [Fact]
    public async Task Where_the_number_is_taken_back_the_person_is_who_they_were_and_whoever_has_the_number_has_nothing_of_them()
    {
        await Push(Patient(Baby, null), Observation($"1-{Baby}", $"Patient/{Baby}"));
        var before = await Said(Silo, Local);
        var wrong = await Stretch(() => Push(Patient(Baby, _nhs)));
        Assert.Equal($"dorset Observation/1-{Baby} dorset Patient/{Baby}", await Shown(Silo, Numbered));

        await Order(wrong);

        Assert.Equal((before, ""), (await Said(Silo, Local), await Shown(Silo, Numbered)));
        await Push(Observation($"2-{Baby}", $"Patient/{Baby}"));
        Assert.Equal($"dorset Observation/1-{Baby} dorset Observation/2-{Baby} dorset Patient/{Baby}", await Shown(Silo, Local));

        await Order(End(wrong));
        Assert.Equal($"dorset Observation/1-{Baby} dorset Observation/2-{Baby} dorset Patient/{Baby}", await Shown(Silo, Numbered));
    }

    [Fact]
    public async Task A_number_that_is_stated_outside_the_stretch_too_stays_the_persons()
    {
        await Push(Patient(Baby, null), Observation($"1-{Baby}", $"Patient/{Baby}"));
        var wrong = await Stretch(() => Push(Patient(Baby, _nhs)));
        await Push(Patient(Baby, _nhs, ",\"gender\":\"female\""));

        await Order(wrong);

        Assert.Equal($"dorset Observation/1-{Baby} dorset Patient/{Baby}", await Shown(Silo, Numbered));
    }

    [Fact]
    public async Task Whose_words_are_all_taken_back_has_one_record_all_the_same_when_more_is_sent()
    {
        var wrong = await Stretch(() => Push(Patient(Baby, null), Observation($"1-{Baby}", $"Patient/{Baby}")));
        await Order(wrong);
        Assert.Equal("", await Shown(Silo, Local));

        await Push(Patient(Baby, null, ",\"gender\":\"female\""));
        await Order(End(wrong));

        Assert.Equal($"dorset Observation/1-{Baby} dorset Patient/{Baby}", await Shown(Silo, Local));
        Assert.Single(await Find(Silo, $"MRN-{Baby}"));
    }

    private async Task Push(params string[] resources) =>
        Assert.All((await Silo.Push("dorset", Collection(resources))).EntryStatuses, status => Assert.StartsWith("20", status, StringComparison.Ordinal));

    private async Task<Quarantine> Stretch(Func<Task> push)
    {
        var from = DateTimeOffset.UtcNow;
        await push();
        return new Quarantine(PushId.Of("operator", _nhs), "dorset", "a wrong mapping", from, DateTimeOffset.UtcNow);
    }

    private QuarantineEnd End(Quarantine wrong) => new(PushId.Of("operator", $"end {_nhs}"), "dorset", "mended", wrong.Id);

    // As for everybody: each record twice, and what is due.
    private async Task Order(Correction correction)
    {
        var successions = new Successions(Silo.Parts.GetRequiredService<PatientCalls>(), Silo.Parts.GetRequiredService<IJournal>());
        foreach (var person in new[] { Numbered, Local, Numbered, Local })
        {
            var answer = await successions.Correct(PatientKey.Parse(person), CorrectionRequest.Of(correction), default);
            Assert.Contains(answer.Status, new[] { PushStatus.Applied, PushStatus.Unchanged });
        }

        Assert.True(await Silo.Parts.GetRequiredService<FollowUps>().Pass(default));
    }
}
