using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Record.Searching;
using Lhcre.Record.Summaries;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Fhir;

/// <summary><c>$summary</c>: the International Patient Summary of a person, as a FHIR document or as a page for people.</summary>
internal sealed class SummaryApi(Lookups lookups, PersonFinder persons, Visitors visitors, Addresses addresses, TimeProvider clock)
{
    // What the operation's definition names: the language of nothing here depends on them, nor does the profile.
    private static readonly string[] Known = ["identifier", "profile", "_format", "_pretty", Reading.At];

    /// <summary><c>/fhir/Patient/{id}/$summary</c>.</summary>
    public async Task OfPerson(HttpContext http, string id)
    {
        var query = await Query.Of(http);
        await Answer(http, PatientKey.TryParse(id, out var patient) ? patient : null, null, query);
    }

    /// <summary><c>/fhir/Patient/$summary?identifier=…</c>.</summary>
    public async Task OfNamed(HttpContext http)
    {
        var query = await Query.Of(http);
        var named = SearchQuery.Read("Patient", [.. query.Parameters.Where(p => p.Key == "identifier")], new ReadOptions(addresses, clock.GetUtcNow()));
        if (named.Patient is not { } asked)
            await Answers.Issue(http, IssueCodes.PersonRequired);
        else
            await Answer(http, await persons.Find(http, asked), asked, query);
    }

    private async Task Answer(HttpContext http, PatientKey? patient, PersonAsked? named, Query query)
    {
        var isStrict = Prefer.IsStrict(http.Request);
        var at = query.Single(Reading.At);
        if (patient is { } asked && (patient = await persons.Present(http, asked)) is null)
            return;
        var number = named is null ? null : PersonFinder.NumberOf(named);
        if (patient is { } present && at is null)
            await visitors.Ask(http, present, number);
        var sources = SourceStatusApi.Of(http);
        List<Issue> issues =
        [
            .. query.Names.Except(Known).Select(n => new Issue(isStrict ? IssueCodes.SearchParameterRefused : IssueCodes.SearchParameterIgnored, n)),
            .. at is not null && Reading.Instant(at) is null ? [new Issue(IssueCodes.InvalidSearchValue, Reading.At)] : Array.Empty<Issue>(),
        ];
        if (issues.Exists(i => i.Code.Severity == IssueSeverity.Error))
        {
            await Answers.Issues(http, issues);
            return;
        }

        var isPage = Wanted.Of(http).Media is { Kind: MediaKind.Html };
        var instant = at is null ? null : Reading.Instant(at);
        var request = new ReadRequest
        {
            Operation = isPage ? ReadOperation.SummaryPage : ReadOperation.Summary,
            AsOf = instant is null ? null : new RecordMoment(null, instant),
            Now = instant ?? clock.GetUtcNow(),
            Notices = [.. sources.Issues, .. issues],
            IsByLocalIdentifier = named is not null && PersonFinder.IsLocal(named),
        };
        var answer = patient is { } key ? await lookups.Read(http, key, request) : ReadAnswer.NotFound;
        if (answer.Status == ReadStatus.NotFound && await persons.Superseded(number, http.RequestAborted) is { } successor)
        {
            if (at is null)
                await visitors.Ask(http, successor, null);
            answer = await lookups.Read(http, successor, request with { Notices = [.. SourceStatusApi.Of(http).Issues, .. issues] });
        }

        // As they stand by now: of a restricted person without their names.
        if (isStrict && SourceStatusApi.Of(http).Errors is { IsEmpty: false } errors)
            await Answers.Issues(http, errors);
        else if (answer.Status != ReadStatus.Found)
            await Answers.Issue(http, IssueCodes.NotFound);
        else if (isPage)
            await Answers.Page(http, answer.Resource, SummaryPage.ContentSecurityPolicy);
        else
            await Answers.Unkept(http, answer.Resource);
    }
}
