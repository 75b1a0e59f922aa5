using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>The merged record at <c>/fhir</c>: FHIR R4, read only. A warm answer is bytes from the grain to the socket.</summary>
internal sealed class MergedApi(Lookups lookups, IJournal journal, PseudonymKey pseudonym, IReadOnlyList<SourceSystem> sources, Addresses addresses)
{
    /// <summary><c>GET /fhir/{type}/{id}</c>.</summary>
    public async Task Read(HttpContext http, string type, string id)
    {
        if (!FhirTypes.IsResource(type))
        {
            await Answers.Issue(http, IssueCodes.UnknownType);
            return;
        }

        if (!MergedId.TryParse(id, out var merged))
        {
            await Answers.Issue(http, IssueCodes.NotFound);
            return;
        }

        var answer = await Ask(http, merged.Patient, new ReadRequest(null, type, id));
        if (answer.Status is not (ReadStatus.Found or ReadStatus.NotModified))
        {
            await Answers.Issue(http, answer.Status == ReadStatus.Gone ? IssueCodes.Gone : IssueCodes.NotFound);
            return;
        }

        if (answer.PresentId is { } present && present != id)
            http.Response.Headers.ContentLocation = $"{addresses.Merged}/{type}/{present}";
        await Answers.Resource(http, answer);
    }

    /// <summary><c>GET /fhir/Patient/{id}/$everything</c>.</summary>
    public async Task Everything(HttpContext http, string id)
    {
        var query = await Query.Of(http);
        var known = SearchParameters.OfMerged(null, query);
        var issues = SearchParameters.Unknown(http, query.Names, known);
        if (issues.Any(i => i.Code.Severity == IssueSeverity.Error))
        {
            await Answers.Issues(http, issues);
            return;
        }

        var answer = PatientKey.TryParse(id, out var patient) ? await Ask(http, patient, ReadRequest.Everything with { Operation = Asked(query) }) : ReadAnswer.NotFound;
        if (answer.Status == ReadStatus.NotFound)
            await Answers.Issue(http, IssueCodes.NotFound);
        else
            await Answers.Bundle(http, answer, query.Self($"{addresses.Merged}/Patient/{id}/$everything", known), issues);
    }

    /// <summary><c>GET /fhir/{type}/{id}/$explain</c>: how a merged resource came about, or why there is none any more.</summary>
    public async Task Explain(HttpContext http, string type, string id)
    {
        var issues = FhirTypes.IsResource(type) ? SearchParameters.Unknown(http, (await Query.Of(http)).Names, []) : [new Issue(IssueCodes.UnknownType)];
        if (issues.Any(i => i.Code.Severity == IssueSeverity.Error))
        {
            await Answers.Issues(http, issues);
            return;
        }

        var answer = MergedId.TryParse(id, out var merged)
            ? await Ask(http, merged.Patient, new ReadRequest(null, type, id) { Operation = ReadOperation.Explain })
            : ReadAnswer.NotFound;
        if (answer.Status is ReadStatus.Found or ReadStatus.NotModified)
            await Answers.Resource(http, answer);
        else
            await Answers.Issue(http, IssueCodes.NotFound);
    }

    /// <summary><c>GET /fhir/{type}?…</c> and <c>POST /fhir/{type}/_search</c>.</summary>
    public async Task Search(HttpContext http, string type)
    {
        if (!FhirTypes.IsResource(type))
        {
            await Answers.Issue(http, IssueCodes.UnknownType);
            return;
        }

        var query = await Query.Of(http);
        var known = SearchParameters.OfMerged(type, query);
        var issues = SearchParameters.Unknown(http, query.Names, known);
        if (issues.Any(i => i.Code.Severity == IssueSeverity.Error))
        {
            await Answers.Issues(http, issues);
            return;
        }

        var (patient, refusal) = type == "Patient" ? await PatientOf(query, http.RequestAborted) : SubjectOf(query);
        if (refusal is not null)
        {
            await Answers.Issues(http, refusal);
            return;
        }

        var answer = patient is { } key ? await Ask(http, key, new ReadRequest(null, type) { Operation = Asked(query) }) : ReadAnswer.NotFound;
        await Answers.Bundle(http, answer, query.Self($"{addresses.Merged}/{type}", known), issues);
    }

    private static ReadOperation Asked(Query query) =>
        SearchParameters.IncludesProvenance(query) ? ReadOperation.WithProvenance : ReadOperation.Resources;

    private ValueTask<ReadAnswer> Ask(HttpContext http, PatientKey patient, ReadRequest request) =>
        lookups.Read(http, patient, request);

    private (PatientKey? Patient, Issue? Refusal) SubjectOf(Query query)
    {
        if ((query.Single("patient") ?? query.Single("subject")) is not { } reference)
            return (null, new Issue(IssueCodes.PersonRequired));
        if (Query.PatientId(reference, addresses.Merged) is not { } id)
            return (null, new Issue(IssueCodes.InvalidSearchValue, "patient is Patient/{id} or {id}."));
        return PatientKey.TryParse(id, out var patient) ? (patient, null) : (null, null);
    }

    private async Task<(PatientKey? Patient, Issue? Refusal)> PatientOf(Query query, CancellationToken cancellation)
    {
        if (query.Single("_id") is { } id && query.Single("identifier") is null)
            return PatientKey.TryParse(id, out var byId) ? (byId, null) : (null, null);
        if (query.Single("identifier") is not { } identifier)
            return (null, new Issue(IssueCodes.PersonRequired));
        var bar = identifier.IndexOf('|', StringComparison.Ordinal);
        var (system, value) = bar < 0 ? (null, identifier) : (identifier[..bar], identifier[(bar + 1)..]);
        if (value.Length == 0)
            return (null, new Issue(IssueCodes.InvalidSearchValue, "identifier is {system}|{value}."));
        PatientKey? found = null;
        if (NhsNumber.TryParse(value, out var number) && (string.IsNullOrEmpty(system) || NhsNumber.IsSystem(system)))
            found = pseudonym.For(number);
        else if (!string.IsNullOrEmpty(system) && !NhsNumber.IsSystem(system))
            found = await ByLocalIdentifier(new LocalIdentifier(system, value), cancellation);
        // With _id as well, both must hold.
        return query.Single("_id") is { } also && also != found?.Value ? (null, null) : (found, null);
    }

    private async Task<PatientKey?> ByLocalIdentifier(LocalIdentifier identifier, CancellationToken cancellation)
    {
        var found = new HashSet<PatientKey>();
        foreach (var source in sources)
            found.UnionWith(await journal.FindPatients(source.Id, identifier, cancellation));
        return found.Count == 1 ? found.First() : null;
    }
}
