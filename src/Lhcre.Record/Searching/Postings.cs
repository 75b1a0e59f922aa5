using System.Numerics;

namespace Lhcre.Record.Searching;

/// <summary>
/// Which resources of a list have which values in one element: the places of the values' hashes, side by side in two arrays. Made by counting
/// in two passes, since it is made anew after each push that changes the type.
/// </summary>
internal sealed class Postings
{
    private readonly int[] _starts;
    private readonly int[] _places;

    private Postings(int[] starts, int[] places) => (_starts, _places) = (starts, places);

    /// <summary>Of the values that have a code, a reference or an identifier.</summary>
    public static Postings Of(ReadOnlySpan<MergedResource> resources, ushort slot)
    {
        var found = new List<(uint Hash, int Place)>(resources.Length);
        for (var i = 0; i < resources.Length; i++)
        {
            foreach (ref readonly var value in resources[i].SearchValues.AsSpan())
            {
                if (value.Slot == slot && value.Second != SearchValue.Nowhere)
                    found.Add((Spelling.Hash(SearchValue.In(resources[i].Resource.Span, value.Second)), i));
            }
        }

        var starts = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(found.Count, 1)) + 1];
        var mask = (uint)(starts.Length - 2);
        foreach (var (hash, _) in found)
            starts[(hash & mask) + 1]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        // Each bucket is filled from its end, so the last come first, and its start is where it ends up.
        var places = new int[found.Count];
        var next = starts.AsSpan(1).ToArray();
        for (var i = found.Count - 1; i >= 0; i--)
            places[--next[found[i].Hash & mask]] = found[i].Place;
        return new Postings(starts, places);
    }

    /// <summary>The places of a hash, in order; those of other hashes may be among them.</summary>
    public ReadOnlySpan<int> Find(uint hash)
    {
        var bucket = hash & (uint)(_starts.Length - 2);
        return _places.AsSpan(_starts[bucket].._starts[bucket + 1]);
    }
}
