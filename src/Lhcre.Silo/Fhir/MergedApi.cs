using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Sources;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Fhir;

/// <summary>Single resources of the merged record at <c>/fhir</c>: FHIR R4, read only. A warm answer is bytes from the grain to the socket.</summary>
internal sealed class MergedApi(Lookups lookups, Visitors visitors, Addresses addresses)
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

        var answer = MergedId.TryParse(id, out var merged)
            ? await lookups.Read(http, merged.Patient, new ReadRequest(null, type, id) { Operation = ReadOperation.Explain })
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

        var isMerged = MergedId.TryParse(id, out var merged);
        if (isMerged && version is null)
            await visitors.Ask(http, merged.Patient, null);
        var answer = isMerged
            ? await lookups.Read(http, merged.Patient, new ReadRequest(null, type, id) { VersionId = version })
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
}
