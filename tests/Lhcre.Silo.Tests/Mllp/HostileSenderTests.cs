using System.Text;
using Lhcre.Record;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>Whatever one sender does: a clear answer or a closed connection, bounded memory, and every other sender is served.</summary>
[Collection(nameof(HostileSenders))]
public sealed class HostileSenderTests(MllpSilo silo) : IClassFixture<MllpSilo>
{
    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task Half_a_frame_and_a_dropped_connection_leave_nothing()
    {
        await using (var half = await MllpSender.Connect(silo.Port))
        {
            await half.SendRaw("\v" + Messages.Person("half-" + _nhs, _nhs)[..150]);
            half.Drop();
        }

        await EveryoneElseIsServed();
        Assert.DoesNotContain("Patient", await TypesOrNone(_nhs));
    }

    [Fact]
    public async Task Two_messages_in_one_frame_are_both_refused_and_none_is_half_taken_in()
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        var ack = await sender.Ask(Messages.Person("one-" + _nhs, _nhs) + Messages.Person("two-" + _nhs, FreshNhsNumber()));

        Assert.Equal(("AR", "one-" + _nhs), (ack.Code, ack.ControlId));
        Assert.Equal([IssueCodes.SeveralHl7Messages.Code], ack.Codes);
        Assert.DoesNotContain("Patient", await TypesOrNone(_nhs));
        Assert.Equal("AA", (await sender.Ask(Messages.Person("then-" + _nhs, _nhs))).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r")]
    [InlineData("hello")]
    [InlineData("MSH")]
    [InlineData("MSH|")]
    [InlineData("MSH|^~\\&|A|B|C|D|20260101||ADT^A28|x")]
    [InlineData("PID|1||123")]
    [InlineData("\0\0\0\0")]
    public async Task What_is_no_message_is_answered_and_the_connection_goes_on(string text)
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        await sender.SendRaw("\v" + text + "\u001c\r");

        Assert.Contains((await sender.Answer())!.Code, (string[])["AR", "AE"]);
        Assert.Equal("AA", (await sender.Ask(Messages.Person("after-" + _nhs, _nhs))).Code);
    }

    [Fact]
    public async Task Bytes_that_are_not_in_the_charset_that_they_say_are_refused()
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        await sender.SendRaw(Encoding.Latin1.GetBytes($"\v{Messages.Person("latin-" + _nhs, _nhs, family: "M\u00fcller")}\u001c\r"));

        var ack = (await sender.Answer())!;
        Assert.Equal(("AR", "latin-" + _nhs), (ack.Code, ack.ControlId));
        Assert.DoesNotContain("Patient", await TypesOrNone(_nhs));
    }

    [Theory]
    [InlineData("ADT^Z77", "P", "2.5.1", null)]
    [InlineData("QQQ^Q01", "P", "2.5.1", null)]
    [InlineData("ADT^A28", "T", "2.5.1", "LHC635")]
    [InlineData("ADT^A28", "D", "2.5.1", "LHC635")]
    [InlineData("ADT^A28", "P", "3.0", "LHC636")]
    public async Task A_message_that_is_not_for_us_is_rejected(string type, string processing, string version, string? code)
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        var ack = await sender.Ask(Messages.Person("not-" + _nhs, _nhs)
            .Replace("ADT^A28^ADT_A05", type, StringComparison.Ordinal).Replace("|P|2.5.1", $"|{processing}|{version}", StringComparison.Ordinal));

        Assert.Equal(("AR", "not-" + _nhs), (ack.Code, ack.ControlId));
        if (code is not null)
            Assert.Equal([code], ack.Codes);
    }

    [Fact]
    public async Task A_message_of_another_source_is_rejected_where_the_facilities_are_told()
    {
        var strict = new MllpSilo(
            async folder => await Grains.Journal.SqliteJournal.Open(folder.FullName, Http.TestSilo.Pseudonym.Fingerprint, CancellationToken.None),
            options => options with { MllpFacilities = new Dictionary<string, IReadOnlyList<string>> { ["isle-of-wight"] = ["IOW", "IOWT"] } });
        await strict.InitializeAsync();
        try
        {
            await using var sender = await MllpSender.Connect(strict.Port);
            var ack = await sender.Ask(Messages.Person("other-" + _nhs, _nhs).Replace("|PAS|IOW|", "|PAS|POOLE|", StringComparison.Ordinal));

            Assert.Equal(("AR", "LHC634"), (ack.Code, Assert.Single(ack.Codes)));
            Assert.Equal("AA", (await sender.Ask(Messages.Person("own-" + _nhs, _nhs))).Code);
        }
        finally
        {
            await strict.DisposeAsync();
        }
    }

    [Fact]
    public async Task Somebody_who_speaks_something_else_is_cut()
    {
        await using var browser = await MllpSender.Connect(silo.Port);
        await browser.SendRaw("GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + new string('x', 5000) + "\r\n\r\n");

        Assert.Null(await browser.Answer());
        await EveryoneElseIsServed();
    }

    [Fact]
    public async Task A_sender_that_dribbles_within_a_message_is_cut_and_one_that_is_idle_stays()
    {
        await using var idle = await MllpSender.Connect(silo.Port);
        await using var slow = await MllpSender.Connect(silo.Port);
        using var stop = new CancellationTokenSource();
        var dribble = Dribble(slow, stop.Token);

        Assert.Null(await slow.Answer());
        await stop.CancelAsync();
        await dribble;
        Assert.Equal("AA", (await idle.Ask(Messages.Person("idle-" + _nhs, _nhs))).Code);
        await EveryoneElseIsServed();
    }

    [Fact]
    public async Task A_sender_that_never_reads_its_answers_is_cut_and_holds_up_nobody()
    {
        await using var deaf = await MllpSender.Connect(silo.OtherPort);
        var message = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\vnothing\u001c\r", 2000)));
        var sending = Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
                await deaf.SendRaw(message);
        });

        await EveryoneElseIsServed();
        await sending.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_rejected_by_its_control_id_and_the_connection_goes_on()
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        var megabyte = new byte[1024 * 1024];
        megabyte.AsSpan().Fill((byte)'A');
        await sender.SendRaw("\v" + Messages.Header("long-" + _nhs, "MDM^T02") + "\rOBX|1|ED|x||^^^^");
        for (var sent = 0; sent < 66; sent++)
            await sender.SendRaw(megabyte);
        await sender.SendRaw("\r\u001c\r");

        var ack = (await sender.Answer())!;
        Assert.Equal(("AR", "long-" + _nhs, "LHC104"), (ack.Code, ack.ControlId, Assert.Single(ack.Codes)));
        Assert.Equal("AA", (await sender.Ask(Messages.Person("short-" + _nhs, _nhs))).Code);
    }

    private async Task EveryoneElseIsServed()
    {
        foreach (var port in new[] { silo.Port, silo.OtherPort })
        {
            await using var other = await MllpSender.Connect(port);
            var nhs = FreshNhsNumber();
            Assert.Equal("AA", (await other.Ask(Messages.Person("other-" + nhs, nhs))).Code);
        }
    }

    private async Task<IReadOnlyList<string>> TypesOrNone(string nhs) =>
        [.. (await silo.Http.Get($"fhir/Patient/{Http.TestSilo.PatientId(nhs)}/$everything")) is { Status: System.Net.HttpStatusCode.OK } found
            ? found.Resources("match").Select(r => r["resourceType"]!.GetValue<string>()) : []];

    private static async Task Dribble(MllpSender slow, CancellationToken stop)
    {
        try
        {
            await slow.SendRaw("\vMSH|");
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
                await slow.SendRaw("x");
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // Cut, or no longer needed.
        }
    }
}

/// <summary>These fill memory and ports: they run by themselves.</summary>
[CollectionDefinition(nameof(HostileSenders), DisableParallelization = true)]
public sealed class HostileSenders;
