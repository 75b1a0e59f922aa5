using System.Net;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Silo.Tests.Faults;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>HL7 v2 over MLLP, as a hospital's engine sends it.</summary>
public sealed class MllpTests(MllpSilo silo) : IClassFixture<MllpSilo>
{
    private readonly string _nhs = FreshNhsNumber();

    [Fact]
    public async Task A_message_is_in_the_record_when_its_acknowledgement_comes()
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        var ack = await sender.Ask(Messages.Person("c1-" + _nhs, _nhs));

        Assert.Equal(("AA", "c1-" + _nhs), (ack.Code, ack.ControlId));
        Assert.Contains("Patient", await silo.Types(_nhs));
    }

    [Fact]
    public async Task Messages_of_one_connection_are_answered_in_their_order_though_many_come_at_once()
    {
        var controls = Enumerable.Range(0, 30).Select(n => $"{n}-{_nhs}").ToArray();
        await using var sender = await MllpSender.Connect(silo.Port);
        await sender.Send([.. controls.Select((c, n) => Messages.Person(c, _nhs, family: $"Name{n}", at: $"202601011200{n:00}"))]);
        var answered = new List<string>();
        foreach (var _ in controls)
            answered.Add((await sender.Answer())!.ControlId);

        Assert.Equal(controls, answered);
        Assert.Equal("Name29", (await silo.Http.Everything(_nhs)).Single(r => r["resourceType"]!.GetValue<string>() == "Patient")["name"]![0]!["family"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_message_that_comes_again_gets_its_first_acknowledgement_again_and_makes_nothing_new()
    {
        await using var first = await MllpSender.Connect(silo.Port);
        var ack = await first.Ask(Messages.Person("again-" + _nhs, _nhs));
        var version = await Version();

        await using var second = await MllpSender.Connect(silo.Port);
        Assert.Equal(ack.Text, (await second.Ask(Messages.Person("again-" + _nhs, _nhs))).Text);
        Assert.Equal(version, await Version());
    }

    [Fact]
    public async Task Another_message_under_the_same_control_id_is_another_message()
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        await sender.Ask(Messages.Person("1", _nhs));
        var other = FreshNhsNumber();

        Assert.Equal("AA", (await sender.Ask(Messages.Person("1", other))).Code);
        Assert.Contains("Patient", await silo.Types(other));
    }

    [Fact]
    public async Task A_feed_is_fresh_once_a_message_came()
    {
        await using var sender = await MllpSender.Connect(silo.OtherPort);
        await sender.Ask(Messages.Person("fresh-" + _nhs, _nhs));

        var feeds = await silo.Http.Get("fhir/$source-status");
        Assert.Contains("dorset", feeds.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("dorset; never", (await silo.Http.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything")).Headers.TryGetValues("X-LHCRE-Source-Status", out var told) ? string.Join(' ', told) : "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_kept_whole_for_an_operator()
    {
        await using var sender = await MllpSender.Connect(silo.Port);
        var ack = await sender.Ask(Messages.Segments(Messages.Header("unknown-" + _nhs, "XYZ^Z99"), $"PID|1||{_nhs}"));
        Assert.Equal("AR", ack.Code);

        var letters = await silo.Http.Get("sources/isle-of-wight/parked?kind=refused&_count=1000");
        Assert.Equal(HttpStatusCode.OK, letters.Status);
        Assert.Contains("XYZ^Z99", letters.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_restart_a_message_whose_acknowledgement_was_lost_makes_nothing_new()
    {
        var journal = new SimulatedJournal();
        var before = new MllpSilo(_ => Task.FromResult<Grains.Journal.IJournal>(journal), o => o);
        await before.InitializeAsync();
        long rows;
        try
        {
            await using var sender = await MllpSender.Connect(before.Port);
            await sender.Send(Messages.Person("lost-" + _nhs, _nhs));
            await FaultySilo.Until(async () => await Rows(journal) > 0);
            sender.Drop();
            rows = await Rows(journal);
        }
        finally
        {
            await before.DisposeAsync();
        }

        var survivor = journal.Crash();
        var after = new MllpSilo(_ => Task.FromResult<Grains.Journal.IJournal>(survivor), o => o);
        await after.InitializeAsync();
        try
        {
            await using var sender = await MllpSender.Connect(after.Port);
            Assert.Equal("AA", (await sender.Ask(Messages.Person("lost-" + _nhs, _nhs))).Code);
            Assert.Equal(rows, await Rows(survivor));
            Assert.Single(await after.Types(_nhs), "Patient");
        }
        finally
        {
            await after.DisposeAsync();
        }

        async Task<long> Rows(SimulatedJournal of) => (await of.Load(Record.PatientKey.Parse(TestSilo.PatientId(_nhs)), default)).Head.Seq;
    }

    [Fact]
    public async Task What_cannot_be_written_is_answered_AE_to_be_sent_again_and_lands_then()
    {
        var journal = new SimulatedJournal();
        var faulty = new MllpSilo(_ => Task.FromResult<Grains.Journal.IJournal>(journal), o => o);
        await faulty.InitializeAsync();
        try
        {
            await using var sender = await MllpSender.Connect(faulty.Port);
            journal.Before = _ => throw new Grains.Journal.JournalUnavailableException("Down for a test.", outcomeUnknown: false);
            var refused = await sender.Ask(Messages.Person("down-" + _nhs, _nhs));
            journal.Before = _ => Task.CompletedTask;

            Assert.Equal(("AE", "LHC902"), (refused.Code, Assert.Single(refused.Codes)));
            Assert.Equal("AA", (await sender.Ask(Messages.Person("down-" + _nhs, _nhs))).Code);
        }
        finally
        {
            await faulty.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_silo_that_stops_answers_the_message_in_hand_and_closes()
    {
        var journal = new SimulatedJournal();
        var stopping = new MllpSilo(_ => Task.FromResult<Grains.Journal.IJournal>(journal), o => o);
        await stopping.InitializeAsync();
        try
        {
            var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
            journal.Before = verb =>
            {
                if (verb != nameof(Grains.Journal.IJournal.Append))
                    return Task.CompletedTask;
                reached.TrySetResult();
                return go.Task;
            };
            await using var idle = await MllpSender.Connect(stopping.Port);
            await using var sender = await MllpSender.Connect(stopping.Port);
            await sender.Send(Messages.Person("stop-" + _nhs, _nhs), Messages.Person("behind-" + _nhs, FreshNhsNumber()));
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
            var stop = stopping.Http.Stop();
            Assert.Null(await idle.Answer());
            await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => MllpSender.Connect(stopping.Port));
            go.SetResult();

            Assert.Equal(("AA", "stop-" + _nhs), await sender.Answer() is { } ack ? (ack.Code, ack.ControlId) : default);
            Assert.Null(await sender.Answer());
            await stop;
        }
        finally
        {
            await stopping.DisposeAsync();
        }
    }

    private async Task<string?> Version() => (await silo.Http.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}/$everything")).Headers.ETag?.Tag;
}
