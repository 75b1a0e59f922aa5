using System.Collections.Immutable;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// How the feeds of all sources stand at one moment, with everything that an answer says of it ready: a segment of its own beside the stored
/// bytes of a record. Immutable.
/// </summary>
public sealed class SourceStatuses
{
    /// <summary>The header of an answer that tells of sources that are not fresh: <see cref="Header"/>.</summary>
    public const string HeaderName = "X-LHCRE-Source-Status";

    // How an issue begins that says of a source that it holds nothing: of one that was never heard that says less than what is said of it here.
    private readonly byte[][] _saysLess;

    private SourceStatuses(ImmutableArray<SourceStatus> all, ImmutableArray<PulledStatus> pulled)
    {
        All = all;
        _saysLess = [.. all.Where(s => s.State is SourceState.Never or SourceState.Unknown).Select(s => NothingHeld(s.Source.Id))];
        Issues = [.. all.Select(s => s.Issue).OfType<Issue>(), .. pulled.Select(s => s.Issue)];
        Errors = [.. all.Select(s => s.Error).OfType<Issue>(), .. pulled.Select(s => s.Error).OfType<Issue>()];
        if (Issues.IsEmpty)
            return;
        var header = string.Join(", ", all.Select(s => s.Header).Concat(pulled.Select(s => s.Header)).OfType<string>());
        Header = header.Length > 0 ? header : null;
        Outcome = OperationOutcome.BundleEntry(Issues);
        Generation = (uint)ContentHash.Of(Outcome).Bits;
    }

    // The same without saying which: an answer about a restricted person must not.
    private SourceStatuses(SourceStatuses named)
    {
        (All, _saysLess) = ([], []);
        (Issues, Errors) = (Restriction.Unnamed(named.Issues), Restriction.Unnamed(named.Errors));
        if (Issues.IsEmpty)
            return;
        Header = "*; incomplete";
        Outcome = OperationOutcome.BundleEntry(Issues);
        Generation = (uint)ContentHash.Of(Outcome).Bits;
    }

    /// <summary>The same without saying which source it is.</summary>
    public SourceStatuses Unnamed => field ??= All.IsEmpty ? this : new SourceStatuses(this);

    /// <summary>Of nobody: all is well.</summary>
    public static SourceStatuses None { get; } = new([], []);

    /// <summary>Each source, in the configured order.</summary>
    public ImmutableArray<SourceStatus> All { get; }

    /// <summary>What a reader is to be told: warnings.</summary>
    public ImmutableArray<Issue> Issues { get; }

    /// <summary>The same as errors, for <c>Prefer: handling=strict</c>.</summary>
    public ImmutableArray<Issue> Errors { get; }

    /// <summary>The same in a Bundle entry of mode <c>outcome</c>; null where all is well.</summary>
    public byte[]? Outcome { get; }

    /// <summary>The same in a header; null where all is well.</summary>
    public string? Header { get; }

    /// <summary>Stands for what <see cref="Outcome"/> says, in an ETag: another number for other words, the same in every process; 0 where all is well.</summary>
    public uint Generation { get; }

    /// <summary>Judges the feeds.</summary>
    /// <param name="sources">The sources to tell of.</param>
    /// <param name="contacts">What is known; of other sources nothing is told.</param>
    /// <param name="isKnown">Whether that is all there is; false until it was read back.</param>
    /// <param name="now">By our clock.</param>
    public static SourceStatuses Of(SourceSystems sources, IEnumerable<SourceContact> contacts, bool isKnown, DateTimeOffset now)
    {
        var bySource = contacts.ToDictionary(c => c.Source);
        return new([.. sources.All.Select(s => SourceStatus.Of(s, bySource.GetValueOrDefault(s.Id), isKnown, now))], []);
    }

    /// <summary>The same for one person, with what is to be told of the sources that were asked for this person's visit.</summary>
    public SourceStatuses With(ImmutableArray<PulledStatus> pulled) => pulled.IsEmpty ? this : new(All, pulled);

    /// <summary>
    /// The entries that stand beside the matches of an answer, with what is said here behind them. That a source was never heard takes the
    /// place of what was said of it there: that it holds nothing for this person.
    /// </summary>
    /// <param name="entries">The entries; they are not changed.</param>
    public byte[][] Beside(byte[][] entries)
    {
        if (Outcome is null)
            return entries;
        return _saysLess.Length == 0 ? [.. entries, Outcome] : [.. entries.Select(Told).OfType<byte[]>(), Outcome];
    }

    /// <summary>A FHIR Parameters resource: what <see cref="StatusWriter"/> says of each source.</summary>
    /// <param name="total">What a source pushed; null where that is not told.</param>
    public byte[] Parameters(Func<string, SourceCounts>? total = null) => StatusWriter.Write(All, total, sinceStart: null);

    private byte[]? Told(byte[] entry)
    {
        if (!entry.AsSpan().StartsWith("{\"resource\":{\"resourceType\":\"OperationOutcome\""u8))
            return entry;
        byte[]? told = entry;
        foreach (var start in _saysLess)
        {
            for (var at = told.AsSpan().IndexOf(start); at >= 0 && told is not null; at = told.AsSpan().IndexOf(start))
                told = Without(told, at);
        }

        return told;
    }

    // Null where it was the only issue.
    private static byte[]? Without(byte[] entry, int issue)
    {
        var reader = new Utf8JsonReader(entry.AsSpan(issue));
        reader.Read();
        reader.Skip();
        var end = issue + (int)reader.BytesConsumed;
        if (entry[end] == ',')
            end++;
        else if (entry[issue - 1] == ',')
            issue--;
        else
            return null;
        return [.. entry[..issue], .. entry[end..]];
    }

    private static byte[] NothingHeld(string source)
    {
        var bytes = OperationOutcome.Bytes([new Issue(IssueCodes.NothingHeld, null, null, source)]).AsSpan();
        var code = System.Text.Encoding.UTF8.GetBytes($"\"{IssueCodes.NothingHeld.Code}\"");
        return bytes[(bytes.IndexOf("[{"u8) + 1)..(bytes.IndexOf(code) + code.Length)].ToArray();
    }
}
