using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;
using Microsoft.AspNetCore.Http;

namespace Lhcre.Simulation;

/// <summary>Who calls a cluster from outside: sources that push, people who look somebody up, and the clocks that start what silos do by themselves.</summary>
internal sealed class SimulatedClients(SimulatedCluster cluster, Story story, Ledger ledger, Dice dice)
{
    private int _erased;

    /// <summary>A source sends a push, to any silo. What is not acknowledged it sends again later, under the same push id.</summary>
    public async Task Send(StoryPush push)
    {
        if (cluster.Living is not { Length: > 0 } living || story.MustWait(push))
            return;
        var silo = dice.Of(living);
        cluster.Trace.Say($"{push} is sent to {silo}: {string.Join(", ", push.Statements.Select(s => $"{s.Fragment.Kind} {s.Fragment.Key.Reference}{(s.Person is { } of ? $" of {of}" : "")}"))}");
        try
        {
            var report = await silo.OrDeath(Take(silo, push, dice.OneIn(3) ? Lane.Backfill : Lane.Live));
            cluster.Trace.Say($"{push} is answered: {(report is null ? "as before" : string.Join(", ", report.Entries.Select(Text)) + (report.Extent is { } whole ? $": {whole.Header}" : ""))}");
            push.IsAcknowledged |= report is null or { IsAcknowledged: true };
            for (var i = 0; i < push.Statements.Length; i++)
            {
                if (report?.Entries[i] is not { Unwritten: not null })
                    ledger.Add(new Acknowledgement(push, push.Statements[i], report?.Entries[i].Outcome, report?.Entries[i].Parked is not null));
            }
        }
        catch (Exception failure) when (failure is JournalUnavailableException or SiloUnavailableException or RecordMovingException)
        {
            cluster.Trace.Say($"{push} is not answered: {failure.GetType().Name}");
        }
    }

    /// <summary>An operator orders a correction of one record where nothing goes wrong.</summary>
    public async Task Tell(PatientKey patient, CorrectionRequest request) => await cluster.Living[0].Successions.Correct(patient, request, default);

    /// <summary>An operator orders a correction, or goes on with one, at any silo.</summary>
    public async Task Correct(StoryCorrection correction)
    {
        // One after the other: what ends a quarantine comes behind it.
        if (correction.IsDone || correction.IsUnderWay || cluster.Living is not { Length: > 0 } living || story.Corrections.TakeWhile(c => c != correction).Any(c => !c.IsDone))
            return;
        correction.IsUnderWay = true;
        var silo = dice.Of(living);
        cluster.Trace.Say($"{correction} is ordered at {silo}");
        try
        {
            while (!correction.IsDone)
            {
                var answer = await silo.OrDeath(silo.Successions.Correct(correction.Next, correction.Request, default));
                cluster.Trace.Say($"{correction}: {cluster.NameOf(correction.Next)}: {answer.Status}");
                if (answer.Status is not (PushStatus.Applied or PushStatus.Unchanged))
                    return;
                correction.Told();
            }
        }
        catch (Exception failure) when (failure is JournalUnavailableException or SiloUnavailableException or RecordMovingException)
        {
            cluster.Trace.Say($"{correction} is not answered: {failure.GetType().Name}");
        }
        finally
        {
            correction.IsUnderWay = false;
        }
    }

    /// <summary>A silo pulls what another source has of somebody, and files it for the visit. Nobody tells anybody whether it could.</summary>
    public async Task Visit(StoryPush pull)
    {
        if (cluster.Living is not { Length: > 0 } living)
            return;
        var silo = dice.Of(living);
        cluster.Trace.Say($"{pull} is pulled by {silo}: {string.Join(", ", pull.Statements.Select(s => $"{s.Fragment.Key.Reference}{(s.Person is { } of ? $" of {of}" : "")}"))}");
        var received = new Received { Bundle = BundleKind.Collection, Entries = [.. pull.Statements.Select(Entry)] };
        try
        {
            await silo.OrDeath(silo.Pushes.Take(received, pull.Source, pull.Id, Caller.Development, Lane.Live, null, default, TimeSpan.FromHours(1)));
        }
        catch (Exception failure) when (failure is JournalUnavailableException or SiloUnavailableException or RecordMovingException)
        {
            cluster.Trace.Say($"{pull} ends with {failure.GetType().Name}");
        }
    }

    /// <summary>A silo ends every lease that there is, due or not.</summary>
    public async Task EndVisits()
    {
        if (cluster.Living is not { Length: > 0 } living)
            return;
        var silo = dice.Of(living);
        try
        {
            foreach (var lease in await silo.OrDeath(silo.Journal.LeasesDue(DateTimeOffset.MaxValue, int.MaxValue, default)))
            {
                var request = new EraseRequest { Id = PushId.Of("erase", $"{++_erased}"), Source = lease.Source, Due = DateTimeOffset.MaxValue, Lane = Lane.Backfill };
                var answer = await silo.OrDeath(silo.Patients.Erase(lease.Patient, request, Caller.Development).AsTask());
                cluster.Trace.Say($"{silo} erases what was pulled for {cluster.NameOf(lease.Patient)}: {answer.Status}");
            }
        }
        catch (Exception failure) when (failure is JournalUnavailableException or SiloUnavailableException or RecordMovingException)
        {
            cluster.Trace.Say($"{silo} cannot erase: {failure.GetType().Name}");
        }
    }

    // As the product's edge: the first answer again where one is kept, and no answer before it is kept.
    private static async Task<PushReport?> Take(SimulatedSilo silo, StoryPush push, Lane lane)
    {
        if (await silo.Journal.FindAnswer(push.Id, silo.Clock.GetUtcNow() - Limits.PushIdMemory, default) is not null)
            return null;
        var received = new Received
        {
            Bundle = BundleKind.Batch,
            Entries = [.. push.Statements.Select(Entry)],
        };
        var report = await silo.Pushes.Take(received, push.Source, push.Id, Caller.Development, lane, push.Extent, default);
        if (report.IsAcknowledged)
        {
            var now = silo.Clock.GetUtcNow();
            await silo.Journal.KeepAnswer(push.Id, new KeptAnswer(200, now, null, default), now - Limits.PushIdMemory, default);
        }

        return report;
    }

    private static ReceivedEntry Entry(Statement statement, int index) => new()
    {
        Index = index,
        Method = statement.Fragment.Kind == FragmentKind.Deleted ? "DELETE" : "PUT",
        Key = statement.Fragment.Key,
        Fragment = statement.Fragment,
        Person = statement.Clue,
    };

    /// <summary>Somebody looks a person up, at any silo.</summary>
    public async Task Read(Person person)
    {
        if (cluster.Living is not { Length: > 0 } living)
            return;
        var silo = dice.Of(living);
        try
        {
            var answer = await silo.OrDeath(silo.Patients.Read(new DefaultHttpContext(), person.Key, Request()).AsTask());
            cluster.Trace.Say($"{person} is read at {silo}: {answer}");
        }
        catch (Exception failure) when (failure is JournalUnavailableException or SiloUnavailableException or RecordMovingException)
        {
            cluster.Trace.Say($"{person} is not read at {silo}: {failure.GetType().Name}");
        }
    }

    private ReadRequest Request() => dice.Below(4) switch
    {
        0 => new ReadRequest(Type: "Observation"),
        1 => new ReadRequest(dice.Of(Story.Sources)),
        _ => ReadRequest.Everything,
    };

    /// <summary>A silo carries out what is due, as it does at its start and every now and then.</summary>
    public async Task CarryOut(SimulatedSilo silo)
    {
        try
        {
            if (!silo.IsDead)
                cluster.Trace.Say($"{silo} carries out what is due: {(await silo.OrDeath(silo.FollowUps.Pass(default)) ? "all" : "in part")}");
        }
        catch (SiloUnavailableException)
        {
            cluster.Trace.Say($"{silo} is dead");
        }
    }

    /// <summary>A silo holds its warm records against the journal, as it does every few seconds.</summary>
    public static async Task CheckHeads(SimulatedSilo silo)
    {
        if (!silo.IsDead)
            await silo.Residents.Check(CancellationToken.None);
    }

    private static string Text(EntryReport report) =>
        report.Unwritten is { } why ? $"unwritten {why.Code}" : report.Parked is { } code ? $"parked {code.Code}" : $"{report.Outcome}";
}
