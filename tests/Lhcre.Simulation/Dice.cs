namespace Lhcre.Simulation;

/// <summary>Decides, from a seed: the same seed decides the same.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>From 0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => _random.Next(limit);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => _random.Next(least, most + 1);

    /// <summary>True once in <paramref name="many"/> times.</summary>
    public bool OneIn(int many) => _random.Next(many) == 0;

    /// <summary>True in this many of a hundred times.</summary>
    public bool Percent(int chance) => _random.Next(100) < chance;

    /// <summary>One of several.</summary>
    public T Of<T>(IReadOnlyList<T> several) => several[_random.Next(several.Count)];

    /// <summary>The same in some order.</summary>
    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        _random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Dice of their own, so that more throws here leave the throws there as they were.</summary>
    public Dice Apart() => new(_random.Next());
}
