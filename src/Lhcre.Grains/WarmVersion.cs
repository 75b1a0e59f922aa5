using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>
/// The version of a record that its grain answers from, for whoever is asked in the same process: what needs neither the journal nor anything
/// that a turn might change is answered of it without a turn. Immutable; a <see cref="LiveRecord"/> takes it back before another one counts.
/// </summary>
/// <param name="Seq">The last row in it.</param>
/// <param name="Version">The last row that changed anything that is served.</param>
/// <param name="LastUpdated">When that was appended.</param>
/// <param name="Everything">The answer to who asks for the whole; null where nobody has yet.</param>
/// <param name="Record">The record in its whole form; null where it is folded.</param>
/// <param name="IsRestricted">Whether the person is restricted, or it is not known whether they are.</param>
/// <param name="CheckedAt">As of when it is known that nobody else has appended.</param>
internal sealed record WarmVersion(
    long Seq, long Version, DateTimeOffset LastUpdated, ReadAnswer? Everything, PatientRecord? Record, bool IsRestricted, DateTimeOffset CheckedAt)
{
    private ReadAnswer? _same;

    /// <summary>The answer; null where it takes a turn.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="sources">The sources that are configured.</param>
    public ReadAnswer? Read(ReadRequest request, SourceSystems sources)
    {
        // Pages and parts are of a version that is to be kept until the last of them.
        if (request is not { Source: null, Count: null, Skip: 0, From: 0 } || PastReading.Answers(request) || Seq == 0 || (IsRestricted && request.IsByLocalIdentifier))
            return null;
        if (request is { Id: null, KnownVersion: { } known } && known == Version)
            return _same ??= new ReadAnswer { Status = ReadStatus.NotModified, Version = Version, LastUpdated = LastUpdated, Sources = sources.Stamp, IsRestricted = IsRestricted };
        var answer = HeldRecord.IsEverything(request) ? Everything
            : Record is { } record ? HeldRecord.Asked(RecordReading.Read(record, request, null, sources), request)
            : null;
        return answer is null || answer.EntryBytes > request.MostBytes || answer.More is not null ? null : answer;
    }
}
