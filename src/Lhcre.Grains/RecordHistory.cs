using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>Of what a history is.</summary>
/// <param name="To">Up to which moment.</param>
/// <param name="Type">Of one type; null for all.</param>
/// <param name="Id">Of one resource of that type, by the very id; null for all.</param>
/// <param name="IsRestricted">Whether the person is restricted now, whatever was so then.</param>
internal sealed record HistoryOf(RecordMoment To, string? Type, MergedId? Id, bool IsRestricted)
{
    /// <summary>Whether an entry belongs to it.</summary>
    public bool Has(HistoryEntry entry) => (Type is null || entry.Type == Type) && (Id is null || entry.Id == Id);
}

/// <summary>
/// What became of a record's resources, row by row. All entries are known; the bytes of a stretch of them are at hand, up to
/// <see cref="MostBytes"/>, so that a long history takes no more memory than a stretch of it.
/// </summary>
internal sealed class RecordHistory
{
    /// <summary>Most bytes of resources that are at hand, though always those of one: 32 MiB.</summary>
    public const long MostBytes = 32 * 1024 * 1024;

    // An entry without the bytes of its resource.
    private const int EntryBytes = 160;

    private readonly List<HistoryEntry> _entries = [];
    private int _first;
    private int _behind;
    private long _bytes;

    private RecordHistory(HistoryOf of) => Of = of;

    /// <summary>Of what it is.</summary>
    public HistoryOf Of { get; }

    /// <summary>The entries, the oldest first.</summary>
    public IReadOnlyList<HistoryEntry> Entries => _entries;

    /// <summary>The record's last row up to the moment; 0 for none.</summary>
    public long Seq { get; private set; }

    /// <summary>Its version then.</summary>
    public long Version { get; private set; }

    /// <summary>When that was appended.</summary>
    public DateTimeOffset LastUpdated { get; private set; }

    /// <summary>Whether some row was appended under other merge rules than this release's.</summary>
    public bool IsOfOtherRules { get; private set; }

    /// <summary>The number of entries, counted from the oldest, that the bytes are wanted of next; null for all.</summary>
    public int? Wanted { get; private set; }

    /// <summary>About how many bytes of memory it takes.</summary>
    public long Bytes => _bytes + (long)EntryBytes * _entries.Count;

    /// <summary>Reads a history.</summary>
    /// <param name="replay">A fresh one.</param>
    /// <param name="rows">The log.</param>
    /// <param name="of">Of what.</param>
    /// <param name="wanted">Of the first so many entries, the last ones' bytes are kept; null for all.</param>
    public static RecordHistory Read(Replay replay, IEnumerable<RecordRow> rows, HistoryOf of, int? wanted)
    {
        var history = new RecordHistory(of);
        foreach (var row in rows.TakeWhile(r => !(r.Seq > of.To.Seq || r.At > of.To.At)))
        {
            replay.Take(row);
            foreach (var entry in HistoryEntry.Of(replay.Before, replay.Record).Where(of.Has))
            {
                if (!of.IsRestricted)
                    history.Add(entry, wanted);
                else if (entry.Redacted(replay.Record.Addresses) is { } shown)
                    history.Add(shown, wanted);
            }
        }

        var record = replay.Record;
        (history.Seq, history.Version, history.LastUpdated) = (record.Seq, record.Version, record.LastUpdated);
        history.IsOfOtherRules = replay.IsOfOtherRules;
        return history;
    }

    /// <summary>Whether the bytes of an entry are at hand; where not, they are what is <see cref="Wanted"/>.</summary>
    public bool Has(int index)
    {
        if (index >= _first && index < _behind)
            return true;
        Wanted = index + 1;
        return false;
    }

    private void Add(HistoryEntry entry, int? wanted)
    {
        if (_entries.Count >= wanted)
        {
            _entries.Add(entry with { Served = default });
            return;
        }

        _entries.Add(entry);
        _bytes += entry.Served.Length;
        _behind = _entries.Count;
        for (; _bytes > MostBytes && _first < _behind - 1; _first++)
        {
            _bytes -= _entries[_first].Served.Length;
            _entries[_first] = _entries[_first] with { Served = default };
        }
    }
}
