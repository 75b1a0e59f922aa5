using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// What the shown member's words get from the other members: their identifiers, and their codings of the concept that matched, behind its
/// own, each with an extension that names its source (DESIGN.md, "Merge"). Nothing else: never a blend, never invented content. Of a Patient see
/// <see cref="PatientElements"/> besides.
/// </summary>
internal static class AddedWords
{
    private static readonly byte[] SourceStart =
        "{\"extension\":[{\"url\":\"https://fhir.wessexcarerecords.org.uk/StructureDefinition/source\",\"valueCode\":\""u8.ToArray();

    /// <summary>What is put in, and where in the shown member's body, in no order.</summary>
    public static IEnumerable<(ByteRange At, ReadOnlyMemory<byte> Text)> Of(Fragment shown, ImmutableArray<Entry> members)
    {
        if (members.Length == 1)
            return [];
        var (identifiers, codings) = (Identifiers(shown.Facts, members), Codings(shown.Facts, members));
        if (identifiers.Count == 0 && codings.Count == 0)
            return [];
        var places = Places.Read(shown.Body.Span, ConceptOf(shown.Key.Type));
        return places.Insert(identifiers, codings);
    }

    /// <summary>The identifiers that only other members have, and whose they are; the first of several, by key.</summary>
    public static List<(string Source, Identifier Identifier)> Identifiers(Facts shown, ImmutableArray<Entry> members)
    {
        var known = shown.Identifiers.Select(i => (i.System, i.Value)).ToHashSet();
        return [.. members.SelectMany(m => m.Facts.Identifiers.Select(i => (m.Key.Source, i))).Where(i => known.Add((i.i.System, i.i.Value)))];
    }

    /// <summary>The codings that only other members have.</summary>
    public static List<(string Source, Coding Coding)> Codings(Facts shown, ImmutableArray<Entry> members)
    {
        var known = shown.Codes.ToHashSet();
        return [.. members.SelectMany(m => m.Facts.Codes.Select(c => (m.Key.Source, c))).Where(c => known.Add(c.c))];
    }

    /// <summary>The element that is matched.</summary>
    public static string ConceptOf(string type) => type switch
    {
        "Immunization" => "vaccineCode",
        "MedicationStatement" or "MedicationRequest" or "MedicationAdministration" or "MedicationDispense" => "medicationCodeableConcept",
        _ => "code",
    };

    private static byte[] Bytes(string source, string? system, string member, string value)
    {
        var bytes = new ArrayBufferWriter<byte>(192);
        bytes.Write(SourceStart);
        Rendering.Text(bytes, source);
        bytes.Write("\"}]"u8);
        if (system is not null)
        {
            bytes.Write(",\"system\":"u8);
            bytes.Write(JsonSerializer.SerializeToUtf8Bytes(system));
        }

        bytes.Write(","u8);
        bytes.Write(JsonSerializer.SerializeToUtf8Bytes(member));
        bytes.Write(":"u8);
        bytes.Write(JsonSerializer.SerializeToUtf8Bytes(value));
        bytes.Write("}"u8);
        return bytes.WrittenSpan.ToArray();
    }

    // Where things may be put into a body: behind the last identifier and the last coding of the concept; where there are none, new lists.
    private readonly record struct Places(int? IdentifierEnd, int? CodingEnd, int? ConceptStart, bool HasIdentifier, bool IsConceptEmpty, int End)
    {
        public static Places Read(ReadOnlySpan<byte> body, string concept)
        {
            int? identifierEnd = null, codingEnd = null, conceptStart = null;
            var (hasIdentifier, isEmpty) = (false, false);
            var reader = new Utf8JsonReader(body, Limits.JsonReader);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIdentifier = reader.ValueTextEquals("identifier"u8);
                var isConcept = reader.ValueTextEquals(concept);
                reader.Read();
                if (isIdentifier)
                {
                    hasIdentifier = true;
                    identifierEnd = EndOfList(ref reader);
                }
                else if (isConcept && reader.TokenType == JsonTokenType.StartObject)
                {
                    conceptStart = (int)reader.BytesConsumed;
                    isEmpty = true;
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        var isCoding = reader.ValueTextEquals("coding"u8);
                        isEmpty = false;
                        reader.Read();
                        if (isCoding)
                            (codingEnd, conceptStart) = (EndOfList(ref reader), null);
                        else
                            reader.Skip();
                    }
                }
                else
                {
                    reader.Skip();
                }
            }

            return new Places(identifierEnd, codingEnd, conceptStart, hasIdentifier, isEmpty, body.Length - 1);
        }

        public IEnumerable<(ByteRange At, ReadOnlyMemory<byte> Text)> Insert(
            List<(string Source, Identifier Identifier)> identifiers, List<(string Source, Coding Coding)> codings)
        {
            if (identifiers.Count > 0 && (IdentifierEnd is not null || !HasIdentifier))
            {
                var items = Join(identifiers.Select(i => Bytes(i.Source, i.Identifier.System, "value", i.Identifier.Value)));
                yield return IdentifierEnd is { } end
                    ? (new ByteRange(end, 0), (byte[])[.. ","u8, .. items])
                    : (new ByteRange(End, 0), (byte[])[.. ",\"identifier\":["u8, .. items, .. "]"u8]);
            }

            if (codings.Count > 0 && (CodingEnd ?? ConceptStart) is { } at)
            {
                var items = Join(codings.Select(c => Bytes(c.Source, c.Coding.System, "code", c.Coding.Code)));
                yield return CodingEnd is not null
                    ? (new ByteRange(at, 0), (byte[])[.. ","u8, .. items])
                    : (new ByteRange(at, 0), (byte[])[.. "\"coding\":["u8, .. items, .. IsConceptEmpty ? "]"u8 : "],"u8]);
            }
        }

        // The place before the bracket that ends a list; null for what is no list, or an empty one.
        private static int? EndOfList(ref Utf8JsonReader reader)
        {
            var (isList, start) = (reader.TokenType == JsonTokenType.StartArray, reader.BytesConsumed);
            reader.Skip();
            return isList && reader.BytesConsumed - start > 1 ? (int)reader.BytesConsumed - 1 : null;
        }

        private static byte[] Join(IEnumerable<byte[]> items) =>
            items.Aggregate(Array.Empty<byte>(), (all, item) => all.Length == 0 ? item : [.. all, .. ","u8, .. item]);
    }
}
