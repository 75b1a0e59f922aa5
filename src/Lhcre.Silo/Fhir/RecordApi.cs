using Lhcre.Contracts;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Record.Searching;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo.Fhir;

/// <summary>Lists of the merged record at <c>/fhir</c>: searches, the whole record, and what both were before.</summary>
internal sealed class RecordApi(Lookups lookups, PatientCalls patients, PersonFinder persons, PeopleSearch people, Visitors visitors, Addresses addresses, TimeProvider clock)
{
    /// <summary><c>GET /fhir/Patient/{id}/$everything</c>.</summary>
    public async Task Everything(HttpContext http, string id)
    {
        var reading = Reading.Of(null, await Query.Of(http), Options(http), Wanted.Of(http).Part);
        if (reading.IsRefused)
        {
            await Answers.Issues(http, reading.Issues);
            return;
        }

        if (!PatientKey.TryParse(id, out var asked))
        {
            await Answers.Issue(http, IssueCodes.NotFound);
            return;
        }

        if (await Present(http, asked, reading) is not { } patient)
            return;
        if (reading.Request.AsOf is null)
            await visitors.Ask(http, patient, null);
        if (await lookups.Read(http, patient, reading.Request, isOfUrl: patient == asked) is not { Status: not ReadStatus.NotFound } answer)
            await Answers.Issue(http, IssueCodes.NotFound);
        else
            await List(http, patient, reading.Request, answer, $"{addresses.Merged}/Patient/{id}/$everything", reading);
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
        var reading = Reading.Of(type, query, Options(http), Wanted.Of(http).Part);
        if (reading.IsRefused)
        {
            await Answers.Issues(http, reading.Issues);
            return;
        }

        if (type == "Patient" && PeopleSearch.IsAsked(query.Names))
        {
            await people.Search(http, query, reading);
            return;
        }

        if (reading.Search.Patient is not { } asked)
        {
            await (reading.Search.Understood.Any(p => Names(p.Key))
                ? Answers.Issue(http, IssueCodes.InvalidSearchValue, "One person: patient=Patient/{id} or {id}, or patient.identifier={system}|{value}.")
                : Answers.Issue(http, IssueCodes.PersonRequired));
            return;
        }

        if (!PersonFinder.IsNamed(asked))
        {
            // An empty answer would say that nobody is called so, which is not known.
            await Answers.Issue(http, IssueCodes.InvalidSearchValue, $"{asked.Parameter}: name the system of a local identifier: identifier={{system}}|{{value}}.");
            return;
        }

        var path = $"{addresses.Merged}/{type}";
        var known = await persons.FindAll(http, asked);
        if (known.Count > 1)
            await (type == "Patient" ? people.Show(http, known, reading) : Answers.Issue(http, IssueCodes.SeveralPeople));
        else if (known is not [var found])
            await Nobody(http, path, reading);
        else if (await Present(http, found, reading) is { } patient)
        {
            // Of the past nothing can be pulled.
            if (reading.Request.AsOf is null)
                await visitors.Ask(http, patient, PersonFinder.NumberOf(asked));
            var answer = await lookups.Read(http, patient, reading.Request, isOfUrl: asked.Id is not null && patient == found);
            if (answer.Status == ReadStatus.NotFound && await persons.Superseded(PersonFinder.NumberOf(asked), http.RequestAborted) is { } successor)
            {
                patient = successor;
                if (reading.Request.AsOf is null)
                    await visitors.Ask(http, patient, null);
                answer = await lookups.Read(http, patient, reading.Request);
            }

            await (answer.Status == ReadStatus.NotFound && reading.Request.IsByLocalIdentifier ? Nobody(http, path, reading) : List(http, patient, reading.Request, answer, path, reading));
        }
    }

    // Nothing of the answer tells that somebody is known by it.
    private static Task Nobody(HttpContext http, string path, Reading reading)
    {
        Wanted.Of(http).ReadsNobody();
        return Answers.Bundle(http, ReadAnswer.NotFound, new BundleShape(reading.Links(path, ReadAnswer.NotFound)), reading.Issues);
    }

    // A page is of the record of which the one before it was.
    private ValueTask<PatientKey?> Present(HttpContext http, PatientKey asked, Reading reading) =>
        reading.Request.AsOf?.Seq is null ? persons.Present(http, asked) : new ValueTask<PatientKey?>(asked);

    private async Task List(HttpContext http, PatientKey patient, ReadRequest request, ReadAnswer answer, string path, Reading reading)
    {
        if (answer.Status == ReadStatus.NoSuchVersion)
        {
            await Answers.Issue(http, IssueCodes.NoSuchVersion);
            return;
        }

        var shape = new BundleShape(reading.Links(path, answer)) { IsTotalOnly = reading.Search.IsTotalOnly, Part = Part };
        await Answers.Bundle(http, answer, shape, reading.Issues);

        // Of the very version whose first part is on its way, and shown as that was.
        async ValueTask<ReadAnswer> Part(int from, CancellationToken cancellation)
        {
            var part = await patients.Read(http, patient, request with { From = from, AsOf = new RecordMoment(answer.Version, null) });
            return part is { Status: ReadStatus.Found } && part.Version == answer.Version && part.IsRestricted == answer.IsRestricted ? part : throw new InvalidOperationException("A version that was being read is gone.");
        }
    }

    private static bool Names(string parameter) => parameter.Split('.', ':')[0] is "patient" or "subject";

    private ReadOptions Options(HttpContext http) => new(addresses, clock.GetUtcNow(), Prefer.IsStrict(http.Request));
}
