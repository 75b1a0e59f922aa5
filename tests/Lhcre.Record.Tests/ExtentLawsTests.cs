using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>The laws of DESIGN.md ("Merge"), where some of the pushes say that they are all that their source says of some types.</summary>
public class ExtentLawsTests
{
    private const int Iterations = 400;

    // Few ids, days and types, so that what is whole meets what came before it, late, again and never.
    private static readonly Gen<string> Types = Gen.Frequency((4, "Observation"), (2, "Condition"), (1, "Patient"), (1, "Practitioner"));

    private static Gen<Fragment> OfSource(string source) => Gen.Select(
        Types, Gen.Int[1, 4], Gen.Int[1, 6], Gen.Int[0, 9], Gen.Int[1, 2], (type, id, day, roll, words) => roll switch
        {
            0 => Said.Gone(source, type, $"{id}", day),
            1 => Fragment.Moved(new EntryKey(source, type, $"{id}"), new FragmentVersion(Said.Day(day), true, null, new ContentHash(5))),
            2 => Said.By(source, $"{{'resourceType':'{type}','id':'{id}',{Said.Identified($"{id}")},'meta':{{'versionId':'{words}','lastUpdated':'{Said.Instant(Said.Day(day))}'}}}}"),
            _ => Said.Of(source, type, $"{id}", day, $"{Said.Identified($"{id}")},'language':'{words}'"),
        });

    private static readonly Gen<Telling> Pushes = Gen.OneOf(Said.Dorset, Said.Dorset, Said.Hampshire).SelectMany(source => Gen.Select(
        OfSource(source).Array[0, 4],
        Gen.Frequency((1, Gen.Const((SourceExtent?)null)), (1, Gen.Select(Gen.Int[1, 6], Gen.OneOf("", "Observation", "Condition", "Observation Condition"), (day, types) =>
            (SourceExtent?)new SourceExtent(source, Said.Day(day), [.. types.Split(' ', StringSplitOptions.RemoveEmptyEntries)])))),
        (fragments, extent) => new Telling(extent, fragments)));

    private static readonly Gen<(Telling[] Set, Telling[] One, Telling[] Other)> Arranged = Pushes.Array[1, 12].SelectMany(set =>
        Gen.Select(InSomeOrder(set), InSomeOrder(set), (one, other) => (set, one, other)));

    [Fact]
    public void The_order_law_any_order_and_any_repetition_give_the_same_bytes() => Arranged.Sample(
        (set, one, other) =>
        {
            var (left, right, atFirst) = (Played(one).Record, Played(other).Record, Played(set).Record);
            Assert.Equal(Diary.Masked(left), Diary.Masked(right));
            Assert.Equal(Diary.Masked(left), Diary.Masked(atFirst));
            Assert.Equal(Held(left), Held(right));
            Assert.Equal(Held(left), Held(atFirst));
        },
        iter: Iterations,
        print: Text);

    [Fact]
    public void What_is_live_is_what_the_newest_words_say_and_no_later_extent_leaves_out() => Arranged.Sample(
        (set, one, _) =>
        {
            var record = Played(one).Record;
            var words = set.SelectMany(p => p.Fragments).ToList();
            foreach (var key in words.Select(f => f.Key).Distinct())
            {
                var newest = words.Where(f => f.Key == key).MaxBy(f => f.Version)!;
                var missing = set.Where(p => p.Extent?.Covers(key) == true && p.Fragments.All(f => f.Key != key)).Max(p => p.Extent!.Time);
                Assert.Equal(newest.Kind == FragmentKind.Stated && !(newest.Version.Time <= missing), record.Entry(key)!.IsLive);
            }
        },
        iter: Iterations,
        print: Text);

    [Fact]
    public void The_replay_law_the_rows_alone_give_the_same_bytes_and_stamps() => Arranged.Sample(
        (_, one, _) =>
        {
            var diary = Played(one);
            Assert.Equal(Diary.Served(diary.Record), Diary.Served(diary.Replayed()));
            Assert.Equal(Held(diary.Record), Held(diary.Replayed()));
        },
        iter: Iterations,
        print: Text);

    [Fact]
    public void A_record_that_is_folded_and_loaded_between_them_remembers_how_far_it_is_whole() => Gen.Select(Arranged, Gen.Int[0, int.MaxValue]).Sample(
        (arranged, acts) =>
        {
            var folded = new FoldedDiary();
            foreach (var (push, i) in arranged.One.Select((p, i) => (p, i)))
            {
                if (folded.Record.Seq > 0 && ((acts >> i) & 1) != 0)
                    folded.Fold();
                if (((acts >> (i / 2)) & 2) != 0)
                    folded.Restart();
                folded.Push(push.Extent, push.Fragments);
            }

            var whole = Played(arranged.One).Record;
            Assert.Equal(Diary.Served(whole), Diary.Served(folded.Record));
            Assert.Equal(Held(whole), Held(folded.Record));
        },
        iter: Iterations,
        print: t => $"{Text(t.Item1)}\n{t.Item2}");

    [Fact]
    public void The_same_again_changes_nothing() => Arranged.Sample(
        (_, one, other) =>
        {
            var diary = Played(one);
            var before = diary.Record;
            foreach (var push in other)
                Assert.Equal(0, diary.Push(push.Extent, push.Fragments).Withdrawn);
            Assert.Same(before, diary.Record);
        },
        iter: Iterations,
        print: Text);

    private static Gen<Telling[]> InSomeOrder(Telling[] set) =>
        Gen.OneOf(set).Array[0, set.Length].SelectMany(again => Gen.Shuffle(set.Concat(again).ToArray()));

    private static Diary Played(IEnumerable<Telling> pushes)
    {
        var diary = new Diary();
        foreach (var push in pushes)
            diary.Push(push.Extent, push.Fragments);
        return diary;
    }

    private static (EntryKey, FragmentKind, string)[] Held(PatientRecord record) =>
        [.. record.Entries.ToArray().Select(e => (e.Key, e.Kind, string.Join(' ', e.Versions.Select(v => Convert.ToHexString(v.SortKey())))))];

    private static string Text((Telling[] Set, Telling[] One, Telling[] Other) arranged) =>
        $"{string.Join('\n', arranged.One.AsEnumerable())}\n=== and also\n{string.Join('\n', arranged.Other.AsEnumerable())}";

    private sealed record Telling(SourceExtent? Extent, Fragment[] Fragments)
    {
        public override string ToString() =>
            $"[{(Extent is null ? "" : $"whole {Extent.Source} {Extent.Time:MM-dd} {string.Join(',', Extent.Types)}: ")}"
            + $"{string.Join("; ", Fragments.Select(f => $"{f.Key.Source} {f.Kind} {f.Key.Reference} {f.Version.Time:MM-dd} {f.Version.Content.Bits:x}"[..^24]))}]";
    }
}
