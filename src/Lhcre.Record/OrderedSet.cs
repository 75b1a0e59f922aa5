using System.Diagnostics.CodeAnalysis;

namespace Lhcre.Record;

/// <summary>Says where something stands relative to an item of an <see cref="OrderedSet{T}"/>: negative before it, positive behind it.</summary>
internal interface IProbe<in T>
{
    /// <summary>Below 0 if what is sought stands before <paramref name="item"/>, 0 at it, above 0 behind it.</summary>
    int CompareTo(T item);
}

/// <summary>
/// An immutable ordered set: a B-tree whose changes copy one path, so a change costs the same few nodes in a record of ten entries and of
/// ten thousand, and readers keep the version that they hold. About ten bytes an item of its own, a sixth of the BCL's immutable trees.
/// </summary>
/// <remarks>
/// The order is the probes': all probes used with one set must agree. Nodes hold 2 to 32 items (a removal may leave fewer: nothing is
/// ever rebalanced, since entries are withdrawn rarely and a thin node is still a correct one).
/// </remarks>
internal sealed class OrderedSet<T>
{
    private const int MaxItems = 32;

    // Nodes that are made in bulk keep room for what comes next.
    private const int BulkItems = 24;

    /// <summary>The empty set.</summary>
    public static readonly OrderedSet<T> Empty = new(new Node([], null), 0);

    private readonly Node _root;

    private OrderedSet(Node root, int count) => (_root, Count) = (root, count);

    /// <summary>How many items.</summary>
    public int Count { get; }

    /// <summary>A set of items that stand in order already, no two at one place.</summary>
    public static OrderedSet<T> Of(ReadOnlySpan<T> items)
    {
        if (items.IsEmpty)
            return Empty;
        var nodes = new List<Node>((items.Length / BulkItems) + 1);
        for (var i = 0; i < items.Length; i += BulkItems)
            nodes.Add(new Node(items[i..Math.Min(i + BulkItems, items.Length)].ToArray(), null));
        while (nodes.Count > 1)
        {
            var above = new List<Node>((nodes.Count / BulkItems) + 1);
            for (var i = 0; i < nodes.Count; i += BulkItems)
            {
                var children = nodes.GetRange(i, Math.Min(BulkItems, nodes.Count - i)).ToArray();
                above.Add(new Node([.. children.Select(c => c.Items[0])], children));
            }

            nodes = above;
        }

        return new OrderedSet<T>(nodes[0], items.Length);
    }

    /// <summary>The item at the probe.</summary>
    public bool TryFind<TProbe>(TProbe probe, [MaybeNullWhen(false)] out T item)
        where TProbe : struct, IProbe<T>
    {
        var node = _root;
        while (node.Children is not null)
            node = node.Children[ChildOf(node, probe)];
        var at = FirstNotBefore(node.Items, probe);
        var found = at < node.Items.Length && probe.CompareTo(node.Items[at]) == 0;
        item = found ? node.Items[at] : default;
        return found;
    }

    /// <summary>With <paramref name="item"/> at the probe's place, instead of the one that stood there.</summary>
    public OrderedSet<T> With<TProbe>(TProbe probe, T item)
        where TProbe : struct, IProbe<T>
    {
        var (left, right, added) = With(_root, probe, item);
        var root = right is null ? left : new Node([left.Items[0], right.Items[0]], [left, right]);
        return new OrderedSet<T>(root, Count + (added ? 1 : 0));
    }

    /// <summary>Without what stands at the probe; the same set if nothing does.</summary>
    public OrderedSet<T> Without<TProbe>(TProbe probe)
        where TProbe : struct, IProbe<T>
    {
        var root = Without(_root, probe);
        if (ReferenceEquals(root, _root))
            return this;
        while (root is { Children: [var only] })
            root = only;
        return root is null ? Empty : new OrderedSet<T>(root, Count - 1);
    }

    /// <summary>The items in order, from the first one that does not stand before the probe.</summary>
    public IEnumerable<T> From<TProbe>(TProbe probe)
        where TProbe : struct, IProbe<T> => From(_root, probe);

    /// <summary>
    /// The items, in order, that stand in nodes which another set does not share: all in which this one differs from it, and few besides where
    /// one was made of the other.
    /// </summary>
    public IEnumerable<T> NotSharedWith(OrderedSet<T> other)
    {
        var shared = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        Gather(other._root, shared);
        return NotIn(_root, shared);
    }

    /// <summary>All items in order.</summary>
    public T[] ToArray()
    {
        var items = new T[Count];
        var next = 0;
        Copy(_root, items, ref next);
        return items;
    }

    private static void Gather(Node node, HashSet<Node> nodes)
    {
        nodes.Add(node);
        foreach (var child in node.Children ?? [])
            Gather(child, nodes);
    }

    private static IEnumerable<T> NotIn(Node node, HashSet<Node> shared)
    {
        if (shared.Contains(node))
            return [];
        return node.Children is null ? node.Items : node.Children.SelectMany(child => NotIn(child, shared));
    }

    // An inner node's Items are the first items of its children: the least by which a probe is sent down.
    private static (Node Left, Node? Right, bool Added) With<TProbe>(Node node, TProbe probe, T item)
        where TProbe : struct, IProbe<T>
    {
        if (node.Children is null)
        {
            var at = FirstNotBefore(node.Items, probe);
            if (at < node.Items.Length && probe.CompareTo(node.Items[at]) == 0)
                return (new Node(Replaced(node.Items, at, item), null), null, false);
            var (left, right) = Split(new Node(Inserted(node.Items, at, item), null));
            return (left, right, true);
        }

        var child = ChildOf(node, probe);
        var (first, second, added) = With(node.Children[child], probe, item);
        var items = WithFirst(node.Items, child, first.Items[0]);
        var children = Replaced(node.Children, child, first);
        if (second is null)
            return (new Node(items, children), null, added);
        var (one, other) = Split(new Node(Inserted(items, child + 1, second.Items[0]), Inserted(children, child + 1, second)));
        return (one, other, added);
    }

    private static Node? Without<TProbe>(Node node, TProbe probe)
        where TProbe : struct, IProbe<T>
    {
        if (node.Children is null)
        {
            var at = FirstNotBefore(node.Items, probe);
            if (at == node.Items.Length || probe.CompareTo(node.Items[at]) != 0)
                return node;
            return node.Items.Length == 1 ? null : new Node(Removed(node.Items, at), null);
        }

        var child = ChildOf(node, probe);
        var changed = Without(node.Children[child], probe);
        if (ReferenceEquals(changed, node.Children[child]))
            return node;
        if (changed is not null)
            return new Node(WithFirst(node.Items, child, changed.Items[0]), Replaced(node.Children, child, changed));
        return node.Children.Length == 1 ? null : new Node(Removed(node.Items, child), Removed(node.Children, child));
    }

    private static IEnumerable<T> From<TProbe>(Node node, TProbe probe)
        where TProbe : struct, IProbe<T>
    {
        if (node.Children is null)
        {
            for (var i = FirstNotBefore(node.Items, probe); i < node.Items.Length; i++)
                yield return node.Items[i];
            yield break;
        }

        // A probe may stand at several items (all of one type, say), which may begin in the child before.
        for (var child = Math.Max(FirstNotBefore(node.Items, probe) - 1, 0); child < node.Children.Length; child++)
        {
            foreach (var item in From(node.Children[child], probe))
                yield return item;
        }
    }

    private static void Copy(Node node, T[] target, ref int next)
    {
        if (node.Children is null)
        {
            node.Items.CopyTo(target, next);
            next += node.Items.Length;
            return;
        }

        foreach (var child in node.Children)
            Copy(child, target, ref next);
    }

    private static int ChildOf<TProbe>(Node node, TProbe probe)
        where TProbe : struct, IProbe<T>
    {
        var at = FirstNotBefore(node.Items, probe);
        return at < node.Items.Length && probe.CompareTo(node.Items[at]) == 0 ? at : Math.Max(at - 1, 0);
    }

    private static int FirstNotBefore<TProbe>(T[] items, TProbe probe)
        where TProbe : struct, IProbe<T>
    {
        var (low, high) = (0, items.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (probe.CompareTo(items[middle]) > 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static (Node Left, Node? Right) Split(Node node)
    {
        if (node.Items.Length <= MaxItems)
            return (node, null);
        var half = node.Items.Length / 2;
        return (new Node(node.Items[..half], node.Children?[..half]), new Node(node.Items[half..], node.Children?[half..]));
    }

    // Most changes leave the first item of a child as it was: then the new node shares the old one's items.
    private static T[] WithFirst(T[] items, int child, T first) =>
        EqualityComparer<T>.Default.Equals(items[child], first) ? items : Replaced(items, child, first);

    private static TItem[] Replaced<TItem>(TItem[] items, int at, TItem item)
    {
        var copy = (TItem[])items.Clone();
        copy[at] = item;
        return copy;
    }

    private static TItem[] Inserted<TItem>(TItem[] items, int at, TItem item)
    {
        var copy = new TItem[items.Length + 1];
        items.AsSpan(0, at).CopyTo(copy);
        copy[at] = item;
        items.AsSpan(at).CopyTo(copy.AsSpan(at + 1));
        return copy;
    }

    private static TItem[] Removed<TItem>(TItem[] items, int at)
    {
        var copy = new TItem[items.Length - 1];
        items.AsSpan(0, at).CopyTo(copy);
        items.AsSpan(at + 1).CopyTo(copy.AsSpan(at));
        return copy;
    }

    private sealed record Node(T[] Items, Node[]? Children);
}
