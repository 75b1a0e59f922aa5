using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>Many senders at once: what they hold together has a bound, and so has their number.</summary>
[Collection(nameof(HostileSenders))]
public sealed class ManyConnectionsTests(MllpSilo silo) : IClassFixture<MllpSilo>
{
    private const int Many = 5000;
    private const int Megabyte = 1024 * 1024;

    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task Of_five_thousand_connections_as_many_stay_as_are_taken_and_whoever_has_something_to_say_is_heard()
    {
        await using var known = await MllpSender.Connect(silo.OtherPort);
        Assert.Equal("AA", (await known.Ask(Messages.Person("known-" + _nhs, _nhs))).Code);
        var crowd = new List<MllpSender>();
        try
        {
            for (var n = 0; n < Many; n++)
                crowd.Add(await MllpSender.Connect(silo.OtherPort));
            Assert.InRange(silo.OtherListener.Seats.Count, 1, MllpSilo.Limits.Connections);

            await Served("known", known);
            await using (var newcomer = await MllpSender.Connect(silo.OtherPort))
                await Served("new", newcomer);
            await using (var elsewhere = await MllpSender.Connect(silo.Port))
                await Served("elsewhere", elsewhere);
            Assert.Equal(System.Net.HttpStatusCode.OK, (await silo.Http.Get("health/ready")).Status);
        }
        finally
        {
            foreach (var one in crowd)
                await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_all_of_them_hold_of_unfinished_messages_is_bounded_and_short_messages_go_on()
    {
        var piece = new byte[Megabyte];
        piece.AsSpan().Fill((byte)'A');
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var crowd = new List<MllpSender>();
        try
        {
            // Three times as much as is held.
            for (var n = 0; n < 100; n++)
            {
                var sender = await MllpSender.Connect(silo.Port);
                crowd.Add(sender);
                await sender.SendRaw("\v" + Messages.Header($"flood-{n}-{_nhs}", "MDM^T02") + "\rOBX|1|ED|x||^^^^");
                for (var sent = 0; sent < 4; sent++)
                    await sender.SendRaw(piece);
                Assert.InRange(silo.Listener.Held.Now, 0, MllpSilo.Limits.HeldBytes);
            }

            await using (var other = await MllpSender.Connect(silo.Port))
                await Served("short", other);
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MllpSilo.Limits.HeldBytes + 64L * Megabyte);

            // The first came when there was room, the last when there was none.
            await crowd[^1].SendRaw("\r\u001c\r");
            var ack = await crowd[^1].Answer();
            Assert.Equal(("AE", "LHC903"), (ack?.Code, ack?.Codes.Single()));
            Assert.Equal(("0", "1"), (await Counted("messagesRefused"), await Counted("messagesUnwritten")));
        }
        finally
        {
            foreach (var one in crowd)
                await one.DisposeAsync();
        }

        await Faults.FaultySilo.Until(() => Task.FromResult(silo.Listener.Held.Now == 0));
    }

    private async Task<string> Counted(string what) =>
        $"{(await silo.Http.Get("sources/isle-of-wight/$status")).Json["parameter"]![0]!["part"]!.AsArray()
            .Single(p => $"{p!["name"]}" == "sinceStart")!["part"]!.AsArray().Single(p => $"{p!["name"]}" == what)!["valueDecimal"]}";

    private static async Task Served(string who, MllpSender sender)
    {
        var nhs = FreshNhsNumber();
        Assert.Equal("AA", (await sender.Ask(Messages.Person($"{who}-{nhs}", nhs))).Code);
    }
}
