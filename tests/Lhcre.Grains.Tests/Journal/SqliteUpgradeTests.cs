using Lhcre.Grains.Journal;
using Microsoft.Data.Sqlite;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>A folder that an earlier release wrote is opened by this one.</summary>
public sealed class SqliteUpgradeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Remove();

    [Fact]
    public async Task A_database_of_schema_1_is_brought_up_to_date_with_its_data()
    {
        WriteSchema1();

        await using var journal = await SqliteJournal.Open(_folder.Path, "fingerprint", default);

        Assert.Equal($"(1, 2): {Text(Row(1))}; {Text(Row(2))}", Text(await journal.Load(Ann, default)));
        Assert.Equal([Ann], await journal.FindPatients([Key("o1")], default));
        var fold = new Fold { Patient = Ann, Epoch = 1, OldSnapSeq = 0, NewSnapSeq = 2, Live = [Chunk(1, 1, 2)], History = [Chunk(1, 1, 2)] };
        Assert.Equal(AppendOutcome.Committed, await journal.Fold(fold, default));
        Assert.Equal(AppendOutcome.Committed, await journal.Append(Append(Ann, 3) with { Person = Person("Smith", "Ann", "1980-05-12") }, default));
        Assert.Equal([Ann], await journal.FindPeople(Who("family=smith&birthdate=1980-05-12"), 1, default));
        await journal.Refuse([Letter("l1", minute: 1)], default);
        Assert.Equal([Text(Parked("x", waitsFor: "o9")), Text(Letter("l1", minute: 1) with { Body = default })], (await journal.Asides(new AsideQuery(Source), default)).Items.Select(Text));
        await journal.Discard(Source, "x", Discarded("not ours"), default);
        Assert.Empty(await journal.ParkedFor([Key("o9")], default));
    }

    private void WriteSchema1()
    {
        using var connection = new SqliteConnection($"Data Source={_folder["journal.db"]};Pooling=False");
        connection.Open();
        Execute(Script("0001-journal.sql"));
        Execute($"""
            INSERT INTO meta VALUES ('schema', '1'), ('pseudonym', 'fingerprint');
            INSERT INTO record_head VALUES ('{Ann}', 1, 2);
            INSERT INTO source_index VALUES ('dorset', 'Observation', 'o1', '{Ann}', x'0001');
            """);
        var parked = Parked("x", waitsFor: "o9");
        Execute($"""
            INSERT INTO parked VALUES ('x', 'dorset', {parked.At.UtcTicks}, x'{Convert.ToHexString(SqliteWriter.Bytes(parked.Push))}', '{parked.Code}',
            '{parked.Reason}', 'Observation', 'dorset', 'Observation', 'o9', x'{Convert.ToHexString(parked.Body.Span)}')
            """);
        foreach (var row in new[] { Row(1), Row(2) })
        {
            Execute($"""
                INSERT INTO record_log VALUES ('{Ann}', {row.Seq}, x'{Convert.ToHexString(SqliteWriter.Bytes(row.Push))}', 'dorset',
                {row.At.UtcTicks}, x'{Convert.ToHexString(row.Body.Span)}')
                """);
        }

        void Execute(string sql)
        {
            using var command = new SqliteCommand(sql, connection);
            command.ExecuteNonQuery();
        }
    }

    private static string Script(string name)
    {
        using var reader = new StreamReader(
            typeof(SqliteJournal).Assembly.GetManifestResourceStream($"Journal/Schema/Sqlite/{name}")!);
        return reader.ReadToEnd();
    }
}
