using System.Collections.Immutable;
using System.Text;

namespace Lhcre.Record.Searching;

/// <summary>The elements of a type that are read for searches, as a tree of names: one pass over a resource meets each of them once.</summary>
internal sealed class ElementTree
{
    private readonly List<ElementRead> _reads = [];

    /// <summary>The resource itself.</summary>
    public Node Root { get; } = new("");

    /// <summary>How many elements are read, each in one way.</summary>
    public int Slots => _reads.Count;

    /// <summary>Takes an element in, unless it is there already, and tells its number.</summary>
    /// <param name="path">Its path in JSON's names, such as <c>component.code</c>.</param>
    /// <param name="kind">What is read of it.</param>
    /// <param name="only">Of contacts, the only system that counts; <c>exists</c> for whether there is one at all.</param>
    public ushort Add(string path, SearchKind kind, string? only)
    {
        var node = Root;
        foreach (var name in path.Split('.'))
            node = node.Child(name);
        foreach (var read in node.Reads)
        {
            if (read.Kind == kind && read.Only == only)
                return read.Slot;
        }

        var added = new ElementRead((ushort)_reads.Count, kind, only, path.EndsWith("telecom", StringComparison.Ordinal));
        _reads.Add(added);
        node.Reads = node.Reads.Add(added);
        return added.Slot;
    }

    /// <summary>How a slot is read.</summary>
    public ElementRead Of(ushort slot) => _reads[slot];

    /// <summary>An element, or a part of the way to one.</summary>
    internal sealed class Node(string name)
    {
        private readonly string _name = name;

        /// <summary>Its name in JSON.</summary>
        public byte[] Name { get; } = Encoding.UTF8.GetBytes(name);

        /// <summary>What lies below it.</summary>
        public ImmutableArray<Node> Children { get; private set; } = [];

        /// <summary>What is read of it.</summary>
        public ImmutableArray<ElementRead> Reads { get; set; } = [];

        /// <summary>The child of a name, made if it is not there.</summary>
        public Node Child(string name)
        {
            foreach (var child in Children)
            {
                if (child._name == name)
                    return child;
            }

            var added = new Node(name);
            Children = Children.Add(added);
            return added;
        }
    }
}

/// <summary>How an element is read.</summary>
/// <param name="Slot">Its number in its type.</param>
/// <param name="Kind">What is read of it.</param>
/// <param name="Only">Of contacts, the only system that counts; <c>exists</c> for whether there is one at all; null for all there is.</param>
/// <param name="IsContact">Whether it is a ContactPoint, whose use stands where others have a system.</param>
internal sealed record ElementRead(ushort Slot, SearchKind Kind, string? Only, bool IsContact);
