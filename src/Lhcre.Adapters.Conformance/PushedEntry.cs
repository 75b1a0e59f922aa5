using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lhcre.Adapters.Conformance;

/// <summary>One thing that a push says.</summary>
/// <param name="Key"><c>Type/id</c>, or what else tells it from others: <c>MSH-10</c> of an HL7 v2 message.</param>
/// <param name="Hash">Of its content, whatever the white space.</param>
/// <param name="Person">Whose it is, as the resource says; empty where it does not.</param>
/// <param name="IsToBeRefused">It asks to be refused: see <see cref="RefuseTag"/>.</param>
public sealed record PushedEntry(string Key, string Hash, string Person, bool IsToBeRefused)
{
    /// <summary>
    /// A resource with this code in <c>meta.tag</c>, and an HL7 v2 message whose control id begins with it, is refused with 422: so an adapter's
    /// tests can see what becomes of that.
    /// </summary>
    public const string RefuseTag = "refuse-this";

    /// <summary>What a resource would be as an entry.</summary>
    public static PushedEntry OfResource(JsonElement resource)
    {
        var key = $"{Text(resource, "resourceType")}/{Text(resource, "id")}";
        var person = Text(resource, "resourceType") == "Patient" ? key : Reference(resource, "subject") ?? Reference(resource, "patient") ?? "";
        var refused = Member(Member(resource, "meta"), "tag") is { ValueKind: JsonValueKind.Array } tags && tags.EnumerateArray().Any(t => Text(t, "code") == RefuseTag);
        // Written anew, so that white space does not count.
        return new PushedEntry(key, HashOf(JsonSerializer.SerializeToUtf8Bytes(resource)), person, refused);
    }

    /// <summary>What an HL7 v2 message would be as an entry.</summary>
    public static PushedEntry OfHl7(ReadOnlySpan<byte> message)
    {
        var segments = Encoding.Latin1.GetString(message).Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var header = segments.FirstOrDefault(s => s.StartsWith("MSH|", StringComparison.Ordinal))?.Split('|') ?? [];
        var pid = segments.FirstOrDefault(s => s.StartsWith("PID|", StringComparison.Ordinal))?.Split('|') ?? [];
        var control = header.Length > 9 ? header[9] : "";
        return new PushedEntry($"MSH-10 {control}", HashOf(message), pid.Length > 3 ? pid[3].Split('^', '~')[0] : "", control.StartsWith(RefuseTag, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The entries of a Bundle, or the one resource; null where it is none that a source's base takes.</summary>
    internal static List<PushedEntry>? OfBody(ReadOnlyMemory<byte> body, string method, string path)
    {
        if (method == "DELETE")
            return [new PushedEntry(path, "deleted", "", false)];
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (Text(root, "resourceType") is not { } type)
                return null;
            if (type != "Bundle")
                return [OfResource(root)];
            return Member(root, "entry") is { ValueKind: JsonValueKind.Array } entries ? [.. entries.EnumerateArray().Select(OfEntry)] : [];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a body is a Bundle.</summary>
    internal static bool IsBundle(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return Text(document.RootElement, "resourceType") == "Bundle";
    }

    private static PushedEntry OfEntry(JsonElement entry)
    {
        var request = Member(entry, "request");
        if (Text(request, "method") == "DELETE")
            return new PushedEntry(Text(request, "url") ?? "", "deleted", "", false);
        return Member(entry, "resource") is { } resource ? OfResource(resource) : new PushedEntry("nothing", "nothing", "", true);
    }

    private static string? Reference(JsonElement resource, string name) => Text(Member(resource, name), "reference");

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes).AsSpan(0, 8)).ToLower(CultureInfo.InvariantCulture);

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
