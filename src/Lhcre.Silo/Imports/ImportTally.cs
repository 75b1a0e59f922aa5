using System.Collections.Immutable;
using Lhcre.Grains.Imports;
using Lhcre.Record;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Imports;

/// <summary>Counts what became of the lines of a piece. Safe for concurrent use.</summary>
internal sealed class ImportTally
{
    private readonly Lock _lock = new();
    private readonly List<ImportRefusal> _refused = [];
    private readonly Dictionary<long, (ReadLine Line, IssueCode Code)> _letters = [];
    private ImportCounts _counts;

    /// <summary>What became of the piece.</summary>
    public CarriedOut Finish()
    {
        lock (_lock)
            return new CarriedOut(_counts, [.. _refused]);
    }

    /// <summary>The lines of which something was refused, each with its first reason.</summary>
    public IReadOnlyList<(ReadLine Line, IssueCode Code)> Letters()
    {
        lock (_lock)
            return [.. _letters.OrderBy(l => l.Key).Select(l => l.Value)];
    }

    /// <summary>A line of which nothing is taken in: not a resource, or a Bundle that is refused as a whole.</summary>
    public void RefuseWhole(ReadLine line) => Refuse(line, Worst(line.Received.Issues));

    /// <summary>The same, for a reason of ours.</summary>
    public void Refuse(ReadLine line, Issue issue)
    {
        lock (_lock)
        {
            _counts += new ImportCounts(0, 0, 0, Math.Max(1, line.Received.Entries.Length));
            Note(line, null, issue);
        }
    }

    /// <summary>Counts a push, but for the lines of which something could not be written: these are to be pushed again, and are returned.</summary>
    public ImmutableArray<ReadLine> Count(ImmutableArray<ReadLine> lines, PushReport report)
    {
        if (report.Issues.Any(i => i.Code.Severity == IssueSeverity.Error))
        {
            // Only of one line: of resources that are pushed together there is nothing to say as a whole.
            Refuse(lines[0], Worst(report.Issues));
            return [];
        }

        if (lines.Length == 1)
        {
            if (report.Unwritten is not null)
                return lines;
            Count(lines[0], report.Entries, hasEntries: !lines[0].IsSingle);
            return [];
        }

        for (var i = 0; i < lines.Length; i++)
        {
            if (report.Entries[i].Unwritten is null)
                Count(lines[i], [report.Entries[i]], hasEntries: false);
        }

        return [.. lines.Where((_, i) => report.Entries[i].Unwritten is not null)];
    }

    private void Count(ReadLine line, ImmutableArray<EntryReport> entries, bool hasEntries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                if (entry.Entry.IsRefused)
                    Note(line, hasEntries ? entry.Entry.Index : null, Worst(entry.Entry.Issues));

                _counts += entry switch
                {
                    { Entry.IsRefused: true } => new ImportCounts(0, 0, 0, 1),
                    { Parked: not null } or { Outcome: FragmentOutcome.Withheld or FragmentOutcome.Quarantined } => new ImportCounts(0, 0, 1, 0),
                    { IsApplied: true } => new ImportCounts(1, 0, 0, 0),
                    _ => new ImportCounts(0, 1, 0, 0),
                };
            }
        }
    }

    private void Note(ReadLine line, int? entry, Issue issue)
    {
        _refused.Add(new ImportRefusal(line.Line.Number, entry, issue.Code.Code, issue.Expression));
        _letters.TryAdd(line.Line.Number, (line, issue.Code));
    }

    private static Issue Worst(ImmutableArray<Issue> issues) => issues.First(i => i.Code.Severity == IssueSeverity.Error);
}
