using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// A document inside a message, as an Attachment: ED (data type ED[Attachment]), RP (RP[Attachment]) or lines of text. Base64 is checked in
/// the message's own bytes and written from them, piece by piece: a document of 50 MB is copied once, into the Bundle.
/// </summary>
internal sealed class Attached
{
    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    // A multiple of 3 and of 4: a piece of raw bytes or of base64 ends where a group does.
    private const int Piece = 12 * 1024;

    // Base64 as it was sent, without white space: one piece, but of a document that its sender has cut, at any place.
    private readonly List<ReadOnlyMemory<byte>> _sent = [];
    private readonly ReadOnlyMemory<byte> _raw;

    // What was sent in whole groups of four, each piece valid; none where any is not.
    private List<ReadOnlyMemory<byte>>? _encoded;

    private Attached(string? contentType, ReadOnlyMemory<byte> raw = default) => (ContentType, _raw) = (contentType, raw);

    /// <summary>Attachment.contentType; null where it is not known.</summary>
    public string? ContentType { get; }

    /// <summary>Attachment.url; null for one that carries its data.</summary>
    public string? Url { get; private init; }

    private string? Words { get; init; }

    // Whether ED.4 said that it is base64.
    private bool IsSaid { get; init; }

    /// <summary>Whether there is data, or a place where it is: false where what was sent cannot be decoded.</summary>
    public bool IsReadable => Encoded.Count > 0 || !_raw.IsEmpty || Url is not null;

    /// <summary>One repetition of OBX-5, of type ED or RP.</summary>
    /// <returns>Null where nothing was sent.</returns>
    public static Attached? Of(string? type, Hl7Repetition value) =>
        type == "RP" ? Pointer(value) : value[2] is null && value[3] is null && value.Utf8(5).IsEmpty ? null : Encapsulated(value);

    /// <summary>How many bytes it takes in the Bundle at most, with what a writer wants to have free behind a piece of them.</summary>
    public int Length => Written + (8 * Math.Min(Piece, Written));

    /// <summary>Lines of text; null for none.</summary>
    public static Attached? Of(string? text) => text is null ? null : new Attached(MediaType.Text, Encoding.UTF8.GetBytes(text));

    /// <summary>A document of which nothing was sent.</summary>
    public static Attached Missing(string? contentType) => new(contentType);

    /// <summary>
    /// Takes what goes on where this ends: a PDF that its sender has cut into several OBX of one OBX-3 and OBX-4, of which only the first
    /// begins like one.
    /// </summary>
    /// <returns>Whether it does.</returns>
    public bool TryTake(Hl7Repetition next)
    {
        if (ContentType != "application/pdf" || _sent.Count == 0 || _sent[^1].Span[^1] == (byte)'=' || (IsSaid ? !IsBase64(next) : next[4] is not null))
            return false;
        var more = WithoutWhiteSpace(next.Utf8(5));
        if (!IsSaid && more.Span.ContainsAnyExcept(Letters))
            return false;
        if (more.IsEmpty || MediaType.Of(Beginning(more), null, null) is not null)
            return false;
        _sent.Add(more);
        _encoded = null;
        return true;
    }

    /// <summary>The Attachment. Of what cannot be decoded it says that it was an error.</summary>
    /// <param name="title">For people; null for none.</param>
    /// <param name="creation">As a FHIR dateTime; null for none.</param>
    public Element ToElement(string? title, string? creation = null)
    {
        // FHIR R4, att-1: data has a content type.
        var attachment = new Element().Code("contentType", ContentType ?? (Url is null && IsReadable ? "application/octet-stream" : null)).Set("url", Url).Set("title", DataTypes.Words(title, Words)).Set("creation", creation);
        if (Encoded.Count > 0 || !_raw.IsEmpty)
            return attachment.Set("data", WriteData);
        return Url is null ? attachment.Extend("http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode", "error") : attachment;
    }

    // Rows RP.1 to RP.4. What is no URL, such as the path of a file server, can only be told in words.
    private static Attached? Pointer(Hl7Repetition value)
    {
        if (value[1]?.Trim() is not { } pointer)
            return null;
        var url = pointer.Replace(" ", "%20", StringComparison.Ordinal);
        var type = MediaType.Of(default, value[4], value[3]);
        return Uri.IsWellFormedUriString(url, UriKind.RelativeOrAbsolute) ? new Attached(type) { Url = url } : new Attached(type) { Words = pointer };
    }

    // Rows ED.2 to ED.5; ED.4 is of HL7 table 0299: A (not encoded), Hex, Base64.
    private static Attached Encapsulated(Hl7Repetition value)
    {
        if (IsBase64(value))
        {
            var sent = WithoutWhiteSpace(value.Utf8(5));
            var attached = new Attached(MediaType.Of(Beginning(sent), value[3], value[2])) { IsSaid = value[4] is not null };
            if (!sent.IsEmpty)
                attached._sent.Add(sent);
            return attached;
        }

        var bytes = value[4]?.Trim().Equals("Hex", StringComparison.OrdinalIgnoreCase) == true ? FromHex(value[5]) : value.Utf8(5);
        return new Attached(MediaType.Of(bytes.Span[..Math.Min(16, bytes.Length)], value[3], value[2]), bytes);
    }

    // Many leave ED.4 out: then what shows a known kind of document once it is decoded is base64, and else text.
    private static bool IsBase64(Hl7Repetition value) =>
        value[4]?.Trim().Equals("Base64", StringComparison.OrdinalIgnoreCase) ?? MediaType.Of(Beginning(value.Utf8(5)), null, null) is not null;

    private int Written => (_raw.Length * 3 / 2) + Encoded.Sum(p => p.Length);

    private List<ReadOnlyMemory<byte>> Encoded => _encoded ??= WholeGroups(_sent);

    private static ReadOnlyMemory<byte> WithoutWhiteSpace(ReadOnlyMemory<byte> sent) =>
        sent.Span.IndexOfAny(" \t\r\n"u8) < 0 ? sent : sent.ToArray().Where(b => b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')).ToArray();

    // A group that is cut by the end of a piece goes to the next one; at the very end it gets the padding that some senders leave out.
    private static List<ReadOnlyMemory<byte>> WholeGroups(List<ReadOnlyMemory<byte>> sent)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        ReadOnlyMemory<byte> rest = default;
        for (var i = 0; i < sent.Count; i++)
        {
            var piece = rest.IsEmpty ? sent[i] : (byte[])[.. rest.Span, .. sent[i].Span];
            if (i == sent.Count - 1 && piece.Length % 4 is 2 or 3 && !piece.Span.Contains((byte)'='))
                piece = (byte[])[.. piece.Span, .. "=="u8[..(4 - (piece.Length % 4))]];
            var whole = i == sent.Count - 1 ? piece.Length : piece.Length / 4 * 4;
            rest = piece[whole..];
            if (!Base64.IsValid(piece.Span[..whole]))
                return [];
            if (whole > 0)
                pieces.Add(piece[..whole]);
        }

        return pieces;
    }

    private static byte[] Beginning(ReadOnlyMemory<byte> encoded)
    {
        var bytes = new byte[12];
        Base64.DecodeFromUtf8(encoded.Span[..Math.Min(16, encoded.Length)], bytes, out _, out var length);
        return bytes[..length];
    }

    private static ReadOnlyMemory<byte> FromHex(string? text)
    {
        var digits = string.Concat((text ?? "").Where(c => !char.IsWhiteSpace(c)));
        var bytes = new byte[digits.Length / 2];
        return digits.Length % 2 == 0 && Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done ? bytes : default;
    }

    private void WriteData(Utf8JsonWriter writer)
    {
        for (var rest = _raw.Span; !rest.IsEmpty; rest = rest[Math.Min(Piece, rest.Length)..])
            writer.WriteBase64StringSegment(rest[..Math.Min(Piece, rest.Length)], rest.Length <= Piece);
        for (var i = 0; i < Encoded.Count; i++)
        {
            for (var rest = Encoded[i].Span; !rest.IsEmpty; rest = rest[Math.Min(Piece, rest.Length)..])
                writer.WriteStringValueSegment(rest[..Math.Min(Piece, rest.Length)], rest.Length <= Piece && i == Encoded.Count - 1);
        }
    }
}
