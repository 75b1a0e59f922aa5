using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>Reading at a source's own base: what that source said, unmerged, as sent, by its own ids.</summary>
internal sealed class SourceReadApi(Lookups lookups, PatientCalls patients, IJournal journal, PseudonymKey pseudonym, Addresses addresses)
{
    private readonly Moves _moves = new(patients, journal);

    /// <summary><c>GET {type}/{id}</c>.</summary>
    public async Task Read(HttpContext http, SourceSystem source, string type, string id)
    {
        if (!FhirTypes.IsResource(type))
        {
            await Answers.Issue(http, IssueCodes.UnknownType);
            return;
        }

        var answer = await Find(http, new EntryKey(source.Id, type, id));
        if (answer.Status is ReadStatus.Found or ReadStatus.NotModified)
            await Answers.Resource(http, answer);
        else
            await Answers.Issue(http, answer.Status == ReadStatus.Gone ? IssueCodes.Gone : IssueCodes.NotFound);
    }

    /// <summary><c>GET Patient/{id}/$everything</c>, by the source's own id of the Patient.</summary>
    public async Task Everything(HttpContext http, SourceSystem source, string id)
    {
        var query = await Query.Of(http);
        var issues = SourceParameters.Unknown(http, query.Names, []);
        if (issues.Any(i => i.Code.Severity == IssueSeverity.Error))
            await Answers.Issues(http, issues);
        else if (await PatientOf(source, id, http.RequestAborted) is not { } patient)
            await Answers.Issue(http, IssueCodes.NotFound);
        else
            await Answers.Bundle(http, await Ask(http, patient, new ReadRequest(source.Id)), new BundleShape(("self", $"{addresses.Source(source.Id)}/Patient/{id}/$everything")), issues);
    }

    /// <summary><c>GET {type}?patient=…</c>, <c>GET Patient?identifier=…</c>, and the same by <c>POST _search</c>.</summary>
    public async Task Search(HttpContext http, SourceSystem source, string type)
    {
        if (!FhirTypes.IsResource(type))
        {
            await Answers.Issue(http, IssueCodes.UnknownType);
            return;
        }

        var query = await Query.Of(http);
        var known = SourceParameters.Of(type);
        var issues = SourceParameters.Unknown(http, query.Names, known);
        if (issues.Any(i => i.Code.Severity == IssueSeverity.Error))
        {
            await Answers.Issues(http, issues);
            return;
        }

        var named = type == "Patient" ? query.Single("identifier") ?? query.Single("_id") : query.Single("patient") ?? query.Single("subject");
        if (named is null)
        {
            await Answers.Issue(http, IssueCodes.PersonRequired);
            return;
        }

        var answer = type == "Patient"
            ? await Patients(http, source, query)
            : Query.PatientId(named, addresses.Source(source.Id)) is { } id && await PatientOf(source, id, http.RequestAborted) is { } patient
                ? await Ask(http, patient, new ReadRequest(source.Id, type))
                : ReadAnswer.NotFound;
        await Answers.Bundle(http, answer, new BundleShape(("self", Self($"{addresses.Source(source.Id)}/{type}", query, known))), issues);
    }

    private async Task<ReadAnswer> Patients(HttpContext http, SourceSystem source, Query query)
    {
        if (query.Single("identifier") is not { } identifier)
            return query.Single("_id") is { } id && EntryKey.IsValidId(id) ? await Find(http, new EntryKey(source.Id, "Patient", id)) : ReadAnswer.NotFound;
        return await ByIdentifier(source, identifier, http.RequestAborted) is { } patient ? await Ask(http, patient, new ReadRequest(source.Id, "Patient")) : ReadAnswer.NotFound;
    }

    private async Task<ReadAnswer> Find(HttpContext http, EntryKey key)
    {
        if ((await journal.FindPatients([key], http.RequestAborted))[0] is { } patient)
        {
            var request = new ReadRequest(key.Source, key.Type, key.Id);
            var answer = await Ask(http, patient, request);
            // Its own words, wherever they are shown.
            return answer.Status is ReadStatus.NotFound or ReadStatus.Gone && await _moves.Holder(patient, key, http.RequestAborted) is { } holder ? await Ask(http, holder, request) : answer;
        }

        if (!PatientCompartment.MaySupport(key.Type) || (await journal.FindSupporting([key], http.RequestAborted))[0] is not { } kept)
            return ReadAnswer.NotFound;
        var fragment = LogBody.Read(kept.Body)[0];
        if (fragment.Kind != FragmentKind.Stated)
            return ReadAnswer.Gone;
        return RecordReading.Found(fragment, addresses, fragment.Version.Time?.ToUnixTimeMilliseconds() ?? 0);
    }

    private async Task<PatientKey?> PatientOf(SourceSystem source, string id, CancellationToken cancellation) =>
        (await journal.FindPatients([new EntryKey(source.Id, "Patient", id)], cancellation))[0];

    private async Task<PatientKey?> ByIdentifier(SourceSystem source, string identifier, CancellationToken cancellation)
    {
        var bar = identifier.IndexOf('|', StringComparison.Ordinal);
        var (system, value) = bar < 0 ? ("", identifier) : (identifier[..bar], identifier[(bar + 1)..]);
        if ((system.Length == 0 || NhsNumber.IsSystem(system)) && NhsNumber.TryParse(value, out var number))
            return pseudonym.For(number);
        var found = await journal.FindPatients(source.Id, new LocalIdentifier(system, value), cancellation);
        return PersonRegister.People(found) is [var only] ? only : null;
    }

    // The client's own query, less what is not known here.
    private static string Self(string path, Query query, IReadOnlyList<SourceParameter> known) =>
        Query.Url(path, query.Parameters.Where(p => known.Any(k => k.Name == p.Key)));

    private ValueTask<ReadAnswer> Ask(HttpContext http, PatientKey patient, ReadRequest request) =>
        lookups.Read(http, patient, request);
}
