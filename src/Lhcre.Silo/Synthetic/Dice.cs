namespace Lhcre.Silo.Synthetic;

/// <summary>
/// Seeded randomness whose sequence is ours, so that a person stays the same person on every runtime: SplitMix64 (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014).
/// </summary>
internal sealed class Dice
{
    private ulong _state;

    /// <summary>The dice of one person: what they show depends on the seed and the person's number, not on who was made before.</summary>
    public Dice(int seed, int person)
    {
        _state = ((ulong)(uint)seed << 32) | (uint)person;
        _state = Next();
    }

    /// <summary>A number from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Between(int from, int to) => from + (int)(Next() % (ulong)(to - from + 1));

    /// <summary>True in <paramref name="percent"/> of a hundred throws.</summary>
    public bool Chance(int percent) => Between(0, 99) < percent;

    /// <summary>One of <paramref name="choices"/>, each as likely as the next.</summary>
    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Between(0, choices.Count - 1)];

    /// <summary>The choices in a random order.</summary>
    public List<T> Shuffle<T>(IEnumerable<T> choices)
    {
        var list = choices.ToList();
        for (var last = list.Count - 1; last > 0; last--)
        {
            var other = Between(0, last);
            (list[last], list[other]) = (list[other], list[last]);
        }

        return list;
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
