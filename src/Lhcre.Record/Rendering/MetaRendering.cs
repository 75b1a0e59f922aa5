using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// Writes the <c>meta</c> of a merged resource: the shown member's own, with its version and time replaced by the record's, the
/// contributors put behind its extensions, and the union of all members' security labels.
/// </summary>
internal static class MetaRendering
{
    private static readonly byte[] ContributorStart =
        "{\"url\":\"https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor\",\"extension\":[{\"url\":\"source\",\"valueCode\":\""u8.ToArray();

    /// <summary>Writes the value of <c>meta</c>, or the whole member where the resource has none, and says where the stamp stands.</summary>
    /// <param name="target">The segment being written.</param>
    /// <param name="own">The shown member's own <c>meta</c>; empty where it has none.</param>
    /// <param name="members">All members, by key.</param>
    /// <param name="shown">The shown member.</param>
    /// <param name="version">The row.</param>
    /// <param name="at">When it is appended.</param>
    public static ByteRange Write(
        ArrayBufferWriter<byte> target, ReadOnlySpan<byte> own, ImmutableArray<Entry> members, EntryKey shown, long version, DateTimeOffset at)
    {
        var parts = Parts.Read(own);
        target.Write(own.IsEmpty ? ",\"meta\":{"u8 : "{"u8);
        target.Write("\"extension\":["u8);
        if (parts.Extensions.Length > 0)
        {
            target.Write(parts.Extensions.Of(own));
            target.Write(","u8);
        }

        for (var i = 0; i < members.Length; i++)
        {
            target.Write(i == 0 ? default : ","u8);
            WriteContributor(target, members[i]);
        }

        target.Write("],"u8);
        foreach (var member in parts.Others)
        {
            target.Write(member.Of(own));
            target.Write(","u8);
        }

        WriteSecurity(target, own, parts, members, shown);
        var start = target.WrittenCount;
        target.Write("\"versionId\":\""u8);
        Rendering.Text(target, version.ToString(CultureInfo.InvariantCulture));
        target.Write("\",\"lastUpdated\":\""u8);
        Rendering.Text(target, Rendering.Instant(at));
        target.Write("\""u8);
        var stamp = new ByteRange(start, target.WrittenCount - start);
        target.Write("}"u8);
        return stamp;
    }

    private static void WriteContributor(ArrayBufferWriter<byte> target, Entry member)
    {
        // Source ids, types and FHIR ids hold nothing that JSON would escape.
        target.Write(ContributorStart);
        Rendering.Text(target, member.Key.Source);
        target.Write("\"},{\"url\":\"reference\",\"valueString\":\""u8);
        Rendering.Text(target, member.Key.Type);
        target.Write("/"u8);
        Rendering.Text(target, member.Key.Id);
        target.Write("\"}"u8);
        if (member.Recorded is { } recorded)
        {
            target.Write(",{\"url\":\"recorded\",\"valueInstant\":\""u8);
            Rendering.Text(target, Rendering.Instant(recorded));
            target.Write("\"}"u8);
        }

        target.Write("]}"u8);
    }

    private static void WriteSecurity(
        ArrayBufferWriter<byte> target, ReadOnlySpan<byte> own, Parts parts, ImmutableArray<Entry> members, EntryKey shown)
    {
        var ownLabels = members.First(m => m.Key == shown).Facts.Security;
        var added = members.SelectMany(m => m.Facts.Security).Except(ownLabels)
            .OrderBy(c => c.System, StringComparer.Ordinal).ThenBy(c => c.Code, StringComparer.Ordinal).ToList();
        if (parts.Security.Length == 0 && added.Count == 0)
            return;
        target.Write("\"security\":["u8);
        target.Write(parts.Security.Of(own));
        for (var i = 0; i < added.Count; i++)
        {
            target.Write(i == 0 && parts.Security.Length == 0 ? default : ","u8);
            target.Write("{"u8);
            if (added[i].System is { } system)
            {
                target.Write("\"system\":"u8);
                target.Write(JsonSerializer.SerializeToUtf8Bytes(system));
                target.Write(","u8);
            }

            target.Write("\"code\":"u8);
            target.Write(JsonSerializer.SerializeToUtf8Bytes(added[i].Code));
            target.Write("}"u8);
        }

        target.Write("],"u8);
    }

    // The members of a meta: the inside of its extension and security lists, and every other member that stays as it is.
    private readonly record struct Parts(ByteRange Extensions, ByteRange Security, List<ByteRange> Others)
    {
        public static Parts Read(ReadOnlySpan<byte> meta)
        {
            ByteRange extensions = default, security = default;
            var others = new List<ByteRange>();
            if (meta.IsEmpty)
                return new Parts(extensions, security, others);
            var reader = new Utf8JsonReader(meta, Limits.JsonReader);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (start, name) = ((int)reader.TokenStartIndex, reader.GetString());
                reader.Read();
                var value = (int)reader.TokenStartIndex;
                var isList = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
                var end = (int)reader.BytesConsumed;
                if (name == "extension" && isList)
                    extensions = new ByteRange(value + 1, end - value - 2);
                else if (name == "security" && isList)
                    security = new ByteRange(value + 1, end - value - 2);
                // The siblings of what is replaced (_versionId) go with it.
                else if (name is not ("versionId" or "lastUpdated" or "_versionId" or "_lastUpdated"))
                    others.Add(new ByteRange(start, end - start));
            }

            return new Parts(extensions, security, others);
        }
    }
}
