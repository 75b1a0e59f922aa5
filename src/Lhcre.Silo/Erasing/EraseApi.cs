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
    PatientCalls patients, IGrainFactory grains, IJournal journal, PersonAsides asides, Negotiation negotiation, LeaseRounds rounds, FreshPushId freshPushId, TimeProvider clock)
{
    private const int Longest = 500;

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
        if (SourcePush.Unwritten(answer.Status) is { } unwritten)
        {
            await Answers.Issue(http, unwritten);
            return;
        }

        negotiation.Forms.Forget(patient);
        await grains.GetGrain<IVisitGrain>(patient.Value).Forget(null);
        rounds.Wake();
        await Answers.Issue(http, answer.Status == PushStatus.Applied ? IssueCodes.Erased : IssueCodes.NothingToErase);
    }
}
