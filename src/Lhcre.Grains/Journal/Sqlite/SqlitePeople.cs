using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains.Journal;

/// <summary>Writes by what people are found, within the transaction of the connection that writes.</summary>
internal sealed class SqlitePeople(Func<string, SqliteStatement> prepare)
{
    private readonly SqliteStatement _rows = prepare("SELECT name, born, part, is_whole, genders FROM person_index WHERE patient = ?");
    private readonly SqliteStatement _remove = prepare("DELETE FROM person_index WHERE patient = ?");

    private readonly SqliteStatement _add =
        prepare("INSERT INTO person_index (name, born, part, patient, is_whole, genders) VALUES (?, ?, ?, ?, ?, ?)");

    private readonly SqliteStatement _isLast = prepare("SELECT 1 FROM record_head WHERE patient = ? AND seq = ?");

    /// <summary>What was appended since has said it.</summary>
    public void Write(PersonDescription description)
    {
        if (_isLast.Text(description.Patient.Value).Number(description.Seq).First(row => row.NumberAt(0)) == 1)
            Write(description.Patient, description.Person);
    }

    public void Write(PatientKey patient, PersonFacts person)
    {
        // An activation's first append gives the rows of a person who is in the index already.
        var rows = PersonRow.Of(person).ToHashSet();
        if (rows.SetEquals(_rows.Text(patient.Value).All(row => new PersonRow(
            row.TextAt(0), (int)row.NumberAt(1), (short)row.NumberAt(2), (short)row.NumberAt(3), (short)row.NumberAt(4)))))
            return;
        _remove.Text(patient.Value).Run();
        foreach (var row in rows)
            _add.Text(row.Name).Number(row.Born).Number(row.Part).Text(patient.Value).Number(row.IsWhole).Number(row.Genders).Run();
    }
}
