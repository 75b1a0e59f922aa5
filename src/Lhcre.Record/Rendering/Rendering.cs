using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Lhcre.Record;

/// <summary>
/// Writes a merged resource: the shown member's own words, in which only the id, the references and <c>meta</c> are ours. Everything
/// else is copied, byte for byte.
/// </summary>
internal static class Rendering
{
    private static readonly byte[] ResourceMember = "\",\"resource\":"u8.ToArray();
    private static readonly byte[] SearchMember = ",\"search\":{\"mode\":\"match\"}}"u8.ToArray();

    private const int MostScratchBytes = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    /// <summary>One Bundle entry.</summary>
    /// <param name="addresses">Where the record is served.</param>
    /// <param name="id">The merged id.</param>
    /// <param name="shown">The shown member's fragment.</param>
    /// <param name="members">All members, by key.</param>
    /// <param name="referenceTo">The new text of a reference: a merged resource, or an absolute URL at the source's base.</param>
    /// <param name="version">The row.</param>
    /// <param name="at">When it is appended.</param>
    public static RenderedSegment Write(
        Addresses addresses, MergedId id, Fragment shown, ImmutableArray<Entry> members, Func<EntryKey, string> referenceTo, long version, DateTimeOffset at)
    {
        var target = _scratch ??= new ArrayBufferWriter<byte>(4096);
        target.ResetWrittenCount();
        var idText = id.ToString();
        target.Write(addresses.FullUrlPrefix);
        Text(target, shown.Key.Type);
        target.Write("/"u8);
        Text(target, idText);
        target.Write(ResourceMember);

        var start = target.WrittenCount;
        var own = new OwnWords(shown, referenceTo);
        ByteRange stamp;
        int behind;
        if (shown.Id.Start < shown.Meta.Start)
        {
            own.CopyTo(target, 0, shown.Id.Start);
            Text(target, idText);
            own.CopyTo(target, shown.Id.End, shown.Meta.Start);
            stamp = MetaRendering.Write(target, own, members, version, at);
            behind = shown.Meta.End;
        }
        else
        {
            own.CopyTo(target, 0, shown.Meta.Start);
            stamp = MetaRendering.Write(target, own, members, version, at);
            own.CopyTo(target, shown.Meta.End, shown.Id.Start);
            Text(target, idText);
            behind = shown.Id.End;
        }

        own.CopyTo(target, behind, shown.Body.Length);
        var resource = new ByteRange(start, target.WrittenCount - start);
        target.Write(SearchMember);
        var segment = new RenderedSegment(target.WrittenSpan.ToArray(), resource, stamp);
        // One scanned letter must not keep its size on every thread for good.
        if (target.Capacity > MostScratchBytes)
            _scratch = null;
        return segment;
    }

    /// <summary>A source's own words as a Bundle entry at its own base.</summary>
    public static (byte[] Entry, ByteRange Resource) AsSent(Addresses addresses, Fragment fragment)
    {
        var prefix = Encoding.UTF8.GetBytes($"{{\"fullUrl\":\"{addresses.Source(fragment.Key.Source)}/{fragment.Key.Reference}\",\"resource\":");
        return ([.. prefix, .. fragment.AsSent.Span, .. SearchMember], new ByteRange(prefix.Length, fragment.AsSent.Length));
    }

    /// <summary>An instant as FHIR writes it, to the millisecond, in UTC.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal static void Text(ArrayBufferWriter<byte> target, string text) => Encoding.UTF8.GetBytes(text, target);
}
