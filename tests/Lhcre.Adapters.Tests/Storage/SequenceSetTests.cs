using CsCheck;
using Lhcre.Adapters.Storage;

namespace Lhcre.Adapters.Tests.Storage;

/// <summary>A set of sequences is a set, in the memory of its gaps.</summary>
public sealed class SequenceSetTests
{
    [Fact]
    public void It_holds_what_was_added_and_not_taken_out_in_ranges_that_do_not_touch() =>
        Gen.Select(Gen.Long[1, 60], Gen.Long[0, 8], Gen.Bool).Array[0, 40].Sample(acts =>
        {
            var (set, model) = (new SequenceSet(), new SortedSet<long>());
            foreach (var (first, more, isTakenOut) in acts)
            {
                if (isTakenOut && more == 0)
                {
                    var last = first;
                    while (model.Contains(last + 1))
                        last++;
                    model.RemoveWhere(s => s <= last);
                    Assert.Equal(last, set.TakeOut(first));
                }
                else
                {
                    for (var sequence = first; sequence <= first + more; sequence++)
                        model.Add(sequence);
                    set.Add(first, first + more);
                }

                Assert.All(Enumerable.Range(0, 75), sequence => Assert.Equal(model.Contains(sequence), set.Contains(sequence)));
                Assert.Equal(model.Count > 0 ? model.Max : null, set.Most);
                Assert.All(set.Ranges.Zip(set.Ranges.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
            }
        });

    [Fact]
    public void What_is_settled_behind_one_that_nobody_takes_is_kept_in_little_and_found_again()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.At("outbox"));
        const int last = 400_000;
        using (var marks = Marks.Open(folder.At("outbox")))
        {
            for (var first = 2; first <= last; first += 100)
                marks.Settle([.. Enumerable.Range(first, Math.Min(100, last - first + 1)).Select(s => (long)s)]);
            Assert.True(new FileInfo(folder.At("outbox/settled.marks")).Length < 1_200_000);
        }

        using var again = Marks.Open(folder.At("outbox"));
        Assert.Equal((0, last), (again.SettledUpTo, again.Most));
        Assert.False(again.IsSettled(1));
        Assert.True(again.IsSettled(2) && again.IsSettled(last / 2) && again.IsSettled(last));
        again.Settle([1]);
        Assert.Equal(last, again.SettledUpTo);
    }
}
