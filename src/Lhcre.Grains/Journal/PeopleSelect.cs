using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains.Journal;

/// <summary>
/// The statement that finds people, in the words that both databases know, and its arguments: texts and integers, <c>$1</c> first. Only how
/// much is asked shows in its text; what is asked stands in the arguments.
/// </summary>
internal sealed class PeopleSelect
{
    // SQLite keeps no statistics here, so it is told by what to look. So many days of births are fewer rows than a name of fewer letters.
    private const int DaysBeforeNames = 31, LettersBeforeDays = 4, MostDaysFirst = 400;

    /// <summary>
    /// The next <c>$2</c> patients behind <c>$1</c>, and whether each is found by anything. So many are looked at and no more, however few of
    /// them are what is looked for.
    /// </summary>
    public const string Next = """
        SELECT h.patient, CASE WHEN EXISTS (SELECT 1 FROM person_index p WHERE p.patient = h.patient) THEN 1 ELSE 0 END
        FROM (SELECT patient FROM record_head WHERE patient > $1 ORDER BY patient LIMIT $2) h ORDER BY h.patient
        """;

    /// <summary>The same people, without looking at by what they are found.</summary>
    public const string NextPatients = "SELECT patient FROM record_head WHERE patient > $1 ORDER BY patient LIMIT $2";

    private readonly List<object> _arguments = [];
    private readonly PersonQuery _query;
    private readonly bool _isSqlite;

    /// <summary>What <see cref="Next"/> answered, as the journal tells it.</summary>
    public static (IReadOnlyList<PatientKey> Patients, PatientKey? Last) Unfindable(List<(PatientKey Patient, bool IsFound)> next) =>
        ([.. next.Where(n => !n.IsFound).Select(n => n.Patient)], next.Count == 0 ? null : next[^1].Patient);

    private PeopleSelect(PersonQuery query, bool isSqlite) => (_query, _isSqlite) = (query, isSqlite);

    /// <summary>The statement and its arguments, each a <see cref="string"/> or an <see cref="int"/>.</summary>
    public static (string Sql, IReadOnlyList<object> Arguments) Of(PersonQuery query, int limit, bool isSqlite)
    {
        var select = new PeopleSelect(query, isSqlite);
        return (select.Write(limit), select._arguments);
    }

    private string Write(int limit)
    {
        // The name that says most leads; each of its alternatives is looked up by itself. Found as a whole before it is put in order: a server
        // that expects to have enough soon would rather go through everybody in that order.
        var driver = _query.Names.MaxBy(alternatives => alternatives.Min(start => (start.Text.Length * 2) + (start.IsWhole ? 1 : 0)));
        var isFirst = true;
        var sql = new StringBuilder("WITH found AS MATERIALIZED (");
        foreach (var start in driver)
        {
            sql.Append(isFirst ? "SELECT DISTINCT d.patient" : " UNION SELECT d.patient").Append(" FROM person_index d");
            isFirst = false;
            var byBirth = _isSqlite && IsByBirth(start);
            sql.Append(byBirth ? " INDEXED BY person_by_birth" : "").Append(" WHERE ").Append(Name("d", start))
                .Append(" AND ").Append(Born(_isSqlite && !byBirth ? "+d.born" : "d.born"));
            foreach (var asked in _query.Genders)
                sql.Append(CultureInfo.InvariantCulture, $" AND (d.genders & {Argument((int)asked)}) <> 0");
            foreach (var alternatives in _query.Names.Where(other => other != driver))
                sql.Append(" AND EXISTS (SELECT 1 FROM person_index o WHERE o.patient = d.patient AND (").Append(Any("o", alternatives)).Append("))");
        }

        return sql.Append(") SELECT patient FROM found ORDER BY patient LIMIT ").Append(Argument(limit)).ToString();
    }

    private bool IsByBirth(NameStart start)
    {
        var (first, last) = _query.Born;
        return last - first <= DaysBeforeNames || (!start.IsWhole && start.Text.Length < LettersBeforeDays && last - first <= MostDaysFirst);
    }

    private string Any(string row, ImmutableArray<NameStart> alternatives) => string.Join(" OR ", alternatives.Select(start => $"({Name(row, start)})"));

    private string Name(string row, NameStart start)
    {
        // No name holds the last character of Unicode: what begins with a text stands before the text with that behind it.
        var name = start.IsWhole
            ? $"{row}.name = {Argument(start.Text)} AND {row}.is_whole = 1"
            : $"{row}.name >= {Argument(start.Text)} AND {row}.name < {Argument(start.Text + "\U0010FFFF")}";
        return start.Part == NameParts.Any ? name : $"{name} AND {row}.part = {Argument((int)start.Part)}";
    }

    private string Born(string column)
    {
        var intervals = _query.Births.Select(i => (Low: PersonRow.Code(i.First), High: PersonRow.Code(i.Last), (int)i.First.Precision)).ToList();
        if (intervals is [var (low, high, _)] && low == high)
            return $"{column} = {Argument(low)}";
        var each = intervals.Select(i => $"(d.born & 3 = {i.Item3} AND +d.born BETWEEN {Argument(i.Low)} AND {Argument(i.High)})");
        return $"{column} BETWEEN {Argument(intervals.Min(i => i.Low))} AND {Argument(intervals.Max(i => i.High))} AND ({string.Join(" OR ", each)})";
    }

    private string Argument(object value)
    {
        _arguments.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_arguments.Count}");
    }
}
