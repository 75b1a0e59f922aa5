using System.Net;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>While the journal fails nothing is acknowledged, and everything that was sent again lands once.</summary>
public sealed class JournalDownTests(FaultySilo silo) : IClassFixture<FaultySilo>
{
    private static readonly string[] Writes = [nameof(IJournal.Append), nameof(IJournal.KeepSupporting), nameof(IJournal.Park)];

    private readonly string _nhs = FreshNhsNumber();

    [Theory]
    [InlineData("PUT", true)]
    [InlineData("PUT", false)]
    [InlineData("POST", true)]
    [InlineData("POST", false)]
    [InlineData("DELETE", true)]
    public async Task A_push_is_answered_with_503_and_changes_nothing(string method, bool canRead)
    {
        await silo.Http.Push("dorset", Collection(Patient("p-" + _nhs, _nhs), Observation("o-" + _nhs, "Patient/p-" + _nhs, "1")));
        var rows = await silo.Rows(_nhs);
        var path = $"sources/dorset/fhir/Observation{(method == "POST" ? "" : "/o-" + _nhs)}";

        silo.Down(canRead ? Writes : []);
        var answer = await silo.Http.Send(new HttpMethod(method), path, method == "DELETE" ? null : Observation("o-" + _nhs, "Patient/p-" + _nhs, "2"));
        silo.Back();

        AssertUnavailable(answer);
        Assert.Equal(rows, await silo.Rows(_nhs));
        Assert.Equal("1", (await silo.Http.Everything(_nhs))[1]["valueQuantity"]!["value"]!.ToJsonString());
    }

    [Fact]
    public async Task Every_entry_of_a_bundle_is_answered_with_503_also_what_is_supporting_or_would_be_parked()
    {
        var bundle = Collection(
            Patient("b-" + _nhs, _nhs),
            Observation("b-" + _nhs, "Patient/b-" + _nhs, more: $$""","performer":[{"reference":"Practitioner/b-{{_nhs}}"}]"""),
            Practitioner("b-" + _nhs, "Referred"),
            Practitioner("alone-" + _nhs, "Alone"),
            Observation("lost-" + _nhs, "Patient/unknown-" + _nhs));

        silo.Down(Writes);
        var answer = await silo.Http.Push("dorset", bundle);
        silo.Back();

        Assert.Equal(["503", "503", "503", "503", "503"], answer.EntryStatuses);
        Assert.Equal(Enumerable.Repeat("LHC902", 5), answer.Codes);
        Assert.Equal("5", answer.Headers.RetryAfter?.ToString());
        Assert.Equal(0, await silo.Rows(_nhs));
        foreach (var lost in new[] { $"Practitioner/b-{_nhs}", $"Practitioner/alone-{_nhs}", $"Observation/b-{_nhs}" })
            Assert.Equal(HttpStatusCode.NotFound, (await silo.Http.Get($"sources/dorset/fhir/{lost}")).Status);

        Assert.Equal(["201", "201", "201", "201", "202"], (await silo.Http.Push("dorset", bundle)).EntryStatuses);
    }

    [Fact]
    public async Task What_went_along_with_a_push_that_failed_is_kept_on_its_own_before_it_is_acknowledged()
    {
        var bundle = Collection(
            Patient("k-" + _nhs, _nhs),
            Observation("k-" + _nhs, "Patient/k-" + _nhs, more: $$""","performer":[{"reference":"Practitioner/k-{{_nhs}}"}]"""),
            Practitioner("k-" + _nhs, "Referred"));

        silo.Down(nameof(IJournal.Append));
        var answer = await silo.Http.Push("dorset", bundle);
        silo.Back();

        Assert.Equal(["503", "503", "201"], answer.EntryStatuses);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.Get($"sources/dorset/fhir/Practitioner/k-{_nhs}")).Status);
        await silo.Http.Push("dorset", bundle);
        Assert.Equal(["Patient", "Observation", "Practitioner"], await silo.Types(_nhs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_can_be_written_is_though_another_of_the_same_push_cannot(bool isWarm)
    {
        var other = FreshNhsNumber();
        if (isWarm)
            await silo.Http.Push("dorset", Collection(Patient("w1-" + _nhs, _nhs), Patient("w2-" + _nhs, other)));

        silo.Journal.Fail(JournalFault.Refused, verb: isWarm ? nameof(IJournal.Append) : nameof(IJournal.Load));
        var answer = await silo.Http.Push("dorset", Collection(Patient("w1-" + _nhs, _nhs, ""","gender":"other" """), Patient("w2-" + _nhs, other, ""","gender":"other" """)));

        Assert.Equal([isWarm ? "200" : "201", "503"], answer.EntryStatuses.Order());
        Assert.Equal(isWarm ? 3 : 1, await silo.Rows(_nhs) + await silo.Rows(other));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_is_answered_with_503_as_a_whole(bool canRead)
    {
        silo.Down(canRead ? Writes : []);
        var answer = await silo.Http.Push("dorset", Puts("transaction", ($"Patient/t-{_nhs}", Patient("t-" + _nhs, _nhs)), ($"Observation/t-{_nhs}", Observation("t-" + _nhs, "Patient/t-" + _nhs))));
        silo.Back();

        AssertUnavailable(answer);
        Assert.Equal(0, await silo.Rows(_nhs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_request_sent_again_lands_once(bool canRead)
    {
        var (bundle, id) = (Collection(Patient("r-" + _nhs, _nhs), Observation("r-" + _nhs, "Patient/r-" + _nhs)), ("X-Request-Id", "again-" + _nhs));
        silo.Down(canRead ? Writes : []);
        var refused = await silo.Http.Push("dorset", bundle, id);
        silo.Back();
        Assert.Contains("LHC902", refused.Codes);

        var taken = await silo.Http.Push("dorset", bundle, id);
        var again = await silo.Http.Push("dorset", bundle, id);

        Assert.Equal(["201", "201"], taken.EntryStatuses);
        Assert.Equal(taken.Body, again.Body);
        Assert.Equal(1, await silo.Rows(_nhs));
    }

    [Fact]
    public async Task A_push_whose_reply_was_lost_is_acknowledged_and_written_once()
    {
        var (bundle, id) = (Collection(Patient("l-" + _nhs, _nhs), Observation("l-" + _nhs, "Patient/l-" + _nhs)), ("X-Request-Id", "lost-" + _nhs));
        silo.Journal.Fail(JournalFault.LostReply, verb: nameof(IJournal.Append));

        var answer = await silo.Http.Push("dorset", bundle, id);
        var again = await silo.Http.Push("dorset", bundle, id);

        Assert.Equal(["201", "201"], answer.EntryStatuses);
        Assert.Equal(answer.Body, again.Body);
        Assert.Equal(1, await silo.Rows(_nhs));
        Assert.Equal(["Patient", "Observation"], await silo.Types(_nhs));
    }

    [Fact]
    public async Task A_cold_read_is_answered_with_503_until_the_journal_is_back()
    {
        var path = $"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything";

        silo.Down();
        var answer = await silo.Http.Get(path);
        silo.Back();

        AssertUnavailable(answer);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Http.Get(path)).Status);
    }

    [Fact]
    public async Task The_process_stays_alive_and_ready_and_says_that_the_journal_is_unreachable()
    {
        Assert.Contains("\"reachable\"", (await silo.Http.Get("health/ready")).Body, StringComparison.Ordinal);

        silo.Down();
        var (live, ready) = (await silo.Http.Get("health/live"), await silo.Http.Get("health/ready"));
        silo.Back();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.Status, ready.Status));
        Assert.Contains("\"unreachable\"", ready.Body, StringComparison.Ordinal);
    }

    private static void AssertUnavailable(Answer answer)
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (answer.Status, answer.Headers.RetryAfter?.ToString()));
        Assert.Equal(["LHC902"], answer.Codes);
    }
}
