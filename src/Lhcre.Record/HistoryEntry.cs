using System.Buffers;
using System.Text;

namespace Lhcre.Record;

/// <summary>What a row did to a merged resource.</summary>
public enum ResourceChange : byte
{
    /// <summary>Nothing was shown under this id before.</summary>
    Created = 1,

    /// <summary>It was shown in other bytes.</summary>
    Updated = 2,

    /// <summary>It is shown no more: withdrawn by all who stated it, withheld, or a part of another one now.</summary>
    Ended = 3,
}

/// <summary>One version of one merged resource, or its end: an entry of a history Bundle.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Seq">The row that did it: <c>meta.versionId</c>.</param>
/// <param name="At">When that was appended.</param>
/// <param name="Change">What it did.</param>
/// <param name="Served">The Bundle entry that was served from then on, up to the end of the resource; empty where there is none, or where it is not kept.</param>
public sealed record HistoryEntry(string Type, MergedId Id, long Seq, DateTimeOffset At, ResourceChange Change, ReadOnlyMemory<byte> Served)
{
    /// <summary>All that the last row of a record changed in what is served, in the record's order.</summary>
    /// <param name="before">The record before that row.</param>
    /// <param name="after">The record.</param>
    public static IEnumerable<HistoryEntry> Of(PatientRecord before, PatientRecord after)
    {
        // Every merged resource has a place in a tree of which a row changes some nodes: what stands in the others was not touched.
        var shown = after.Resources.NotSharedWith(before.Resources).Where(r => r.Version == after.Seq);
        var ended = before.Resources.NotSharedWith(after.Resources).Where(r => !IsIn(after, r));
        return shown.Concat(ended).OrderBy(r => r, Comparer<MergedResource>.Create((one, other) => MergedResource.Compare(one.Smallest, other.Smallest)))
            .Select(r => Of(r, before, after));
    }

    /// <summary>The same as it is shown of a restricted person; null of a type that is not.</summary>
    /// <param name="addresses">Where the record is served.</param>
    public HistoryEntry? Redacted(Addresses addresses)
    {
        if (!Restriction.Shows(Type))
            return null;
        if (Served.IsEmpty)
            return this;
        var start = addresses.FullUrlPrefix.Length + Encoding.UTF8.GetByteCount($"{Type}/{Id}") + Rendering.ResourceMember.Length;
        return this with { Served = (byte[])[.. Served.Span[..start], .. Redaction.Of(Served[start..])] };
    }

    /// <summary>The entry of a history Bundle.</summary>
    /// <param name="addresses">Where the record is served.</param>
    public byte[] Bytes(Addresses addresses)
    {
        var target = new ArrayBufferWriter<byte>(Served.Length + 512);
        if (Change == ResourceChange.Ended)
        {
            target.Write(addresses.FullUrlPrefix);
            Rendering.Text(target, $"{Type}/{Id}\"");
        }
        else
        {
            target.Write(Served.Span);
        }

        // PUT for the first version too: the merged record gives its ids itself, and nobody posts there.
        var method = Change == ResourceChange.Ended ? "DELETE" : "PUT";
        Rendering.Text(target, $$""","request":{"method":"{{method}}","url":"{{Type}}/{{Id}}"},"response":{"status":"{{Status}}","etag":"W/\"{{Seq}}\"",""");
        Rendering.Text(target, $"\"lastModified\":\"{Rendering.Instant(At)}\"");
        target.Write("}}"u8);
        return target.WrittenSpan.ToArray();
    }

    /// <summary>Without the id: whose record it is shows in it.</summary>
    public override string ToString() => $"{Type} {Change} by row {Seq}";

    private string Status => Change switch
    {
        ResourceChange.Created => "201",
        ResourceChange.Updated => "200",
        _ => "204",
    };

    private static HistoryEntry Of(MergedResource resource, PatientRecord before, PatientRecord after)
    {
        if (!IsIn(after, resource))
            return new HistoryEntry(resource.Type, resource.Id, after.Seq, after.LastAppended, ResourceChange.Ended, default);
        var change = IsIn(before, resource) ? ResourceChange.Updated : ResourceChange.Created;
        return new HistoryEntry(resource.Type, resource.Id, after.Seq, after.LastAppended, change, resource.BundleEntryBytes.AsMemory(0, resource.ResourceRange.End));
    }

    // By its id: the merged Patient keeps it, whoever is the smallest of its members.
    private static bool IsIn(PatientRecord record, MergedResource resource) =>
        resource.Type == "Patient" ? record.Patient is not null : record.Resources.TryFind(new MergedResource.BySmallest(resource.Smallest), out _);
}
