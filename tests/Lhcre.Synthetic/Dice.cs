namespace Lhcre.Synthetic;

/// <summary>Decides, from a seed: the same seed decides the same.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => _random.Next(least, most + 1);

    /// <summary>True in this many of a thousand times. Throws once, whatever the chance: other chances leave later throws as they were.</summary>
    public bool Thousandths(int chance) => _random.Next(1000) < chance;

    /// <summary>One of several.</summary>
    public T Of<T>(IReadOnlyList<T> several) => several[_random.Next(several.Count)];

    /// <summary>The same in some order.</summary>
    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        _random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Dice of their own, so that more throws there leave the throws here as they were.</summary>
    public Dice Apart() => new(_random.Next());
}
