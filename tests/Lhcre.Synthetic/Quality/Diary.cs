using System.Buffers;
using System.Security.Cryptography;
using Lhcre.Record;

namespace Lhcre.Synthetic.Quality;

/// <summary>A record as pushes make it, in memory.</summary>
internal sealed class Diary(PatientKey person)
{
    private static readonly Addresses Home = new("http://127.0.0.1:8080");
    private static readonly DateTimeOffset Opened = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public PatientRecord Record { get; private set; } = PatientRecord.Empty(person, Home);

    /// <summary>The record of these pushes.</summary>
    public static PatientRecord Of(PatientKey person, IEnumerable<IReadOnlyList<Fragment>> pushes)
    {
        var diary = new Diary(person);
        foreach (var push in pushes)
            diary.Push(push);
        return diary.Record;
    }

    /// <summary>Accept, journal, apply: what a grain does with a push.</summary>
    public void Push(IReadOnlyList<Fragment> fragments)
    {
        var seq = Record.Seq + 1;
        var at = Opened.AddMinutes(seq);
        var acceptance = Merge.Accept(Record, fragments, at);
        if (acceptance.Fragments.IsEmpty)
            return;
        Record = Merge.Apply(Record, new RecordRow(seq, PushId.Of("quality", $"{seq}"), at, LogBody.Write(acceptance.Fragments), acceptance.Fragments));
    }

    /// <summary>
    /// A hash of everything that the record says, without what says when we heard it: the stamps of a resource, and since when a conflict
    /// is known (DESIGN.md, "Order law").
    /// </summary>
    public static string Masked(PatientRecord record)
    {
        var said = new ArrayBufferWriter<byte>(64 * 1024);
        foreach (var resource in record.All)
        {
            var (bytes, stamp) = (resource.BundleEntryBytes, resource.Segment.Stamp);
            Write(said, bytes.AsSpan(0, stamp.Start), resource.Type);
            said.Write("#"u8);
            Write(said, bytes.AsSpan(stamp.End), resource.Type);
        }

        return Convert.ToHexString(SHA256.HashData(said.WrittenSpan));
    }

    private static void Write(ArrayBufferWriter<byte> said, ReadOnlySpan<byte> bytes, string type)
    {
        var since = "\"identifiedDateTime\":\""u8;
        if (type == ConflictNotes.Type && bytes.IndexOf(since) is var start and >= 0)
        {
            said.Write(bytes[..start]);
            bytes = bytes[(start + since.Length)..];
            bytes = bytes[(bytes.IndexOf((byte)'"') + 1)..];
        }

        said.Write(bytes);
    }
}
