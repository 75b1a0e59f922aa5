using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Record.Summaries;

namespace Lhcre.Grains;

/// <summary>Answers reads of the merged record. What is not asked for is not made.</summary>
internal static class MergedReading
{
    private const string Provenance = "Provenance";

    // Beside what is shown of a restricted person.
    private static readonly byte[] Restricted = OperationOutcome.BundleEntry([new Issue(IssueCodes.Restricted)]);

    /// <summary>The whole of a folded record.</summary>
    /// <exception cref="ArgumentException">The person is, or may be, restricted: what is shown of them is made of the whole form.</exception>
    public static ReadAnswer Everything(FoldedRecord record, SourceSystems sources) => record.IsRestricted != false
        ? throw new ArgumentException("A restricted person's record is not served as it stands.", nameof(record))
        : AnswerParts.Whole(record.Entries, new ReadAnswer
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
            Beside = request.Skip == 0 && Beside(record, request.Type, sources) is { } beside ? [beside] : [],
            Sources = sources.Stamp,
        });
    }

    // Of a restricted person, what a source does not say is not told, but that something is left out.
    private static byte[]? Beside(PatientRecord record, string? type, SourceSystems sources) =>
        record.IsFiltered ? Restricted : Absences.Of(record, type, sources);

    private static ReadAnswer Summary(PatientRecord record, ReadRequest request, SourceSystems sources)
    {
        if (record.Seq == 0)
            return ReadAnswer.NotFound;
        var now = request.Now ?? record.LastAppended;
        IReadOnlyList<Issue> notices = record.IsFiltered ? [.. Restriction.Unnamed(request.Notices), new Issue(IssueCodes.Restricted)] : request.Notices;
        var bytes = request.Operation == ReadOperation.Summary
            ? SummaryDocument.Write(record, sources, now, notices)
            : SummaryPage.Write(record, sources, now, notices);
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
        // Where each comes from is what is not told of a restricted person.
        if (isGone || type != Provenance || record.IsFiltered)
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
