using System.Text.Json;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Searching;

/// <summary>Resources that stand within another one (<c>contained</c>): found by no search of their type, but by chains from that one.</summary>
internal static class ContainedResources
{
    /// <summary>The one of an id, to be searched by what it says; null where there is none.</summary>
    /// <param name="record">The record in which the other one stands.</param>
    /// <param name="resource">The other one.</param>
    /// <param name="id">What stands behind the <c>#</c> of the reference to it.</param>
    public static MergedResource? Find(PatientRecord record, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> id)
    {
        var reader = new Utf8JsonReader(resource, Limits.JsonReader);
        reader.Read();
        while (Json.NextMember(ref reader))
        {
            if (!Json.Is(ref reader, "contained"u8))
            {
                reader.Skip();
                continue;
            }

            for (var items = Items.Of(ref reader); items.Next(ref reader);)
            {
                var start = (int)reader.TokenStartIndex;
                if (TypeOf(ref reader, id) is { } type)
                    return Made(record, type, resource[start..(int)reader.BytesConsumed].ToArray());
            }
        }

        return null;
    }

    // Its type, if it has that id.
    private static string? TypeOf(ref Utf8JsonReader reader, ReadOnlySpan<byte> id)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? type = null;
        var isIt = false;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "resourceType"u8))
                type = Json.Text(ref reader);
            else if (Json.Is(ref reader, "id"u8))
                isIt = Json.Text(ref reader) is { } text && id.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text));
            else
                reader.Skip();
        }

        return isIt ? type : null;
    }

    private static MergedResource Made(PatientRecord record, string type, byte[] bytes)
    {
        // What has no key of its own; no source has an empty id.
        var key = new EntryKey("", type, "");
        return new MergedResource(
            record.Key, new Disagreement([key], [], [], default) { Address = key }, new RenderedSegment(bytes, new ByteRange(0, bytes.Length), default), 0, default);
    }
}
