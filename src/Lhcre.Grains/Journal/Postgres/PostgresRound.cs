using Lhcre.Record;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>
/// Writes of one commit of which no two touch the same key in a way whose order matters: they go to the server as columns, and it may write
/// them in any order.
/// </summary>
internal sealed class PostgresRound
{
    // Old answers removed with each that is kept: more than one, so that a backlog shrinks; few, so that no commit is slow for it.
    private const int AnswersForgotten = 16;

    private readonly List<(int Write, Append Append)> _appends = [];
    private readonly List<(int Write, Fold Fold)> _folds = [];
    private readonly List<Blanking> _blankings = [];
    private readonly List<JournalWrite> _leases = [];
    private readonly List<SupportingResource> _supporting = [];
    private readonly List<ParkedResource> _parked = [];
    private readonly List<PersonDescription> _people = [];
    private readonly List<RefusedLetter> _refused = [];
    private readonly List<JournalWrite.OfDiscarded> _discarded = [];
    private readonly List<string> _unparked = [];
    private readonly List<long> _settled = [];
    private readonly List<JournalWrite.OfAnswer> _answers = [];

    /// <summary>The rounds of one commit, first to last; <paramref name="writes"/> in the order in which they count.</summary>
    public static List<PostgresRound> Of(IReadOnlyList<JournalWrite> writes)
    {
        var rounds = new List<PostgresRound> { new() };
        // The last round that touches a key.
        var last = new Dictionary<object, int>();
        for (var i = 0; i < writes.Count; i++)
        {
            var keys = Keys(writes[i]);
            var round = 0;
            foreach (var key in keys)
                round = Math.Max(round, last.TryGetValue(key, out var found) ? found + 1 : 0);
            foreach (var key in keys)
                last[key] = round;
            if (round == rounds.Count)
                rounds.Add(new PostgresRound());
            rounds[round].Add(writes[i], i);
        }

        return rounds;
    }

    /// <summary>The commands that write this round.</summary>
    public IEnumerable<NpgsqlBatchCommand> Commands()
    {
        if (_settled.Count > 0)
        {
            yield return Command(
                """
                UPDATE supporting_use u SET delivered = f.version FROM follow_up f
                WHERE f.follow_up_id = ANY ($1) AND f.kind = 2 AND u.source = f.source AND u.type = f.type AND u.id = f.id
                    AND u.patient = f.patient AND (u.delivered IS NULL OR u.delivered < f.version)
                """,
                PostgresArguments.Numbers(_settled));
            yield return Command("DELETE FROM follow_up WHERE follow_up_id = ANY ($1)", PostgresArguments.Numbers(_settled));
        }

        if (_appends.Count + _supporting.Count > 0)
        {
            // In the order of the patients, so that two silos wait for each other one way only.
            _appends.Sort((one, other) => one.Append.Patient.CompareTo(other.Append.Patient));
            foreach (var command in PostgresDropping.Commands([.. _appends.Select(append => append.Append)]))
                yield return command;
            yield return PostgresAppends.Command([.. _appends.Select(append => append.Append)], _supporting);
        }

        if (_appends.Exists(append => !append.Append.Withholds.IsEmpty))
            yield return PostgresAsides.Withhold(_appends.Select(append => append.Append));

        if (_appends.Exists(append => append.Append.Lease is not null))
            yield return PostgresBlanking.OfRows(_appends.Select(append => append.Append));
        foreach (var command in _leases.Select(PostgresBlanking.Of))
            yield return command;
        _folds.Sort((one, other) => one.Fold.Patient.CompareTo(other.Fold.Patient));
        foreach (var (_, fold) in _folds)
            yield return FoldCommand(fold);
        foreach (var command in _blankings.Select(PostgresBlanking.Of))
            yield return command;
        if (_people.Count > 0)
            yield return PostgresPeople.Command(_people);
        if (_parked.Count > 0)
            yield return PostgresAsides.Park(_parked);
        if (_refused.Count > 0)
            yield return PostgresAsides.Refuse(_refused);
        foreach (var command in _discarded.SelectMany(PostgresAsides.Discard).Concat(PostgresAsides.TakeOut(_unparked)))
            yield return command;
        if (_answers.Count > 0)
        {
            foreach (var command in AnswerCommands())
                yield return command;
        }
    }

    /// <summary>Reads what <see cref="Commands"/> answered, and tells each write's outcome.</summary>
    public async Task Read(NpgsqlDataReader reader, AppendOutcome[] outcomes, CancellationToken cancellation)
    {
        if (_appends.Count + _supporting.Count > 0)
        {
            await reader.ReadAsync(cancellation);
            var won = await reader.GetFieldValueAsync<bool[]>(0, cancellation);
            for (var i = 0; i < _appends.Count; i++)
                outcomes[_appends[i].Write] = Outcome(won[i]);
            await reader.NextResultAsync(cancellation);
        }

        foreach (var (write, _) in _folds)
        {
            await reader.ReadAsync(cancellation);
            outcomes[write] = Outcome(reader.GetBoolean(0));
            await reader.NextResultAsync(cancellation);
        }

        // What answers nothing that is not known already, ahead of the next round's answers.
        for (var i = _blankings.Count + (_people.Count > 0 ? 1 : 0); i > 0; i--)
            await reader.NextResultAsync(cancellation);
    }

    // What must not be touched twice in one round.
    private static IReadOnlyCollection<object> Keys(JournalWrite write) => write switch
    {
        JournalWrite.OfRow(var append) => [append.Patient, .. append.Index.Select(entry => entry.Key).Concat(append.Unindexed).Distinct()],
        JournalWrite.OfFold(var fold) => [fold.Patient],
        JournalWrite.OfBlanking(var blanking) => Keys(new JournalWrite.OfRow(blanking.Append)),
        JournalWrite.OfLease(var lease) => [lease.Patient],
        JournalWrite.OfDischarge(var patient, _) => [patient],
        JournalWrite.OfAdopted(var source, _, _) => [source],
        JournalWrite.OfPeople(var people) => [.. people.Select(person => (object)person.Patient).Distinct()],
        JournalWrite.OfAnswer(var push, _, _) => [push],
        _ => [],
    };

    private static AppendOutcome Outcome(bool won) => won ? AppendOutcome.Committed : AppendOutcome.Fenced;

    private void Add(JournalWrite write, int number)
    {
        switch (write)
        {
            case JournalWrite.OfRow(var append):
                _appends.Add((number, append));
                break;
            case JournalWrite.OfBlanking(var blanking):
                _appends.Add((number, blanking.Append));
                _blankings.Add(blanking);
                break;
            case JournalWrite.OfLease or JournalWrite.OfDischarge or JournalWrite.OfAdopted or JournalWrite.OfScrubbed:
                _leases.Add(write);
                break;
            case JournalWrite.OfFold(var fold):
                _folds.Add((number, fold));
                break;
            case JournalWrite.OfSupporting(var resources):
                _supporting.AddRange(resources);
                break;
            case JournalWrite.OfPeople(var people):
                _people.AddRange(people);
                break;
            case JournalWrite.OfParked(var resources):
                _parked.AddRange(resources);
                break;
            case JournalWrite.OfRefused(var letters):
                _refused.AddRange(letters);
                break;
            case JournalWrite.OfDiscarded discarded:
                _discarded.Add(discarded);
                break;
            case JournalWrite.OfUnparked(var ids):
                _unparked.AddRange(ids);
                break;
            case JournalWrite.OfAnswer answer:
                _answers.Add(answer);
                break;
            case JournalWrite.OfSettled(var followUps):
                _settled.AddRange(followUps);
                break;
        }
    }

    private static NpgsqlBatchCommand FoldCommand(Fold fold)
    {
        (ChunkKind Kind, RecordChunk Chunk)[] chunks =
            [.. fold.Live.Select(chunk => (ChunkKind.Live, chunk)), .. fold.History.Select(chunk => (ChunkKind.History, chunk))];
        return Command(
            "SELECT journal_fold($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            PostgresArguments.Text(fold.Patient.Value),
            PostgresArguments.Number(fold.Epoch),
            PostgresArguments.Number(fold.OldSnapSeq),
            PostgresArguments.Number(fold.NewSnapSeq),
            PostgresArguments.Numbers(fold.Dropped),
            PostgresArguments.Numbers([.. chunks.Select(chunk => (short)chunk.Kind)]),
            PostgresArguments.Numbers([.. chunks.Select(chunk => chunk.Chunk.Number)]),
            PostgresArguments.Numbers([.. chunks.Select(chunk => chunk.Chunk.FromSeq)]),
            PostgresArguments.Numbers([.. chunks.Select(chunk => chunk.Chunk.ToSeq)]),
            PostgresArguments.Blobs([.. chunks.Select(chunk => PostgresArguments.Bytes(chunk.Chunk.Body))]),
            PostgresArguments.Number(fold.History.IsEmpty ? null : fold.History[0].FromSeq),
            PostgresArguments.Number(fold.History.IsEmpty ? null : fold.History[^1].ToSeq));
    }

    private IEnumerable<NpgsqlBatchCommand> AnswerCommands()
    {
        var pushes = PostgresArguments.Blobs([.. _answers.Select(answer => PostgresArguments.Bytes(answer.Push))]);
        // What gives way to the new ones, and a few of the oldest.
        yield return Command(
            "DELETE FROM answer a USING unnest($1, $2) AS g (push_id, since) WHERE a.push_id = g.push_id AND a.at < g.since",
            pushes.Clone(),
            PostgresArguments.Numbers([.. _answers.Select(answer => answer.Since.UtcTicks)]));
        yield return Command(
            """
            DELETE FROM answer WHERE push_id = ANY (ARRAY(
                SELECT o.push_id FROM answer o WHERE o.at < $1 ORDER BY o.at LIMIT $2 FOR UPDATE SKIP LOCKED))
            """,
            PostgresArguments.Number(_answers.Min(answer => answer.Since.UtcTicks)),
            PostgresArguments.Number((long)AnswersForgotten * _answers.Count));
        yield return Command(
            """
            INSERT INTO answer (push_id, at, status, location, body)
            SELECT push_id, at, status, location, body FROM unnest($1, $2, $3, $4, $5) AS g (push_id, at, status, location, body)
            ORDER BY push_id ON CONFLICT DO NOTHING
            """,
            pushes,
            PostgresArguments.Numbers([.. _answers.Select(answer => answer.Answer.At.UtcTicks)]),
            PostgresArguments.Numbers([.. _answers.Select(answer => answer.Answer.Status)]),
            PostgresArguments.Texts([.. _answers.Select(answer => PostgresArguments.Storable(answer.Answer.Location))]),
            PostgresArguments.Blobs([.. _answers.Select(answer => PostgresArguments.Bytes(answer.Answer.Body))]));
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] arguments)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(arguments);
        return command;
    }
}
