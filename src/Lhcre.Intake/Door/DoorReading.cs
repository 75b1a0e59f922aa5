using System.Collections.Immutable;
using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Intake.Door;

/// <summary>What one pass over a resource that is accepted has found: what it is, and where the parts stand that may be rewritten.</summary>
/// <param name="Type">Its <c>resourceType</c>.</param>
/// <param name="Id">Its <c>id</c>; null where it has none.</param>
/// <param name="Layout">As <see cref="Record.Layout.Read"/> reads it; null where there is no id, whose place only that finds.</param>
internal sealed record DoorReading(string Type, string? Id, Layout? Layout)
{
    /// <summary>Reads one resource.</summary>
    /// <returns>Null where the door does not accept it.</returns>
    public static DoorReading? Of(ReadOnlySpan<byte> resource)
    {
        var places = default(Places);
        try
        {
            if (FastDoor.Check(resource, ref places, out var type) != Verdict.Accepted)
                return null;
            if (places.Own(Role.Id) is not { } id)
                return new DoorReading(type!.Name, null, null);
            // The library takes a number that no decimal can hold for a text; nobody else does.
            if (resource[id.Start] != '"')
                return null;
            var text = JsonOutline.Text(resource, Part(id))!;
            var meta = places.Own(Role.Meta) ?? new ByteRange(id.End, 0);
            return new DoorReading(type!.Name, text, new Layout(type.Name, text, Inside(id), meta, References(resource, places.All)));
        }
        finally
        {
            places.Dispose();
        }
    }

    private static ImmutableArray<ReferenceSlot> References(ReadOnlySpan<byte> resource, ReadOnlySpan<Place> places)
    {
        var references = ImmutableArray.CreateBuilder<ReferenceSlot>();
        foreach (var place in places)
        {
            // Some elements of this name are no text.
            if (resource[place.Range.Start] != '"')
                continue;
            if (place.Role == Role.Reference)
                references.Add(new ReferenceSlot(Inside(place.Range), JsonOutline.Text(resource, Part(place.Range))!));
            else if (place.Role == Role.Url && Layout.NamesBinary(Inside(place.Range).Of(resource)))
                references.Add(new ReferenceSlot(Inside(place.Range), JsonOutline.Text(resource, Part(place.Range))!, IsUrl: true));
        }

        return references.DrainToImmutable();
    }

    private static ByteRange Inside(ByteRange quoted) => new(quoted.Start + 1, quoted.Length - 2);

    private static JsonPart Part(ByteRange quoted) => new(quoted, JsonTokenType.String);
}
