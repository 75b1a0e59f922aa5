using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Searching;

/// <summary>One key of <c>_sort</c>.</summary>
/// <param name="Parameter">By what.</param>
/// <param name="IsDescending">Whether the greatest comes first. What has no value comes last either way.</param>
internal sealed record SortKey(SearchParameter Parameter, bool IsDescending)
{
    /// <summary>Sorts by some keys; what is equal in all of them stays in the record's order.</summary>
    public static void Sort(List<MergedResource> resources, ImmutableArray<SortKey> keys)
    {
        var rows = new (SortValue?[] Values, int Place, MergedResource Resource)[resources.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = ([.. keys.Select(k => k.Of(resources[i]))], i, resources[i]);
        Array.Sort(rows, (left, right) =>
        {
            for (var i = 0; i < keys.Length; i++)
            {
                var order = keys[i].Compare(left.Values[i], right.Values[i]);
                if (order != 0)
                    return order;
            }

            return left.Place.CompareTo(right.Place);
        });
        for (var i = 0; i < rows.Length; i++)
            resources[i] = rows[i].Resource;
    }

    private int Compare(SortValue? left, SortValue? right) =>
        left is { } one && right is { } other ? (IsDescending ? other.CompareTo(one) : one.CompareTo(other)) : (left is null).CompareTo(right is null);

    // Of several values the one that comes first.
    private SortValue? Of(MergedResource resource)
    {
        if (Parameter.Name == "_id")
            return new SortValue(0, resource.Id.ToString());
        if (Parameter.Name == "_lastUpdated")
            return new SortValue(resource.LastUpdated.UtcTicks, "");
        SortValue? first = null;
        var bytes = resource.Resource.Span;
        foreach (ref readonly var value in resource.SearchValues.AsSpan())
        {
            var isOfParameter = false;
            foreach (var slot in Parameter.Slots)
                isOfParameter |= slot.Slot == value.Slot;
            if (isOfParameter && Of(bytes, value) is { } sortable && (first is null || Compare(sortable, first) < 0))
                first = sortable;
        }

        return first;
    }

    private SortValue? Of(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        switch (value.Form)
        {
            case ValueForm.Present:
                return null;
            case ValueForm.Dates:
                return new SortValue(IsDescending ? value.Dates.To : value.Dates.From, "");
            case ValueForm.Number:
                return ExactNumber.TryParse(SearchValue.In(resource, value.Second), out var exact) && NumberRange.Decimal(exact) is { } number
                    ? new SortValue(number, "") : null;
            case ValueForm.Quantity:
                var stated = StatedQuantity.Read(SearchValue.In(resource, value.Second));
                var unit = Units.Of(stated?.Code ?? stated?.Unit);
                return stated?.In(unit.Factor) is { } range ? new SortValue(IsDescending ? range.High : range.Low, "") : null;
            case ValueForm.Exists:
                return new SortValue(0, "true");
            case ValueForm.Text when Parameter.Kind == SearchKind.String:
                return new SortValue(0, Folded.Text(Spelling.Text(SearchValue.In(resource, value.Second))));
            default:
                return new SortValue(0, Spelling.Text(SearchValue.In(resource, value.Second)));
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct SortValue(decimal Number, string Text) : IComparable<SortValue>
    {
        public int CompareTo(SortValue other) =>
            Number.CompareTo(other.Number) is not 0 and var order ? order : string.CompareOrdinal(Text, other.Text);
    }
}
