using System.Text;

namespace Lhcre.Record.Tests;

/// <summary>A record and the rows of the journal that made it.</summary>
internal sealed class Diary
{
    private int _pushes;

    public PatientRecord Record { get; private set; } = PatientRecord.Empty(Said.Person, Said.Home);

    public List<RecordRow> Rows { get; } = [];

    /// <summary>When a row is appended, by our clock: a minute each.</summary>
    public static DateTimeOffset At(long seq) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(seq);

    public static Diary Of(params Fragment[] fragments)
    {
        var diary = new Diary();
        diary.Push(fragments);
        return diary;
    }

    /// <summary>Accept, journal, apply: what a grain does with a push.</summary>
    public Acceptance Push(params Fragment[] fragments) => Push(null, fragments);

    /// <summary>The same of what may be whole.</summary>
    public Acceptance Push(SourceExtent? extent, params Fragment[] fragments)
    {
        var seq = Record.Seq + 1;
        var acceptance = Merge.Accept(Record, fragments, At(seq), extent);
        if (acceptance.Fragments.IsEmpty)
            return acceptance;
        var row = new RecordRow(seq, PushId.Of("test", $"{++_pushes}"), At(seq), LogBody.WriteRow(acceptance.Fragments), acceptance.Fragments);
        Rows.Add(row);
        Record = Merge.Apply(Record, row);
        return acceptance;
    }

    /// <summary>The record as a cold load makes it: from the rows' bytes alone.</summary>
    public PatientRecord Replayed() =>
        Rows.Aggregate(PatientRecord.Empty(Said.Person, Said.Home), (record, row) => Merge.Apply(record, row with { Fragments = LogBody.Read(row.Body) }));

    /// <summary>The merged resource of which a source's entry is a member.</summary>
    public MergedResource? Of(string source, string type, string id) => Record.ResourceOf(new EntryKey(source, type, id));

    /// <summary>The members of each merged resource of a type, as <c>source/id</c>.</summary>
    public string[] Clusters(string type) => [.. Record.OfType(type).ToArray().Select(r => string.Join(' ', r.Members.Select(m => $"{m.Key.Source}/{m.Key.Id}")))];

    /// <summary>All Bundle entries.</summary>
    public static string[] Served(PatientRecord record) => [.. record.All.ToArray().Select(r => Said.Text(r.BundleEntryBytes))];

    /// <summary>All Bundle entries without the stamps that are the journal's.</summary>
    public static string[] Masked(PatientRecord record) => [.. record.All.ToArray().Select(Masked)];

    private static string Masked(MergedResource resource)
    {
        var (bytes, stamp) = (resource.BundleEntryBytes, resource.Segment.Stamp);
        return Encoding.UTF8.GetString(bytes, 0, stamp.Start) + "<stamp>" + Encoding.UTF8.GetString(bytes, stamp.End, bytes.Length - stamp.End);
    }
}
