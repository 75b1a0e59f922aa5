using System.Globalization;
using System.Text;
using System.Text.Json;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.People;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Fhir;

/// <summary>
/// Patients searched across people, by name and date of birth together: the journal says whose records match by what all their sources say,
/// and each Patient is read from its record. Nothing of the question gets into a log, and it is answered whole or said to be cut.
/// </summary>
internal sealed class PeopleSearch(PatientCalls patients, IJournal journal, Addresses addresses)
{
    /// <summary>The most people in an answer, and how many where the client does not say.</summary>
    public const int Most = 50;

    // Records that are read at once: some of them must be loaded first.
    private const int AtOnce = 8;

    /// <summary>Whether people are searched for, and none is named.</summary>
    /// <param name="names">The names of a request's parameters.</param>
    public static bool IsAsked(IEnumerable<string> names) =>
        !names.Any(n => n is "identifier" or "_id") && names.Any(n => PersonQuestion.Parameters.Any(p => Is(n, p)));

    // What is understood besides: of how it is answered. Every other condition on a Patient is one on a record that is named.
    private static readonly string[] Control = ["_count", "_summary", "_elements", "_format", "_pretty", "_total"];

    /// <summary>Answers a request. What is no part of a search across people is told as not known here.</summary>
    /// <param name="http">The request.</param>
    /// <param name="query">Its parameters, as sent.</param>
    /// <param name="reading">The same, as understood of a search in one record.</param>
    public async Task Search(HttpContext http, Query query, Reading reading)
    {
        var code = Prefer.IsStrict(http.Request) ? IssueCodes.SearchParameterRefused : IssueCodes.SearchParameterIgnored;
        List<Issue> issues = [.. reading.Issues, .. reading.Search.Understood.Where(p => !IsTaken(p.Key)).Select(p => new Issue(code, p.Key))];
        var found = issues.Exists(IsError) ? null : await Find(http, query.Parameters, reading.Search.IsTotalOnly ? Most : reading.Search.Count ?? Most);
        issues.AddRange(found?.Issues ?? []);
        if (found is null || issues.Exists(IsError))
        {
            await Answers.Issues(http, issues);
            return;
        }

        var self = Query.Url($"{addresses.Merged}/Patient", reading.Search.Understood.Where(p => IsTaken(p.Key)));
        var shape = new BundleShape(("self", self)) { IsCut = found.IsCut, IsTotalOnly = reading.Search.IsTotalOnly };
        await Answers.Bundle(http, shape.IsTotalOnly ? found.Answer with { Entries = [], EntryBytes = 0 } : found.Answer, shape, issues);

        static bool IsError(Issue issue) => issue.Code.Severity == IssueSeverity.Error;
    }

    /// <summary>Answers a search for a Patient by what two sources call two people: with each who matches, none left out in silence.</summary>
    /// <param name="http">The request.</param>
    /// <param name="known">Who is called so, by key.</param>
    /// <param name="reading">What else is asked for.</param>
    public async Task Show(HttpContext http, IReadOnlyList<PatientKey> known, Reading reading)
    {
        var request = reading.Request with { Skip = 0, Count = null, MostBytes = null };
        ReadAnswer[] read = [.. (await Read(http, [.. known], _ => request)).Where(a => a.Status == ReadStatus.Found)];
        var answer = Answer(read, isCut: false) with { Total = read.Sum(a => a.Total) };
        var self = Query.Url($"{addresses.Merged}/Patient", reading.Search.Understood);
        var shape = new BundleShape(("self", self)) { IsTotalOnly = reading.Search.IsTotalOnly };
        await Answers.Bundle(http, shape.IsTotalOnly ? answer with { Entries = [], EntryBytes = 0 } : answer, shape, reading.Issues);
    }

    private static bool IsTaken(string name) => Control.Contains(name) || PersonQuestion.Parameters.Any(p => Is(name, p));

    private static bool Is(string name, string parameter) => name == parameter || name.StartsWith(parameter + ":", StringComparison.Ordinal);

    /// <summary>Searches for a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="parameters">Its parameters, as sent; others than <see cref="PersonQuestion.Parameters"/> are passed over.</param>
    /// <param name="count">The most people to answer with; at most <see cref="Most"/> count.</param>
    /// <returns>
    /// The Patients, by id. With issues: errors, where nothing was searched; or a warning that there are more, and then the answer has no
    /// number of all of them.
    /// </returns>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    /// <exception cref="RecordMovingException">A record was moving all the time.</exception>
    public async Task<PeopleAnswer> Find(HttpContext http, IEnumerable<KeyValuePair<string, string>> parameters, int count = Most)
    {
        var question = PersonQuestion.Read(parameters);
        if (!question.Issues.IsEmpty)
            return new PeopleAnswer(ReadAnswer.NotFound, false, question.Issues);
        if (question.Query is not { } asked)
            return new PeopleAnswer(Answer([], isCut: false), false, []);
        count = Math.Clamp(count, 0, Most);
        // One more than are shown tells whether there are more. A name letter for letter is held against the Patients, so all are looked at.
        var most = question.Exact.IsEmpty ? count : Most;
        var found = await journal.FindPeople(asked, most + 1, http.RequestAborted);
        var read = await Read(http, [.. found.Take(most)]);
        ReadAnswer[] shown = [.. read.Where(a => a.Status == ReadStatus.Found && question.Exact.All(name => Has(a, name)))];
        var isCut = found.Count > most || shown.Length > count;
        return new PeopleAnswer(Answer([.. shown.Take(count)], isCut), isCut, isCut ? [new Issue(IssueCodes.MorePeopleMatch)] : []);
    }

    // Between the look into the index and this, somebody's last Patient may have been withdrawn: then there is nothing to show.
    private Task<ReadAnswer[]> Read(HttpContext http, PatientKey[] keys) => Read(http, keys, key => new ReadRequest(null, "Patient", key.Value));

    private async Task<ReadAnswer[]> Read(HttpContext http, PatientKey[] keys, Func<PatientKey, ReadRequest> request)
    {
        var answers = new ReadAnswer[keys.Length];
        var caller = Callers.Of(http);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = http.RequestAborted };
        await Parallel.ForAsync(0, keys.Length, options, async (i, _) =>
            answers[i] = await patients.Read(keys[i], request(keys[i]), caller, http.RequestAborted));
        if (answers.Any(a => a.IsUnconfirmed))
            http.Response.Headers.Warning = PatientCalls.Stale;
        if (answers.Any(a => a.IsRestricted))
            SourceStatusApi.Unname(http);
        return answers;
    }

    private static ReadAnswer Answer(ReadAnswer[] found, bool isCut) => new()
    {
        Status = ReadStatus.Found,
        Version = Version(found, isCut),
        LastUpdated = found.Max(a => a.LastUpdated),
        Entries = [.. found.SelectMany(a => a.Entries)],
        EntryBytes = found.Sum(a => a.EntryBytes),
        IsUnconfirmed = found.Any(a => a.IsUnconfirmed),
        IsRestricted = found.Any(a => a.IsRestricted),
        Sources = found.Select(a => a.Sources).FirstOrDefault(),
        Total = found.Length,
    };

    // Of several records together: another one whenever one of them is another, comes or goes.
    private static long Version(ReadAnswer[] found, bool isCut)
    {
        var text = string.Join(' ', found.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.PresentId}.{a.Version}"))) + (isCut ? " and more" : "");
        return (long)(ulong)(ContentHash.Of(Encoding.UTF8.GetBytes(text)).Bits >> 65);
    }

    private static bool Has(ReadAnswer patient, ExactName asked)
    {
        using var resource = JsonDocument.Parse(patient.Resource);
        return resource.RootElement.TryGetProperty("name", out var names) && names.ValueKind == JsonValueKind.Array && names.EnumerateArray().Any(Is);

        bool Is(JsonElement name) =>
            ((asked.Part & NameParts.Family) != NameParts.None && name.TryGetProperty("family", out var family) && IsAsked(family))
            || ((asked.Part & NameParts.Given) != NameParts.None && name.TryGetProperty("given", out var given)
                && given.ValueKind == JsonValueKind.Array && given.EnumerateArray().Any(IsAsked));

        bool IsAsked(JsonElement text) => text.ValueKind == JsonValueKind.String && asked.Values.Contains(text.GetString()!);
    }
}

/// <summary>People found.</summary>
/// <param name="Answer">Their Patients, as one answer.</param>
/// <param name="IsCut">Whether more match than are shown.</param>
/// <param name="Issues">Errors: nothing was searched. Or what is to be said beside the Patients.</param>
internal sealed record PeopleAnswer(ReadAnswer Answer, bool IsCut, IReadOnlyList<Issue> Issues);
