using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Erasing;

/// <summary>
/// What is erased, over HTTP: <c>POST /fhir/Patient/{id}/$erase</c>, everything that is held of a person; and <c>GET /sources/{source}/leases</c>, how much of what was pulled
/// is held and is due to be erased.
/// </summary>
internal sealed class EraseApi(
    PatientCalls patients, IGrainFactory grains, IJournal journal, PersonAsides asides, PseudonymKey pseudonym, Negotiation negotiation, LeaseRounds rounds, FreshPushId freshPushId, TimeProvider clock)
{
    private const int Longest = 500;

    private readonly Successions _successions = new(patients, journal);

    /// <summary>
    /// Erases a person, once and for all, by <c>by</c> for a <c>reason</c>, where <c>confirm</c> repeats the id: 200 with LHC742 once it is on disk, LHC743 where there is
    /// nothing any more.
    /// </summary>
    public async Task Erase(HttpContext http, string id)
    {
        var query = await Query.Of(http);
        var unknown = query.Names.FirstOrDefault(n => n is not ("reason" or "by" or "confirm" or "_format" or "_pretty"));
        var (reason, by) = (query.Single("reason")?.Trim() ?? "", query.Single("by")?.Trim() ?? "");
        if (unknown is not null || reason.Length is 0 or > Longest || by.Length is 0 or > Longest || query.Single("confirm") != id)
            await Answers.Issue(http, IssueCodes.EraseUnclear, $"reason, by and confirm, each once and of at most {Longest} characters; confirm is the id again.");
        else if (!PatientKey.TryParse(id, out var patient))
            await Answers.Issue(http, IssueCodes.NotFound);
        else
            await Erase(http, patient, reason, by);
    }

    /// <summary>How much is held of a source's words for visits, and how much of it is due.</summary>
    public async Task Leases(HttpContext http, SourceSystem source)
    {
        var count = await journal.CountLeases(source.Id, clock.GetUtcNow(), http.RequestAborted);
        await Imports.ImportAnswers.Send(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("source", source.Id);
            writer.WriteNumber("held", count.Held);
            writer.WriteNumber("due", count.Due);
            if (count.Oldest is { } oldest)
                writer.WriteString("dueSince", oldest);
            writer.WriteEndObject();
        });
    }

    private async Task Erase(HttpContext http, PatientKey patient, string reason, string by)
    {
        var present = patient.IsLocal ? await _successions.Of(patient, http.RequestAborted) ?? patient : patient;
        // What went over into this record stands in those from before the number was known as well: they come first, since this one is what leads to them.
        var status = PushStatus.Unchanged;
        foreach (var each in (PatientKey[])[.. await Former(present, http.RequestAborted), present])
        {
            var answer = await Order(http, each, reason, by);
            if (SourcePush.Unwritten(answer) is { } unwritten)
            {
                await Answers.Issue(http, unwritten);
                return;
            }

            status = answer == PushStatus.Applied ? answer : status;
        }

        rounds.Wake();
        await Answers.Issue(http, status == PushStatus.Applied ? IssueCodes.Erased : IssueCodes.NothingToErase);
    }

    private async Task<PushStatus> Order(HttpContext http, PatientKey patient, string reason, string by)
    {
        var aside = await asides.Of(patient, http.RequestAborted);
        var request = new EraseRequest
        {
            Id = freshPushId(),
            Reason = reason,
            By = by,
            Asides = [.. aside.Select(a => a.Id)],
            Answers = [.. aside.OfType<ParkedResource>().Select(p => p.Push).Distinct()],
        };
        // From here on it is carried through, whether anybody waits for it or not.
        var answer = await patients.Erase(patient, request, Callers.Of(http));
        negotiation.Forms.Forget(patient);
        await grains.GetGrain<IVisitGrain>(patient.Value).Forget(null);
        return answer.Status;
    }

    // The records without a number that have gone over into this one.
    private async Task<IReadOnlyList<PatientKey>> Former(PatientKey patient, CancellationToken cancellation)
    {
        var former = new SortedSet<PatientKey>();
        foreach (var (source, system, value) in await asides.Names(patient, cancellation))
        {
            for (var ordinal = 1; pseudonym.For(source, system, value, ordinal) is var local && local != patient && (await journal.Heads([local], cancellation))[0].Seq > 0; ordinal++)
            {
                if (await _successions.Of(local, cancellation) == patient)
                    former.Add(local);
            }
        }

        return [.. former];
    }
}
