using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Lhcre.Adapters.Examples;

/// <summary>Hampshire: a table of a PostgreSQL database into which triggers write every change of a resource.</summary>
internal static class HampshireTable
{
    private const int RowsAtOnce = 500;

    // The table as it is expected; the export's own triggers fill it.
    private const string Table = """
        CREATE TABLE resource_change (
            change bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tx     xid8   NOT NULL DEFAULT pg_current_xact_id(),
            person text   NOT NULL,   -- whose it is, by any number that this source has
            type   text   NOT NULL,   -- Observation
            id     text   NOT NULL,
            body   text               -- the resource in JSON, with meta.versionId or meta.lastUpdated; null: it is withdrawn
        );
        CREATE INDEX ON resource_change (tx, change);
        """;

    // Identity numbers are given out before commits: by them alone, a transaction that commits late would be passed over. Transactions
    // below the oldest one that still runs are all settled, so nothing can come before what was read (PostgreSQL, "pg_snapshot_xmin").
    private const string Query = """
        SELECT tx::text, change, person, type, id, body FROM resource_change
        WHERE (tx, change) > (@tx::xid8, @change) AND tx < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY tx, change LIMIT @rows
        """;

    private const string Help = $"""
        Lhcre.Adapters.Examples hampshire --postgres CONNECTION [OPTIONS]

        Pushes what changes in a table, many resources in one batch, from where it left off. It takes no lock and writes nothing there. The table:

        {Table}

          --postgres CONNECTION   "Host=…;Database=…;Username=…;Password=…"
        """;

    /// <summary>Runs it; gives its exit code.</summary>
    public static async Task<int> Run(string[] args, CancellationToken stop)
    {
        var adapter = AdapterRun.Read(args, Help, new() { ["--postgres"] = null, ["--source"] = "hampshire" }, out var exitCode);
        if (adapter is null)
            return exitCode;
        await using var database = NpgsqlDataSource.Create(adapter["--postgres"]);
        return await adapter.Run((outbox, token) => Round(database, outbox, token), stop);
    }

    private static async Task Round(NpgsqlDataSource database, Outbox outbox, CancellationToken stop)
    {
        var read = RowsAtOnce;
        while (read == RowsAtOnce)
        {
            // The outbox is the only place where it is written how far the table was read, and it is written together with what was read.
            var cursor = outbox.Cursor ?? "0 0";
            var messages = new List<Outgoing>();
            var at = cursor.Split(' ');
            await using var command = database.CreateCommand(Query);
            command.Parameters.Add(new NpgsqlParameter("tx", NpgsqlDbType.Text) { Value = at[0] });
            command.Parameters.AddWithValue("change", long.Parse(at[1], CultureInfo.InvariantCulture));
            command.Parameters.AddWithValue("rows", RowsAtOnce);
            await using (var rows = await command.ExecuteReaderAsync(stop))
            {
                while (await rows.ReadAsync(stop))
                {
                    var (person, type, id) = (rows.GetString(2), rows.GetString(3), rows.GetString(4));
                    messages.Add(await rows.IsDBNullAsync(5, stop)
                        ? Outgoing.Delete(person, type, id)
                        : Outgoing.Put(person, type, id, Encoding.UTF8.GetBytes(rows.GetString(5))));
                    cursor = string.Create(CultureInfo.InvariantCulture, $"{rows.GetString(0)} {rows.GetInt64(1)}");
                }
            }

            read = messages.Count;
            if (read > 0)
                await outbox.Append(messages, cursor, stop);
        }
    }
}
