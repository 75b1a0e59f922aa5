using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lhcre.Silo.Load;

/// <summary>What was refused or parked, and from where it came.</summary>
internal sealed record LoadIssue(string File, int? Line, PushIssue Issue)
{
    /// <summary>Such as <c>anna.json entry 3: LHC202 …</c>.</summary>
    public override string ToString() =>
        $"{File}{(Line is null ? "" : $" line {Line}")}{(Issue.Entry is null ? "" : $" entry {Issue.Entry}")}: {(Issue.Code is null ? "" : Issue.Code + " ")}{Issue.Reason}";
}

/// <summary>
/// The running count of a load. Every refusal goes to the report (where there is one) as it comes, so that it is there however the load ends;
/// only the first twenty are kept. Safe for concurrent use.
/// </summary>
internal sealed class LoadTally(TextWriter? report)
{
    /// <summary>How many refusals are kept to be shown: 20.</summary>
    public const int Shown = 20;

    private readonly Lock _lock = new();
    private readonly List<LoadIssue> _refusals = [];
    private readonly SortedDictionary<string, int> _parkedFor = new(StringComparer.Ordinal);
    private Counts _counts;

    /// <summary>The count at one moment.</summary>
    /// <param name="Files">Files read to their end.</param>
    /// <param name="Bytes">Bytes of them, and of the lines read of others.</param>
    /// <param name="Pushes">Pushes answered.</param>
    /// <param name="Created">Resources acknowledged and new.</param>
    /// <param name="Known">Resources acknowledged and known before.</param>
    /// <param name="Parked">Resources parked.</param>
    /// <param name="Refused">Resources refused; a text that is no FHIR counts as one.</param>
    /// <param name="Refusals">Reasons given for them.</param>
    /// <param name="FilesBefore">Files that were answered whole in earlier runs; they are among <paramref name="Files"/>.</param>
    /// <param name="PartsBefore">Lines and messages of the others that were.</param>
    internal readonly record struct Counts(
        int Files, long Bytes, int Pushes, long Created, long Known, long Parked, long Refused, int Refusals, int FilesBefore, int PartsBefore)
    {
        /// <summary>Resources answered.</summary>
        public long Resources => Created + Known + Parked + Refused;
    }

    /// <summary>The count now.</summary>
    public Counts Now
    {
        get
        {
            lock (_lock)
                return _counts;
        }
    }

    /// <summary>The first refusals.</summary>
    public IReadOnlyList<LoadIssue> FirstRefusals
    {
        get
        {
            lock (_lock)
                return [.. _refusals];
        }
    }

    /// <summary>How many were parked for which code.</summary>
    public IReadOnlyList<(string Code, int Count)> ParkedFor
    {
        get
        {
            lock (_lock)
                return [.. _parkedFor.Select(p => (p.Key, p.Value))];
        }
    }

    /// <summary>A file was read to its end.</summary>
    public void FileDone()
    {
        lock (_lock)
            _counts = _counts with { Files = _counts.Files + 1 };
    }

    /// <summary>Files, lines or messages were answered in an earlier run.</summary>
    public void Before(int files, int parts, long bytes)
    {
        lock (_lock)
        {
            _counts = _counts with
            {
                Files = _counts.Files + files,
                FilesBefore = _counts.FilesBefore + files,
                PartsBefore = _counts.PartsBefore + parts,
                Bytes = _counts.Bytes + bytes,
            };
        }
    }

    /// <summary>Bytes that were dealt with.</summary>
    public void Read(long bytes)
    {
        lock (_lock)
            _counts = _counts with { Bytes = _counts.Bytes + bytes };
    }

    /// <summary>A push was answered.</summary>
    public void Answered(string file, int? line, PushAnswer answer)
    {
        lock (_lock)
        {
            _counts = _counts with
            {
                Pushes = _counts.Pushes + 1,
                Created = _counts.Created + answer.Created,
                Known = _counts.Known + answer.Known,
                Parked = _counts.Parked + answer.Parked,
                Refused = _counts.Refused + answer.Refused,
            };
            foreach (var issue in answer.Issues)
                Note(new LoadIssue(file, line, issue));
        }
    }

    /// <summary>A file or a line was not sent at all.</summary>
    public void NotSent(string file, int? line, string? code, string reason)
    {
        lock (_lock)
        {
            _counts = _counts with { Refused = _counts.Refused + 1 };
            Note(new LoadIssue(file, line, new PushIssue(true, null, code, reason)));
        }
    }

    private void Note(LoadIssue issue)
    {
        if (issue.Issue.Refused)
        {
            _counts = _counts with { Refusals = _counts.Refusals + 1 };
            if (_refusals.Count < Shown)
                _refusals.Add(issue);
        }
        else
        {
            var code = issue.Issue.Code ?? "no code";
            _parkedFor[code] = _parkedFor.GetValueOrDefault(code) + 1;
        }

        report?.WriteLine(Line(issue));
    }

    private static string Line(LoadIssue issue)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("outcome", issue.Issue.Refused ? "refused" : "parked");
            json.WriteString("file", issue.File);
            if (issue.Line is { } line)
                json.WriteNumber("line", line);
            if (issue.Issue.Entry is { } entry)
                json.WriteNumber("entry", entry);
            if (issue.Issue.Code is { } code)
                json.WriteString("code", code);
            json.WriteString("reason", issue.Issue.Reason);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
