using System.Collections.Immutable;

namespace Lhcre.Record.Searching;

/// <summary>One condition of a query: all of them must hold.</summary>
internal abstract class SearchTerm
{
    /// <summary>Whether it holds of a resource.</summary>
    public abstract bool Holds(MergedResource resource);

    /// <summary>The same condition where it depends on the record: ids are those of the clusters that they are in now.</summary>
    public virtual SearchTerm In(PatientRecord record) => this;

    /// <summary>
    /// Of a condition that an index can answer: adds the places of all resources of which it may hold, unless these are
    /// <paramref name="most"/> or more; then, and where no index helps, null.
    /// </summary>
    public virtual List<int>? Places(TypeIndex index, int most) => null;
}

/// <summary>A condition on the values of a parameter's elements.</summary>
internal abstract class ElementTerm(SearchParameter parameter) : SearchTerm
{
    private readonly ImmutableArray<ParameterSlot> _slots = parameter.Slots;

    /// <summary>The parameter.</summary>
    protected SearchParameter Parameter => parameter;

    /// <summary>Whether it is to hold of no value (<c>:not</c>), which is so too where there is none.</summary>
    public bool IsNot { get; init; }

    /// <inheritdoc/>
    public override bool Holds(MergedResource resource)
    {
        var bytes = resource.Resource.Span;
        foreach (ref readonly var value in resource.SearchValues.AsSpan())
        {
            if (IsOfElement(bytes, value) && Matches(bytes, value))
                return !IsNot;
        }

        return IsNot;
    }

    /// <summary>Whether one of the values of a repetition is asked for: a part of a composite parameter.</summary>
    public bool HoldsIn(MergedResource resource, ushort group)
    {
        var bytes = resource.Resource.Span;
        foreach (ref readonly var value in resource.SearchValues.AsSpan())
        {
            if (value.Group == group && IsOfElement(bytes, value) && Matches(bytes, value))
                return true;
        }

        return false;
    }

    /// <summary>Whether a value is asked for.</summary>
    /// <param name="resource">The resource's bytes.</param>
    /// <param name="value">A value of one of the elements.</param>
    protected abstract bool Matches(ReadOnlySpan<byte> resource, in SearchValue value);

    /// <summary>The places that an index has for some hashes, in all elements; null where they are too many.</summary>
    protected List<int>? Find(TypeIndex index, IEnumerable<uint> hashes, int most)
    {
        var places = new List<int>();
        foreach (var hash in hashes)
        {
            foreach (var slot in _slots)
            {
                var found = index.Find(slot.Slot, hash);
                if (places.Count + found.Length >= most)
                    return null;
                places.AddRange(found);
            }
        }

        return places;
    }

    private bool IsOfElement(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        foreach (var slot in _slots)
        {
            if (slot.Slot == value.Slot)
                return slot.Target is null || (value.Form == ValueForm.Reference && ReferenceText.IsTo(Spelling.Plain(SearchValue.In(resource, value.Second)), slot.Target));
        }

        return false;
    }
}

/// <summary><c>:missing</c>: whether there is no value at all.</summary>
internal sealed class MissingTerm(SearchParameter parameter, bool isMissing) : ElementTerm(parameter)
{
    /// <inheritdoc/>
    public override bool Holds(MergedResource resource) => base.Holds(resource) != isMissing;

    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value) => true;
}
