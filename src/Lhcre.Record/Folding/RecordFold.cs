using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// What a fold writes: the rows behind the last fold leave the log for history, and what they changed of the record goes into new live
/// chunks. Chunks of which little still counts, and many small ones, are written anew with it. Nothing of it shows in what is served.
/// </summary>
public sealed class RecordFold
{
    // A chunk's bytes: below the lower bound it may be put together with others; the upper one is kept by the plain size of what goes in,
    // which compresses tenfold and more.
    private const int SmallBytes = 64 * 1024;
    private const int MostPlainBytes = 1536 * 1024;
    private const int MostHistoryBytes = 256 * 1024;

    // So many small chunks are put together: each resource is written about twice until it lies in a chunk of full size.
    private const int MostSmall = 8;

    private readonly List<(MergedResource Resource, ChunkPlace Place)> _resources = [];
    private readonly List<(Entry Entry, ChunkPlace Place)> _unshown = [];

    private RecordFold(long seq) => Seq = seq;

    /// <summary>The last row in it.</summary>
    public long Seq { get; }

    /// <summary>The new live chunks.</summary>
    public ImmutableArray<RecordChunk> Live { get; private set; } = [];

    /// <summary>The new history chunks: all rows behind the last fold.</summary>
    public ImmutableArray<RecordChunk> History { get; private set; } = [];

    /// <summary>The numbers of the live chunks that go.</summary>
    public ImmutableArray<int> Dropped { get; private set; } = [];

    /// <summary>All live chunks after it.</summary>
    public IReadOnlyList<RecordChunk> Chunks { get; private set; } = [];

    /// <summary>Works out a fold.</summary>
    /// <param name="record">The record as of the last row of <paramref name="tail"/>.</param>
    /// <param name="chunks">Its live chunks, also those that this process cannot use.</param>
    /// <param name="tail">The rows behind them, in order.</param>
    /// <param name="since">Push ids from before this are forgotten.</param>
    public static RecordFold Of(PatientRecord record, IReadOnlyList<RecordChunk> chunks, IReadOnlyList<LogRow> tail, DateTimeOffset since)
    {
        var fold = new RecordFold(record.Seq) { History = HistoryOf(tail) };
        var unshown = record.Unshown.ToList();
        var counting = Counting(record, unshown);
        var dropped = ToDrop(chunks, counting);
        MergedResource[] resources = [.. record.All.ToArray().Where(r => !r.Place.IsSomewhere || dropped.Contains(r.Place.Chunk))];
        unshown.RemoveAll(e => e.Place.IsSomewhere && !dropped.Contains(e.Place.Chunk));

        var kept = chunks.Where(c => !dropped.Contains(c.Number)).ToList();
        var head = ChunkHead.Of(record, [.. kept.Select(c => Superseded(c, counting)).OfType<SupersededItems>()]);
        var firstSeq = tail.Count > 0 ? tail[0].Seq : record.Seq + 1;
        AppliedPush[] pushes = [.. record.Pushes.ToArray().Where(p => p.At >= since && (p.Seq >= firstSeq || chunks.Any(c => dropped.Contains(c.Number) && p.Seq >= c.FromSeq && p.Seq <= c.ToSeq)))];
        var fromSeq = chunks.Where(c => dropped.Contains(c.Number)).Select(c => c.FromSeq).Append(Math.Min(firstSeq, record.Seq)).Min();
        fold.Write(record, chunks.Select(c => c.Number).DefaultIfEmpty().Max(), head, fromSeq, resources, unshown, pushes);
        fold.Dropped = [.. dropped.Order()];
        fold.Chunks = [.. kept, .. fold.Live];
        return fold;
    }

    /// <summary>To be called when it is on disk: what it wrote is known to stand there.</summary>
    public void Done()
    {
        foreach (var (resource, place) in _resources)
        {
            resource.Place = place;
            // Where a member stood while it was not shown no longer counts: once it is withheld again it is to be written again.
            foreach (var member in resource.Members)
                member.Place = default;
        }

        foreach (var (entry, place) in _unshown)
            entry.Place = place;
    }

    private void Write(
        PatientRecord record, int lastNumber, ChunkHead head, long fromSeq, MergedResource[] resources, List<Entry> unshown, AppliedPush[] pushes)
    {
        var live = ImmutableArray.CreateBuilder<RecordChunk>();
        var redirects = record.Redirects.ToArray();
        var from = 0;
        do
        {
            var to = from;
            for (var plain = 0L; to < resources.Length && (to == from || plain + resources[to].BundleEntryBytes.Length <= MostPlainBytes); to++)
                plain += resources[to].BundleEntryBytes.Length;
            // The last one speaks for all, and takes what is not a resource.
            var isLast = to == resources.Length;
            var number = lastNumber + live.Count + 1;
            var part = resources[from..to];
            var content = isLast ? new ChunkContent(head, part, unshown, redirects, pushes) : new ChunkContent(head with { Superseded = [] }, part, [], [], []);
            content = content with { Corrections = record.Corrections };
            live.Add(new RecordChunk(number, fromSeq, record.Seq, LiveChunk.Write(content, record.Addresses)));
            for (var i = 0; i < part.Length; i++)
                _resources.Add((part[i], new ChunkPlace(number, i)));
            for (var i = 0; i < content.Unshown.Count; i++)
                _unshown.Add((content.Unshown[i], new ChunkPlace(number, part.Length + i)));
            from = to;
        }
        while (from < resources.Length);
        Live = live.DrainToImmutable();
    }

    // The items that still count, by chunk.
    private static Dictionary<int, List<int>> Counting(PatientRecord record, IEnumerable<Entry> unshown)
    {
        var counting = new Dictionary<int, List<int>>();
        foreach (var place in record.All.ToArray().Select(r => r.Place).Concat(unshown.Select(e => e.Place)).Where(p => p.IsSomewhere))
        {
            if (!counting.TryGetValue(place.Chunk, out var indexes))
                counting[place.Chunk] = indexes = [];
            indexes.Add(place.Index);
        }

        return counting;
    }

    private static HashSet<int> ToDrop(IReadOnlyList<RecordChunk> chunks, Dictionary<int, List<int>> counting)
    {
        var dropped = chunks.Where(c => CountOf(c) == 0 || 2 * CountOf(c) < LiveChunk.Items(c.Body)).Select(c => c.Number).ToHashSet();
        var small = chunks.Where(c => c.Body.Length < SmallBytes && !dropped.Contains(c.Number)).ToList();
        if (small.Count >= MostSmall)
            dropped.UnionWith(small.Select(c => c.Number));
        return dropped;

        int CountOf(RecordChunk chunk) => counting.GetValueOrDefault(chunk.Number)?.Count ?? 0;
    }

    private static SupersededItems? Superseded(RecordChunk chunk, Dictionary<int, List<int>> counting)
    {
        var items = LiveChunk.Items(chunk.Body);
        var alive = counting[chunk.Number];
        return alive.Count == items ? null : SupersededItems.AllBut(chunk.Number, items, alive);
    }

    private static ImmutableArray<RecordChunk> HistoryOf(IReadOnlyList<LogRow> tail)
    {
        var chunks = ImmutableArray.CreateBuilder<RecordChunk>();
        for (var from = 0; from < tail.Count;)
        {
            var to = from;
            for (var bytes = 0L; to < tail.Count && (to == from || bytes + tail[to].Body.Length <= MostHistoryBytes); to++)
                bytes += tail[to].Body.Length;
            LogRow[] rows = [.. tail.Skip(from).Take(to - from)];
            // Rows stand in one history chunk each: the first one's number names it.
            chunks.Add(new RecordChunk(checked((int)rows[0].Seq), rows[0].Seq, rows[^1].Seq, HistoryChunk.Write(rows)));
            from = to;
        }

        return chunks.DrainToImmutable();
    }
}
