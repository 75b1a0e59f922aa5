using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>The commands that change what is set aside.</summary>
internal static class PostgresAsides
{
    private const string ParkedColumns = "parked_id, source, at, push_id, code, reason, type, waits_source, waits_type, waits_id, body";
    private const string RefusedColumns = "refused_id, source, at, form, type, name, code, reason, body";

    public static NpgsqlBatchCommand Park(IReadOnlyList<ParkedResource> resources) => Command(
        $"""
        INSERT INTO parked ({ParkedColumns}) SELECT {ParkedColumns}
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) WITH ORDINALITY AS g ({ParkedColumns}, nth)
        ORDER BY parked_id COLLATE "C", nth ON CONFLICT DO NOTHING
        """,
        Columns(resources));

    // Behind the appends, and only of those that won: whose row was written by this very transaction.
    public static NpgsqlBatchCommand Withhold(IEnumerable<Append> appends)
    {
        var withheld = appends.SelectMany(append => append.Withholds.Select(parked => (Append: append, Parked: parked))).ToList();
        return Command(
            $"""
            INSERT INTO parked ({ParkedColumns}) SELECT {string.Join(", ", ParkedColumns.Split(", ").Select(column => $"g.{column}"))}
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) WITH ORDINALITY AS g ({ParkedColumns}, patient, seq, row_push_id, nth)
            JOIN record_log l ON l.patient = g.patient COLLATE "C" AND l.seq = g.seq AND l.push_id = g.row_push_id
                AND l.xmin = pg_current_xact_id()::xid
            ORDER BY g.parked_id COLLATE "C", g.nth ON CONFLICT DO NOTHING
            """,
            [
                .. Columns([.. withheld.Select(w => w.Parked)]),
                PostgresArguments.Texts([.. withheld.Select(w => w.Append.Patient.Value)]),
                PostgresArguments.Numbers([.. withheld.Select(w => w.Append.Row.Seq)]),
                PostgresArguments.Blobs([.. withheld.Select(w => PostgresArguments.Bytes(w.Append.Row.Push))]),
            ]);
    }

    public static NpgsqlBatchCommand Refuse(IReadOnlyList<RefusedLetter> letters)
    {
        return Command(
            $"""
            INSERT INTO refused ({RefusedColumns}) SELECT {RefusedColumns}
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY AS g ({RefusedColumns}, nth)
            ORDER BY refused_id COLLATE "C", nth ON CONFLICT DO NOTHING
            """,
            Texts(letter => letter.Id),
            Texts(letter => letter.Source),
            PostgresArguments.Numbers([.. letters.Select(letter => letter.At.UtcTicks)]),
            Texts(letter => AsideSelect.Form(letter.Form)),
            Texts(letter => letter.Type),
            Texts(letter => letter.Name),
            Texts(letter => letter.Code),
            Texts(letter => letter.Reason),
            PostgresArguments.Blobs([.. letters.Select(letter => PostgresArguments.Bytes(letter.Body))]));

        NpgsqlParameter Texts(Func<RefusedLetter, string> text) => PostgresArguments.Texts([.. letters.Select(letter => PostgresArguments.Storable(text(letter)))]);
    }

    public static IEnumerable<NpgsqlBatchCommand> Discard(JournalWrite.OfDiscarded discarded)
    {
        string[] texts = [discarded.Why.By, discarded.Why.Reason, discarded.Source, discarded.Id];
        foreach (var sql in new[] { AsideSelect.DiscardParked, AsideSelect.DiscardRefused })
            yield return Command(sql, [PostgresArguments.Number(discarded.Why.At.UtcTicks), .. texts.Select(text => PostgresArguments.Text(PostgresArguments.Storable(text)!))]);
    }

    public static IEnumerable<NpgsqlBatchCommand> TakeOut(IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
            yield break;
        foreach (var sql in new[]
        {
            "DELETE FROM parked WHERE parked_id = ANY ($1) AND discarded_at IS NULL",
            "DELETE FROM refused WHERE refused_id = ANY ($1) AND discarded_at IS NULL",
        })
            yield return Command(sql, PostgresArguments.Texts([.. ids.Select(PostgresArguments.Storable)]));
    }

    private static NpgsqlParameter[] Columns(IReadOnlyList<ParkedResource> resources)
    {
        return
        [
            Texts(parked => parked.Id),
            Texts(parked => parked.Source),
            PostgresArguments.Numbers([.. resources.Select(parked => parked.At.UtcTicks)]),
            PostgresArguments.Blobs([.. resources.Select(parked => PostgresArguments.Bytes(parked.Push))]),
            Texts(parked => parked.Code),
            Texts(parked => parked.Reason),
            Texts(parked => parked.Type),
            Texts(parked => parked.WaitsFor?.Source),
            Texts(parked => parked.WaitsFor?.Type),
            Texts(parked => parked.WaitsFor?.Id),
            PostgresArguments.Blobs([.. resources.Select(parked => PostgresArguments.Bytes(parked.Body))]),
        ];

        NpgsqlParameter Texts(Func<ParkedResource, string?> text) =>
            PostgresArguments.Texts([.. resources.Select(parked => PostgresArguments.Storable(text(parked)))]);
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] arguments)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(arguments);
        return command;
    }
}
