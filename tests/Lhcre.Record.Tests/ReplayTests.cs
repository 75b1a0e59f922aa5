using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>The replay law, row by row: a record made anew of its log was at each row what it was when that was pushed.</summary>
public class ReplayTests
{
    private static readonly Gen<(Fragment[][] Pushes, int[] Acts)> Histories = Gen
        .OneOf(FragmentSets.Fragments.SelectMany(FragmentSets.Pushes), ClinicalSets.Declared.SelectMany(FragmentSets.Pushes))
        .SelectMany(pushes => Gen.Int[0, 3].Array[pushes.Length].Select(acts => (pushes, acts)));

    [Fact]
    public void Each_row_of_a_log_that_was_folded_at_any_time_gives_what_was_served_then() => Histories.Sample(
        (pushes, acts) =>
        {
            var (diary, served) = (new FoldedDiary(), new List<string[]>());
            for (var i = 0; i < pushes.Length; i++)
            {
                if (diary.Record.Seq > 0 && (acts[i] & 1) != 0)
                    diary.Fold();
                if ((acts[i] & 2) != 0)
                    diary.Restart();
                diary.Push(pushes[i]);
                if (diary.Record.Seq > served.Count)
                    served.Add(All(diary.Record));
            }

            var replay = new Replay(Said.Person, Said.Home, diary.Log());
            foreach (var row in diary.Log())
            {
                var before = replay.Record;
                replay.Take(row);
                Assert.Same(before, replay.Before);
                Assert.Equal(served[(int)row.Seq - 1], All(replay.Record));
            }

            Assert.Equal(served.Count, replay.Record.Seq);
            Assert.False(replay.IsOfOtherRules);
        },
        iter: 150,
        print: t => FragmentSets.Text(t.Item1) + "\n" + string.Join(" ", t.Item2));

    [Fact]
    public void Words_are_at_hand_for_as_long_as_something_is_rendered_of_them()
    {
        // The first row's words are rendered anew at the end: what they refer to comes then. Those between are forgotten on the way.
        var diary = Diary.Of(Said.Of(Said.Dorset, "Observation", "1", 1, "'performer':[{'reference':'Practitioner/1'}]"));
        for (var day = 1; day < 200; day++)
            diary.Push(Said.Of(Said.Dorset, "Basic", "b", day));
        diary.Push(Said.Of(Said.Dorset, "Practitioner", "1", 1));

        var replay = new Replay(Said.Person, Said.Home, diary.Rows);
        foreach (var row in diary.Rows)
            replay.Take(row with { Body = default });

        Assert.Equal(All(diary.Record), All(replay.Record));
        Assert.DoesNotContain("/sources/", Said.Text(replay.Record.OfType("Observation")[0].Resource), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_other_merge_rules_are_told()
    {
        var row = Diary.Of(Said.Of(Said.Dorset, "Basic", "b", 1)).Rows[0];
        var replay = new Replay(Said.Person, Said.Home, [row]);

        replay.Take(row with { Rules = PatientRecord.MergeRules - 1 });

        Assert.True(replay.IsOfOtherRules);
        Assert.Equal(PatientRecord.MergeRules - 1, replay.Record.LastRules);
        Assert.Throws<ArgumentException>(() => replay.Take(row with { Seq = 3 }));
    }

    private static string[] All(PatientRecord record) =>
        [$"{record.Seq} {record.Version} {record.LastUpdated:O} {record.LastAppended:O} {record.LastRules}", .. Diary.Served(record)];
}
