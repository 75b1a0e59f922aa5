using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>
/// What the journal says, worked out from its whole log alone, one row after the other, whatever has been folded: what everything that is
/// served is held against.
/// </summary>
internal sealed class Replays(IJournal journal)
{
    private readonly Dictionary<PatientKey, List<PatientRecord>> _records = [];
    private readonly Dictionary<PatientKey, List<RecordRow>> _rows = [];
    private readonly Dictionary<(PatientKey, long), RecordRow> _inLog = [];
    private readonly Dictionary<(PatientKey, int), (ReadOnlyMemory<byte> Body, IReadOnlyList<RecordRow> Rows)> _inHistory = [];

    /// <summary>A patient's rows as they are on the disk now, each with its fragments.</summary>
    /// <exception cref="BrokenInvariantException">One is missing, or is not what it was.</exception>
    public async Task<IReadOnlyList<RecordRow>> Rows(PatientKey patient)
    {
        var log = await journal.LoadLog(patient, CancellationToken.None);
        var rows = log.History.SelectMany(chunk => Read(patient, chunk)).Concat(log.Rows.Select(row => Read(patient, row))).ToList();
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Seq != i + 1)
                throw new BrokenInvariantException(Invariant.NoGaps, $"row {rows[i].Seq} of a log of {rows.Count} where row {i + 1} is due");
        }

        var known = _rows.GetValueOrDefault(patient, []);
        // What a row says that has come since may be erased by now, and nothing else.
        if (rows.Skip(known.Count).Select(r => r.Correction).OfType<Erasure>().ToList() is { Count: > 0 } erasures)
        {
            known = [.. known.Select(r => r.Fragments.Any(IsErased) ? r with { Fragments = [.. r.Fragments.Where(f => !IsErased(f))] } : r)];
            _records.Remove(patient);

            bool IsErased(Fragment fragment) => erasures.Exists(e => e.Covers(fragment));
        }

        for (var i = 0; i < known.Count; i++)
        {
            if (i >= rows.Count || !IsSame(known[i], rows[i]))
                throw new BrokenInvariantException(Invariant.HistoryStays, $"row {i + 1} is not what it was");
        }

        return _rows[patient] = rows;
    }

    /// <summary>The record after each row; the first one is empty.</summary>
    public async Task<IReadOnlyList<PatientRecord>> Of(PatientKey patient)
    {
        if (!_records.TryGetValue(patient, out var records))
            _records[patient] = records = [PatientRecord.Empty(patient, SimulatedCluster.Here)];
        RecordRow[] rows = [.. (await Rows(patient)).Select(row => row.Body.IsEmpty ? row with { Body = LogBody.Write(row.Fragments) } : row)];
        foreach (var row in rows.Skip(records.Count - 1))
            records.Add(Merge.IsNews(records[^1], row) ? Restatement.Of(records[^1], row, rows.Take((int)row.Seq - 1)) : Merge.Apply(records[^1], row));
        return records;
    }

    /// <summary>What differs between two records, stamps included; null for nothing.</summary>
    public static string? Difference(PatientRecord one, PatientRecord other)
    {
        if ((one.Seq, one.Version, one.LastUpdated, one.LastAppended) != (other.Seq, other.Version, other.LastUpdated, other.LastAppended))
            return $"{Stamp(one)} against {Stamp(other)}";
        return Difference([.. one.All.ToArray().Select(r => r.BundleEntryBytes)], [.. other.All.ToArray().Select(r => r.BundleEntryBytes)])
            ?? Difference(Entries(one), Entries(other));
    }

    /// <summary>What differs between two lists of texts; null for nothing.</summary>
    public static string? Difference(IReadOnlyList<byte[]> ones, IReadOnlyList<byte[]> others)
    {
        for (var i = 0; i < Math.Max(ones.Count, others.Count); i++)
        {
            var (one, other) = (i < ones.Count ? ones[i] : [], i < others.Count ? others[i] : []);
            if (!one.AsSpan().SequenceEqual(other))
                return $"entry {i} of {ones.Count} and {others.Count}\n  {Text(one)}\n  {Text(other)}";
        }

        return null;
    }

    // Every entry, withdrawn ones too, with all versions that it ever had: what the next push is held against.
    private static List<byte[]> Entries(PatientRecord record) => [.. record.Entries.ToArray().Select(e => System.Text.Encoding.UTF8.GetBytes(
        $"{e.Key.Source} {e.Key.Reference} {e.Kind} of row {e.Seq}: {string.Join(' ', e.Versions.Select(v => Convert.ToHexString(v.SortKey())))}"))];

    private RecordRow Read(PatientKey patient, LogRow row)
    {
        // Bodies do not change; one that has changed all the same is another row.
        if (_inLog.TryGetValue((patient, row.Seq), out var known) && known.Push == row.Push && known.At == row.At && known.Body.Span.SequenceEqual(row.Body.Span))
            return known;
        return _inLog[(patient, row.Seq)] = LogBody.ReadRow(row);
    }

    // Numbers are never used again, but for a chunk of which something was erased.
    private IReadOnlyList<RecordRow> Read(PatientKey patient, RecordChunk chunk)
    {
        if (_inHistory.TryGetValue((patient, chunk.Number), out var known) && known.Body.Span.SequenceEqual(chunk.Body.Span))
            return known.Rows;
        return (_inHistory[(patient, chunk.Number)] = (chunk.Body, HistoryChunk.Read(chunk.Body))).Rows;
    }

    private static bool IsSame(RecordRow one, RecordRow other) =>
        ReferenceEquals(one, other)
        || ((one.Seq, one.Push, one.At) == (other.Seq, other.Push, other.At)
            && (one.Correction, one.Receipt) == (other.Correction, other.Receipt)
            && one.Fragments.Count == other.Fragments.Count
            && one.Fragments.Zip(other.Fragments).All(p => (p.First.Key, p.First.Kind, p.First.Version) == (p.Second.Key, p.Second.Kind, p.Second.Version)
                && p.First.AsSent.Span.SequenceEqual(p.Second.AsSent.Span)));

    private static string Stamp(PatientRecord record) => $"row {record.Seq}, version {record.Version} of {record.LastUpdated:O}, appended {record.LastAppended:O}";

    private static string Text(byte[] bytes) => bytes.Length == 0 ? "nothing" : System.Text.Encoding.UTF8.GetString(bytes);
}
