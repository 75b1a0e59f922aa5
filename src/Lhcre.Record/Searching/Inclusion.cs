using System.Collections.Immutable;
using System.Text;

namespace Lhcre.Record.Searching;

/// <summary>One <c>_include</c> or <c>_revinclude</c>.</summary>
/// <param name="IsReverse">Whether what refers to a resource is asked for, and not what it refers to.</param>
/// <param name="Type">The type that refers; null for any.</param>
/// <param name="Parameter">The parameter that holds the references; null for any.</param>
/// <param name="Target">The only type that counts at the other end; null for any.</param>
/// <param name="Iterates">Whether it is asked of what was included as well.</param>
internal sealed record Inclusion(bool IsReverse, string? Type, SearchParameter? Parameter, string? Target, bool Iterates)
{
    /// <summary>Reads <c>Type:parameter[:target]</c>, <c>Type:*</c> or <c>*</c>; null where there is no such reference.</summary>
    public static Inclusion? Read(string value, bool isReverse, bool iterates)
    {
        if (value == "*")
            return new Inclusion(isReverse, null, null, null, iterates);
        var parts = value.Split(':');
        if (parts.Length is < 2 or > 3 || !SearchTable.AllTypes.Contains(parts[0]))
            return null;
        var parameter = parts[1] == "*" ? null : SearchTable.Find(parts[0], parts[1]);
        return parts[1] != "*" && parameter?.Kind != SearchKind.Reference
            ? null
            : new Inclusion(isReverse, parts[0], parameter, parts.Length == 3 && parts[2].Length > 0 ? parts[2] : null, iterates);
    }

    /// <summary>What is to be included beside matches: each once, in the order in which it is come upon.</summary>
    public static List<MergedResource> Of(PatientRecord record, List<MergedResource> matches, ImmutableArray<Inclusion> inclusions)
    {
        var known = new HashSet<MergedResource>(matches);
        var included = new List<MergedResource>();
        var round = matches;
        for (var isFirst = true; round.Count > 0; isFirst = false)
        {
            var next = new List<MergedResource>();
            foreach (var resource in round)
            {
                foreach (var inclusion in inclusions)
                {
                    if (isFirst || inclusion.Iterates)
                        next.AddRange(inclusion.From(record, resource).Where(known.Add));
                }
            }

            included.AddRange(next);
            round = next;
        }

        return included;
    }

    private List<MergedResource> From(PatientRecord record, MergedResource resource) => IsReverse ? Referring(record, resource) : Referred(record, resource);

    private List<MergedResource> Referred(PatientRecord record, MergedResource resource)
    {
        var found = new List<MergedResource>();
        if (Type is not null && Type != resource.Type)
            return found;
        var bytes = resource.Resource.Span;
        foreach (ref readonly var value in resource.SearchValues.AsSpan())
        {
            if (Reads(value, bytes) && ReferenceText.Resolve(record, SearchValue.In(bytes, value.Second)) is { } target && (Target is null || Target == target.Type))
                found.Add(target);
        }

        return found;
    }

    private List<MergedResource> Referring(PatientRecord record, MergedResource resource)
    {
        var found = new List<MergedResource>();
        if (Target is not null && Target != resource.Type)
            return found;
        var text = Encoding.UTF8.GetBytes($"{resource.Type}/{resource.Id}");
        var hash = Spelling.HashOf(text);
        foreach (var type in Type is null ? record.Index.Types : [Type])
        {
            var index = record.Index.Of(type);
            var places = new SortedSet<int>();
            foreach (var slot in SearchTable.Table(type).References)
            {
                foreach (var place in index.Find(slot, hash))
                    places.Add(place);
            }

            found.AddRange(places.Select(p => index.Resources[p]).Where(r => Refers(r, text)));
        }

        return found;
    }

    private bool Refers(MergedResource resource, byte[] text)
    {
        var bytes = resource.Resource.Span;
        foreach (ref readonly var value in resource.SearchValues.AsSpan())
        {
            if (Reads(value, bytes) && Spelling.Is(SearchValue.In(bytes, value.Second), text))
                return true;
        }

        return false;
    }

    private bool Reads(in SearchValue value, ReadOnlySpan<byte> resource)
    {
        if (value.Form != ValueForm.Reference)
            return false;
        if (Parameter is null)
            return true;
        foreach (var slot in Parameter.Slots)
        {
            if (slot.Slot == value.Slot)
                return slot.Target is null || ReferenceText.IsTo(Spelling.Plain(SearchValue.In(resource, value.Second)), slot.Target);
        }

        return false;
    }
}
