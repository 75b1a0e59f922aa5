using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Record.Searching;

namespace Lhcre.Silo.Fhir;

/// <summary>Every version of a resource, of a type or of a whole record (FHIR http.html#history), newest first.</summary>
internal sealed class HistoryApi(Lookups lookups, PersonFinder persons, Addresses addresses, TimeProvider clock)
{
    // A page of a history takes no more, whatever _count says.
    private const long PageBytes = 4 * 1024 * 1024;

    private static readonly string[] Known = ["_since", "_at", "_count", PageToken.Name, "_format", "_pretty"];

    /// <summary><c>GET /fhir/{type}/{id}/_history</c>.</summary>
    public async Task OfResource(HttpContext http, string type, string id)
    {
        if (!FhirTypes.IsResource(type))
            await Answers.Issue(http, IssueCodes.UnknownType);
        else if (MergedId.TryParse(id, out var merged))
            await Answer(http, merged.Patient, patient => new ReadRequest(null, type, (merged with { Patient = patient }).ToString()), $"{addresses.Merged}/{type}/{id}/_history", await Query.Of(http), []);
        else
            await Answers.Issue(http, IssueCodes.NotFound);
    }

    /// <summary><c>GET /fhir/_history?patient=…</c>, and <c>GET /fhir/{type}/_history?patient=…</c>: of one person's record.</summary>
    public async Task OfRecord(HttpContext http, string? type)
    {
        if (type is not null && !FhirTypes.IsResource(type))
        {
            await Answers.Issue(http, IssueCodes.UnknownType);
            return;
        }

        var query = await Query.Of(http);
        // A person is named here as in every search.
        var named = query.Parameters.Where(p => p.Key.Split('.', ':')[0] is "patient" or "subject").ToList();
        var search = SearchQuery.Read(type is null or "Patient" ? "Basic" : type, named, new ReadOptions(addresses, clock.GetUtcNow(), Prefer.IsStrict(http.Request)));
        var path = type is null ? $"{addresses.Merged}/_history" : $"{addresses.Merged}/{type}/_history";
        if (search.Issues.Any(i => i.Code.Severity == IssueSeverity.Error))
            await Answers.Issues(http, search.Issues);
        else if (search.Patient is not { } asked)
            await Answers.Issue(http, IssueCodes.PersonRequired);
        else if (await persons.Find(http, asked) is { } patient)
            await Answer(http, patient, _ => new ReadRequest(null, type) { IsByLocalIdentifier = PersonFinder.IsLocal(asked) }, path, query, named);
        else
            await Answers.Issue(http, IssueCodes.NotFound);
    }

    private async Task Answer(
        HttpContext http, PatientKey asked, Func<PatientKey, ReadRequest> of, string path, Query query, IReadOnlyList<KeyValuePair<string, string>> named)
    {
        var (since, at, count, page) = (query.Single("_since"), query.Single("_at"), query.Single("_count"), query.Single(PageToken.Name));
        var token = page is null ? null : PageToken.Parse(page);
        List<Issue> issues =
        [
            .. query.Names.Except(Known).Except(named.Select(p => p.Key))
                .Select(n => new Issue(Prefer.IsStrict(http.Request) ? IssueCodes.SearchParameterRefused : IssueCodes.SearchParameterIgnored, n)),
            .. new[] { ("_since", since is not null && Reading.Instant(since) is null), ("_at", at is not null && Reading.Instant(at) is null),
                ("_count", count is not null && !uint.TryParse(count, out _)), (PageToken.Name, page is not null && token is null) }
                .Where(p => p.Item2).Select(p => new Issue(IssueCodes.InvalidSearchValue, p.Item1)),
        ];
        if (issues.Exists(i => i.Code.Severity == IssueSeverity.Error))
        {
            await Answers.Issues(http, issues);
            return;
        }

        // A page is of the record of which the one before it was.
        var present = token is null ? await persons.Present(http, asked) : asked;
        if (present is not { } patient)
            return;
        var instant = at is null ? null : Reading.Instant(at);
        var answer = await lookups.Read(http, patient, of(patient) with
        {
            Operation = ReadOperation.History,
            Bounds = since is null && at is null ? null : new HistoryBounds(since is null ? null : Reading.Instant(since), instant, instant?.AddTicks(1)),
            AsOf = token is null ? null : new RecordMoment(token.Version, null),
            Skip = token?.Skip ?? 0,
            Count = token is { Count: > 0 } ? token.Count : count is null ? null : (int)Math.Min(uint.Parse(count, CultureInfo.InvariantCulture), int.MaxValue),
            MostBytes = PageBytes,
        });
        if (answer.Status is not (ReadStatus.Found or ReadStatus.NotModified))
        {
            await Answers.Issue(http, answer.Status == ReadStatus.NoSuchVersion ? IssueCodes.NoSuchVersion : IssueCodes.NotFound);
            return;
        }

        var understood = query.Parameters.Where(p => p.Key != PageToken.Name && (Known.Contains(p.Key) || named.Contains(p))).ToList();
        List<(string, string)> links = [("self", Query.Url(path, token is null ? understood : [.. understood, new(PageToken.Name, $"{token}")]))];
        if (answer.Next is { } next)
            links.Add(("next", Query.Url(path, [.. understood, new(PageToken.Name, $"{new PageToken(answer.Version, next, token?.Count ?? (count is null ? 0 : int.Parse(count, CultureInfo.InvariantCulture)), PatientRecord.MergeRules)}")])));
        await Answers.Bundle(http, answer, new BundleShape([.. links]) { Type = BundleHead.History }, issues);
    }
}
