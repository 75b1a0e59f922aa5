using Lhcre.Silo.Tests.Faults;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>Results and documents over MLLP, the largest among them.</summary>
[Collection(nameof(HostileSenders))]
public sealed class ReportTests(MllpSilo silo) : IClassFixture<MllpSilo>
{
    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task A_result_is_in_the_record_of_its_person()
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        await sender.Ask(Messages.Person("r1-" + _nhs, _nhs));

        Assert.Equal("AA", (await sender.Ask(Messages.Result("r2-" + _nhs, _nhs, "F1-" + _nhs))).Code);
        Assert.Contains("Observation", await silo.Types(_nhs));
    }

    [Fact]
    public async Task A_document_of_fifty_megabytes_goes_in_whole_while_others_are_served()
    {
        var pdf = new byte[38 * 1024 * 1024];
        new Xorshift(4711).Fill(pdf);
        await using var sender = await MllpSender.Connect(silo.Port);
        Assert.Equal("AA", (await sender.Ask(Messages.Person("d1-" + _nhs, _nhs))).Code);
        var text = Convert.ToBase64String(pdf);
        var sending = sender.Ask(Messages.Document("d2-" + _nhs, _nhs, text));
        await using (var other = await MllpSender.Connect(silo.Port))
        {
            var nhs = FreshNhsNumber();
            Assert.Equal("AA", (await other.Ask(Messages.Person("d3-" + nhs, nhs))).Code);
        }

        var ack = await sending;
        Assert.Equal(("AA", "d2-" + _nhs), (ack.Code, ack.ControlId));
        var document = Assert.Single(await silo.Http.Everything(_nhs), r => r["resourceType"]!.GetValue<string>() == "DocumentReference");
        Assert.Equal(text, document["content"]![0]!["attachment"]!["data"]!.GetValue<string>());
        // The next one is waited for, and nothing of this one held any more.
        await FaultySilo.Until(() => Task.FromResult(silo.Listener.Held.Now == 0));
    }
}

/// <summary>Bytes that nothing compresses, the same in every run.</summary>
internal sealed class Xorshift(ulong seed)
{
    private ulong _state = seed;

    public void Fill(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
        {
            _state ^= _state << 13;
            _state ^= _state >> 7;
            _state ^= _state << 17;
            value = (byte)_state;
        }
    }
}
