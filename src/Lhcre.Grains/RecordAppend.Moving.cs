using System.Buffers.Binary;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <content>What changes in the journal with what moves between two records (decision 0029).</content>
public static partial class RecordAppend
{
    /// <summary>The append of a row that is a copy of what was filed in another record, which keeps the entries and the names: by those it is found.</summary>
    internal static Append OfMoved(PatientRecord before, PatientRecord after, RecordRow row, PushRequest push, long oldEpoch, long newEpoch) => new()
    {
        Patient = before.Key,
        OldEpoch = oldEpoch,
        NewEpoch = newEpoch,
        Row = new LogRow(row.Seq, row.Push, row.At, row.Body),
        Source = push.Source,
        Lane = push.Lane,
        Person = Person(before, after, isTold: row.Fragments.Any(f => f.Key.Type == "Patient"), isFirst: oldEpoch != newEpoch),
        Uses = Uses(after, row.Fragments),
        Settles = push.Settles,
    };

    /// <summary>
    /// A correction's append, by which the other record of each move is told of it: a move that leaves keeps its mark in this row's version, one that comes uses it, and
    /// what is kept above what was delivered is a follow-up.
    /// </summary>
    internal static Append OfMoves(Append append, PatientRecord after, RecordRow row)
    {
        var moves = after.Corrections.All.OfType<Move>().Where(m => m.Source == append.Source).ToList();
        append = row.Correction is Move { IsHere: true } here ? append with { Uses = append.Uses.Add(new SupportingUse(here.Mark, null)) } : append;
        return WithMarks(append, moves.Where(m => !m.IsHere).Select(m => m.Mark).Distinct());
    }

    /// <summary>An append in which there is something for other records, by the marks of the moves to them.</summary>
    internal static Append WithMarks(Append append, IEnumerable<EntryKey> marks) =>
        append with { Supporting = [.. append.Supporting, .. marks.Select(mark => new SupportingResource(mark, Version(append.Row.Seq), LogBody.Write([])))] };

    /// <summary>The marks of the moves by which something of a row is another record's.</summary>
    internal static IEnumerable<EntryKey> Moving(PatientRecord record, RecordRow row)
    {
        var keys = row.Fragments.Select(f => f.Key).Where(record.Corrections.HaveLeft).ToHashSet();
        return keys.Count == 0 ? [] : record.Corrections.Moves.Where(m => !m.IsHere && m.Entries.Any(keys.Contains)).Select(m => m.Mark).Distinct();
    }

    // A record's rows are counted upwards.
    private static byte[] Version(long seq)
    {
        var version = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(version, seq);
        return version;
    }
}
