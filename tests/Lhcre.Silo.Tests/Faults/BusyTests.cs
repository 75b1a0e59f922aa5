using System.Net;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Silo.Sources;
using Microsoft.AspNetCore.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Faults;

/// <summary>Too much at once is said at once, and who pushes what nobody waits for says so.</summary>
public sealed class BusyTests(FaultySilo silo) : IClassFixture<FaultySilo>
{
    private readonly string _nhs = FreshNhsNumber();

    [Theory]
    [InlineData(nameof(IJournal.Append))]
    [InlineData(nameof(IJournal.Load))]
    public async Task A_push_that_finds_the_queue_full_is_answered_with_429_and_lands_when_it_comes_again(string verb)
    {
        Full(verb);
        var refused = await silo.Http.Put("dorset", $"Patient/b-{_nhs}", Patient("b-" + _nhs, _nhs));
        silo.Back();

        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.Status, refused.Headers.RetryAfter?.ToString()));
        Assert.Equal(["LHC903"], refused.Codes);
        Assert.Equal(0, await silo.Rows(_nhs));
        Assert.Equal(HttpStatusCode.Created, (await silo.Http.Put("dorset", $"Patient/b-{_nhs}", Patient("b-" + _nhs, _nhs))).Status);
    }

    [Fact]
    public async Task Every_entry_of_a_batch_says_so_and_a_transaction_as_a_whole()
    {
        var entries = new[] { ($"Patient/t-{_nhs}", Patient("t-" + _nhs, _nhs)), ($"Observation/t-{_nhs}", Observation("t-" + _nhs, "Patient/t-" + _nhs)), ($"Practitioner/t-{_nhs}", Practitioner("t-" + _nhs, "Alone")) };

        Full(nameof(IJournal.Append), nameof(IJournal.KeepSupporting));
        var (batch, transaction) = (await silo.Http.Push("dorset", Puts("batch", entries)), await silo.Http.Push("dorset", Puts("transaction", entries)));
        silo.Back();

        Assert.Equal(["429", "429", "429"], batch.EntryStatuses);
        Assert.Equal("1", batch.Headers.RetryAfter?.ToString());
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (transaction.Status, transaction.Headers.RetryAfter?.ToString()));
    }

    [Theory]
    [InlineData(null, Lane.Live)]
    [InlineData("", Lane.Live)]
    [InlineData("u=0", Lane.Live)]
    [InlineData("u=4", Lane.Live)]
    [InlineData("u=5", Lane.Backfill)]
    [InlineData("u=7", Lane.Backfill)]
    [InlineData("i, u=6", Lane.Backfill)]
    [InlineData(" u=6;x=1 , i", Lane.Backfill)]
    [InlineData("u=8", Lane.Live)]
    [InlineData("u=66", Lane.Live)]
    [InlineData("u", Lane.Live)]
    [InlineData("bu=6", Lane.Live)]
    public void The_urgency_of_a_request_says_in_which_lane_it_waits(string? header, Lane lane)
    {
        var request = new DefaultHttpContext().Request;
        if (header is not null)
            request.Headers["Priority"] = header;

        Assert.Equal(lane, Priority.Of(request));
    }

    private void Full(params string[] verbs) =>
        silo.Journal.Before = verb => verbs.Contains(verb) ? throw JournalUnavailableException.Busy() : Task.CompletedTask;
}
