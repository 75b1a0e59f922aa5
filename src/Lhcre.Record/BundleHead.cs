using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>What stands in a Bundle before its entries.</summary>
/// <param name="Type"><c>Bundle.type</c>.</param>
/// <param name="Total">How many resources match, on all pages together; null where it is not told.</param>
/// <param name="LastUpdated">When what it shows changed last; null where there is nothing.</param>
/// <param name="Links">Each relation with its URL, <c>self</c> first.</param>
public sealed record BundleHead(string Type, int? Total, DateTimeOffset? LastUpdated, params IReadOnlyList<(string Relation, string Url)> Links)
{
    /// <summary>The answer to a search.</summary>
    public const string SearchSet = "searchset";

    /// <summary>Versions of resources.</summary>
    public const string History = "history";

    /// <summary>The JSON up to where the entries begin.</summary>
    internal string Text()
    {
        var text = new StringBuilder("{\"resourceType\":\"Bundle\"");
        if (LastUpdated is { } at)
            text.Append(CultureInfo.InvariantCulture, $",\"meta\":{{\"lastUpdated\":\"{Rendering.Instant(at)}\"}}");
        text.Append(CultureInfo.InvariantCulture, $",\"type\":\"{Type}\"");
        if (Total is { } total)
            text.Append(CultureInfo.InvariantCulture, $",\"total\":{total}");
        text.Append(",\"link\":[");
        for (var i = 0; i < Links.Count; i++)
            text.Append(i > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{{\"relation\":\"{Links[i].Relation}\",\"url\":").Append(JsonSerializer.Serialize(Links[i].Url)).Append('}');
        return text.Append(']').ToString();
    }
}
