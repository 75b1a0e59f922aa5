using System.Globalization;
using System.Text.Json;

namespace Lhcre.Intake.Tests.Summaries;

/// <summary>One element of a profile's snapshot, with the elements and slices below it.</summary>
internal sealed class SnapshotElement(string id, JsonElement definition)
{
    private readonly Dictionary<string, SnapshotElement> _children = [];
    private readonly Dictionary<string, SnapshotElement> _slices = [];

    public string Id { get; } = id;

    public int Min { get; } = definition.TryGetProperty("min", out var min) ? min.GetInt32() : 0;

    public int Max { get; } = definition.TryGetProperty("max", out var max) && max.GetString() is not "*" and { } text ? int.Parse(text, CultureInfo.InvariantCulture) : int.MaxValue;

    /// <summary>The elements below, by name; of a choice with <c>[x]</c>.</summary>
    public IReadOnlyDictionary<string, SnapshotElement> Children => _children;

    public IReadOnlyDictionary<string, SnapshotElement> Slices => _slices;

    /// <summary>The discriminators of the slices, as <c>type path</c>.</summary>
    public IReadOnlyList<string> Discriminators { get; } = definition.TryGetProperty("slicing", out var slicing) && slicing.TryGetProperty("discriminator", out var by)
        ? [.. by.EnumerateArray().Select(d => $"{d.GetProperty("type").GetString()} {d.GetProperty("path").GetString()}")]
        : [];

    /// <summary>The one value, or the part of one, that is demanded; null for none.</summary>
    public (bool IsWhole, JsonElement Value)? Demanded { get; } = definition.EnumerateObject()
        .Where(m => m.Name.StartsWith("fixed", StringComparison.Ordinal) || m.Name.StartsWith("pattern", StringComparison.Ordinal))
        .Select(m => ((bool, JsonElement)?)(m.Name.StartsWith("fixed", StringComparison.Ordinal), m.Value)).FirstOrDefault();

    /// <summary>The profiles of which one is to be met by what is referred to, by their last part; empty for no reference.</summary>
    public IReadOnlyList<string> TargetProfiles { get; } = [.. (definition.TryGetProperty("type", out var types) ? types.EnumerateArray() : default)
        .Where(t => t.GetProperty("code").GetString() == "Reference")
        .SelectMany(t => t.TryGetProperty("targetProfile", out var profiles) ? profiles.EnumerateArray().Select(p => p.GetString()!.Split('/')[^1]) : [])];

    /// <summary>The root of a snapshot.</summary>
    public static SnapshotElement Of(JsonElement structureDefinition)
    {
        SnapshotElement? root = null;
        foreach (var definition in structureDefinition.GetProperty("snapshot").GetProperty("element").EnumerateArray())
        {
            var id = definition.GetProperty("id").GetString()!;
            var element = new SnapshotElement(id, definition);
            if (root is null)
                root = element;
            else
                root.Place(id.Split('.')[1..], element);
        }

        return root!;
    }

    private void Place(string[] path, SnapshotElement element)
    {
        var (name, slice) = path[0].Split(':') is [var n, var s] ? (n, s) : (path[0], null);
        if (path.Length == 1 && slice is null)
            _children[name] = element;
        else if (path.Length == 1)
            _children[name]._slices[slice!] = element;
        else
            (slice is null ? _children[name] : _children[name]._slices[slice]).Place(path[1..], element);
    }
}
