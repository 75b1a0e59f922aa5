namespace Lhcre.Synthetic.Quality;

/// <summary>A pair that something was counted for, to look at.</summary>
internal sealed record Case(Telling Left, Telling Right);

/// <summary>Counts by name, and the first pairs that were counted under each.</summary>
internal sealed class Counts
{
    private const int MostCases = 3;

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Case>> _cases = [];

    public IEnumerable<KeyValuePair<string, long>> All => _counts;

    public IReadOnlyList<Case> Cases(string name) => _cases.GetValueOrDefault(name) ?? [];

    public void Add(string name, long count = 1) => _counts[name] = _counts.GetValueOrDefault(name) + count;

    public void Add(string name, Telling left, Telling right)
    {
        Add(name);
        Keep(name, new Case(left, right));
    }

    public void Add(Counts other)
    {
        foreach (var (name, count) in other._counts)
            Add(name, count);
        foreach (var (name, cases) in other._cases)
            cases.ForEach(c => Keep(name, c));
    }

    private void Keep(string name, Case pair)
    {
        if (!_cases.TryGetValue(name, out var cases))
            _cases[name] = cases = [];
        if (cases.Count < MostCases)
            cases.Add(pair);
    }
}
