using System.Collections.Immutable;

namespace Lhcre.Record.Matching;

/// <summary>
/// From pairs to clusters, with one outcome whatever the order of arrival (rule 3 of CLINICAL.md): the edges of a component are taken in a
/// fixed order (rule 0, then finer dates, then more shared codings, then the smaller pair of keys), and one that would bring together what
/// must stay apart is skipped. Coarser entries come last, and join only where exactly one cluster fits.
/// </summary>
internal sealed class Clusters
{
    private readonly Dictionary<EntryKey, Cluster> _clusterOf = [];
    private readonly List<Edge> _edges;
    private readonly List<Edge> _joins = [];

    private Clusters(IEnumerable<Statement> component, RecordView view)
    {
        foreach (var statement in component.OrderBy(s => s.Entry.Key))
            _clusterOf.Add(statement.Entry.Key, new Cluster(statement));
        _edges = [.. Edges.Of(_clusterOf, view).Order()];
    }

    /// <summary>The clusters of a component's shown entries.</summary>
    /// <param name="component">Shown entries of one component, Patients excepted; any types.</param>
    /// <param name="view">The record.</param>
    public static Clusters Form(IEnumerable<Entry> component, RecordView view)
    {
        var clusters = new Clusters(component.Select(e => Statement.Of(e, view)), view);
        clusters.Join();
        return clusters;
    }

    /// <summary>All clusters, by their smallest member.</summary>
    public IEnumerable<Cluster> All => _clusterOf.Values.Distinct().OrderBy(c => c.Smallest);

    /// <summary>The edges that were taken.</summary>
    public IReadOnlyList<Edge> Joins => _joins;

    /// <summary>The edges between clusters that were not joined.</summary>
    public IEnumerable<Edge> Skipped => _edges.Where(e => Of(e.Left) != Of(e.Right));

    /// <summary>The cluster of a statement.</summary>
    public Cluster Of(Statement statement) => _clusterOf[statement.Entry.Key];

    /// <summary>The cluster of an entry; null where it is not of the component.</summary>
    public Cluster? Of(EntryKey key) => _clusterOf.GetValueOrDefault(key);

    private void Join()
    {
        foreach (var edge in _edges.Where(e => e.Rule == 0))
            Take(edge);
        for (var precision = Precision.Minute; ; precision--)
        {
            var coarser = _edges.Where(e => e.IsCoarser && e.Precision == precision).ToLookup(e => e.Coarser);
            foreach (var edge in _edges.Where(e => e.Rule == 2 && !e.IsCoarser && e.Precision == precision))
            {
                // Two that both may be of several finer ones need not be of the same.
                if (MayBeOf(coarser[edge.Left]).Count < 2 && MayBeOf(coarser[edge.Right]).Count < 2)
                    Take(edge);
            }

            JoinCoarser(coarser.SelectMany(g => g));
            if (precision == Precision.None)
                return;
        }
    }

    private void Take(Edge edge)
    {
        var (left, right) = (Of(edge.Left), Of(edge.Right));
        if (left == right || !left.Fits(right, edge.Rule))
            return;
        left.Take(right);
        foreach (var statement in right.Statements)
            _clusterOf[statement.Entry.Key] = left;
        _joins.Add(edge);
    }

    // "Join only where exactly one cluster fits": and where they are the only ones of their source that it is fitted by.
    private void JoinCoarser(IEnumerable<Edge> edges)
    {
        var fits = edges
            .GroupBy(e => Of(e.Coarser))
            .Select(g => (Coarser: g.Key, Into: MayBeOf(g)))
            .Where(f => f.Into.Count == 1 && !IsCourseWithoutStart(f.Coarser))
            .ToList();
        foreach (var (coarser, into) in fits)
        {
            var isOnlyOne = fits.All(other => other.Coarser == coarser || other.Into[0] != into[0] || coarser.Fits(other.Coarser, rule: 2));
            if (isOnlyOne)
                Take(_edges.First(e => e.IsCoarser && Of(e.Coarser) == coarser && Of(e.Finer) == into[0]));
        }
    }

    // "A new course: apart." Which course a medicine without a start is of cannot be told, also where only one is in sight: another one may be
    // stated in codes that are not comparable.
    private static bool IsCourseWithoutStart(Cluster cluster) =>
        cluster.Smallest.Type is "MedicationStatement" or "MedicationRequest" && cluster.Statements.All(s => s.When.Precision == Precision.None);

    // The clusters of finer dates that a coarser statement may be of.
    private List<Cluster> MayBeOf(IEnumerable<Edge> edges) =>
        [.. edges.Where(e => Of(e.Finer) != Of(e.Coarser) && Of(e.Finer).Fits(Of(e.Coarser), rule: 2)).Select(e => Of(e.Finer)).Distinct()];
}

/// <summary>Statements of one fact, while clusters are formed.</summary>
internal sealed class Cluster(Statement first)
{
    private readonly List<Statement> _statements = [first];

    /// <summary>The statements.</summary>
    public IReadOnlyList<Statement> Statements => _statements;

    /// <summary>The smallest key among them.</summary>
    public EntryKey Smallest { get; private set; } = first.Entry.Key;

    /// <summary>The entries, by key.</summary>
    public ImmutableArray<Entry> Members => [.. _statements.Select(s => s.Entry).OrderBy(e => e.Key)];

    /// <summary>Whether a source has a say in both.</summary>
    public bool SharesASourceWith(Cluster other) =>
        _statements.Any(s => other._statements.Any(o => o.Entry.Key.Source == s.Entry.Key.Source));

    /// <summary>
    /// Whether another one may be joined with it: nothing in them differs, in the key or where it is contested, and, but by rule 0, no
    /// source has a say in both.
    /// </summary>
    public bool Fits(Cluster other, int rule) =>
        (rule == 0 || !SharesASourceWith(other)) && Difference(other) is null && Agrees(other);

    /// <summary>What keeps it apart from another for good; null for nothing.</summary>
    public string? Difference(Cluster other)
    {
        foreach (var left in _statements)
        {
            foreach (var right in other._statements)
            {
                if (Comparison.Difference(left, right) is { } difference)
                    return difference;
            }
        }

        return null;
    }

    /// <summary>The contested elements in which it differs from another, each once, in order.</summary>
    public ImmutableArray<FactElement> Disagreements(Cluster other) =>
        [.. _statements.SelectMany(left => other._statements.SelectMany(right => Comparison.Disagreements(left, right))).Distinct().Order()];

    /// <summary>Takes another one's statements.</summary>
    public void Take(Cluster other)
    {
        _statements.AddRange(other._statements);
        Smallest = Smallest.CompareTo(other.Smallest) < 0 ? Smallest : other.Smallest;
    }

    private bool Agrees(Cluster other) => _statements.All(left => other._statements.All(right => Comparison.Agree(left, right)));
}
