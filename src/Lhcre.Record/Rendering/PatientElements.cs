using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// What the Patient that is shown leaves out, in the words of the next one by <see cref="Precedence"/> that states it: precedence is per element, an element is one source's,
/// whole, and each part of it names its source. What a source says about itself (<c>active</c>, <c>managingOrganization</c>, <c>link</c>, <c>photo</c>), extensions, of which one
/// with a value has no room for its source (FHIR R4, ext-1), and what leads to something contained are the shown one's alone.
/// </summary>
internal static class PatientElements
{
    // FHIR R4, patient.html; what is a choice of types counts as one.
    private static readonly ImmutableArray<ImmutableArray<string>> Elements =
    [
        ["name"], ["telecom"], ["gender"], ["birthDate"], ["deceasedBoolean", "deceasedDateTime"], ["address"], ["maritalStatus"],
        ["multipleBirthBoolean", "multipleBirthInteger"], ["contact"], ["communication"], ["generalPractitioner"],
    ];

    private static readonly byte[] Url = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/source"u8.ToArray();

    /// <summary>What is put in or replaced, and where in the shown one's body.</summary>
    /// <param name="shown">The Patient that is shown.</param>
    /// <param name="others">Those of other entries, by precedence.</param>
    /// <param name="referenceTo">As of <see cref="OwnWords"/>.</param>
    public static IEnumerable<(ByteRange At, ReadOnlyMemory<byte> Text)> Of(Fragment shown, IReadOnlyList<Fragment> others, Func<EntryKey, string> referenceTo)
    {
        if (others.Count == 0)
            yield break;
        var own = Members.Of(shown.Body);
        var theirs = others.Select(o => (Words: new OwnWords(o, referenceTo), Members: Members.Of(o.Body))).ToList();
        foreach (var names in Elements)
        {
            var stated = own.First(names);
            var (at, wanted) = (new ByteRange(shown.Body.Length - 1, 0), names);
            if (stated is not null)
            {
                // When somebody died says more than that they did, and contradicts it in nothing.
                if (stated is not { Name: "deceasedBoolean", IsTrue: true } || own.Has("_deceasedBoolean"))
                    continue;
                (at, wanted) = (stated.Value.Whole, ["deceasedDateTime"]);
            }

            foreach (var (words, members) in theirs)
            {
                if (members.First(wanted) is not { } member || member.LeadsInside(words.Shown.Body.Span))
                    continue;
                var text = Written(words, member, members);
                yield return (at, stated is null ? (byte[])[.. ","u8, .. text] : text);
                break;
            }
        }
    }

    /// <summary>The elements of a merged Patient that are not the shown one's, and whose they are; read from what is served.</summary>
    public static IEnumerable<(string Element, string Source)> AddedTo(ReadOnlyMemory<byte> patient)
    {
        using var document = JsonDocument.Parse(patient, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
        var added = new List<(string, string)>();
        foreach (var name in Elements.SelectMany(e => e))
        {
            foreach (var member in new[] { name, $"_{name}" })
            {
                if (document.RootElement.TryGetProperty(member, out var value) && SourceOf(value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().FirstOrDefault() : value) is { } source)
                    added.Add((name, source));
            }
        }

        return added;
    }

    private static string? SourceOf(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("extension", out var extensions) || extensions.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var extension in extensions.EnumerateArray())
        {
            if (extension.TryGetProperty("url", out var url) && url.ValueEquals(Url))
                return extension.GetProperty("valueCode").GetString();
        }

        return null;
    }

    // "name":value, each object in it with the extension that names its source; of a primitive value that stands in its sibling.
    private static byte[] Written(OwnWords words, Member member, Members members)
    {
        var target = new ArrayBufferWriter<byte>(512);
        if (member.IsPrimitive)
        {
            words.CopyTo(target, member.Whole.Start, member.Whole.End);
            target.Write(",\"_"u8);
            Rendering.Text(target, member.Name);
            target.Write("\":"u8);
            if (members.First([$"_{member.Name}"]) is { IsPrimitive: false } sibling)
                Named(target, words, sibling.Value);
            else
                target.Write((byte[])[.. "{"u8, .. SourceList(words), .. "}"u8]);
        }
        else
        {
            target.Write(words.Shown.Body.Span[member.Whole.Start..member.Value.Start]);
            Named(target, words, member.Value);
        }

        return target.WrittenSpan.ToArray();
    }

    // An object, or a list of objects: into each at its own level.
    private static void Named(ArrayBufferWriter<byte> target, OwnWords words, ByteRange value)
    {
        var body = words.Shown.Body.Span[value.Start..value.End];
        var reader = new Utf8JsonReader(body, Limits.JsonReader);
        reader.Read();
        var level = reader.TokenType == JsonTokenType.StartArray ? 1 : 0;
        var (from, opened, hasExtension) = (value.Start, 0, false);
        var isExtension = false;
        do
        {
            var at = value.Start + (int)reader.BytesConsumed;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when reader.CurrentDepth == level:
                    (opened, hasExtension) = (at, false);
                    break;
                case JsonTokenType.PropertyName when reader.CurrentDepth == level + 1:
                    isExtension = reader.ValueTextEquals("extension"u8);
                    break;
                case JsonTokenType.StartArray when isExtension && reader.CurrentDepth == level + 1:
                    Put(target, at, body[at - value.Start] == (byte)']' ? Source(words) : [.. Source(words), .. ","u8]);
                    (hasExtension, isExtension) = (true, false);
                    break;
                case JsonTokenType.EndObject when reader.CurrentDepth == level && !hasExtension:
                    // Behind all that is said, since what is behind the brace that opened it is written by now.
                    Put(target, at - 1, opened == at - 1 ? SourceList(words) : [.. ","u8, .. SourceList(words)]);
                    break;
            }
        }
        while (reader.Read());
        words.CopyTo(target, from, value.End);

        void Put(ArrayBufferWriter<byte> into, int at, byte[] text)
        {
            words.CopyTo(into, from, at);
            into.Write(text);
            from = at;
        }
    }

    private static byte[] SourceList(OwnWords words) => [.. "\"extension\":["u8, .. Source(words), .. "]"u8];

    private static byte[] Source(OwnWords words) =>
        [.. "{\"url\":\""u8, .. Url, .. "\",\"valueCode\":\""u8, .. Encoding.UTF8.GetBytes(words.Shown.Key.Source), .. "\"}"u8];

    /// <summary>A member of a resource.</summary>
    private readonly record struct Member(string Name, ByteRange Whole, ByteRange Value, bool IsPrimitive, bool IsTrue)
    {
        public bool LeadsInside(ReadOnlySpan<byte> body) => body[Value.Start..Value.End].IndexOf("\"reference\":\"#"u8) >= 0;
    }

    /// <summary>The members of a resource that say something, by name.</summary>
    private sealed class Members
    {
        private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);

        public static Members Of(ReadOnlyMemory<byte> body)
        {
            var members = new Members();
            var reader = new Utf8JsonReader(body.Span, Limits.JsonReader);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (name, start) = (reader.GetString()!, (int)reader.TokenStartIndex);
                reader.Read();
                var (type, from) = (reader.TokenType, (int)reader.TokenStartIndex);
                reader.Skip();
                var end = (int)reader.BytesConsumed;
                var isEmpty = type == JsonTokenType.Null || (type is JsonTokenType.StartArray or JsonTokenType.StartObject && end - from == 2);
                if (!isEmpty)
                {
                    members._members[name] = new Member(
                        name, new ByteRange(start, end - start), new ByteRange(from, end - from), type is not (JsonTokenType.StartArray or JsonTokenType.StartObject), type == JsonTokenType.True);
                }
            }

            return members;
        }

        public bool Has(string name) => _members.ContainsKey(name);

        public Member? First(ImmutableArray<string> names)
        {
            foreach (var name in names)
            {
                if (_members.TryGetValue(name, out var member))
                    return member;
            }

            return null;
        }
    }
}
