using Lhcre.Record.People;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>By what people are found, as columns: from where to where each one's rows stand, and the rows.</summary>
internal sealed class PostgresPeople
{
    private readonly List<int> _from = [], _to = [];
    private readonly List<PersonRow> _rows = [];

    /// <summary>The call that writes descriptions of people whose records are still as they were.</summary>
    public static NpgsqlBatchCommand Command(IReadOnlyList<PersonDescription> people)
    {
        var columns = new PostgresPeople();
        foreach (var person in people)
            columns.Add(person.Person);
        var command = new NpgsqlBatchCommand("SELECT journal_describe($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        NpgsqlParameter[] arguments =
        [
            PostgresArguments.Texts([.. people.Select(person => person.Patient.Value)]), PostgresArguments.Numbers([.. people.Select(person => person.Seq)]),
            .. columns.Columns(),
        ];
        command.Parameters.AddRange(arguments);
        return command;
    }

    /// <summary>One more person.</summary>
    public void Add(PersonFacts person)
    {
        _from.Add(_rows.Count + 1);
        _rows.AddRange(PersonRow.Of(person));
        _to.Add(_rows.Count);
    }

    /// <summary>The columns: from, to; name, born, part, is_whole, genders.</summary>
    public NpgsqlParameter[] Columns() =>
    [
        PostgresArguments.Numbers(_from), PostgresArguments.Numbers(_to),
        PostgresArguments.Texts([.. _rows.Select(row => row.Name)]), PostgresArguments.Numbers([.. _rows.Select(row => row.Born)]),
        PostgresArguments.Numbers([.. _rows.Select(row => row.Part)]), PostgresArguments.Numbers([.. _rows.Select(row => row.IsWhole)]),
        PostgresArguments.Numbers([.. _rows.Select(row => row.Genders)]),
    ];
}
