using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>A stretch of a history, the newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Total">How many there are in all within the bounds.</param>
/// <param name="Next">What to skip to go on; null where nothing follows.</param>
internal sealed record HistoryPage(IReadOnlyList<HistoryEntry> Entries, int Total, int? Next)
{
    /// <summary>The stretch that is asked for, as far as its bytes are at hand; null where not even those of its first entry are.</summary>
    /// <param name="history">The history.</param>
    /// <param name="request">What is asked for.</param>
    public static HistoryPage? Of(RecordHistory history, ReadRequest request)
    {
        var within = Within(history.Entries, request);
        var page = new List<HistoryEntry>();
        var bytes = 0L;
        for (var i = Math.Max(request.Skip, 0); i < within.Count && page.Count < (request.Count ?? int.MaxValue); i++)
        {
            var isAtHand = history.Has(within[i]);
            if (!isAtHand && page.Count == 0)
                return null;
            var entry = history.Entries[within[i]];
            bytes += entry.Served.Length;
            if (!isAtHand || (page.Count > 0 && bytes > (request.MostBytes ?? long.MaxValue)))
                break;
            page.Add(entry);
        }

        var behind = Math.Max(request.Skip, 0) + page.Count;
        return new HistoryPage(page, within.Count, behind < within.Count && page.Count > 0 ? behind : null);
    }

    // The numbers of the entries within the bounds, the newest first.
    private static List<int> Within(IReadOnlyList<HistoryEntry> entries, ReadRequest request)
    {
        var (since, from, before) = (Shown(request.Bounds?.Since), Shown(request.Bounds?.From), request.Bounds?.Before);
        var found = new List<int>();
        var until = new Dictionary<(string, MergedId), DateTimeOffset>();
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            var entry = entries[i];
            var made = Shown(entry.At)!.Value;
            DateTimeOffset? next = until.TryGetValue((entry.Type, entry.Id), out var at) ? at : null;
            until[(entry.Type, entry.Id)] = made;
            // An end is of one moment: what has long gone is current at none.
            var isOver = entry.Change == ResourceChange.Ended ? made < from : next <= from;
            if (!(made < since) && !(made >= before) && !isOver)
                found.Add(i);
        }

        return found;
    }

    // To the millisecond: whoever gives back a time that was shown means that entry.
    private static DateTimeOffset? Shown(DateTimeOffset? at) => at?.AddTicks(-(at.Value.Ticks % TimeSpan.TicksPerMillisecond));
}
