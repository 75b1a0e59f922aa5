using System.Text;

namespace Lhcre.Record;

/// <summary>The sources that are configured, in their order: of whom something may be said although they said nothing.</summary>
public sealed class SourceSystems
{
    private readonly Dictionary<string, SourceSystem> _byId;

    /// <summary>These sources.</summary>
    public SourceSystems(IReadOnlyList<SourceSystem> all)
    {
        All = all;
        _byId = all.ToDictionary(s => s.Id);
        Stamp = all.Count == 0 ? 0 : (int)ContentHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', all.Select(Text)))).Bits;
    }

    /// <summary>None: nothing is said of absence, and sources go by their ids.</summary>
    public static SourceSystems None { get; } = new([]);

    // No source is told of, or by its name; the configuration is the same.
    private SourceSystems(SourceSystems named) => (All, _byId, Stamp, IsUnnamed) = ([], [], named.Stamp, true);

    /// <summary>The same for answers that must not say which source is which.</summary>
    public SourceSystems Unnamed => field ??= new SourceSystems(this);

    private bool IsUnnamed { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<SourceSystem> All { get; }

    /// <summary>Stands for this configuration in an ETag; 0 for none.</summary>
    public int Stamp { get; }

    /// <summary>The name of a source for people; its id where it is not configured any more.</summary>
    public string Name(string id) => IsUnnamed ? "a source" : _byId.TryGetValue(id, out var source) ? source.Name : id;

    private static string Text(SourceSystem source) =>
        $"{source.Id}\t{source.Name}\t{(source.Supplies is { } types ? string.Join(' ', types.Order(StringComparer.Ordinal)) : "*")}";
}
