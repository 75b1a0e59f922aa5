using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>Answers reads from one version of a record. The merged record's answers are the bytes that it holds.</summary>
public static class RecordReading
{
    /// <summary>The whole of a folded record.</summary>
    public static ReadAnswer Everything(FoldedRecord record, SourceSystems? sources = null) => MergedReading.Everything(record, sources ?? SourceSystems.None);

    /// <summary>The rows whose words a request asks for, and which are not in memory.</summary>
    public static IReadOnlyList<long> RowsToFetch(PatientRecord record, ReadRequest request) =>
        request.Source is null ? [] : record.RowsToFetch(SourceEntries(record, request));

    /// <summary>Answers one request.</summary>
    /// <param name="record">The record.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="words">The rows of <see cref="RowsToFetch"/>, by their numbers.</param>
    /// <param name="sources">The sources that are configured; null for none, of whose absence nothing is said.</param>
    /// <param name="isRestricted">
    /// Whether the person is restricted now; null where this is the present record, which says so itself. The one place where the merged record is filtered.
    /// </param>
    public static ReadAnswer Read(
        PatientRecord record, ReadRequest request, IReadOnlyDictionary<long, IReadOnlyList<Fragment>>? words = null, SourceSystems? sources = null, bool? isRestricted = null)
    {
        if (request.Source is null && (isRestricted ?? record.IsRestricted))
        {
            return request.IsByLocalIdentifier
                ? ReadAnswer.NotFound
                : MergedReading.Read(record.AsRestricted, request, (sources ?? SourceSystems.None).Unnamed) with { IsRestricted = true };
        }

        if (request.Source is null)
            return MergedReading.Read(record, request, sources ?? SourceSystems.None);
        return request.Id is null ? SourceList(record, request, words) : SourceResource(record, request, words);
    }

    private static ReadAnswer SourceList(PatientRecord record, ReadRequest request, IReadOnlyDictionary<long, IReadOnlyList<Fragment>>? words)
    {
        byte[][] entries = [.. record.Fragments(SourceEntries(record, request), words).Select(f => f.BundleEntry(record.Addresses).Entry)];
        return AnswerParts.Whole(entries, new ReadAnswer
        {
            Status = record.Seq == 0 ? ReadStatus.NotFound : ReadStatus.Found,
            Version = record.Seq,
            LastUpdated = record.LastAppended,
            Total = entries.Length,
        });
    }

    private static ReadAnswer SourceResource(PatientRecord record, ReadRequest request, IReadOnlyDictionary<long, IReadOnlyList<Fragment>>? words)
    {
        if (record.Entry(new EntryKey(request.Source!, request.Type!, request.Id!)) is not { } entry)
            return ReadAnswer.NotFound;
        if (!entry.IsLive)
            return ReadAnswer.Gone;
        return Found(record.Fragments([entry], words).Single(), record.Addresses, entry.Seq);
    }

    // What a source states of what is asked for.
    private static IEnumerable<Entry> SourceEntries(PatientRecord record, ReadRequest request)
    {
        if (request is { Source: { } source, Type: { } type, Id: { } id })
            return record.Entry(new EntryKey(source, type, id)) is { IsLive: true } entry ? [entry] : [];
        return record.LiveEntriesOf(request.Source!).Where(e => request.Type is null || e.Key.Type == request.Type);
    }

    /// <summary>One resource in its source's own words.</summary>
    public static ReadAnswer Found(Fragment fragment, Addresses addresses, long version)
    {
        var (bytes, resource) = fragment.BundleEntry(addresses);
        return new ReadAnswer
        {
            Status = ReadStatus.Found,
            Version = version,
            LastUpdated = fragment.Version.Time,
            Entries = [bytes],
            EntryBytes = bytes.Length,
            Total = 1,
            ResourceStart = resource.Start,
            ResourceLength = resource.Length,
            PresentId = fragment.Key.Id,
        };
    }
}
