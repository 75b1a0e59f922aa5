using System.Net;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Parked;

public abstract partial class ParkedSpec
{
    [Fact]
    public async Task What_is_discarded_is_kept_with_who_when_and_why_and_the_first_time_counts()
    {
        await Http.Push("dorset", Collection(Observation("obs-" + _nhs, "Patient/pat-" + _nhs)));
        var id = Text(await Item("obs"), "id");
        var at = silo.Clock.GetUtcNow();

        var first = await Discard(id, "Dr Ω. Operator", "sent by a test system");
        silo.Clock.Shift(TimeSpan.FromMinutes(1));
        var again = await Discard(id, "somebody else", "another reason");

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        var kept = (await Http.Get($"{List}/{id}")).Json;
        Assert.Equal(("Dr Ω. Operator", "sent by a test system"), (Text(kept["discarded"]!, "by"), Text(kept["discarded"]!, "reason")));
        Assert.InRange(kept["discarded"]!["at"]!.GetValue<DateTimeOffset>(), at.AddTicks(-10), at.AddSeconds(30));
        Assert.Equal("obs-" + _nhs, Text(kept["resource"]!, "id"));
        Assert.Equal(("", "obs LHC303"), (await Listed(), await Listed("discarded")));
    }

    [Fact]
    public async Task What_is_discarded_is_never_filed()
    {
        var observation = Observation("obs-" + _nhs, "Patient/pat-" + _nhs, "1", Meta(Ahead(hours: 0)));
        await Http.Push("dorset", Collection(observation));
        var id = Text(await Item("obs"), "id");
        await Discard(id);

        var answer = await Resubmit(id);
        // Its person comes, and so does the same version once more, first without a person and then with one.
        await Http.Push("dorset", Collection(observation));
        Assert.Equal("", await Listed());
        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs)));

        Assert.Equal((HttpStatusCode.Conflict, "LHC311"), (answer.Status, answer.Codes.Single()));
        Assert.Single(await Http.Everything(_nhs));
        Assert.Equal("obs LHC303", await Listed("discarded"));
    }

    [Fact]
    public async Task A_letter_is_discarded_with_its_bytes_and_filed_no_more()
    {
        await Http.Push("dorset", Collection(Patient("pat-" + _nhs, _nhs)));
        var letter = Letter(Observation("obs-" + _nhs, "Patient/pat-" + _nhs));
        await silo.Journal.Refuse([letter], default);

        Assert.Equal(HttpStatusCode.OK, (await Discard(letter.Id)).Status);
        await silo.Journal.Refuse([letter], default);

        Assert.Equal("LHC311", (await Resubmit(letter.Id)).Codes.Single());
        Assert.Equal(("", "bad LHC202"), (await Listed(), await Listed("discarded")));
        Assert.Equal(letter.Body.ToArray(), Convert.FromBase64String(Text((await Http.Get($"{List}/{letter.Id}")).Json, "message")));
        Assert.Single(await Http.Everything(_nhs));
    }

    [Fact]
    public async Task What_a_record_withholds_is_not_discarded_and_the_answer_says_why()
    {
        await Withheld();
        var id = Text(await Item("bob"), "id");

        var answer = await Discard(id);

        Assert.Equal((HttpStatusCode.Conflict, "LHC312"), (answer.Status, answer.Codes.Single()));
        Assert.Equal("bob LHC307", await Listed());
        // It leaves by a push, as ever.
        await Http.Push("dorset", Collection(Demographics("bob", "Example", "1980-01-01", verified: false)));
        Assert.Equal("", await Listed());
    }

    [Theory]
    [InlineData("""{"reason":"a test"}""", 422, "LHC313")]
    [InlineData("""{"by":"me"}""", 422, "LHC313")]
    [InlineData("""{"by":"me","reason":"  "}""", 422, "LHC313")]
    [InlineData("""{"by":"me","reason":7}""", 422, "LHC313")]
    [InlineData("""{"by":"me","reason":"\ud800"}""", 422, "LHC313")]
    [InlineData("""["me","a test"]""", 422, "LHC313")]
    [InlineData("no JSON", 422, "LHC313")]
    [InlineData("", 422, "LHC313")]
    [InlineData(null, 415, "LHC105")]
    public async Task Nothing_is_discarded_without_somebody_and_a_reason(string? body, int status, string code)
    {
        await Http.Push("dorset", Collection(Observation("obs-" + _nhs, "Patient/pat-" + _nhs)));
        var id = Text(await Item("obs"), "id");

        var answer = await Http.Send(HttpMethod.Post, $"{List}/{id}/$discard", body);
        var tooLong = await Discard(id, new string('x', 501));

        Assert.Equal(((HttpStatusCode)status, code, "LHC313"), (answer.Status, answer.Codes.Single(), tooLong.Codes.Single()));
        Assert.Equal("obs LHC303", await Listed());
    }

    [Fact]
    public async Task Of_a_discard_and_a_release_at_once_one_counts()
    {
        for (var round = 0; round < 10; round++)
        {
            var (number, name) = (FreshNhsNumber(), $"r{round}-{_nhs}");
            await Http.Push("dorset", Collection(Observation(name, "Patient/" + name)));
            var id = Text(await Item($"r{round}"), "id");

            var (discard, _) = (Discard(id), await Http.Push("dorset", Collection(Patient(name, number))));
            var isDiscarded = (await discard).Status == HttpStatusCode.OK;

            Assert.Equal(isDiscarded ? 1 : 2, (await Http.Everything(number)).Count);
            Assert.Equal(isDiscarded ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await Http.Get($"{List}/{id}")).Status);
        }
    }
}
