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
        var body = shown.Body.Span;
        var stamp = default(ByteRange);
        var from = 0;
        foreach (var (range, what) in Places(shown))
        {
            target.Write(body[from..range.Start]);
            if (what == Place.Id)
                Text(target, idText);
            else if (what == Place.Meta)
                stamp = MetaRendering.Write(target, range.Of(body), members, shown.Key, version, at);
            else
                Text(target, referenceTo(shown.References[(int)what].Target));
            from = range.End;
        }

        target.Write(body[from..]);
        var resource = new ByteRange(start, target.WrittenCount - start);
        target.Write(SearchMember);
        return new RenderedSegment(target.WrittenSpan.ToArray(), resource, stamp);
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

    // Where something of ours goes, in the order of the text. A reference is named by its number; the id and meta by numbers below 0.
    private static IEnumerable<(ByteRange Range, Place What)> Places(Fragment shown)
    {
        var (first, second) = shown.Id.Start < shown.Meta.Start
            ? ((shown.Id, Place.Id), (shown.Meta, Place.Meta))
            : ((shown.Meta, Place.Meta), (shown.Id, Place.Id));
        var own = new Queue<(ByteRange, Place)>([first, second]);
        for (var i = 0; i < shown.References.Length; i++)
        {
            while (own.TryPeek(out var next) && next.Item1.Start < shown.References[i].Value.Start)
                yield return own.Dequeue();
            // What stands inside meta (an extension's reference) goes with meta, as it was.
            if (shown.References[i].Value.Start >= shown.Meta.End || shown.References[i].Value.End <= shown.Meta.Start)
                yield return (shown.References[i].Value, (Place)i);
        }

        while (own.TryDequeue(out var next))
            yield return next;
    }

    private enum Place
    {
        Meta = -2,
        Id = -1,
    }
}
