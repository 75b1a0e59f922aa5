using System.Text;

namespace Lhcre.Record;

/// <summary>The sources that are configured, in their order: of whom something may be said although they said nothing.</summary>
public sealed class SourceSystems
{
    private readonly Dictionary<string, SourceSystem> _byId;

    /// <summary>These sources.</summary>
    /// <param name="all">Those that push: of whose absence something is said.</param>
    /// <param name="pulled">Those that are pulled from for visits: of theirs it is said only of whom it was asked for.</param>
    public SourceSystems(IReadOnlyList<SourceSystem> all, IReadOnlyList<SourceSystem>? pulled = null)
    {
        All = all;
        SourceSystem[] named = [.. all, .. pulled ?? []];
        _byId = named.ToDictionary(s => s.Id);
        Stamp = named.Length == 0 ? 0 : (int)ContentHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', named.Select(Text)))).Bits;
    }

    /// <summary>None: nothing is said of absence, and sources go by their ids.</summary>
    public static SourceSystems None { get; } = new([]);

    // No source is told of, or by its name; the configuration is the same.
    private SourceSystems(SourceSystems named) => (All, _byId, Stamp, IsUnnamed) = ([], [], named.Stamp, true);

    /// <summary>The same for answers that must not say which source is which.</summary>
    public SourceSystems Unnamed => field ??= new SourceSystems(this);

    private bool IsUnnamed { get; }

    /// <summary>All of them that push.</summary>
    public IReadOnlyList<SourceSystem> All { get; }

    /// <summary>Stands for this configuration in an ETag; 0 for none.</summary>
    public int Stamp { get; }

    /// <summary>A source that pushes or is pulled from; null where it is not configured any more.</summary>
    public SourceSystem? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The name of a source for people, with how its words came here where they were pulled; its id where it is not configured any more.</summary>
    public string Name(string id) => IsUnnamed ? "a source"
        : !_byId.TryGetValue(id, out var source) ? id
        : All.Contains(source) ? source.Name
        : $"{source.Name} (pulled for a visit)";

    private static string Text(SourceSystem source) =>
        $"{source.Id}\t{source.Name}\t{(source.Supplies is { } types ? string.Join(' ', types.Order(StringComparer.Ordinal)) : "*")}";
}
