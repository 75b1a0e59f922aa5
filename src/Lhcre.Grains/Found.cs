using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>What a request finds in a record: the entries of one page, matches first, and what is asked for besides behind them.</summary>
/// <param name="Entries">Bundle entries.</param>
/// <param name="Total">How many matches there are, on all pages together.</param>
/// <param name="Next">What to skip to get the next page; null where this is the last one.</param>
internal sealed record Found(byte[][] Entries, int Total, int? Next)
{
    private const string Provenance = "Provenance";

    /// <summary>Finds it.</summary>
    public static Found By(PatientRecord record, ReadRequest request, SourceSystems sources)
    {
        if (request.Query is not { } query)
        {
            var all = request.Type is { } type ? record.OfType(type) : record.All;
            var page = Page(all.Length, request);
            var entries = new List<byte[]>(page.Length);
            foreach (var resource in all.Slice(page.Start, page.Length))
                entries.Add(resource.BundleEntryBytes);
            if (request.Operation == ReadOperation.WithProvenance && !record.IsFiltered)
                entries.AddRange(Origins(record, all.Slice(page.Start, page.Length).ToArray(), isAlsoOfSources: request.Type is not null, sources));
            return new Found([.. entries], all.Length, NextOf(page, all.Length));
        }

        // Whoever searches for Provenance searches for ours as well, which no source has stated.
        var isOfProvenance = query.Type == Provenance;
        var result = query.Run(record, request.Skip, request.Count, isOfProvenance && !record.IsFiltered ? Provenances.All(record, sources) : null);
        var found = new List<byte[]>(result.Matches.Count + result.Included.Count);
        found.AddRange(result.Matches.Select(m => m.BundleEntryBytes));
        found.AddRange(result.Included.Select(i => i.IncludedEntry()));
        // What sources say of provenance themselves is included by the query.
        if (request.Operation == ReadOperation.WithProvenance && !isOfProvenance && !record.IsFiltered)
            found.AddRange(Origins(record, result.Matches, isAlsoOfSources: false, sources));
        return new Found([.. found], result.Total, NextOf(Page(result.Total, request), result.Total));
    }

    // Of the whole record, what sources say of provenance is among the matches already.
    private static IEnumerable<byte[]> Origins(PatientRecord record, IReadOnlyList<MergedResource> resources, bool isAlsoOfSources, SourceSystems sources) =>
    [
        .. resources.Select(r => Provenances.Of(record, r, sources, isMatch: false).Entry),
        .. isAlsoOfSources ? Provenances.OfSources(record, resources) : [],
    ];

    private static ByteRange Page(int total, ReadRequest request)
    {
        var from = Math.Clamp(request.Skip, 0, total);
        return new ByteRange(from, Math.Clamp(request.Count ?? total, 0, total - from));
    }

    private static int? NextOf(ByteRange page, int total) => page.Length > 0 && page.End < total ? page.End : null;
}
