using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Fhir;

/// <summary>
/// Reads a person's record for a request, such that what the client holds already, or what is kept of the answer, is neither read nor made
/// again: the record is told which version that is, and says whether it still is the present one.
/// </summary>
internal sealed class Lookups(PatientCalls patients)
{
    /// <summary>
    /// The answer. <see cref="ReadStatus.NotModified"/> where nothing of the record is needed to answer: <see cref="Answers.Resource"/> and
    /// <see cref="Answers.Bundle"/> know what to say then.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="patient">Whose record.</param>
    /// <param name="request">What of it.</param>
    /// <param name="isOfUrl">Whether the URL alone says whose record.</param>
    public async ValueTask<ReadAnswer> Read(HttpContext http, PatientKey patient, ReadRequest request, bool isOfUrl = false)
    {
        var wanted = Wanted.Of(http);
        var isBundle = request.Id is null || request.Operation == ReadOperation.History;
        wanted.Reads(http, patient, isBundle, request.Source is null, isOfUrl && request.AsOf is null);
        if (Known(http, wanted, request) is not { } known)
            return await patients.Read(http, patient, request);
        var answer = await patients.Read(http, patient, request with { KnownVersion = known });
        if (answer.Status != ReadStatus.NotModified || Answers.IsSettled(http, answer, isBundle))
            return answer;
        // Of that version, but otherwise not what is held: written otherwise, or with other things known of the sources.
        return await patients.Read(http, patient, request);
    }

    // Of a past version, and of one resource's past, nothing is ever new.
    private static long? Known(HttpContext http, Wanted wanted, ReadRequest request)
    {
        var method = http.Request.Method;
        if (!(HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) || request is not { AsOf: null, VersionId: null })
            return null;
        var held = EntityTag.NewestVersion(http.Request.Headers.IfNoneMatch);
        return wanted.Kept is { } kept && !(held > kept.Version) ? kept.Version : held;
    }
}
