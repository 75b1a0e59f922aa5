using System.Buffers;
using Lhcre.Record;

namespace Lhcre.Intake.Door;

/// <summary>Where the value of an element with a role stands.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Range">The whole value, the quotes of a text included.</param>
/// <param name="Depth">How many objects and lists it stands in, of those that were walked: 1 for a member of the resource itself.</param>
internal readonly record struct Place(Role Role, ByteRange Range, int Depth);

/// <summary>
/// The places of all elements with a role, what is inside another one before it, else in the order of the text. In pooled memory, which
/// <see cref="Dispose"/> gives back.
/// </summary>
internal struct Places : IFindings, IDisposable
{
    private Place[]? _places;
    private int _count;

    /// <summary>All of them.</summary>
    public readonly ReadOnlySpan<Place> All => _places.AsSpan(0, _count);

    /// <inheritdoc/>
    public void Add(Place place)
    {
        _places ??= ArrayPool<Place>.Shared.Rent(64);
        if (_count == _places.Length)
        {
            var more = ArrayPool<Place>.Shared.Rent(_count * 2);
            _places.CopyTo(more, 0);
            ArrayPool<Place>.Shared.Return(_places);
            _places = more;
        }

        _places[_count++] = place;
    }

    /// <summary>The first place of this role that is a member of the resource itself; null where there is none.</summary>
    public readonly ByteRange? Own(Role role)
    {
        foreach (var place in All)
        {
            if (place.Role == role && place.Depth == 1)
                return place.Range;
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_places is not null)
            ArrayPool<Place>.Shared.Return(_places);
        (_places, _count) = (null, 0);
    }
}
