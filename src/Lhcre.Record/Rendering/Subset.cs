using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// A part of each resource (FHIR search.html#summary and #elements): cut out of its bytes, and marked as incomplete. What says how to take the
/// rest (modifier elements) stays in every part, and so do mandatory elements, id and meta.
/// </summary>
public sealed class Subset
{
    private static readonly byte[] Tag = """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}"""u8.ToArray();

    private readonly ElementTraits _traits;
    private readonly Kind _kind;
    private readonly (string? Type, string Element)[] _asked;
    private readonly ConcurrentDictionary<string, Kept> _keptOfType = [];

    private Subset(ElementTraits traits, Kind kind, (string? Type, string Element)[] asked) => (_traits, _kind, _asked) = (traits, kind, asked);

    private enum Kind
    {
        Summary,
        Text,
        Data,
        Elements,
        Count,
    }

    /// <summary>Whether only the number of matches is asked for (<c>_summary=count</c>): no entries at all.</summary>
    public bool IsCount => _kind == Kind.Count;

    /// <summary>Reads what part is asked for.</summary>
    /// <param name="summary">The values of <c>_summary</c>: one of true, text, data, count, false.</param>
    /// <param name="elements">The values of <c>_elements</c>: names with commas between, each with its type and a dot before it or without.</param>
    /// <param name="traits">What FHIR says of elements.</param>
    /// <returns>The part, null for the whole; or why it cannot be read (<see cref="IssueCodes.InvalidSearchValue"/>).</returns>
    public static (Subset? Part, Issue? Refusal) Read(IReadOnlyList<string> summary, IReadOnlyList<string> elements, ElementTraits traits)
    {
        (string? Type, string Element)[] asked =
        [
            .. elements.SelectMany(e => e.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Select(e => e.Split('.', 2) is [var type, var element] && traits.OfType.ContainsKey(type) ? ((string?)type, element) : (null, e)),
        ];
        if (summary.Count > 1)
            return (null, new Issue(IssueCodes.InvalidSearchValue, "_summary is given once."));
        Kind? kind;
        switch (summary.Count == 0 ? "false" : summary[0])
        {
            case "false":
                kind = null;
                break;
            case "true":
                kind = Kind.Summary;
                break;
            case "text":
                kind = Kind.Text;
                break;
            case "data":
                kind = Kind.Data;
                break;
            case "count":
                return (new Subset(traits, Kind.Count, []), null);
            default:
                return (null, new Issue(IssueCodes.InvalidSearchValue, "_summary is true, text, data, count or false."));
        }

        if (asked.Length == 0)
            return (kind is { } named ? new Subset(traits, named, []) : null, null);
        return kind is null
            ? (new Subset(traits, Kind.Elements, asked), null)
            : (null, new Issue(IssueCodes.InvalidSearchValue, "Give _summary or _elements, not both."));
    }

    /// <summary>The elements asked for that no resource of some types has, as they were sent.</summary>
    /// <param name="types">The types; empty for all that there are.</param>
    public IReadOnlyList<string> Unknown(IReadOnlyCollection<string> types)
    {
        return [.. _asked.Where(a => !OfType(a.Type).Any(traits => a.Element == "resourceType" || traits.Any(t => IsNamed(a.Element, t))))
            .Select(a => a.Type is null ? a.Element : $"{a.Type}.{a.Element}")];

        IEnumerable<IReadOnlyList<ElementTrait>> OfType(string? named) =>
            _traits.OfType.Where(t => (types.Count == 0 || types.Contains(t.Key)) && (named is null || named == t.Key)).Select(t => t.Value);
    }

    /// <summary>The part of a Bundle entry's resource, in that entry; an outcome stays whole.</summary>
    /// <param name="entry">An entry as it is served.</param>
    public byte[] Entry(byte[] entry)
    {
        var reader = new Utf8JsonReader(entry, Limits.JsonReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResource = reader.ValueTextEquals("resource"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isResource)
                continue;
            var range = new ByteRange(start, (int)reader.BytesConsumed - start);
            var whole = entry.AsMemory(range.Start, range.Length);
            var part = Resource(whole);
            return part.Equals(whole) ? entry : JsonText.Replace(entry, [(range, part)]);
        }

        return entry;
    }

    /// <summary>The part of a resource; the same memory where all of it is in the part.</summary>
    /// <param name="resource">A resource as it is served.</param>
    public ReadOnlyMemory<byte> Resource(ReadOnlyMemory<byte> resource)
    {
        var members = Members(resource.Span);
        var typeMember = members.Find(m => m.Name == "resourceType");
        if (typeMember.Name is null)
            return resource;
        var type = Text(resource.Span, typeMember);
        if (type == "OperationOutcome")
            return resource;
        var kept = _keptOfType.GetOrAdd(type, KeptOf);
        var isIn = members.ConvertAll(m => kept.Holds(m.Name));
        // What a kept element refers to, within the resource, is a part of what it says.
        var contained = members.FindIndex(m => m.Name == "contained");
        if (contained >= 0 && !isIn[contained])
            isIn[contained] = members.Where((_, i) => isIn[i]).Any(m => resource.Span[m.Start..m.End].IndexOf("\"reference\":\"#"u8) >= 0);
        return isIn.TrueForAll(i => i) ? resource : Write(resource.Span, members, isIn);
    }

    private static byte[] Write(ReadOnlySpan<byte> resource, List<Member> members, List<bool> isIn)
    {
        var target = new ArrayBufferWriter<byte>(resource.Length / 2);
        var hasMeta = members.Exists(m => m.Name == "meta");
        Add(target, "{"u8);
        var isFirst = true;
        for (var i = 0; i < members.Count; i++)
        {
            if (!isIn[i])
                continue;
            Add(target, isFirst ? default : ","u8);
            isFirst = false;
            var member = members[i];
            if (member.Name == "meta")
                WriteMeta(target, resource[member.Start..member.End], member.Value - member.Start);
            else
                Add(target, resource[member.Start..member.End]);
            if (member.Name == "resourceType" && !hasMeta)
            {
                Add(target, ",\"meta\":{\"tag\":["u8);
                Add(target, Tag);
                Add(target, "]}"u8);
            }
        }

        Add(target, "}"u8);
        return target.WrittenSpan.ToArray();
    }

    // The member as it is, with one tag more: behind those that there are.
    private static void WriteMeta(ArrayBufferWriter<byte> target, ReadOnlySpan<byte> member, int valueAt)
    {
        var meta = member[valueAt..];
        var tags = Members(meta).Find(m => m.Name == "tag");
        if (tags.Name is null)
        {
            Add(target, member[..^1]);
            Add(target, meta.Length > 2 ? ",\"tag\":["u8 : "\"tag\":["u8);
            Add(target, Tag);
            Add(target, "]}"u8);
            return;
        }

        var list = meta[tags.Value..tags.End];
        if (list.IndexOf(Tag) >= 0)
        {
            Add(target, member);
            return;
        }

        var end = valueAt + tags.End - 1;
        Add(target, member[..end]);
        Add(target, list.Length > 2 ? ","u8 : default);
        Add(target, Tag);
        Add(target, member[end..]);
    }

    private static void Add(ArrayBufferWriter<byte> target, ReadOnlySpan<byte> bytes) => target.Write(bytes);

    private Kept KeptOf(string type)
    {
        var names = new HashSet<string> { "resourceType", "id", "meta" };
        var choices = new List<string>();
        IReadOnlyList<ElementTrait> traits = _traits.OfType.TryGetValue(type, out var known) ? known : [];
        foreach (var trait in traits.Where(t => t.IsMandatory || t.IsModifier || IsAsked(type, t)))
        {
            if (trait.IsChoice)
                choices.Add(trait.Name);
            else
                names.Add(trait.Name);
        }

        // A type that FHIR has since, and we do not know: whole.
        return traits.Count == 0 ? new Kept(IsInverse: true, [], [])
            : _kind == Kind.Data ? new Kept(IsInverse: true, ["text"], [])
            : new Kept(IsInverse: false, names.ToFrozenSet(), [.. choices]);
    }

    private bool IsAsked(string type, ElementTrait trait) => _kind switch
    {
        Kind.Summary => trait.IsInSummary,
        Kind.Text => trait.Name == "text",
        _ => _asked.Any(a => (a.Type is null || a.Type == type) && IsNamed(a.Element, trait)),
    };

    // A choice by its name in FHIR's definition, or with a type behind it as in JSON: whichever type stands there.
    private static bool IsNamed(string asked, ElementTrait trait) =>
        asked == trait.Name || (trait.IsChoice && (asked == trait.Name + "[x]" || Kept.IsChoice(asked, trait.Name)));

    // The members of an object, each from its name to behind its value.
    private static List<Member> Members(ReadOnlySpan<byte> json)
    {
        var members = new List<Member>(24);
        var reader = new Utf8JsonReader(json, Limits.JsonReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, start) = (reader.GetString()!, (int)reader.TokenStartIndex);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(new Member(name, start, value, (int)reader.BytesConsumed));
        }

        return members;
    }

    private static string Text(ReadOnlySpan<byte> json, Member member)
    {
        var reader = new Utf8JsonReader(json[member.Value..member.End]);
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
    }

    private readonly record struct Member(string Name, int Start, int Value, int End);

    /// <summary>Which members of a type are in the part.</summary>
    /// <param name="IsInverse">Whether the names are those that are not.</param>
    /// <param name="Names">Their names.</param>
    /// <param name="Choices">The names of choices, behind which stands a type.</param>
    private sealed record Kept(bool IsInverse, FrozenSet<string> Names, string[] Choices)
    {
        public bool Holds(string member)
        {
            // The id and extensions of a primitive stand beside it, with an underscore.
            var name = member.StartsWith('_') ? member[1..] : member;
            return IsInverse != (Names.Contains(name) || Array.Exists(Choices, c => IsChoice(name, c)));
        }

        public static bool IsChoice(string name, string choice) =>
            name.Length > choice.Length && name.StartsWith(choice, StringComparison.Ordinal) && char.IsAsciiLetterUpper(name[choice.Length]);
    }
}
