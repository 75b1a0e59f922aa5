using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>One entry of a Bundle before its resource is read.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="FullUrl">As sent; null where it has none.</param>
/// <param name="Request">What it asks for.</param>
/// <param name="Resource">Where its resource stands; null where it has none.</param>
/// <param name="Fault">Why the entry itself cannot be read; null where it can.</param>
internal sealed record EnvelopeEntry(int Index, string? FullUrl, EntryRequest Request, JsonPart? Resource, Issue? Fault);

/// <summary>A Bundle without its resources: they are only located, so that a fault in one of them is no fault of the others.</summary>
internal sealed record BundleEnvelope
{
    public BundleKind? Kind { get; private init; }

    public string? Identifier { get; private init; }

    public DateTimeOffset? Time { get; private init; }

    public ImmutableArray<EnvelopeEntry> Entries { get; private init; } = [];

    public ImmutableArray<Issue> Issues { get; private init; } = [];

    /// <summary>Reads a Bundle's own elements.</summary>
    public static BundleEnvelope Read(ReadOnlySpan<byte> json, List<JsonMember> members, string sourceBase)
    {
        var issues = ImmutableArray.CreateBuilder<Issue>();
        foreach (var doubled in members.GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            issues.Add(new Issue(IssueCodes.InvalidStructure, "The element is there twice.", $"Bundle.{doubled.Key}"));
        var kind = KindOf(JsonOutline.Text(json, members, "type"));
        if (kind is null)
            issues.Add(new Issue(IssueCodes.BundleTypeNotSupported, JsonOutline.Text(json, members, "type"), "Bundle.type"));
        return new BundleEnvelope
        {
            Kind = kind,
            Identifier = ReadIdentifier(json, members.Find("identifier")),
            Time = ReadTime(json, members.Find("timestamp"), issues),
            Entries = kind is { } known ? ReadEntries(json, members.Find("entry"), known, sourceBase, issues) : [],
            Issues = issues.DrainToImmutable(),
        };
    }

    private static BundleKind? KindOf(string? type) => type switch
    {
        "transaction" => BundleKind.Transaction,
        "batch" => BundleKind.Batch,
        "message" => BundleKind.Message,
        "collection" => BundleKind.Collection,
        "document" => BundleKind.Document,
        _ => null,
    };

    private static string? ReadIdentifier(ReadOnlySpan<byte> json, JsonPart? identifier)
    {
        if (identifier is not { } given)
            return null;
        var members = JsonOutline.Members(json, given);
        var value = JsonOutline.Text(json, members, "value")?.Trim();
        return string.IsNullOrEmpty(value) ? null : $"{JsonOutline.Text(json, members, "system")?.Trim()}|{value}";
    }

    // It decides which version counts, so a wrong one is not passed over.
    private static DateTimeOffset? ReadTime(ReadOnlySpan<byte> json, JsonPart? timestamp, ImmutableArray<Issue>.Builder issues)
    {
        if (timestamp is null)
            return null;
        var text = JsonOutline.Text(json, timestamp)?.Trim();
        if (text is { Length: > 19 } && text[10] == 'T' && (text[^1] == 'Z' || text[^6] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time))
            return time;
        issues.Add(new Issue(IssueCodes.InvalidValue, "An instant is expected: date, time to the second, and zone.", "Bundle.timestamp"));
        return null;
    }

    private static ImmutableArray<EnvelopeEntry> ReadEntries(
        ReadOnlySpan<byte> json, JsonPart? entry, BundleKind kind, string sourceBase, ImmutableArray<Issue>.Builder issues)
    {
        if (entry is not { } list || list.Kind == JsonTokenType.Null)
            return [];
        if (!list.IsArray)
        {
            issues.Add(new Issue(IssueCodes.InvalidStructure, "A list is expected.", "Bundle.entry"));
            return [];
        }

        var items = JsonOutline.Items(json, list);
        if (items.Count > Limits.BundleEntries)
        {
            issues.Add(new Issue(IssueCodes.TooManyEntries, $"It has {items.Count}.", "Bundle.entry"));
            return [];
        }

        var entries = ImmutableArray.CreateBuilder<EnvelopeEntry>(items.Count);
        for (var i = 0; i < items.Count; i++)
            entries.Add(ReadEntry(json, items[i], i, kind, sourceBase));
        return entries.MoveToImmutable();
    }

    private static EnvelopeEntry ReadEntry(ReadOnlySpan<byte> json, JsonPart item, int index, BundleKind kind, string sourceBase)
    {
        var path = $"Bundle.entry[{index}]";
        var members = JsonOutline.Members(json, item);
        var request = kind is BundleKind.Batch or BundleKind.Transaction
            ? EntryRequest.Read(json, members.Find("request"), sourceBase, $"{path}.request")
            : EntryRequest.None;
        var resource = members.Find("resource") is { Kind: not JsonTokenType.Null } given ? given : (JsonPart?)null;
        var fullUrl = JsonOutline.Text(json, members, "fullUrl")?.Trim();
        return new EnvelopeEntry(index, fullUrl, request, resource, FaultOf(members, item, resource, request, path));
    }

    private static Issue? FaultOf(List<JsonMember> members, JsonPart item, JsonPart? resource, EntryRequest request, string path)
    {
        if (!item.IsObject || members.DistinctBy(m => m.Name).Count() != members.Count)
            return new Issue(IssueCodes.InvalidStructure, "An entry is an object, with each element once.", path);
        if (members.Find("fullUrl") is { Kind: not JsonTokenType.String })
            return new Issue(IssueCodes.InvalidValue, "A URL is expected.", $"{path}.fullUrl");
        if (resource is null)
            return request.Method == "DELETE" ? null : new Issue(IssueCodes.NoResource, null, path);
        return resource is { IsObject: false } ? new Issue(IssueCodes.InvalidStructure, "A resource is an object.", $"{path}.resource") : null;
    }
}
