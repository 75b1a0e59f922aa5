using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.Searching;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Fhir;

/// <summary>Whose record a query asks for: by id, by NHS number, or by what a source calls the person.</summary>
internal sealed class PersonFinder(IJournal journal, PseudonymKey pseudonym, IReadOnlyList<SourceSystem> sources, PatientCalls patients, Addresses addresses)
{
    private readonly Successions _successions = new(patients, journal);

    /// <summary>
    /// Whether somebody could be found by it: only an NHS number says by itself whose it is; what a source calls a person means nothing without its system.
    /// </summary>
    public static bool IsNamed(PersonAsked asked) => asked.Id is not null || !string.IsNullOrEmpty(asked.System) || NhsNumber.TryParse(asked.Value, out _);

    /// <summary>Whether it is what a source calls the person, which of a restricted person nobody is answered by (<see cref="Contracts.ReadRequest.IsByLocalIdentifier"/>).</summary>
    public static bool IsLocal(PersonAsked asked) => asked.Id is null && !(string.IsNullOrEmpty(asked.System) || NhsNumber.IsSystem(asked.System));

    /// <summary>The NHS number that a person is asked for by; null where it is by something else.</summary>
    public static NhsNumber? NumberOf(PersonAsked asked) =>
        asked.Id is null && NhsNumber.TryParse(asked.Value, out var number) && (string.IsNullOrEmpty(asked.System) || NhsNumber.IsSystem(asked.System)) ? number : null;

    /// <summary>The person; null where nobody, or more than one, is known by that.</summary>
    public async ValueTask<PatientKey?> Find(HttpContext http, PersonAsked asked) => await FindAll(http, asked) is [var only] ? only : null;

    /// <summary>Everybody who is known by that, by key: several where two sources call two people alike.</summary>
    public async ValueTask<IReadOnlyList<PatientKey>> FindAll(HttpContext http, PersonAsked asked)
    {
        if (asked.Id is { } id)
            return PatientKey.TryParse(id, out var patient) ? [patient] : [];
        if (asked.Value is not { } value)
            return [];
        if (NumberOf(asked) is { } number)
            return [pseudonym.For(number)];
        return string.IsNullOrEmpty(asked.System) || NhsNumber.IsSystem(asked.System) ? [] : await Told(http, await Called(new LocalIdentifier(asked.System, value), http.RequestAborted));
    }

    // By any source: what one calls somebody says nothing of whom another one calls so.
    private async ValueTask<IReadOnlyList<PatientKey>> Called(LocalIdentifier name, CancellationToken cancellation)
    {
        var found = new SortedSet<PatientKey>();
        foreach (var source in sources)
            found.UnionWith(PersonRegister.People(await journal.FindPatients(source.Id, name, cancellation)));
        return [.. found];
    }

    // Of several who are called so: what a source calls a restricted person finds nobody, and takes nobody from whom it finds.
    private async ValueTask<IReadOnlyList<PatientKey>> Told(HttpContext http, IReadOnlyList<PatientKey> known)
    {
        if (known.Count < 2)
            return known;
        var told = new List<PatientKey>();
        foreach (var patient in known)
        {
            var answer = await patients.Read(patient, new ReadRequest(null, "Patient", patient.Value) { IsByLocalIdentifier = true }, Callers.Of(http), http.RequestAborted);
            if (answer.Status != ReadStatus.NotFound)
                told.Add(patient);
        }

        return told;
    }

    /// <summary>
    /// Who had a number before, of whom there is no record under it: a superseded number answers with its successor's record. Null where nobody, or more
    /// than one, is known to have had it.
    /// </summary>
    public async ValueTask<PatientKey?> Superseded(NhsNumber? number, CancellationToken cancellation) =>
        number is { } asked && await Called(new LocalIdentifier(NhsNumber.System, asked.Digits()), cancellation) is [var only] ? only : null;

    /// <summary>
    /// Whose record answers to an id now: of somebody whose number was not known when the id was given, that of the number, and <c>Content-Location</c> says
    /// so. Null where the client prefers to be told, and has been (<see cref="IssueCodes.RecordSucceeded"/>).
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="asked">The id that it names.</param>
    public async ValueTask<PatientKey?> Present(HttpContext http, PatientKey asked)
    {
        if (!asked.IsLocal || await patients.Read(asked, new ReadRequest(null, "Patient", asked.Value), Callers.Of(http), http.RequestAborted) is not { Status: ReadStatus.Gone }
            || await _successions.Of(asked, http.RequestAborted) is not { } heir)
            return asked;
        var path = $"{http.Request.Path}{http.Request.QueryString}";
        if (path.Contains(asked.Value, StringComparison.Ordinal))
            http.Response.Headers.ContentLocation = $"{addresses.Base}{path.Replace(asked.Value, heir.Value, StringComparison.Ordinal)}";
        if (!Prefer.IsStrict(http.Request))
            return heir;
        await Answers.Issue(http, IssueCodes.RecordSucceeded);
        return null;
    }
}
