using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lhcre.Record;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Silo.Load;

/// <summary>One push: which request it makes of the text that a file or a line holds.</summary>
/// <param name="Method">POST or PUT.</param>
/// <param name="Path">Below the source's FHIR base: nothing for a Bundle, <c>Type</c>, or <c>Type/id</c>.</param>
/// <param name="Bytes">The body.</param>
internal sealed record InputText(HttpMethod Method, string Path, byte[] Bytes)
{
    /// <summary>Levels of JSON that are followed to see what the text is. The server's limit is lower and says so with a code.</summary>
    public const int Depth = 100_000;

    /// <summary>Whether the text is a Bundle; otherwise it is one resource, or a message.</summary>
    public bool IsBundle => Path.Length == 0;

    /// <summary>Whether it is a message of HL7 v2: POSTed beside the FHIR base.</summary>
    public bool IsHl7 => Path == Hl7;

    // No resource type: it begins with a small letter.
    private const string Hl7 = "hl7v2";

    /// <summary>What to do with a message of HL7 v2; null where it is too long, and then <paramref name="problem"/> says so.</summary>
    public static InputText? OfMessage(byte[] bytes, out IssueCode? problem)
    {
        problem = bytes.Length > Limits.BodyBytes ? IssueCodes.BodyTooLarge : null;
        return problem is null ? new InputText(HttpMethod.Post, Hl7, bytes) : null;
    }

    /// <summary>
    /// What to do with a text: a Bundle is POSTed to the base, a resource PUT to its id, one without id POSTed to its type. Null where it is no
    /// FHIR resource; then <paramref name="problem"/> says why.
    /// </summary>
    public static InputText? Read(byte[] bytes, out IssueCode? problem)
    {
        problem = null;
        if (bytes.AsSpan().StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (bytes.Length > Limits.BodyBytes)
            problem = IssueCodes.BodyTooLarge;
        else if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            problem = IssueCodes.EmptyBody;
        if (problem is not null)
            return null;
        try
        {
            var (type, id) = Head(bytes);
            if (type == "Bundle")
                return new InputText(HttpMethod.Post, "", bytes);
            if (type is { Length: > 0 and <= 64 } && type.All(char.IsAsciiLetter))
                return id is null ? new InputText(HttpMethod.Post, type, bytes) : new InputText(HttpMethod.Put, $"{type}/{Uri.EscapeDataString(id)}", bytes);
            problem = IssueCodes.NoResourceType;
        }
        catch (Exception e) when (IsMalformed(e))
        {
            problem = IssueCodes.MalformedJson;
        }

        return null;
    }

    /// <summary>
    /// The push id: a uuid made of the hash of source and content. The same file pushed again gets the first answer again, and other content
    /// is another push.
    /// </summary>
    public string RequestId(string source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{source}\n{Method} {Path}\n"));
        hash.AppendData(Bytes);
        return SourceIds.UuidOf(hash.GetHashAndReset()).ToString();
    }

    /// <summary>How many resources a text holds: the entries of a Bundle, else one.</summary>
    public int Resources()
    {
        if (!IsBundle)
            return 1;
        try
        {
            using var bundle = JsonDocument.Parse(Bytes, new JsonDocumentOptions { MaxDepth = Depth });
            return bundle.RootElement.TryGetProperty("entry", out var entry) && entry.ValueKind == JsonValueKind.Array ? entry.GetArrayLength() : 1;
        }
        catch (JsonException)
        {
            return 1;
        }
    }

    /// <summary>Whether a JSON reader met bytes that are no JSON, or no UTF-8 (which it reports as an invalid operation).</summary>
    public static bool IsMalformed(Exception e) => e is JsonException or InvalidOperationException;

    // Type and id; of a Bundle only the type, behind which nothing needs to be read.
    private static (string? Type, string? Id) Head(byte[] bytes)
    {
        string? type = null, id = null;
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Depth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return (null, null);
        while (type != "Bundle" && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isId) = (reader.ValueTextEquals("resourceType"u8), reader.ValueTextEquals("id"u8));
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
                type = reader.GetString();
            else if (isId && reader.TokenType == JsonTokenType.String)
                id = reader.GetString();
            else
                reader.Skip();
        }

        return (type, id);
    }
}
