using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>What folding may never change, over all that sources may push and wherever the folds fall.</summary>
public class FoldLawsTests
{
    private const int Iterations = 150;

    // Before each push: nothing, a fold, a restart, or both.
    private static readonly Gen<(Fragment[][] Pushes, int[] Acts)> Histories = FragmentSets.Fragments
        .SelectMany(FragmentSets.Pushes)
        .SelectMany(pushes => Gen.Int[0, 3].Array[pushes.Length].Select(acts => (Pushes: pushes, Acts: acts)));

    [Fact]
    public void A_record_that_is_folded_at_any_time_serves_what_one_serves_that_never_was() => Histories.Sample(
        (pushes, acts) =>
        {
            var (plain, folded) = (new Diary(), new FoldedDiary());
            for (var i = 0; i < pushes.Length; i++)
            {
                Act(folded, acts[i]);
                plain.Push(pushes[i]);
                folded.Push(pushes[i]);
                Assert.Equal(Diary.Served(plain.Record), Diary.Served(folded.Record));
            }

            Assert.Equal(State(plain.Record), State(folded.Record));
        },
        iter: Iterations,
        print: t => FragmentSets.Text(t.Item1) + "\n" + string.Join(" ", t.Item2));

    [Fact]
    public void Chunks_and_tail_make_the_same_record_as_the_whole_log() => Histories.Sample(
        (pushes, acts) =>
        {
            var diary = Played(pushes, acts);
            Assert.Equal(State(diary.Replayed()), State(diary.Loaded()));
            Assert.Equal(State(diary.Record), State(diary.Loaded()));
        },
        iter: Iterations,
        print: t => FragmentSets.Text(t.Item1) + "\n" + string.Join(" ", t.Item2));

    [Fact]
    public void Every_row_stays_in_the_log_or_in_history_once_and_as_it_was() => Histories.Sample(
        (pushes, acts) =>
        {
            var plain = new Diary();
            foreach (var push in pushes)
                plain.Push(push);
            var rows = Played(pushes, acts).Log().ToList();
            Assert.Equal(plain.Rows.Select(r => (r.Seq, r.Push, r.At)), rows.Select(r => (r.Seq, r.Push, r.At)));
            Assert.Equal(
                plain.Rows.SelectMany(r => r.Fragments).Select(f => Said.Text(f.AsSent)), rows.SelectMany(r => r.Fragments).Select(f => Said.Text(f.AsSent)));
        },
        iter: Iterations);

    [Fact]
    public void What_is_served_of_chunks_alone_is_the_record() => Histories.Sample(
        (pushes, acts) =>
        {
            var diary = Played(pushes, acts);
            if (diary.Record.Seq == 0)
                return;
            diary.Fold();
            var read = FoldedRecord.Read(Said.Person, Said.Home, diary.Live)!;
            var settled = FoldedRecord.Of(diary.Record, diary.Live);
            foreach (var folded in new[] { read, settled })
            {
                Assert.Equal(Diary.Served(diary.Record), folded.Entries.Select(e => Said.Text(e)));
                Assert.Equal((diary.Record.Seq, diary.Record.Version, diary.Record.LastUpdated), (folded.Seq, folded.Version, folded.LastUpdated));
                Assert.Equal(State(diary.Record), State(folded.Unfold(Diary.At(-1_000_000))));
            }
        },
        iter: Iterations);

    // Who is withheld comes and goes with the others' Patients: entries that nobody pushes again move in and out of what is shown.
    [Fact]
    public void Who_is_withheld_survives_folds_and_restarts() => Gen
        .Select(Gen.Int[0, 3], Gen.Int[0, 4]).Array[1, 12].Sample(
        steps =>
        {
            var diary = new FoldedDiary();
            foreach (var source in Said.Sources)
                diary.Push(Said.Of(source, "Condition", "c", 1, "'subject':{'reference':'Patient/p'}," + Said.Coded(source)));
            for (var i = 0; i < steps.Length; i++)
            {
                Act(diary, steps[i].Item1);
                var (source, person) = (Said.Sources[steps[i].Item2 % Said.Sources.Length], steps[i].Item2 & 1);
                diary.Push(i % 3 == 2
                    ? Said.Gone(source, "Patient", "p", i + 2)
                    : Said.Of(source, "Patient", "p", i + 2, person == 0
                        ? "'name':[{'family':'Smith','given':['Jane']}],'gender':'female','birthDate':'1980-03-04'"
                        : "'name':[{'family':'Okafor','given':['Peter']}],'gender':'male','birthDate':'1951-11-30'"));
            }

            diary.Fold();
            Assert.Equal(State(diary.Replayed()), State(diary.Record));
            Assert.Equal(State(diary.Record), State(diary.Loaded()));
            Assert.Equal(diary.Record.Withheld.Select(e => e.Key), diary.Loaded().Withheld.Select(e => e.Key));
        },
        iter: 300);

    private static FoldedDiary Played(Fragment[][] pushes, int[] acts)
    {
        var diary = new FoldedDiary();
        for (var i = 0; i < pushes.Length; i++)
        {
            Act(diary, acts[i]);
            diary.Push(pushes[i]);
        }

        return diary;
    }

    private static void Act(FoldedDiary diary, int act)
    {
        if (diary.Record.Seq > 0 && (act & 1) != 0)
            diary.Fold();
        if ((act & 2) != 0)
            diary.Restart();
    }

    // All that merging goes on from: two records of one state stay equal whatever is pushed.
    internal static string[] State(PatientRecord record) =>
    [
        .. Diary.Served(record),
        $"{record.Seq} {record.Version} {record.LastUpdated:O} {record.LastAppended:O} {record.LastRules}",
        .. record.Entries.ToArray().Select(e =>
            $"{e.Key.Source} {e.Key.Reference} {e.Kind} {e.Seq} {e.Index} {string.Join(';', e.Versions)} {string.Join(';', e.Targets.Select(t => t.Reference))} {Said.Text(LogBody.Unpack(LogBody.Write([Facts(e)])))}"),
        .. record.Resources.ToArray().Select(r => $"{r.Id} {r.Version} {r.LastUpdated:O} {r.Segment.Stamp} {r.ResourceRange} {r.Shown?.Key.Source} {string.Join(';', r.Members.Select(m => m.Key.Source + m.Key.Reference))}"),
        .. record.Joined.ToArray().Select(Link),
        .. record.Referrers.ToArray().Select(Link),
        .. record.Redirects.ToArray().Select(Link),
        .. record.Hashes.ToArray().Select(h => $"{h.Prefix} {h.Key.Source} {h.Key.Reference}"),
        .. record.Matches.ToArray().Select(m => $"{m.Match} {m.Entry.Source} {m.Entry.Reference}"),
        .. record.Pushes.ToArray().Select(p => $"{p}"),
    ];

    private static string Link(KeyLink link) => $"{link.From.Source} {link.From.Reference} {link.To.Source} {link.To.Reference}";

    // Facts have lists in them, which compare by identity; their bytes do not.
    private static Fragment Facts(Entry entry) => new(entry.Key, entry.Kind, entry.Version) { Facts = entry.Facts };
}
