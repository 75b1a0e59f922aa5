using System.Text.Json;

namespace Lhcre.Silo.Tests.RealShapes;

/// <summary>Holds that a resource is served in the words in which it was sent, to the character, but for what is ours to write.</summary>
internal static class SameWords
{
    private const string SourceUrl = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/source";

    /// <summary>A reference in one, and what stands in its place in the other; or a <c>url</c>, which need not be one.</summary>
    public readonly record struct Turned(string Sent, string Shown, bool IsUrl);

    /// <summary>
    /// The references, in order. Fails where anything else differs: names, their order, numbers to the digit, texts to the escape; but for the
    /// root's <c>id</c>, its <c>meta</c> where that is ours, and items that are marked as another source's.
    /// </summary>
    public static List<Turned> Hold(JsonElement sent, JsonElement shown, bool isMerged)
    {
        var turned = new List<Turned>();
        var ignored = isMerged ? (string[])["id", "meta"] : sent.TryGetProperty("id", out _) ? [] : ["id"];
        Members(sent, shown, ignored, turned);
        return turned;
    }

    private static void Compare(JsonElement sent, JsonElement shown, string? name, List<Turned> turned)
    {
        Assert.Equal(sent.ValueKind, shown.ValueKind);
        switch (sent.ValueKind)
        {
            case JsonValueKind.Object:
                Members(sent, shown, [], turned);
                break;
            case JsonValueKind.Array:
                var (items, others) = (sent.EnumerateArray().ToArray(), shown.EnumerateArray().Where(i => !IsAdded(i)).ToArray());
                Assert.Equal(items.Length, others.Length);
                for (var i = 0; i < items.Length; i++)
                    Compare(items[i], others[i], null, turned);
                break;
            case JsonValueKind.String when name is "reference" or "url":
                turned.Add(new Turned(sent.GetString()!, shown.GetString()!, name == "url"));
                break;
            default:
                Assert.Equal(sent.GetRawText(), shown.GetRawText());
                break;
        }
    }

    private static void Members(JsonElement sent, JsonElement shown, string[] ignored, List<Turned> turned)
    {
        var members = sent.EnumerateObject().Where(m => !ignored.Contains(m.Name)).ToArray();
        var others = shown.EnumerateObject().Where(m => !ignored.Contains(m.Name) && !IsOnlyAdded(m.Value)).ToArray();
        Assert.Equal(members.Select(m => m.Name), others.Select(m => m.Name));
        foreach (var (member, other) in members.Zip(others))
            Compare(member.Value, other.Value, member.Name, turned);
    }

    private static bool IsOnlyAdded(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 && list.EnumerateArray().All(IsAdded);

    private static bool IsAdded(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("extension", out var extensions) && extensions.ValueKind == JsonValueKind.Array
        && extensions.EnumerateArray().Any(e =>
            e.ValueKind == JsonValueKind.Object && e.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String && url.ValueEquals(SourceUrl));
}
