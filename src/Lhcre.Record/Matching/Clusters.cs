using System.Collections.Immutable;

namespace Lhcre.Record.Matching;

/// <summary>
/// From pairs to clusters, with one outcome whatever the order of arrival (rule 3 of CLINICAL.md): the edges of a component are taken in a
/// fixed order, and one that would bring together what must stay apart is skipped.
/// </summary>
internal static class Clusters
{
    /// <summary>The clusters of a component's live entries, each ordered by key.</summary>
    /// <param name="component">Live entries of one component; any types.</param>
    /// <param name="matches">The keys of the record.</param>
    public static List<ImmutableArray<Entry>> Form(IReadOnlyCollection<Entry> component, OrderedSet<KeyedEntry> matches)
    {
        var groups = component.ToDictionary(e => e.Key, e => new List<Entry> { e });
        foreach (var edge in Edges(component, matches).Order())
        {
            var (left, right) = (groups[edge.Smaller], groups[edge.Larger]);
            if (ReferenceEquals(left, right) || MustStayApart(left, right))
                continue;
            left.AddRange(right);
            foreach (var entry in right)
                groups[entry.Key] = left;
        }

        return [.. groups.Values.Distinct().Select(g => g.OrderBy(e => e.Key).ToImmutableArray())];
    }

    private static HashSet<Edge> Edges(IReadOnlyCollection<Entry> component, OrderedSet<KeyedEntry> matches)
    {
        var entries = component.ToDictionary(e => e.Key);
        var edges = new HashSet<Edge>();
        foreach (var entry in component)
        {
            foreach (var key in MatchKey.Of(entry))
            {
                foreach (var other in Candidates.Under(matches, key))
                {
                    if (entry.Key.CompareTo(other) < 0)
                        edges.Add(new Edge(SharedCodes(entry, entries[other]), entry.Key, other));
                }
            }
        }

        return edges;
    }

    // Two values of one business-identifier system name two things; two codes that have nothing in common say two things.
    private static bool MustStayApart(List<Entry> left, List<Entry> right) =>
        left.Any(l => right.Any(r => DifferInAnIdentifier(l, r) || DifferInCode(l, r)));

    private static bool DifferInAnIdentifier(Entry left, Entry right)
    {
        foreach (var system in MatchKey.Of(left).Select(k => k.System).Distinct())
        {
            var others = MatchKey.Of(right).Where(k => k.System == system).Select(k => k.Value).ToHashSet();
            if (others.Count > 0 && !MatchKey.Of(left).Any(k => k.System == system && others.Contains(k.Value)))
                return true;
        }

        return false;
    }

    private static bool DifferInCode(Entry left, Entry right) =>
        !left.Facts.Codes.IsEmpty && !right.Facts.Codes.IsEmpty && SharedCodes(left, right) == 0;

    private static int SharedCodes(Entry left, Entry right) =>
        left.Facts.Codes.IsEmpty || right.Facts.Codes.IsEmpty ? 0 : left.Facts.Codes.Intersect(right.Facts.Codes).Count();

    // The order in which edges are taken: more shared codings first, then the smaller pair of keys.
    private sealed record Edge(int SharedCodes, EntryKey Smaller, EntryKey Larger) : IComparable<Edge>
    {
        public int CompareTo(Edge? other)
        {
            if (other is null)
                return 1;
            var order = other.SharedCodes.CompareTo(SharedCodes);
            if (order == 0)
                order = Smaller.CompareTo(other.Smaller);
            return order != 0 ? order : Larger.CompareTo(other.Larger);
        }
    }
}
