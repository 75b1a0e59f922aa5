using System.Globalization;
using System.Text.Json;

namespace Lhcre.Intake.Tests.Summaries;

/// <summary>
/// Holds resources against the snapshots of the IPS: how many of each element there may be, fixed values and patterns, slices by pattern and by what is
/// referred to. Written from the specification of StructureDefinition alone; what it does not know (bindings, invariants) it does not check.
/// </summary>
internal sealed class IpsProfiles(string folder)
{
    private readonly Dictionary<string, SnapshotElement> _profiles = Directory.EnumerateFiles(folder, "StructureDefinition-*-uv-ips.json")
        .Select(file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(file)))
        .Where(d => d.GetProperty("kind").GetString() == "resource")
        .ToDictionary(d => d.GetProperty("id").GetString()!, SnapshotElement.Of);

    /// <summary>What the resource breaks of a profile.</summary>
    /// <param name="profile">Such as <c>Patient-uv-ips</c>.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="resolve">Finds what a reference leads to; null where it leads out of the document.</param>
    public List<string> Faults(string profile, JsonElement resource, Func<string, JsonElement?> resolve)
    {
        var faults = new List<string>();
        new Check(this, resolve, faults).Object(resource, _profiles[profile]);
        return faults;
    }

    private sealed class Check(IpsProfiles profiles, Func<string, JsonElement?> resolve, List<string> faults)
    {
        public void Object(JsonElement parent, SnapshotElement definition)
        {
            foreach (var (name, child) in definition.Children)
            {
                var values = Values(parent, name);
                Count(values.Count, child);
                foreach (var value in values)
                    Value(value, child);
                foreach (var slice in child.Slices.Values.Where(_ => IsKnown(child)))
                {
                    var own = values.Where(v => Belongs(v, child, slice)).ToList();
                    Count(own.Count, slice);
                    foreach (var value in own)
                        Value(value, slice);
                }
            }
        }

        private void Count(int count, SnapshotElement definition)
        {
            if (count < definition.Min || count > definition.Max)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{definition.Id}: {count}, not {definition.Min} to {definition.Max}"));
        }

        private void Value(JsonElement value, SnapshotElement definition)
        {
            if (definition.Demanded is { } demanded && !(demanded.IsWhole ? JsonElement.DeepEquals(value, demanded.Value) : Contains(value, demanded.Value)))
                faults.Add($"{definition.Id}: {value} is not {demanded.Value}");
            if (definition.TargetProfiles.Count > 0 && Target(value) is { } target && !definition.TargetProfiles.Any(p => IsOf(target, p)))
                faults.Add($"{definition.Id}: refers to a {TypeOf(target)}");
            if (value.ValueKind == JsonValueKind.Object)
                Object(value, definition);
        }

        private static bool IsKnown(SnapshotElement child) => child.Discriminators.Count > 0 && child.Discriminators.All(d => d is "pattern code" or "pattern $this" or "profile resolve()" or "type resolve()" or "value url");

        private bool Belongs(JsonElement value, SnapshotElement sliced, SnapshotElement slice) => sliced.Discriminators.All(by => by switch
        {
            "pattern code" => value.TryGetProperty("code", out var code) && slice.Children["code"].Demanded is { } wanted && Contains(code, wanted.Value),
            "pattern $this" => slice.Demanded is { } wanted && Contains(value, wanted.Value),
            "value url" => slice.Children.TryGetValue("url", out var url) && url.Demanded is { } wanted && value.TryGetProperty("url", out var is1) && JsonElement.DeepEquals(is1, wanted.Value),
            "type resolve()" => Target(value) is { } target && slice.TargetProfiles.Any(p => p.Split('-')[0] == TypeOf(target)),
            _ => Target(value) is { } target && slice.TargetProfiles.Any(p => Meets(target, p)),
        });

        private bool Meets(JsonElement target, string profile) =>
            IsOf(target, profile) && profiles._profiles.ContainsKey(profile) && profiles.Faults(profile, target, resolve).Count == 0;

        // Resource, Observation, Observation-results-uv-ips: the type stands before the first dash.
        private static bool IsOf(JsonElement resource, string profile) => profile == "Resource" || profile.Split('-')[0] == TypeOf(resource);

        private JsonElement? Target(JsonElement reference) =>
            reference.ValueKind == JsonValueKind.Object && reference.TryGetProperty("reference", out var text) ? resolve(text.GetString()!) : null;
    }

    private static string TypeOf(JsonElement resource) => resource.GetProperty("resourceType").GetString()!;

    // A primitive counts also where it only says, in its sibling, why it is absent.
    private static List<JsonElement> Values(JsonElement parent, string name)
    {
        var found = new List<JsonElement>();
        var isChoice = name.EndsWith("[x]", StringComparison.Ordinal);
        var stem = isChoice ? name[..^3] : name;
        var seen = new HashSet<string>();
        foreach (var member in parent.EnumerateObject().OrderBy(m => m.Name.StartsWith('_')))
        {
            var plain = member.Name.TrimStart('_');
            var isIt = isChoice ? plain.Length > stem.Length && plain.StartsWith(stem, StringComparison.Ordinal) && char.IsAsciiLetterUpper(plain[stem.Length]) : plain == stem;
            if (!isIt || !seen.Add(plain))
                continue;
            if (member.Value.ValueKind == JsonValueKind.Array)
                found.AddRange(member.Value.EnumerateArray());
            else
                found.Add(member.Value);
        }

        return found;
    }

    private static bool Contains(JsonElement value, JsonElement pattern) => (value.ValueKind, pattern.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => pattern.EnumerateObject().All(m => value.TryGetProperty(m.Name, out var own) && Contains(own, m.Value)),
        (JsonValueKind.Array, JsonValueKind.Array) => pattern.EnumerateArray().All(p => value.EnumerateArray().Any(v => Contains(v, p))),
        _ => JsonElement.DeepEquals(value, pattern),
    };
}
