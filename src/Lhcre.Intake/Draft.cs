using System.Text.Json;
using Lhcre.Intake.Door;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>One entry on its way from bytes to a fragment. Each step adds what it finds out; issues of all steps are told at once.</summary>
internal sealed class Draft
{
    private const string UuidPrefix = "urn:uuid:";

    // Read for the transport; what they say is about the push and not about a person.
    private static readonly HashSet<string> Transport = ["MessageHeader", "OperationOutcome", "Parameters"];

    private readonly EntryRequest _request;
    private readonly string? _path;

    private Draft(int index, string? path, EntryRequest request, string? fullUrl) =>
        (Index, _path, _request, FullUrl) = (index, path, request, fullUrl);

    public int Index { get; }

    /// <summary>The root of its expressions: <c>Bundle.entry[3].resource</c>; of a single resource, its type.</summary>
    public string Path => _path ?? Type ?? "Resource";

    public string Method => _request.Method;

    public string? FullUrl { get; }

    /// <summary>The resource as sent; empty where there is none to be read.</summary>
    public ReadOnlyMemory<byte> Sent { get; private set; }

    /// <summary>What the door has found in it; null where the door does not accept it.</summary>
    public DoorReading? Reading { get; private set; }

    /// <summary><c>resourceType</c>, where it is one; of a DELETE, the type in the URL.</summary>
    public string? Type { get; private set; }

    /// <summary>The source's own id as the resource gives it, white space around it included.</summary>
    public string? OwnId { get; private set; }

    public EntryKey? Key { get; private set; }

    /// <summary>Whether the resource is worth reading: there is one, it is of a known type and not of the transport.</summary>
    public bool IsRead { get; private set; }

    public List<Issue> Issues { get; } = [];

    public bool IsRefused => Issues.Exists(i => i.Code.Severity == IssueSeverity.Error);

    /// <summary>An entry of a Bundle.</summary>
    public static Draft Of(EnvelopeEntry entry, ReadOnlyMemory<byte> body)
    {
        var draft = new Draft(entry.Index, $"Bundle.entry[{entry.Index}].resource", entry.Request, entry.FullUrl);
        if ((entry.Request.Fault ?? entry.Fault) is { } fault)
            draft.Issues.Add(fault);
        if (entry.Request.HasCondition)
            draft.Issues.Add(new Issue(IssueCodes.ConditionIgnored, null, $"Bundle.entry[{entry.Index}].request"));
        draft.Locate(entry.Resource, body);
        return draft;
    }

    /// <summary>The one resource of a request.</summary>
    public static Draft Of(EntryRequest request, JsonPart? resource, ReadOnlyMemory<byte> body)
    {
        var draft = new Draft(0, null, request, null);
        if (request.Fault is { } fault)
            draft.Issues.Add(fault);
        draft.Locate(resource, body);
        return draft;
    }

    /// <summary>Settles the key, where the parts of it agree.</summary>
    /// <param name="source">Whose entry it is.</param>
    /// <param name="occurrences">How often each content without any id has come so far in this push.</param>
    public void Identify(string source, Dictionary<ContentHash, int> occurrences)
    {
        if (Type is null || _request.Fault is not null)
            return;
        if (_request.Type is not null && _request.Type != Type)
        {
            Issues.Add(new Issue(IssueCodes.TypeMismatch, $"{Type} at {_request.Type}", Path));
            return;
        }

        var own = OwnId?.Trim();
        if (_request.Id is not null && own is not null && own != _request.Id)
            Issues.Add(new Issue(IssueCodes.IdMismatch, $"{own} at {_request.Id}", $"{Path}.id"));
        else if ((_request.Id ?? own ?? Uuid() ?? (IsRead ? HashOf(occurrences) : null)) is { } id && EntryKey.IsValidId(id))
            Key = new EntryKey(source, Type, id);
    }

    private void Locate(JsonPart? resource, ReadOnlyMemory<byte> body)
    {
        if (Method == "DELETE")
        {
            Type = _request.Type;
            return;
        }

        if (resource is not { IsObject: true } given)
            return;
        // A copy, so that one small resource does not keep a large body alive.
        Sent = given.Range.Of(body.Span).ToArray();
        var json = Sent.Span;
        Reading = DoorReading.Of(json);
        // What is accepted has each of its members once.
        var members = Reading is null ? JsonOutline.Members(json, JsonOutline.Whole(json)) : [];
        if ((Reading?.Type ?? JsonOutline.Text(json, members, "resourceType")) is not { } type || !FhirTypes.IsResource(type))
        {
            Issues.Add(new Issue(IssueCodes.NoResourceType, null, _path));
            return;
        }

        Type = type;
        if (Transport.Contains(type))
            Issues.Add(new Issue(IssueCodes.NotKept, type, Path));
        else if (type == "Bundle")
            Issues.Add(new Issue(IssueCodes.InteractionNotSupported, "A Bundle is not taken here; POST it to the base by itself.", Path));
        else if (JsonOutline.HasMoreValues(json, Limits.ResourceValues))
            Issues.Add(new Issue(IssueCodes.ResourceTooLarge, null, Path));
        else
            IsRead = true;
        ReadOwnId(json, members);
    }

    private void ReadOwnId(ReadOnlySpan<byte> json, List<JsonMember> members)
    {
        if (members.Count(m => m.Name == "resourceType") > 1)
            Issues.Add(new Issue(IssueCodes.InvalidStructure, "resourceType is there twice.", Path));
        var isText = true;
        if (Reading is not null)
            OwnId = Reading.Id;
        else if (members.Find("id") is { } id)
            (OwnId, isText) = (JsonOutline.Text(json, id) ?? "", id.Kind == JsonTokenType.String);
        if (OwnId is not null && !(isText && EntryKey.IsValidId(OwnId.Trim())))
            Issues.Add(new Issue(IssueCodes.InvalidId, OwnId, $"{Path}.id"));
    }

    private string? Uuid() =>
        FullUrl is not null && FullUrl.StartsWith(UuidPrefix, StringComparison.OrdinalIgnoreCase)
        && Guid.TryParseExact(FullUrl.AsSpan(UuidPrefix.Length), "D", out var uuid)
            ? uuid.ToString("D")
            : null;

    // Two resources of one push that say the same to the letter are two (a source's own repeats stay), so the second is told from the first.
    private string HashOf(Dictionary<ContentHash, int> occurrences)
    {
        var hash = ContentHash.Of(JsonText.Minify(Sent).Span);
        var count = occurrences[hash] = occurrences.GetValueOrDefault(hash) + 1;
        return count == 1 ? $"{hash.Bits:x32}" : $"{hash.Bits:x32}-{count}";
    }
}
