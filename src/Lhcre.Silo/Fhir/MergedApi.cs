using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Sources;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Fhir;

/// <summary>Single resources of the merged record at <c>/fhir</c>: FHIR R4, read only. A warm answer is bytes from the grain to the socket.</summary>
internal sealed class MergedApi(Lookups lookups, PersonFinder persons, Visitors visitors, Addresses addresses)
{
    /// <summary><c>GET /fhir/{type}/{id}</c>.</summary>
    public Task Read(HttpContext http, string type, string id) => Read(http, type, id, null);

    /// <summary><c>GET /fhir/{type}/{id}/_history/{version}</c>: the resource as it was.</summary>
    public Task ReadVersion(HttpContext http, string type, string id, string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Read(http, type, id, number) : Answers.Issue(http, IssueCodes.NoSuchVersion);

    /// <summary><c>GET /fhir/{type}/{id}/$explain</c>: how a merged resource came about, or why there is none any more.</summary>
    public async Task Explain(HttpContext http, string type, string id)
    {
        var issues = FhirTypes.IsResource(type) ? SourceParameters.Unknown(http, (await Query.Of(http)).Names, []) : [new Issue(IssueCodes.UnknownType)];
        if (issues.Any(i => i.Code.Severity == IssueSeverity.Error))
        {
            await Answers.Issues(http, issues);
            return;
        }

        if (await Asked(http, id, isPresent: true) is not { } asked)
            return;
        var answer = asked.Patient != default
            ? await lookups.Read(http, asked.Patient, new ReadRequest(null, type, asked.ToString()) { Operation = ReadOperation.Explain })
            : ReadAnswer.NotFound;
        if (answer.Status is ReadStatus.Found or ReadStatus.NotModified)
            await Answers.Resource(http, answer);
        else
            await Answers.Issue(http, IssueCodes.NotFound);
    }

    private async Task Read(HttpContext http, string type, string id, long? version)
    {
        if (!FhirTypes.IsResource(type))
        {
            await Answers.Issue(http, IssueCodes.UnknownType);
            return;
        }

        if (await Asked(http, id, isPresent: version is null) is not { } asked)
            return;
        if (asked.Patient != default && version is null)
            await visitors.Ask(http, asked.Patient, null);
        var answer = asked.Patient != default
            ? await lookups.Read(http, asked.Patient, new ReadRequest(null, type, asked.ToString()) { VersionId = version })
            : ReadAnswer.NotFound;
        if (answer.Status is not (ReadStatus.Found or ReadStatus.NotModified))
        {
            await Answers.Issue(http, answer.Status == ReadStatus.Gone ? IssueCodes.Gone : version is null ? IssueCodes.NotFound : IssueCodes.NoSuchVersion);
            return;
        }

        if (answer.PresentId is { } present && present != id)
            http.Response.Headers.ContentLocation = $"{addresses.Merged}/{type}/{present}";
        await Answers.Resource(http, answer);
    }

    // What an id of ours names, in the record that answers to it now; nothing of nobody's for another id. Null where that was the answer.
    private async ValueTask<MergedId?> Asked(HttpContext http, string id, bool isPresent)
    {
        if (!MergedId.TryParse(id, out var asked) || !isPresent)
            return asked;
        return await persons.Present(http, asked.Patient) is { } patient ? asked with { Patient = patient } : null;
    }
}
