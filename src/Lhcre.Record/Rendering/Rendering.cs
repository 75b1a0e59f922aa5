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
    internal static readonly byte[] ResourceMember = "\",\"resource\":"u8.ToArray();
    internal static readonly byte[] SearchMember = ",\"search\":{\"mode\":\"match\"}}"u8.ToArray();
    internal static readonly byte[] IncludeMember = ",\"search\":{\"mode\":\"include\"}}"u8.ToArray();

    private const int MostScratchBytes = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    /// <summary>One Bundle entry.</summary>
    /// <param name="addresses">Where the record is served.</param>
    /// <param name="id">The merged id.</param>
    /// <param name="shown">The shown member's fragment.</param>
    /// <param name="others">Of a Patient the fragments of the other members, by precedence, which say what it leaves out; of others none.</param>
    /// <param name="statement">The cluster.</param>
    /// <param name="referenceTo">The new text of a reference: a merged resource, or an absolute URL at the source's base.</param>
    /// <param name="version">The row.</param>
    /// <param name="at">When it is appended.</param>
    public static RenderedSegment Write(
        Addresses addresses, MergedId id, Fragment shown, IReadOnlyList<Fragment> others, MergedResource.Statement statement, Func<EntryKey, string> referenceTo,
        long version, DateTimeOffset at)
    {
        var idText = id.ToString();
        var target = Begin(addresses, shown.Key.Type, idText);
        var start = target.WrittenCount;
        var own = new OwnWords(shown, referenceTo);
        var stamp = default(ByteRange);
        var from = 0;
        foreach (var (range, part) in Parts(own, others, statement.Members))
        {
            own.CopyTo(target, from, range.Start);
            if (part is { } added)
                target.Write(added.Span);
            else if (range == shown.Id)
                Text(target, idText);
            else
                stamp = MetaRendering.Write(target, own, statement, version, at, id is { Member: null, Patient.IsLocal: true });
            from = range.End;
        }

        own.CopyTo(target, from, shown.Body.Length);
        return End(target, start, stamp);
    }

    /// <summary>The scratch buffer with the head of a Bundle entry in it.</summary>
    internal static ArrayBufferWriter<byte> Begin(Addresses addresses, string type, string id)
    {
        var target = _scratch ??= new ArrayBufferWriter<byte>(4096);
        target.ResetWrittenCount();
        target.Write(addresses.FullUrlPrefix);
        Text(target, type);
        target.Write("/"u8);
        Text(target, id);
        target.Write(ResourceMember);
        return target;
    }

    /// <summary>The segment, once the resource is written.</summary>
    internal static RenderedSegment End(ArrayBufferWriter<byte> target, int start, ByteRange stamp)
    {
        var resource = new ByteRange(start, target.WrittenCount - start);
        target.Write(SearchMember);
        var segment = new RenderedSegment(target.WrittenSpan.ToArray(), resource, stamp);
        // One scanned letter must not keep its size on every thread for good.
        if (target.Capacity > MostScratchBytes)
            _scratch = null;
        return segment;
    }

    // What is ours in a resource, in the order of the text: its id, its meta, and what other members add.
    private static IEnumerable<(ByteRange Range, ReadOnlyMemory<byte>? Added)> Parts(OwnWords words, IReadOnlyList<Fragment> others, ImmutableArray<Entry> members)
    {
        var shown = words.Shown;
        (ByteRange Range, ReadOnlyMemory<byte>? Added)[] own = [(shown.Id, null), (shown.Meta, null)];
        return own.Concat(AddedWords.Of(shown, members).Concat(PatientElements.Of(shown, others, words.ReferenceTo)).Select(a => (Range: a.At, Added: (ReadOnlyMemory<byte>?)a.Text))).OrderBy(p => p.Range.Start);
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
