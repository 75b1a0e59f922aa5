using System.Collections.Immutable;

namespace Lhcre.Record.Matching;

/// <summary>
/// What ties clusters that were not joined: a possible duplicate, or a disagreement where they differ in a contested element (rule 3 of
/// CLINICAL.md: "a skipped edge is a possible duplicate or, for a contested element, a conflict").
/// </summary>
internal sealed class Relations
{
    private readonly Clusters _clusters;
    private readonly Dictionary<Cluster, HashSet<Cluster>> _duplicates = [];
    private readonly List<(Cluster Left, Cluster Right, bool IsNamed)> _contested = [];
    private readonly List<(Cluster Still, EntryKey Withdrawn)> _withdrawn = [];

    private Relations(Clusters clusters) => _clusters = clusters;

    /// <summary>Works them out.</summary>
    /// <param name="clusters">The clusters of a component.</param>
    /// <param name="deleted">What of the component its sources have withdrawn.</param>
    /// <param name="view">The record.</param>
    public static Relations Of(Clusters clusters, IEnumerable<Entry> deleted, RecordView view)
    {
        var relations = new Relations(clusters);
        relations.TakeEqualDates();
        relations.TakeCoarser();
        foreach (var entry in deleted)
            relations.TakeWithdrawn(entry, view);
        relations.DropWhatMayBeAnother();
        return relations;
    }

    /// <summary>The smallest members of the clusters that may be of the same fact, in order.</summary>
    public ImmutableArray<EntryKey> PossibleDuplicates(Cluster cluster) =>
        _duplicates.TryGetValue(cluster, out var others) ? [.. others.Where(o => !Contest(cluster, o)).Select(o => o.Smallest).Order()] : [];

    /// <summary>The disagreements: each ties all clusters that are connected by what they contest.</summary>
    public IEnumerable<(ImmutableArray<Cluster> Sides, ImmutableArray<EntryKey> Withdrawn, ImmutableArray<FactElement> Elements)> Disagreements()
    {
        var done = new HashSet<Cluster>();
        foreach (var first in _contested.SelectMany(c => new[] { c.Left, c.Right }).Concat(_withdrawn.Select(w => w.Still)).Distinct().OrderBy(c => c.Smallest))
        {
            if (!done.Add(first))
                continue;
            var sides = new List<Cluster> { first };
            for (var i = 0; i < sides.Count; i++)
                sides.AddRange(_contested.Where(c => c.Left == sides[i] || c.Right == sides[i]).Select(c => c.Left == sides[i] ? c.Right : c.Left).Where(done.Add).ToList());
            var elements = _contested.Where(c => sides.Contains(c.Left)).SelectMany(c => c.Left.Disagreements(c.Right)).Distinct().Order();
            yield return (
                [.. sides.OrderBy(c => c.Smallest)],
                [.. _withdrawn.Where(w => sides.Contains(w.Still)).Select(w => w.Withdrawn).Distinct().Order()],
                [.. elements]);
        }
    }

    private bool Contest(Cluster left, Cluster right) =>
        _contested.Exists(c => (c.Left == left && c.Right == right) || (c.Left == right && c.Right == left));

    private void TakeEqualDates()
    {
        foreach (var edge in _clusters.Skipped.Where(e => !e.IsCoarser))
        {
            var (left, right) = (_clusters.Of(edge.Left), _clusters.Of(edge.Right));
            if (left.Disagreements(right).IsEmpty)
                Duplicate(left, right);
            // A source that measured twice does not disagree with itself: they are its own repeats.
            else if (edge.Rule == 0 || !IsObservation(left) || !left.SharesASourceWith(right))
                Contested(left, right, edge.Rule == 0);
        }
    }

    // A vague date fits many things. Of several that it fits, none is contradicted by it; those that it agrees with may be the same.
    private void TakeCoarser()
    {
        foreach (var group in _clusters.Skipped.Where(e => e.IsCoarser).GroupBy(e => _clusters.Of(e.Coarser)))
        {
            var fits = group.Select(e => _clusters.Of(e.Finer)).Distinct().Where(f => !f.SharesASourceWith(group.Key) && f.Difference(group.Key) is null).ToList();
            foreach (var finer in fits)
            {
                if (finer.Disagreements(group.Key).IsEmpty)
                    Duplicate(finer, group.Key);
                else if (fits.Count == 1)
                    Contested(finer, group.Key, isNamed: false);
            }
        }
    }

    // "An entry withdrawn by its originator and still stated by another route (rule 0) is a conflict." Not where its source goes on to state
    // it under another id.
    private void TakeWithdrawn(Entry deleted, RecordView view)
    {
        if (deleted is not { Kind: FragmentKind.Deleted, LastStated.Facts: { } last } || !PatientCompartment.Contains(deleted.Key.Type))
            return;
        foreach (var identifier in BusinessIdentifiers.Of(deleted.Key, last))
        {
            var named = Candidates.Named(view.Matches, MatchKey.Of(KeySpace.Identifier, deleted.Key.Type, identifier));
            if (named.Exists(k => k.Source == deleted.Key.Source))
                continue;
            foreach (var cluster in named.Select(k => _clusters.Of(k)).OfType<Cluster>().Distinct())
            {
                if (!_withdrawn.Contains((cluster, deleted.Key)))
                    _withdrawn.Add((cluster, deleted.Key));
            }
        }
    }

    // Two of a source's measurements of one day, and another source's third value: which of them it contradicts cannot be told.
    private void DropWhatMayBeAnother()
    {
        var ambiguous = _contested.Where(c => !c.IsNamed && IsObservation(c.Left) && _contested.Exists(o =>
            (o.Left == c.Left && o.Right != c.Right && o.Right.SharesASourceWith(c.Right))
            || (o.Right == c.Left && o.Left != c.Right && o.Left.SharesASourceWith(c.Right))
            || (o.Left == c.Right && o.Right != c.Left && o.Right.SharesASourceWith(c.Left))
            || (o.Right == c.Right && o.Left != c.Left && o.Left.SharesASourceWith(c.Left)))).ToList();
        foreach (var pair in ambiguous)
            _contested.Remove(pair);
    }

    private static bool IsObservation(Cluster cluster) => cluster.Smallest.Type == "Observation";

    private void Contested(Cluster left, Cluster right, bool isNamed)
    {
        if (!Contest(left, right))
            _contested.Add((left, right, isNamed));
    }

    private void Duplicate(Cluster left, Cluster right)
    {
        Others(left).Add(right);
        Others(right).Add(left);
    }

    private HashSet<Cluster> Others(Cluster cluster) =>
        _duplicates.TryGetValue(cluster, out var others) ? others : _duplicates[cluster] = [];
}
