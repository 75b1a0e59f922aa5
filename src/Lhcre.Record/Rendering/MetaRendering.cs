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
    private static readonly byte[] ContributorUrl = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor"u8.ToArray();
    internal static readonly byte[] ContributorStart =
        [.. "{\"url\":\""u8, .. ContributorUrl, .. "\",\"extension\":[{\"url\":\"source\",\"valueCode\":\""u8];

    private static readonly byte[] DuplicateUrl = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/possible-duplicate"u8.ToArray();
    private static readonly byte[] DuplicateStart = [.. ",{\"url\":\""u8, .. DuplicateUrl, .. "\",\"valueReference\":{\"reference\":\""u8];

    private static readonly byte[] UnverifiedUrl = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/unverified-identity"u8.ToArray();
    private static readonly byte[] Unverified = [.. ",{\"url\":\""u8, .. UnverifiedUrl, .. "\",\"valueBoolean\":true}"u8];

    /// <summary>Writes the value of <c>meta</c>, or the whole member where the resource has none, and says where the stamp stands.</summary>
    /// <param name="target">The segment being written.</param>
    /// <param name="own">The shown member's own words.</param>
    /// <param name="statement">The cluster.</param>
    /// <param name="version">The row.</param>
    /// <param name="at">When it is appended.</param>
    /// <param name="isUnverified">Whether it is a Patient of whom no verified NHS number is known.</param>
    public static ByteRange Write(
        ArrayBufferWriter<byte> target, OwnWords own, MergedResource.Statement statement, long version, DateTimeOffset at, bool isUnverified)
    {
        var (parts, members) = (Parts.Read(own.Shown), statement.Members);
        target.Write(own.Shown.Meta.Length == 0 ? ",\"meta\":{"u8 : "{"u8);
        target.Write("\"extension\":["u8);
        foreach (var extension in parts.Extensions)
        {
            own.CopyTo(target, extension.Start, extension.End);
            target.Write(","u8);
        }

        WriteContributors(target, members);
        foreach (var duplicate in statement.Ties.PossibleDuplicates)
        {
            target.Write(DuplicateStart);
            Rendering.Text(target, own.ReferenceTo(duplicate));
            target.Write("\"}}"u8);
        }

        if (isUnverified)
            target.Write(Unverified);
        target.Write("],"u8);
        foreach (var member in parts.Others)
        {
            own.CopyTo(target, member.Start, member.End);
            target.Write(","u8);
        }

        WriteSecurity(target, own, parts.Security, members);
        var start = target.WrittenCount;
        WriteStamp(target, version, at);
        var stamp = new ByteRange(start, target.WrittenCount - start);
        target.Write("}"u8);
        return stamp;
    }

    /// <summary>Writes who contributes, with commas between.</summary>
    public static void WriteContributors(ArrayBufferWriter<byte> target, IReadOnlyList<Entry> members)
    {
        for (var i = 0; i < members.Count; i++)
        {
            target.Write(i == 0 ? default : ","u8);
            WriteContributor(target, members[i]);
        }
    }

    /// <summary>The same bytes with another version and time in them.</summary>
    /// <param name="segment">The bytes.</param>
    /// <param name="old">The version in them.</param>
    /// <param name="version">The row.</param>
    /// <param name="at">When it is appended.</param>
    public static RenderedSegment Restamp(RenderedSegment segment, long old, long version, DateTimeOffset at)
    {
        var (was, now) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        WriteStamp(was, old, default);
        WriteStamp(now, version, at);
        var (start, end, more) = (segment.Stamp.Start, segment.Stamp.Start + was.WrittenCount, now.WrittenCount - was.WrittenCount);
        byte[] bytes = [.. segment.Bytes.AsSpan(0, start), .. now.WrittenSpan, .. segment.Bytes.AsSpan(end)];
        return new RenderedSegment(
            bytes, new ByteRange(segment.Resource.Start, segment.Resource.Length + more), new ByteRange(start, segment.Stamp.Length + more));
    }

    /// <summary>Writes version and time.</summary>
    public static void WriteStamp(ArrayBufferWriter<byte> target, long version, DateTimeOffset at)
    {
        target.Write("\"versionId\":\""u8);
        Rendering.Text(target, version.ToString(CultureInfo.InvariantCulture));
        target.Write("\",\"lastUpdated\":\""u8);
        Rendering.Text(target, Rendering.Instant(at));
        target.Write("\""u8);
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

    private static void WriteSecurity(ArrayBufferWriter<byte> target, OwnWords own, ByteRange labels, ImmutableArray<Entry> members)
    {
        var added = members.SelectMany(m => m.Facts.Security).Except(own.Shown.Facts.Security)
            .OrderBy(c => c.System, StringComparer.Ordinal).ThenBy(c => c.Code, StringComparer.Ordinal).ToList();
        if (labels.Length == 0 && added.Count == 0)
            return;
        target.Write("\"security\":["u8);
        own.CopyTo(target, labels.Start, labels.End);
        for (var i = 0; i < added.Count; i++)
        {
            target.Write(i == 0 && labels.Length == 0 ? default : ","u8);
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

    // Where the parts of a meta stand in the body: each extension, the inside of the security list, and every other member that stays.
    private readonly record struct Parts(List<ByteRange> Extensions, ByteRange Security, List<ByteRange> Others)
    {
        public static Parts Read(Fragment shown)
        {
            var (extensions, others, security) = (new List<ByteRange>(), new List<ByteRange>(), default(ByteRange));
            var offset = shown.Meta.Start;
            if (shown.Meta.Length == 0)
                return new Parts(extensions, security, others);
            var reader = new Utf8JsonReader(shown.Meta.Of(shown.Body.Span), Limits.JsonReader);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (start, name) = (offset + (int)reader.TokenStartIndex, reader.GetString());
                reader.Read();
                if (name == "extension")
                    TakeExtensions(ref reader, offset, extensions);
                else if (name == "security")
                    security = Inside(ref reader, offset);
                else
                    reader.Skip();
                // The siblings of what is replaced (_versionId) go with it.
                if (name is not ("extension" or "security" or "versionId" or "lastUpdated" or "_versionId" or "_lastUpdated"))
                    others.Add(new ByteRange(start, offset + (int)reader.BytesConsumed - start));
            }

            return new Parts(extensions, security, others);
        }

        // The items of a list, or the single object that some send in its place.
        private static ByteRange Inside(ref Utf8JsonReader reader, int offset)
        {
            var (kind, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            return kind switch
            {
                JsonTokenType.StartArray => new ByteRange(offset + start + 1, end - start - 2),
                JsonTokenType.StartObject => new ByteRange(offset + start, end - start),
                _ => default,
            };
        }

        private static void TakeExtensions(ref Utf8JsonReader reader, int offset, List<ByteRange> extensions)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                TakeExtension(ref reader, offset, extensions);
            if (reader.TokenType != JsonTokenType.StartArray)
                return;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                TakeExtension(ref reader, offset, extensions);
        }

        // Who contributes, what may be the same, and who is not verified, is ours to say: a source that sends back what it read here does not say it for others.
        private static void TakeExtension(ref Utf8JsonReader reader, int offset, List<ByteRange> extensions)
        {
            var (start, isOurs) = ((int)reader.TokenStartIndex, false);
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            if (!isObject)
                reader.Skip();
            while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isUrl = reader.ValueTextEquals("url"u8);
                reader.Read();
                isOurs |= isUrl && reader.TokenType == JsonTokenType.String
                    && (reader.ValueTextEquals(ContributorUrl) || reader.ValueTextEquals(DuplicateUrl) || reader.ValueTextEquals(UnverifiedUrl));
                reader.Skip();
            }

            if (!isOurs)
                extensions.Add(new ByteRange(offset + start, (int)reader.BytesConsumed - start));
        }
    }
}
