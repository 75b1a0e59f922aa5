using System.Globalization;

namespace Lhcre.Grains.Journal;

/// <summary>The statements about leases, in the words that both databases know.</summary>
internal static class LeaseSelect
{
    /// <summary>Under what name the mark of what is to be overwritten stands.</summary>
    public const string Mark = "erased";

    /// <summary>A patient's: <c>$1</c>.</summary>
    public const string Of = "SELECT patient, source, from_at, until_at, is_discharged FROM lease WHERE patient = $1 ORDER BY source";

    /// <summary>Those that are due by <c>$1</c>, at most <c>$2</c>.</summary>
    public const string Due =
        "SELECT patient, source, from_at, until_at, is_discharged FROM lease WHERE until_at <= $1 ORDER BY until_at, patient, source LIMIT $2";

    /// <summary>The stay of a patient is over: until when, whose.</summary>
    public const string Discharge = """
        UPDATE lease SET until_at = CASE WHEN is_discharged = 1 AND until_at < $1 THEN until_at ELSE $1 END, is_discharged = 1 WHERE patient = $2
        """;

    /// <summary>Whoever is in a source's index and has no lease of it gets one: from when, until when, of which source.</summary>
    public const string Adopt = """
        INSERT INTO lease (patient, source, from_at, until_at, is_discharged)
        SELECT DISTINCT i.patient, i.source, $1, $2, 0 FROM source_index i WHERE i.source = $3
        ON CONFLICT (patient, source) DO NOTHING
        """;

    /// <summary>Holds what is given, of which columns: patient, source, from, until.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="table">The table's name in this statement.</param>
    public static string Hold(string rows, string table)
    {
        // A stay that is over ends when it ends; what is pulled behind that is of another.
        var isOver = $"{table}.is_discharged = 1 AND {table}.until_at >= excluded.from_at";
        return $"""
            INSERT INTO lease AS {table} (patient, source, from_at, until_at) {rows}
            ON CONFLICT (patient, source) DO UPDATE SET
                until_at = CASE WHEN ({isOver}) OR {table}.until_at > excluded.until_at THEN {table}.until_at ELSE excluded.until_at END,
                is_discharged = CASE WHEN {isOver} THEN 1 ELSE 0 END
            """;
    }

    /// <summary>A mark as it stands.</summary>
    public static string Text(long mark) => mark.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same, read back.</summary>
    public static long Number(string mark) => long.Parse(mark, CultureInfo.InvariantCulture);
}
