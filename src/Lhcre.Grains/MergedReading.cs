using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Record.Summaries;

namespace Lhcre.Grains;

/// <summary>Answers reads of the merged record. What is not asked for is not made.</summary>
internal static class MergedReading
{
    private const string Provenance = "Provenance";

    /// <summary>The whole of a folded record.</summary>
    public static ReadAnswer Everything(FoldedRecord record, SourceSystems sources) => AnswerParts.Whole(record.Entries, new ReadAnswer
    {
        Status = ReadStatus.Found,
        Version = record.Version,
        LastUpdated = record.LastUpdated,
        Total = record.Entries.Length,
        Beside = Absence.OfEverything(record.Entries, sources, record.Addresses) is { } absence ? [absence] : [],
        Sources = sources.Stamp,
    });

    /// <summary>Answers one request, as a whole.</summary>
    public static ReadAnswer Read(PatientRecord record, ReadRequest request, SourceSystems sources) => request switch
    {
        { Operation: ReadOperation.Summary or ReadOperation.SummaryPage } => Summary(record, request, sources),
        { Type: { } type, Id: { } id, Operation: ReadOperation.Explain } => Explanation(record, type, id, sources),
        { Type: { } type, Id: { } id } => Resource(record, type, id, sources),
        _ => List(record, request, sources),
    };

    private static ReadAnswer List(PatientRecord record, ReadRequest request, SourceSystems sources)
    {
        if (record.Seq == 0)
            return ReadAnswer.NotFound;
        var found = Found.By(record, request, sources);
        return AnswerParts.Whole(found.Entries, new ReadAnswer
        {
            Status = ReadStatus.Found,
            Version = record.Version,
            LastUpdated = record.LastUpdated,
            Total = found.Total,
            Next = found.Next,
            // Said of the whole record or type, whatever was chosen of it, and on the first page.
            Beside = request.Skip == 0 && Absences.Of(record, request.Type, sources) is { } absence ? [absence] : [],
            Sources = sources.Stamp,
        });
    }

    private static ReadAnswer Summary(PatientRecord record, ReadRequest request, SourceSystems sources)
    {
        if (record.Seq == 0)
            return ReadAnswer.NotFound;
        var now = request.Now ?? record.LastAppended;
        var bytes = request.Operation == ReadOperation.Summary
            ? SummaryDocument.Write(record, sources, now, request.Notices)
            : SummaryPage.Write(record, sources, now, request.Notices);
        return new ReadAnswer
        {
            Status = ReadStatus.Found,
            Version = record.Version,
            LastUpdated = record.LastUpdated,
            Entries = [bytes],
            EntryBytes = bytes.Length,
            ResourceLength = bytes.Length,
            Sources = sources.Stamp,
        };
    }

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
        Total = 1,
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
