using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Mllp;

namespace Lhcre.Silo.Tests.Parked;

public abstract partial class ParkedSpec
{
    /// <summary>Messages as they come, with the code that they are refused with; null for one that is read.</summary>
    public static TheoryData<string, string, string?> Hl7Messages => new()
    {
        { "one that is read by now", "good", null },
        { "no message at all", "text", "LHC601" },
        { "one of a type that is not taken", "type", "LHC610" },
        { "one for training", "training", "LHC635" },
        { "one that names nobody", "nobody", "LHC612" },
    };

    [Theory]
    [MemberData(nameof(Hl7Messages))]
    public async Task A_message_is_filed_again_by_the_rules_of_its_door(string because, string name, string? code)
    {
        var letter = RefusedLetter.Of(
            "dorset", silo.Clock.GetUtcNow(), IssueCodes.InternalError, LetterForm.Hl7V2, "ADT^A28", "c-" + _nhs, Encoding.UTF8.GetBytes(Message(name)));
        await silo.Journal.Refuse([letter], default);

        var (first, again) = (await Resubmit(letter.Id), await Resubmit(letter.Id));

        Assert.True((code is null ? "filed" : "refused") == Text(first.Json, "became"), $"{because}: {first.Body}");
        Assert.Equal(code is null, first.Status == HttpStatusCode.OK);
        Assert.Equal(code is not null, first.Codes.Contains(code ?? ""));
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        Assert.Equal(code is null ? "" : "c " + IssueCodes.InternalError.Code, await Listed());
        if (code is null)
            Assert.Equal("Vantage", Text((await Http.Everything(_nhs))[0]["name"]![0]!, "family"));
    }

    [Fact]
    public async Task A_message_that_was_refused_at_its_door_is_listed_and_stays_one_however_often_it_comes()
    {
        foreach (var _ in new[] { 1, 2 })
        {
            using var content = new StringContent(Message("training"), Encoding.UTF8, new MediaTypeHeaderValue("x-application/hl7-v2+er7"));
            using var answer = await Http.Client.PostAsync("sources/dorset/hl7v2", content);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.Equal("c LHC635", await Listed());
        var item = await Item("c");
        Assert.Equal(("refused", "hl7v2", "ADT^A28"), (Text(item, "kind"), Text(item, "form"), Text(item, "messageType")));
        Assert.Equal(Message("training"), Encoding.UTF8.GetString(Convert.FromBase64String(Text((await Http.Get($"{List}/{Text(item, "id")}")).Json, "message"))));
    }

    [Fact]
    public async Task What_an_operator_files_is_no_contact_of_the_feed()
    {
        var letter = RefusedLetter.Of("isle-of-wight", silo.Clock.GetUtcNow(), IssueCodes.InternalError, LetterForm.Hl7V2, "ADT^A28", "c", Encoding.UTF8.GetBytes(Message("good")));
        await silo.Journal.Refuse([letter], default);
        var before = await Contact();

        var answer = await Http.Send(HttpMethod.Post, $"sources/isle-of-wight/parked/{letter.Id}/$resubmit");

        Assert.Equal("filed", Text(answer.Json, "became"));
        Assert.Equal(before, await Contact());

        async Task<string> Contact() => (await Http.Get("fhir/$source-status")).Json["parameter"]!.AsArray()
            .Select(p => p!["part"]!.AsArray()).Single(parts => parts.Any(p => p!["valueCode"]?.GetValue<string>() == "isle-of-wight")).First(p => Text(p!, "name") == "state")!.ToJsonString();
    }

    private string Message(string name)
    {
        var good = Messages.Person("c-" + _nhs, _nhs);
        return name switch
        {
            "good" => good,
            "type" => good.Replace("ADT^A28^ADT_A05", "SIU^S12^SIU_S12", StringComparison.Ordinal),
            "training" => good.Replace("|P|2.5.1", "|T|2.5.1", StringComparison.Ordinal),
            "nobody" => string.Concat(good.Split('\r').Where(s => s.Length > 0 && !s.StartsWith("PID", StringComparison.Ordinal)).Select(s => s + "\r")),
            _ => "no HL7 " + _nhs,
        };
    }
}
