using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>Answers reads of the merged record. What is not asked for is not made.</summary>
internal static class MergedReading
{
    private const string Provenance = "Provenance";

    /// <summary>The whole of a folded record.</summary>
    public static ReadAnswer Everything(FoldedRecord record, SourceSystems sources) => new()
    {
        Status = ReadStatus.Found,
        Version = record.Version,
        LastUpdated = record.LastUpdated,
        Entries = record.Entries,
        EntryBytes = record.EntryBytes,
        Beside = Absence.OfEverything(record.Entries, sources, record.Addresses) is { } absence ? [absence] : [],
        Sources = sources.Stamp,
    };

    /// <summary>Answers one request.</summary>
    public static ReadAnswer Read(PatientRecord record, ReadRequest request, SourceSystems sources) => request switch
    {
        { Type: { } type, Id: { } id, Operation: ReadOperation.Explain } => Explanation(record, type, id, sources),
        { Type: { } type, Id: { } id } => Resource(record, type, id, sources),
        _ => List(record, request, sources),
    };

    private static ReadAnswer List(PatientRecord record, ReadRequest request, SourceSystems sources)
    {
        if (record.Seq == 0)
            return ReadAnswer.NotFound;
        var resources = request.Type is { } type ? record.OfType(type) : record.All;
        var entries = new byte[resources.Length][];
        for (var i = 0; i < resources.Length; i++)
            entries[i] = resources[i].BundleEntryBytes;
        List<byte[]> beside = [];
        if (request.Operation == ReadOperation.WithProvenance)
            beside.AddRange(Origins(record, resources.ToArray(), isAlsoOfSources: request.Type is not null, sources));
        // Whoever searches for Provenance searches for ours as well.
        if (request.Type == Provenance)
            entries = [.. entries, .. record.All.ToArray().Select(r => Provenances.Of(record, r, sources, isMatch: true).Entry)];
        var absence = request.Type is { } one ? Absence.OfType(one, entries, sources, record.Addresses) : Absence.OfEverything(entries, sources, record.Addresses);
        if (absence is not null)
            beside.Add(absence);
        return new ReadAnswer
        {
            Status = ReadStatus.Found,
            Version = record.Version,
            LastUpdated = record.LastUpdated,
            Entries = entries,
            EntryBytes = entries.Sum(e => (long)e.Length),
            Beside = [.. beside],
            Sources = sources.Stamp,
        };
    }

    // Of the whole record, what sources say of provenance is among the matches already.
    private static IEnumerable<byte[]> Origins(PatientRecord record, MergedResource[] resources, bool isAlsoOfSources, SourceSystems sources) =>
    [
        .. resources.Select(r => Provenances.Of(record, r, sources, isMatch: false).Entry),
        .. isAlsoOfSources ? Provenances.OfSources(record, resources) : [],
    ];

    private static ReadAnswer Resource(PatientRecord record, string type, string idText, SourceSystems sources)
    {
        if (!MergedId.TryParse(idText, out var id) || id.Patient != record.Key)
            return ReadAnswer.NotFound;
        if (record.Find(type, id, out var isGone) is { } resource)
            return Single(resource, (resource.BundleEntryBytes, resource.ResourceRange), resource.Id);
        if (isGone || type != Provenance)
            return isGone ? ReadAnswer.Gone : ReadAnswer.NotFound;
        if (Provenances.Find(record, id, out isGone) is not { } target)
            return isGone ? ReadAnswer.Gone : ReadAnswer.NotFound;
        return Single(target, Provenances.Of(record, target, sources, isMatch: true), Provenances.IdOf(target)) with { Sources = sources.Stamp };
    }

    private static ReadAnswer Single(MergedResource resource, (byte[] Entry, ByteRange Resource) bytes, MergedId id) => new()
    {
        Status = ReadStatus.Found,
        Version = resource.Version,
        LastUpdated = resource.LastUpdated,
        Entries = [bytes.Entry],
        EntryBytes = bytes.Entry.Length,
        ResourceStart = bytes.Resource.Start,
        ResourceLength = bytes.Resource.Length,
        PresentId = id.ToString(),
    };

    private static ReadAnswer Explanation(PatientRecord record, string type, string idText, SourceSystems sources)
    {
        if (!MergedId.TryParse(idText, out var id) || id.Patient != record.Key || ExplanationWriter.Write(record, type, id, sources) is not { } bytes)
            return ReadAnswer.NotFound;
        // Any row may change it: what was not joined with it, who has withdrawn.
        return new ReadAnswer
        {
            Status = ReadStatus.Found,
            Version = record.Seq,
            LastUpdated = record.LastAppended,
            Entries = [bytes],
            EntryBytes = bytes.Length,
            ResourceLength = bytes.Length,
            PresentId = idText,
            Sources = sources.Stamp,
        };
    }
}
