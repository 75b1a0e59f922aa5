using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>
/// The laws of corrections (decision 0022), over pushes, quarantines, ends of quarantines, folds and cold starts in any order: a record says what the rows say
/// that are left standing.
/// </summary>
public sealed class CorrectionLawsTests
{
    private const int Iterations = 150;

    private static readonly Gen<Act> Acts = Gen.Select(Gen.Int[0, 11], Gen.OneOf(Said.Sources), Gen.Int[0, 40], Gen.Int[0, 40], (roll, source, one, other) => roll switch
    {
        < 4 => new Act.Quarantined(source, Math.Min(one, other), Math.Max(one, other)),
        4 => new Act.Quarantined(source, one, null),
        < 9 => new Act.Ended(one),
        9 => new Act.Folded(),
        10 => new Act.Restarted(),
        _ => (Act)new Act.Late(Said.Of(source, "Observation", $"{(one % 7) + 1}", (other % 4) + 1, "'valueInteger':7"), one),
    });

    private static readonly Gen<Act[]> Stories = Gen.OneOf(FragmentSets.Declared, ClinicalSets.Declared).SelectMany(FragmentSets.Pushes)
        .SelectMany(pushes => Acts.Array[0, 12].SelectMany(acts => Gen.Shuffle(pushes.Select(p => (Act)new Act.Pushed(p)).Concat(acts).ToArray())));

    [Fact]
    public void A_record_says_what_the_rows_say_that_stand_and_nothing_else() => Stories.Sample(
        acts =>
        {
            var diary = Played(acts);
            Assert.Equal(Diary.Masked(Standing(diary)), Diary.Masked(diary.Record));
        },
        iter: Iterations,
        print: Text);

    [Fact]
    public void When_every_quarantine_has_ended_there_never_was_one() => Stories.Sample(
        acts =>
        {
            var diary = Played(acts);
            foreach (var quarantine in diary.Record.Corrections.All.OfType<Quarantine>().Where(q => diary.Record.Corrections.IsInForce(q.Id)))
                diary.Correct(new QuarantineEnd(PushId.Of("end", $"{quarantine.Id}"), quarantine.Source, "over", quarantine.Id));

            var never = new FoldedDiary();
            foreach (var row in diary.Log().Where(r => r.Fragments.Count > 0))
                never.File(row.ReceivedAt, [.. row.Fragments]);
            Assert.Equal(Diary.Masked(never.Record), Diary.Masked(diary.Record));
            Assert.Equal(Held(never.Record), Held(diary.Record));
        },
        iter: Iterations,
        print: Text);

    [Fact]
    public void The_replay_law_holds_across_corrections_row_by_row() => Stories.Sample(
        acts =>
        {
            var served = new List<string[]>();
            var diary = Played(acts, after => served.Add(All(after)));
            var replay = new Replay(Said.Person, Said.Home, diary.Log());
            foreach (var row in diary.Log())
            {
                replay.Take(row);
                Assert.Equal(served[(int)row.Seq - 1], All(replay.Record));
            }

            Assert.Equal(All(diary.Record), All(diary.Loaded()));
        },
        iter: Iterations,
        print: Text);

    [Fact]
    public void A_version_changes_when_the_bytes_do_and_only_then() => Stories.Sample(
        acts =>
        {
            var before = new FoldedDiary().Record;
            Played(acts, after =>
            {
                Assert.Equal(!Diary.Masked(before).SequenceEqual(Diary.Masked(after)), after.Version == after.Seq);
                var old = before.All.ToArray().ToDictionary(r => (r.Type, r.Id));
                foreach (var resource in after.All)
                {
                    var isSame = old.TryGetValue((resource.Type, resource.Id), out var was) && was.Segment.SaysTheSameAs(resource.Segment);
                    Assert.Equal(isSame ? (was!.Version, was.LastUpdated) : (after.Seq, Diary.At(after.Seq)), (resource.Version, resource.LastUpdated));
                }

                before = after;
            });
        },
        iter: Iterations,
        print: Text);

    private static FoldedDiary Played(Act[] acts, Action<PatientRecord>? afterRow = null)
    {
        var diary = new FoldedDiary();
        foreach (var act in acts)
        {
            var seq = diary.Record.Seq;
            act.Do(diary);
            if (diary.Record.Seq > seq)
                afterRow?.Invoke(diary.Record);
        }

        return diary;
    }

    // The fragments of the rows that stand, to a record that is told of nothing else.
    private static PatientRecord Standing(FoldedDiary diary)
    {
        var corrections = diary.Record.Corrections;
        var told = new FoldedDiary();
        foreach (var row in diary.Log())
        {
            Fragment[] standing = [.. row.Fragments.Where(f => !corrections.Exclude(f.Key.Source, row.ReceivedAt))];
            if (standing.Length > 0)
                told.File(row.ReceivedAt, standing);
        }

        return told.Record;
    }

    private static string[] All(PatientRecord record) =>
        [$"{record.Seq} {record.Version} {record.LastUpdated:O} {record.LastAppended:O}", .. Diary.Served(record), .. Held(record)];

    // Every entry with all its versions: what the next push is held against.
    private static string[] Held(PatientRecord record) =>
        [.. record.Entries.ToArray().Select(e => $"{e.Key.Source} {e.Key.Reference} {e.Kind} {string.Join(' ', e.Versions.Select(v => Convert.ToHexString(v.SortKey())))}")];

    private static string Text(Act[] acts) => string.Join('\n', acts.Select(a => a.ToString()));

    private abstract record Act
    {
        public abstract void Do(FoldedDiary diary);

        public sealed record Pushed(Fragment[] Fragments) : Act
        {
            public override void Do(FoldedDiary diary) => diary.File(Diary.At(diary.Record.Seq + 1), Fragments);

            public override string ToString() => $"push {FragmentSets.Text([Fragments])}";
        }

        public sealed record Late(Fragment Fragment, int Received) : Act
        {
            public override void Do(FoldedDiary diary) => diary.File(Diary.At(Received), Fragment);
        }

        public sealed record Quarantined(string Source, int From, int? To) : Act
        {
            public override void Do(FoldedDiary diary) => diary.Correct(new Quarantine(
                PushId.Of("quarantine", $"{diary.Record.Seq}"), Source, "why", Diary.At(From), To is { } to ? Diary.At(to) : null));
        }

        public sealed record Ended(int Which) : Act
        {
            public override void Do(FoldedDiary diary)
            {
                Quarantine[] inForce = [.. diary.Record.Corrections.All.OfType<Quarantine>().Where(q => diary.Record.Corrections.IsInForce(q.Id))];
                if (inForce.Length > 0)
                    diary.Correct(new QuarantineEnd(PushId.Of("end", $"{diary.Record.Seq}"), inForce[Which % inForce.Length].Source, "why", inForce[Which % inForce.Length].Id));
            }
        }

        public sealed record Folded : Act
        {
            public override void Do(FoldedDiary diary)
            {
                if (diary.Record.Seq > 0)
                    diary.Fold();
            }
        }

        public sealed record Restarted : Act
        {
            public override void Do(FoldedDiary diary) => diary.Restart();
        }
    }
}
