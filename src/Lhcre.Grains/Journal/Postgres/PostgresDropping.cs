using Lhcre.Record;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>
/// Entries that leave the index, and uses that are forgotten, with appends of corrections, ahead of what these put there. Rare, so it has no place in the call of
/// every append.
/// </summary>
internal static class PostgresDropping
{
    /// <summary>The commands for these appends.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Commands(IReadOnlyCollection<Append> appends)
    {
        if (appends.Any(append => !append.Unindexed.IsEmpty))
            yield return Command("source_index", appends, append => append.Unindexed);
        if (appends.Any(append => !append.Unused.IsEmpty))
            yield return Command("supporting_use", appends, append => append.Unused);
    }

    // Heads that are locked while they fit the append do so still when it comes to that, in this transaction; for any other nothing is dropped.
    private static NpgsqlBatchCommand Command(string table, IEnumerable<Append> appends, Func<Append, IReadOnlyList<EntryKey>> dropped)
    {
        var some = appends.Where(append => dropped(append).Count > 0).ToList();
        var keys = some.SelectMany(append => dropped(append).Select(key => (append.Patient, Key: key))).ToList();
        var command = new NpgsqlBatchCommand($"""
            WITH fitting AS MATERIALIZED (
                SELECT h.patient FROM record_head h JOIN unnest($1, $2, $3) AS a (patient, epoch, seq)
                    ON h.patient = a.patient AND h.epoch = a.epoch AND h.seq = a.seq
                ORDER BY h.patient FOR UPDATE OF h)
            DELETE FROM {table} d USING unnest($4, $5, $6, $7) AS g (patient, source, type, id), fitting f
            WHERE f.patient = g.patient AND d.id = g.id AND d.type = g.type AND d.source = g.source AND d.patient = g.patient
            """);
        NpgsqlParameter[] arguments =
        [
            PostgresArguments.Texts([.. some.Select(append => append.Patient.Value)]),
            PostgresArguments.Numbers([.. some.Select(append => append.OldEpoch)]),
            PostgresArguments.Numbers([.. some.Select(append => append.Row.Seq - 1)]),
            PostgresArguments.Texts([.. keys.Select(k => k.Patient.Value)]),
            PostgresArguments.Texts([.. keys.Select(k => PostgresArguments.Storable(k.Key.Source))]),
            PostgresArguments.Texts([.. keys.Select(k => PostgresArguments.Storable(k.Key.Type))]),
            PostgresArguments.Texts([.. keys.Select(k => PostgresArguments.Storable(k.Key.Id))]),
        ];
        command.Parameters.AddRange(arguments);
        return command;
    }
}
