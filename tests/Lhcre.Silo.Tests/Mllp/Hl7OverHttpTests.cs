using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Tests.Faults;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>The same messages by <c>POST /sources/{source}/hl7v2</c>.</summary>
public sealed class Hl7OverHttpTests(FaultySilo silo) : IClassFixture<FaultySilo>
{
    private const string Media = "x-application/hl7-v2+er7";
    private const string Path = "sources/dorset/hl7v2";

    private readonly string _nhs = FreshNhsNumber();

    [Theory]
    [InlineData(Media)]
    [InlineData("application/hl7-v2")]
    [InlineData("text/plain; charset=us-ascii")]
    public async Task A_message_is_answered_with_its_acknowledgement_in_the_media_type_that_it_came_in(string media)
    {
        using var answer = await Post(Messages.Person("c-" + _nhs, _nhs), media);
        var ack = Ack.Of(await answer.Content.ReadAsStringAsync());

        Assert.Equal((HttpStatusCode.OK, media.Split(';')[0]), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(("AA", "c-" + _nhs), (ack.Code, ack.ControlId));
        Assert.Contains("Patient", await silo.Types(_nhs));
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "AR")]
    [InlineData("hello", HttpStatusCode.BadRequest, "AR")]
    [InlineData("MSH|^~\\&|PAS|IOW|||20260101||ADT^A28|c|T|2.5.1\r", HttpStatusCode.BadRequest, "AR")]
    [InlineData("MSH|^~\\&|PAS|IOW|||20260101||ADT^A28|c|P|2.5.1\rEVN|A28\r", HttpStatusCode.UnprocessableEntity, "AE")]
    public async Task The_status_says_what_the_acknowledgement_says(string message, HttpStatusCode status, string code)
    {
        using var answer = await Post(message);

        Assert.Equal((status, code), (answer.StatusCode, Ack.Of(await answer.Content.ReadAsStringAsync()).Code));
        Assert.Null(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task What_comes_over_HTTP_and_MLLP_is_one_message()
    {
        using var first = await Post(Messages.Person("once-" + _nhs, _nhs));
        var rows = await silo.Rows(_nhs);
        using var second = await Post(Messages.Person("once-" + _nhs, _nhs));

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(rows, await silo.Rows(_nhs));
    }

    [Theory]
    [InlineData("application/fhir+json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Another_media_type_is_told_which_are_taken(string? media)
    {
        using var answer = await Post(Messages.Person("media-" + _nhs, _nhs), media);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains(IssueCodes.WrongHl7ContentType.Code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_nobody_knows_has_no_door()
    {
        using var answer = await Post(Messages.Person("who-" + _nhs, _nhs), path: "sources/nowhere/hl7v2");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable, "LHC902", "5")]
    [InlineData(true, HttpStatusCode.TooManyRequests, "LHC903", "1")]
    public async Task What_cannot_be_written_now_is_AE_with_when_to_send_it_again_and_leaves_no_letter(bool isBusy, HttpStatusCode status, string code, string after)
    {
        silo.Journal.Before = verb => verb == nameof(IJournal.Append)
            ? throw (isBusy ? JournalUnavailableException.Busy() : new JournalUnavailableException("Down for a test.", outcomeUnknown: false))
            : Task.CompletedTask;
        using var answer = await Post(Messages.Person("later-" + _nhs, _nhs));
        silo.Back();
        var ack = Ack.Of(await answer.Content.ReadAsStringAsync());

        Assert.Equal((status, after), (answer.StatusCode, answer.Headers.RetryAfter?.ToString()));
        Assert.Equal(("AE", code), (ack.Code, Assert.Single(ack.Codes)));
        Assert.DoesNotContain(await Letters(), l => l.Name == "later-" + _nhs);
    }

    [Fact]
    public async Task A_refused_message_is_kept_byte_for_byte_once_under_what_its_sender_calls_it()
    {
        var message = Messages.Segments(Messages.Header("letter-" + _nhs, "XYZ^Z99"), "PID|1||1", "ZZZ|\u00e9");
        using var first = await Post(message);
        using var second = await Post(message);

        var letter = Assert.Single(await Letters(), l => l.Name == "letter-" + _nhs);
        Assert.Equal(("XYZ^Z99", IssueCodes.MessageNotTaken.Code), (letter.Type, letter.Code));
        var whole = (RefusedLetter)(await silo.Journal.FindAside("dorset", letter.Id, default))!;
        Assert.Equal(message, Encoding.UTF8.GetString(whole.Body.Span));
    }

    [Fact]
    public async Task Our_own_failure_is_AE_and_the_message_is_kept()
    {
        silo.Journal.Before = verb => verb == nameof(IJournal.FindSupporting) || verb == nameof(IJournal.Append) ? throw new InvalidOperationException(_nhs) : Task.CompletedTask;
        using var answer = await Post(Messages.Person("ours-" + _nhs, _nhs));
        silo.Back();
        var ack = Ack.Of(await answer.Content.ReadAsStringAsync());

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "AE", "LHC901"), (answer.StatusCode, ack.Code, Assert.Single(ack.Codes)));
        Assert.DoesNotContain("InvalidOperation", ack.Text, StringComparison.Ordinal);
        Assert.Contains(await Letters(), l => l.Name == "ours-" + _nhs);
    }

    private async Task<IEnumerable<RefusedLetter>> Letters() =>
        (await silo.Journal.Asides(new AsideQuery("dorset") { IsRefused = true, Limit = 1000 }, default)).Items.OfType<RefusedLetter>();

    private async Task<HttpResponseMessage> Post(string message, string? media = Media, string path = Path)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(message));
        content.Headers.ContentType = media is null ? null : MediaTypeHeaderValue.Parse(media);
        return await silo.Http.Client.PostAsync(path, content);
    }
}
