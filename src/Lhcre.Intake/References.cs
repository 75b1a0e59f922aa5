using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>
/// What the references of one push name. A <c>urn:uuid</c>, an absolute URL and a conditional reference that mean an entry of the Bundle, and
/// an absolute URL below the source's base, become the source's own <c>Type/id</c>; every other reference stays as it was sent.
/// Source: HL7 FHIR R4, Bundle, "Resolving references in Bundles".
/// </summary>
internal sealed class References
{
    private const string Identifier = "?identifier=";

    private readonly string _sourceBase;
    private readonly IReadOnlyList<Draft> _drafts;

    // A null stands for a name that two different entries have: it names neither.
    private readonly Dictionary<string, EntryKey?> _byUrl = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<(string Type, string? System, string Value), EntryKey?>> _byIdentifier;

    public References(IReadOnlyList<Draft> drafts, string sourceBase)
    {
        (_drafts, _sourceBase) = (drafts, sourceBase);
        _byIdentifier = new(ReadIdentifiers);
        foreach (var draft in drafts)
        {
            if (draft is { FullUrl: { } url, Key: { } key })
                Put(_byUrl, Normal(url), key);
        }
    }

    /// <summary>
    /// A copy of a resource with its references resolved, and <paramref name="id"/> put in where it has none; the same memory where nothing
    /// is to be changed.
    /// </summary>
    /// <param name="resource">Sound JSON.</param>
    /// <param name="known">Its layout, where it is known already.</param>
    /// <param name="id">The id of its key.</param>
    /// <param name="fullUrl">The <c>fullUrl</c> of its entry, below which relative references are looked for; null where it has none.</param>
    /// <param name="unresolved">Takes the references that should name an entry of this Bundle and do not.</param>
    public ReadOnlyMemory<byte> Resolve(ReadOnlyMemory<byte> resource, Layout? known, string id, string? fullUrl, ISet<string> unresolved)
    {
        var layout = known ?? Layout.Read(resource.Span);
        var edits = new List<(ByteRange Range, ReadOnlyMemory<byte> Text)>();
        if (layout.IdText is null)
            edits.Add((layout.Id, Encoding.ASCII.GetBytes($",\"id\":\"{id}\"")));
        var root = RootOf(fullUrl);
        foreach (var slot in layout.References)
        {
            var target = Target(slot.Text, root);
            if (target is not null && target != slot.Text)
                edits.Add((slot.Value, JsonEncodedText.Encode(target, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray()));
            else if (target is null && !slot.IsUrl)
                unresolved.Add(slot.Text);
        }

        if (edits.Count == 0)
            return resource;
        edits.Sort((a, b) => a.Range.Start.CompareTo(b.Range.Start));
        return JsonText.Replace(resource.Span, edits);
    }

    /// <summary>The identifier that a conditional reference to a Patient gives; null for any other reference.</summary>
    public static Identifier? PatientIdentifier(string reference) =>
        Conditional(reference) is ("Patient", var system, { } value) ? new Identifier(system, value, null) : null;

    // The reference as it shall stand; null where it should name an entry of this Bundle and does not.
    private string? Target(string reference, string? root)
    {
        if (reference.Length == 0 || reference[0] == '#')
            return reference;
        if (Find(_byUrl, reference, out var found))
            return found ?? (IsUrn(reference) ? null : reference);
        var text = reference.StartsWith(_sourceBase + "/", StringComparison.Ordinal) ? reference[(_sourceBase.Length + 1)..] : reference;
        if (Conditional(text) is { Value: { } value } condition)
        {
            _byIdentifier.Value.TryGetValue((condition.Type, condition.System, value), out var key);
            return key?.Reference ?? (condition.Type == "Patient" ? text : null);
        }

        if (root is not null && ReferenceEquals(text, reference) && Find(_byUrl, $"{root}/{reference}", out found))
            return found ?? reference;
        return IsUrn(reference) ? null : text;
    }

    // By its whole text, a version or fragment behind it set aside and kept.
    private static bool Find(Dictionary<string, EntryKey?> byUrl, string reference, out string? target)
    {
        var cut = reference.IndexOf("/_history/", StringComparison.Ordinal);
        if (cut < 0)
            cut = reference.IndexOf('#', StringComparison.Ordinal);
        var (name, rest) = cut < 0 ? (reference, "") : (reference[..cut], reference[cut..]);
        var known = byUrl.TryGetValue(Normal(name), out var key);
        target = key is null ? null : key.Reference + rest;
        return known;
    }

    private static bool IsUrn(string reference) =>
        reference.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) || reference.StartsWith("urn:oid:", StringComparison.OrdinalIgnoreCase);

    // UUIDs compare without case (RFC 4122), everything else as written.
    private static string Normal(string url) =>
        url.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) ? url.ToLowerInvariant() : url;

    // The base of a RESTful fullUrl such as https://example.org/fhir/Observation/1; null for another one.
    private static string? RootOf(string? fullUrl)
    {
        var parts = fullUrl?.Split('/') ?? [];
        return parts.Length > 3 && FhirTypes.IsResource(parts[^2]) ? string.Join('/', parts[..^2]) : null;
    }

    private static (string Type, string? System, string? Value) Conditional(string reference)
    {
        var at = reference.IndexOf(Identifier, StringComparison.Ordinal);
        if (at <= 0 || !FhirTypes.IsResource(reference[..at]) || reference.Contains('&', StringComparison.Ordinal))
            return default;
        var token = Uri.UnescapeDataString(reference[(at + Identifier.Length)..]);
        var bar = token.IndexOf('|', StringComparison.Ordinal);
        var (system, value) = bar < 0 ? (null, token) : (token[..bar], token[(bar + 1)..]);
        return (reference[..at], string.IsNullOrWhiteSpace(system) ? null : system.Trim(), value.Trim() is { Length: > 0 } given ? given : null);
    }

    private Dictionary<(string Type, string? System, string Value), EntryKey?> ReadIdentifiers()
    {
        var byIdentifier = new Dictionary<(string, string?, string), EntryKey?>();
        foreach (var draft in _drafts)
        {
            if (draft is not { IsRead: true, Key: { } key })
                continue;
            foreach (var identifier in FactsReader.Read(key.Type, key.Id, draft.Sent.Span).Identifiers)
                Put(byIdentifier, (key.Type, identifier.System, identifier.Value), key);
        }

        return byIdentifier;
    }

    private static void Put<TName>(Dictionary<TName, EntryKey?> names, TName name, EntryKey key)
        where TName : notnull
    {
        if (!names.TryAdd(name, key) && names[name] != key)
            names[name] = null;
    }
}
