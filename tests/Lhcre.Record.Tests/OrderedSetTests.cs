using CsCheck;

namespace Lhcre.Record.Tests;

public class OrderedSetTests
{
    private static readonly Gen<(bool Add, int Key)[]> Changes =
        Gen.Int[0, 3].SelectMany(size => Gen.Select(Gen.Int[0, 9], Gen.Int[0, 40 * (int)Math.Pow(4, size)], (roll, key) => (roll < 6, key)).Array[0, 3_000]);

    [Fact]
    public void A_set_says_what_a_sorted_dictionary_says() =>
        Changes.Sample(
            changes =>
            {
                var (set, model) = (OrderedSet<Item>.Empty, new SortedDictionary<int, Item>());
                for (var i = 0; i < changes.Length; i++)
                {
                    var (add, key) = changes[i];
                    set = add ? set.With(new At(key), new Item(key, i)) : set.Without(new At(key));
                    if (add)
                        model[key] = new Item(key, i);
                    else
                        model.Remove(key);
                    Assert.Equal(model.Count, set.Count);
                    Assert.Equal(model.TryGetValue(key, out var expected), set.TryFind(new At(key), out var found));
                    Assert.Equal(expected, found);
                }

                Assert.Equal(model.Values, set.ToArray());
                foreach (var key in changes.Select(c => c.Key).Take(50))
                {
                    Assert.Equal(model.Values.Where(i => i.Key >= key), set.From(new At(key)));
                    Assert.Equal(model.Values.Where(i => i.Key / 10 >= key / 10), set.From(new InDecade(key / 10)));
                    Assert.Equal(model.ContainsKey(key + 1), set.TryFind(new At(key + 1), out _));
                }
            },
            iter: 200);

    [Fact]
    public void What_two_sets_do_not_share_is_all_in_which_they_differ_and_few_besides() =>
        Changes.Sample(
            changes =>
            {
                var set = OrderedSet<Item>.Empty;
                for (var i = 0; i < changes.Length; i++)
                {
                    var before = set;
                    set = changes[i].Add ? set.With(new At(changes[i].Key), new Item(changes[i].Key, i)) : set.Without(new At(changes[i].Key));
                    var (there, here) = (before.NotSharedWith(set).ToList(), set.NotSharedWith(before).ToList());
                    Assert.Equal(before.ToArray().Except(set.ToArray()), there.Except(here));
                    Assert.Equal(set.ToArray().Except(before.ToArray()), here.Except(there));
                    // One leaf, or the two that it was split into.
                    Assert.True(here.Count <= 33);
                }

                Assert.Empty(set.NotSharedWith(set));
                Assert.Equal(set.ToArray(), set.NotSharedWith(OrderedSet<Item>.Empty));
            },
            iter: 20);

    [Fact]
    public void An_older_version_stays_as_it_was() =>
        Changes.Sample(
            changes =>
            {
                var set = OrderedSet<Item>.Empty;
                var versions = new List<(OrderedSet<Item> Set, Item[] Items)>();
                for (var i = 0; i < changes.Length; i++)
                {
                    if (i % 100 == 0)
                        versions.Add((set, set.ToArray()));
                    set = changes[i].Add ? set.With(new At(changes[i].Key), new Item(changes[i].Key, i)) : set.Without(new At(changes[i].Key));
                }

                foreach (var (version, items) in versions)
                {
                    Assert.Equal(items, version.ToArray());
                    Assert.Equal(items, version.From(new At(int.MinValue)));
                }
            },
            iter: 50);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Ten_thousand_items_in_order_or_against_it_are_added_and_taken_out(int step)
    {
        var keys = Enumerable.Range(0, 10_000).Select(i => i * step).ToArray();
        var set = keys.Aggregate(OrderedSet<Item>.Empty, (s, key) => s.With(new At(key), new Item(key, 0)));
        Assert.Equal(keys.Order(), set.ToArray().Select(i => i.Key));
        set = keys.Where(key => key % 7 != 0).Aggregate(set, (s, key) => s.Without(new At(key)));
        Assert.Equal(keys.Where(key => key % 7 == 0).Order(), set.ToArray().Select(i => i.Key));
        set = keys.Aggregate(set, (s, key) => s.Without(new At(key)));
        Assert.Equal(0, set.Count);
        Assert.Empty(set.ToArray());
        Assert.Single(set.With(new At(1), new Item(1, 1)).ToArray());
    }

    [Fact]
    public void Taking_out_what_is_not_there_gives_the_same_set()
    {
        var set = OrderedSet<Item>.Empty.With(new At(1), new Item(1, 1));
        Assert.Same(set, set.Without(new At(2)));
        Assert.Same(OrderedSet<Item>.Empty, OrderedSet<Item>.Empty.Without(new At(1)));
    }

    [Fact]
    public void An_item_replaces_the_one_at_its_place_everywhere()
    {
        // The first item of a leaf stands in the nodes above too: nobody may find the old one there, or keep it alive.
        var set = Enumerable.Range(0, 1_000).Aggregate(OrderedSet<Item>.Empty, (s, key) => s.With(new At(key), new Item(key, 0)));
        set = Enumerable.Range(0, 1_000).Aggregate(set, (s, key) => s.With(new At(key), new Item(key, 1)));
        Assert.Equal(1_000, set.Count);
        Assert.All(set.ToArray(), item => Assert.Equal(1, item.Stamp));
        Assert.All(set.From(new At(0)), item => Assert.Equal(1, item.Stamp));
    }

    private sealed record Item(int Key, int Stamp);

    private readonly struct At(int key) : IProbe<Item>
    {
        public int CompareTo(Item item) => key.CompareTo(item.Key);
    }

    private readonly struct InDecade(int decade) : IProbe<Item>
    {
        public int CompareTo(Item item) => decade.CompareTo(item.Key / 10);
    }
}
