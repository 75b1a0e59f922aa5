using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Grains.Journal;

/// <summary>
/// The statement that reads what is set aside, in the words that both databases know, and its arguments: texts and integers, <c>$1</c> first.
/// One statement for both tables and the totals, so that all is as of one moment.
/// </summary>
internal sealed class AsideSelect
{
    // What stands where in a row; a NULL has a type for PostgreSQL's sake. A total has its code and its number, and nothing else.
    private const string Parked = """
        1 AS part, parked_id, source, at, push_id, code, reason, type, waits_source, waits_type, waits_id, '' AS form, '' AS name,
        0 AS length, body, discarded_at, discarded_by, discarded_for FROM parked
        """;

    private const string Refused = """
        2, refused_id, source, at, CAST(NULL AS bytea), code, reason, type, NULL, NULL, NULL, form, name,
        length(body), CAST(NULL AS bytea), discarded_at, discarded_by, discarded_for FROM refused
        """;

    private const string Totals = """
        0, '', '', 0, CAST(NULL AS bytea), code, '', '', NULL, NULL, NULL, '', '', CAST(sum(count) AS integer), CAST(NULL AS bytea), CAST(NULL AS bigint), NULL, NULL
        """;

    private readonly List<object> _arguments = [];
    private readonly AsideQuery _query;

    private AsideSelect(AsideQuery query) => _query = query;

    /// <summary>A page and its totals; the rows in any order.</summary>
    public static (string Sql, IReadOnlyList<object> Arguments) Of(AsideQuery query)
    {
        var select = new AsideSelect(query);
        return (select.Write(), select._arguments);
    }

    /// <summary>What has an id, <c>$2</c>, of a source, <c>$1</c>, with its body.</summary>
    public static string One { get; } = $"""
        SELECT {Parked} WHERE source = $1 AND parked_id = $2
        UNION ALL SELECT {Refused.Replace("CAST(NULL AS bytea), discarded_at", "body, discarded_at", StringComparison.Ordinal)} WHERE source = $1 AND refused_id = $2
        """;

    /// <summary>Marks a parked resource as discarded: when, by whom, why, of which source, under which id.</summary>
    public static string DiscardParked { get; } = $"""
        UPDATE parked SET discarded_at = $1, discarded_by = $2, discarded_for = $3
        WHERE source = $4 AND parked_id = $5 AND discarded_at IS NULL AND code <> '{IssueCodes.Withheld.Code}'
        """;

    /// <summary>The same of a letter.</summary>
    public const string DiscardRefused = """
        UPDATE refused SET discarded_at = $1, discarded_by = $2, discarded_for = $3
        WHERE source = $4 AND refused_id = $5 AND discarded_at IS NULL
        """;

    /// <summary>A letter's form, as it is stored.</summary>
    public static string Form(LetterForm form) => form == LetterForm.Hl7V2 ? "hl7v2" : "fhir";

    /// <summary>The same, read back.</summary>
    public static LetterForm Form(string text) => text == "hl7v2" ? LetterForm.Hl7V2 : LetterForm.Fhir;

    /// <summary>What the rows of <see cref="Of"/> say.</summary>
    public static AsidePage Page(AsideQuery query, IReadOnlyList<AsideRow> rows)
    {
        var items = rows.Select(row => row.Item).OfType<Aside>().ToList();
        var totals = rows.Where(row => row.Item is null).Select(row => row.Total).ToList();
        // Each table gave as many as are asked for.
        items.Sort((one, other) => AsidePlace.Of(one).CompareTo(AsidePlace.Of(other)));
        totals.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key));
        return new AsidePage(items.Count > query.Limit ? items[..query.Limit] : items, totals);
    }

    private string Write()
    {
        var (parked, refused) = (_query.IsRefused is not true, _query.IsRefused is not false);
        var asked = Asked();
        // In the order in which they stand in the text: SQLite numbers them so.
        var code = _query.Code is { } only ? $" AND code = {Argument(only)}" : "";
        var place = _query.After is { } after ? (At: Argument(after.At.UtcTicks), Id: Argument(after.Id)) : default;
        var limit = Argument((long)_query.Limit);
        return string.Join(" UNION ALL ", [.. Arm(parked, Parked, "parked_id"), .. Arm(refused, Refused, "refused_id"), Count()]);

        IEnumerable<string> Arm(bool isAsked, string select, string id)
        {
            if (isAsked)
            {
                var behind = place.At is null ? "" : $" AND (at, {id}) > ({place.At}, {place.Id})";
                yield return $"SELECT * FROM (SELECT {select} WHERE {asked}{code}{behind} ORDER BY at, {id} LIMIT {limit}) {id[..^3]}_page";
            }
        }

        string Count()
        {
            string[] counts =
            [
                .. parked ? [$"SELECT code, count(*) AS count FROM parked WHERE {asked} GROUP BY code"] : Array.Empty<string>(),
                .. refused ? [$"SELECT code, count(*) AS count FROM refused WHERE {asked} GROUP BY code"] : Array.Empty<string>(),
            ];
            return $"SELECT {Totals} FROM ({string.Join(" UNION ALL ", counts)}) counts GROUP BY code";
        }
    }

    private string Asked()
    {
        var asked = $"source = {Argument(_query.Source)} AND discarded_at IS {(_query.IsDiscarded ? "NOT " : "")}NULL";
        if (_query.Type is { } type)
            asked += $" AND type = {Argument(type)}";
        if (_query.Since is { } since)
            asked += $" AND at >= {Argument(since.UtcTicks)}";
        if (_query.Before is { } before)
            asked += $" AND at < {Argument(before.UtcTicks)}";
        return asked;
    }

    private string Argument(object value)
    {
        _arguments.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_arguments.Count}");
    }
}

/// <summary>A row of <see cref="AsideSelect"/>: something that is set aside, or (null) how many there are of a code.</summary>
internal readonly record struct AsideRow(Aside? Item, KeyValuePair<string, int> Total);
