namespace Lhcre.Adapters.Tests.Sending;

/// <summary>What goes to the record in one push, by which door and as what.</summary>
public sealed class BatchingTests : SenderSpec
{
    [Fact]
    public async Task Resources_go_together_as_a_batch_in_their_order_byte_for_byte()
    {
        await Outbox.Append([Texts.Observation("a", 1, padding: 3), Outgoing.Delete("b", "Condition", "c"), Outgoing.Post("a", "Observation", "{ \"resourceType\" : \"Observation\" }"u8.ToArray())], null);
        await SendAll();

        var request = Assert.Single(Record.Requests);
        Assert.Equal(("/sources/dorset/fhir", "application/fhir+json"), (request.Path, request.ContentType));
        Assert.Equal(["PUT Observation/o1", "DELETE Condition/c", "POST Observation"], request.Entries);
        Assert.Contains("{ \"resourceType\" : \"Observation\" }", request.Body, StringComparison.Ordinal);
        Assert.Equal(new SendCounts(3, 0, 0, 1, 1), Sender!.Counts);
    }

    [Fact]
    public async Task Bundles_and_HL7_v2_go_alone_and_as_they_are_each_by_its_door()
    {
        await Outbox.Append([Outgoing.Bundle("a", "{\"resourceType\":\"Bundle\",\"type\":\"message\"}"u8.ToArray()), Outgoing.Hl7V2("b", "MSH|^~\\&|\r"u8.ToArray()), Texts.Observation("c", 1)], null);
        await SendAll();

        Assert.Equal(
            ["/sources/dorset/fhir application/fhir+json", "/sources/dorset/fhir application/fhir+json", "/sources/dorset/hl7v2 x-application/hl7-v2+er7"],
            Record.Requests.Select(r => $"{r.Path} {r.ContentType}").Order());
        Assert.Contains(Record.Requests, r => r.Body == "MSH|^~\\&|\r");
        Assert.Equal(3, Record.Requests.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task Batches_are_cut_by_count_and_by_bytes_and_hold_a_resource_once()
    {
        Options = Options with { BatchMessages = 3, BatchBytes = 1_000, InFlight = 1 };
        await Outbox.Append(
            [
                Texts.Observation("a", 1), Texts.Observation("a", 2), Texts.Observation("a", 3), Texts.Observation("a", 4, padding: 2_000),
                Texts.Observation("a", 5, padding: 500), Texts.Observation("a", 6, padding: 500), Texts.Observation("a", 7, value: 1), Texts.Observation("a", 7, value: 2),
            ],
            null);
        await SendAll();

        Assert.Equal(["o1 o2 o3", "o4", "o5", "o6 o7", "o7"], Record.Requests.Select(r => string.Join(' ', r.Entries.Select(e => e.Split('/')[1]))));
    }

    [Fact]
    public void A_backfill_says_that_nobody_waits_for_it()
    {
        var push = new Lhcre.Adapters.Sending.Push([new QueuedMessage(1, Texts.Observation("a", 1))], Guid.Empty);
        using var backfill = push.Request(Options with { IsBackfill = true });
        using var live = push.Request(Options);
        Assert.Equal("u=6", backfill.Headers.GetValues("Priority").Single());
        Assert.False(live.Headers.Contains("Priority"));
    }
}
