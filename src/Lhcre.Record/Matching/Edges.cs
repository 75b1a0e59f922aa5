namespace Lhcre.Record.Matching;

/// <summary>Two statements that rule 0 or rule 2 holds to be of one fact, each taken by itself.</summary>
/// <param name="Left">One of them; of a rule 2 pair of unequal dates the finer one, else the one with the smaller key.</param>
/// <param name="Right">The other.</param>
/// <param name="Rule">0 or 2.</param>
internal sealed record Edge(Statement Left, Statement Right, int Rule) : IComparable<Edge>
{
    private readonly int _sharedCodes = Comparison.SharedCodes(Left, Right);

    /// <summary>The coarser side's precision.</summary>
    public Precision Precision { get; } = Left.When.Precision < Right.When.Precision ? Left.When.Precision : Right.When.Precision;

    /// <summary>Whether rule 2 joins entries that are dated unequally.</summary>
    public bool IsCoarser => Rule == 2 && Left.When.Precision != Right.When.Precision;

    /// <summary>The one that is dated more finely, where they are unequal.</summary>
    public Statement Finer => Left;

    /// <summary>The one that is dated more coarsely.</summary>
    public Statement Coarser => Right;

    /// <summary>The order in which edges are taken.</summary>
    public int CompareTo(Edge? other)
    {
        if (other is null)
            return 1;
        var order = Rule.CompareTo(other.Rule);
        if (order == 0)
            order = other.Precision.CompareTo(Precision);
        if (order == 0)
            order = other._sharedCodes.CompareTo(_sharedCodes);
        if (order == 0)
            order = Smaller.CompareTo(other.Smaller);
        return order != 0 ? order : Larger.CompareTo(other.Larger);
    }

    /// <summary>The smaller key.</summary>
    public EntryKey Smaller => Left.Entry.Key.CompareTo(Right.Entry.Key) < 0 ? Left.Entry.Key : Right.Entry.Key;

    /// <summary>The larger key.</summary>
    public EntryKey Larger => Left.Entry.Key.CompareTo(Right.Entry.Key) < 0 ? Right.Entry.Key : Left.Entry.Key;
}

/// <summary>Finds the edges of a component by the record's index.</summary>
internal static class Edges
{
    /// <summary>Each edge once.</summary>
    public static IEnumerable<Edge> Of(Dictionary<EntryKey, Cluster> component, RecordView view)
    {
        var found = new HashSet<(EntryKey, EntryKey)>();
        foreach (var (key, cluster) in component)
        {
            var statement = cluster.Statements[0];
            foreach (var identifier in BusinessIdentifiers.Of(key, statement.Entry.Facts))
            {
                foreach (var other in Candidates.Named(view.Matches, MatchKey.Of(KeySpace.Identifier, key.Type, identifier)))
                {
                    if (key.CompareTo(other) < 0 && component.TryGetValue(other, out var named)
                        && BusinessIdentifiers.Shared(statement.Entry, named.Statements[0].Entry) is not null && found.Add((key, other)))
                        yield return new Edge(statement, named.Statements[0], Rule: 0);
                }
            }
        }

        foreach (var cluster in component.Values)
        {
            foreach (var edge in ByTerms(cluster.Statements[0], component, view))
            {
                if (found.Add((edge.Smaller, edge.Larger)))
                    yield return edge;
            }
        }
    }

    private static IEnumerable<Edge> ByTerms(Statement statement, Dictionary<EntryKey, Cluster> component, RecordView view)
    {
        var type = statement.Entry.Key.Type;
        foreach (var term in statement.Terms)
        {
            var date = statement.DateOf(term);
            foreach (var other in Candidates.Alike(view.Matches, MatchKey.Of(KeySpace.Dated, type, term, date)))
            {
                if (statement.Entry.Key.CompareTo(other) < 0 && Alike(statement, other, component) is { } same)
                    yield return same.When.Precision < statement.When.Precision ? new Edge(statement, same, Rule: 2) : new Edge(same, statement, Rule: 2);
            }

            foreach (var other in Candidates.Alike(view.Matches, MatchKey.Of(KeySpace.Within, type, term, date)))
            {
                if (Alike(statement, other, component) is { } finer)
                    yield return new Edge(finer, statement, Rule: 2);
            }
        }
    }

    private static Statement? Alike(Statement statement, EntryKey key, Dictionary<EntryKey, Cluster> component) =>
        component.TryGetValue(key, out var cluster) && cluster.Statements[0] is var other && Comparison.SharedTerm(statement, other) is not null
        && Comparison.Difference(statement, other) is null
            ? other
            : null;
}
