using System.Text;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// A merged resource's Bundle entry read back, as far as to say of what type it is and who contributes to it: a record that was loaded folded
/// has its bytes and nothing else.
/// </summary>
internal readonly ref struct ServedEntry
{
    /// <summary>Of an entry as <see cref="Rendering"/> wrote it for these addresses.</summary>
    public ServedEntry(ReadOnlySpan<byte> entry, Addresses addresses)
    {
        Type = TypeOf(entry, addresses);
        // Neither types nor ids hold a quote, so the first one ends the URL.
        var path = entry[(addresses.FullUrlPrefix.Length + Type.Length)..];
        Resource = path[(path.IndexOf(Rendering.ResourceMember) + Rendering.ResourceMember.Length)..^Rendering.SearchMember.Length];
    }

    /// <summary>The resource type.</summary>
    public ReadOnlySpan<byte> Type { get; }

    /// <summary>The resource alone.</summary>
    public ReadOnlySpan<byte> Resource { get; }

    /// <summary>The resource type of an entry alone.</summary>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> entry, Addresses addresses)
    {
        var path = entry[addresses.FullUrlPrefix.Length..];
        return path[..path.IndexOf((byte)'/')];
    }

    /// <summary>The ids of the sources that contribute, in the order of the members; a source as often as it has members.</summary>
    public List<string> Contributors()
    {
        var found = new List<string>();
        var reader = new Utf8JsonReader(Resource, Limits.JsonReader);
        // Only the resource's own meta counts: what is contained or quoted in it may carry a copy of another's.
        if (!MovesInto(ref reader, "meta"u8) || !MovesInto(ref reader, "extension"u8))
            return found;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var extension = Resource[start..(int)reader.BytesConsumed];
            if (!extension.StartsWith(MetaRendering.ContributorStart))
                continue;
            var source = extension[MetaRendering.ContributorStart.Length..];
            found.Add(Encoding.UTF8.GetString(source[..source.IndexOf((byte)'"')]));
        }

        return found;
    }

    // From where an object begins, or from before it, to where a member's value begins.
    private static bool MovesInto(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        if (reader.TokenType == JsonTokenType.None)
            reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(member);
            reader.Read();
            if (isWanted)
                return true;
            reader.Skip();
        }

        return false;
    }
}
