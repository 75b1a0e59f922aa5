using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Lhcre.Record;
using static Lhcre.Silo.Visits.JsonMembers;

namespace Lhcre.Silo.Visits;

/// <summary>What a source answered, page by page, put together to one Bundle that can be taken in like a push: each resource in the bytes in which it came.</summary>
internal sealed class PulledBundle
{
    private readonly ArrayBufferWriter<byte> _entries = new();

    /// <summary>How many resources there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the source says itself that something is missing, by an outcome that is no mere information.</summary>
    public bool IsInPart { get; private set; }

    /// <summary>Adds a page.</summary>
    /// <param name="page">What was answered.</param>
    /// <param name="next">The link to the next page; null where this is the last one.</param>
    /// <returns>False where it is no Bundle.</returns>
    public bool Add(ReadOnlyMemory<byte> page, out string? next)
    {
        next = null;
        try
        {
            using var json = JsonDocument.Parse(page, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
            var bundle = json.RootElement;
            if (Text(bundle, "resourceType") != "Bundle")
                return false;
            foreach (var entry in List(bundle, "entry"))
                Add(entry);
            next = List(bundle, "link").Where(l => Text(l, "relation") == "next").Select(l => Text(l, "url")).FirstOrDefault();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The ids of the Patients on a page of a search; none where it is no Bundle.</summary>
    public static IReadOnlyList<string>? Patients(ReadOnlyMemory<byte> page)
    {
        try
        {
            using var json = JsonDocument.Parse(page, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
            return Text(json.RootElement, "resourceType") != "Bundle"
                ? null
                : [.. List(json.RootElement, "entry").Select(e => Member(e, "resource")).Where(r => Text(r, "resourceType") == "Patient").Select(r => Text(r, "id")).OfType<string>().Distinct()];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The Bundle.</summary>
    /// <param name="asked">When it was asked for: what it says is said as of then.</param>
    public byte[] Whole(DateTimeOffset asked) =>
        [.. "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"timestamp\":\""u8, .. Encoding.ASCII.GetBytes(asked.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)), .. "\",\"entry\":["u8, .. _entries.WrittenSpan, .. "]}"u8];

    private void Add(JsonElement entry)
    {
        var resource = Member(entry, "resource");
        if (resource.ValueKind != JsonValueKind.Object)
            return;
        if (Text(resource, "resourceType") == "OperationOutcome")
        {
            IsInPart |= List(resource, "issue").Any(i => Text(i, "severity") is not "information");
            return;
        }

        if (Count++ > 0)
            _entries.Write(","u8);
        _entries.Write("{"u8);
        if (Member(entry, "fullUrl") is { ValueKind: JsonValueKind.String } url)
        {
            _entries.Write("\"fullUrl\":"u8);
            _entries.Write(JsonMarshal.GetRawUtf8Value(url));
            _entries.Write(","u8);
        }

        _entries.Write("\"resource\":"u8);
        _entries.Write(JsonMarshal.GetRawUtf8Value(resource));
        _entries.Write("}"u8);
    }
}
