using Lhcre.Record;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lhcre.Grains.Journal;

/// <summary>The one connection that writes: many writes in one transaction, one after the other.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private const string Key = "source = ? AND type = ? AND id = ?";

    // Old answers removed with each that is kept: more than one, so that a backlog shrinks; few, so that no commit is slow for it.
    private const int AnswersForgotten = 16;

    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteFold _folds;
    private readonly SqlitePeople _people;
    private readonly SqliteAsides _asides;
    private readonly SqliteLeases _leases;
    private readonly SqliteBlanking _blanking;
    private readonly SqliteStatement _begin, _commit, _rollback;
    private readonly SqliteStatement _firstHead, _moveHead, _appendRow;
    private readonly SqliteStatement _newEntry, _holder, _moveEntry, _dropEntry, _name, _unname;
    private readonly SqliteStatement _use, _unuse, _keep, _deliverToUsers, _deliverTo, _withdraw;
    private readonly SqliteStatement _delivered, _settle;
    private readonly SqliteStatement _forgetAnswer, _forgetAnswers, _answer;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _folds = new SqliteFold(Prepare);
        _people = new SqlitePeople(Prepare);
        _asides = new SqliteAsides(Prepare);
        _leases = new SqliteLeases(Prepare);
        _blanking = new SqliteBlanking(Prepare, _folds, _asides, _leases);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _firstHead = Prepare("INSERT INTO record_head (patient, epoch, seq) VALUES (?, ?, 1) ON CONFLICT DO NOTHING");
        _moveHead = Prepare("UPDATE record_head SET epoch = ?, seq = ? WHERE patient = ? AND epoch = ? AND seq = ?");
        _appendRow = Prepare("INSERT INTO record_log (patient, seq, push_id, source, at, body) VALUES (?, ?, ?, ?, ?, ?)");
        _newEntry = Prepare("INSERT INTO source_index (source, type, id, patient, version) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
        _holder = Prepare($"SELECT patient, version FROM source_index WHERE {Key}");
        _moveEntry = Prepare($"UPDATE source_index SET patient = ?, version = ? WHERE {Key}");
        _dropEntry = Prepare($"DELETE FROM source_index WHERE {Key} AND patient = ?");
        _name = Prepare("INSERT INTO local_identifier (source, system, value, patient) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
        _unname = Prepare("DELETE FROM local_identifier WHERE source = ? AND system = ? AND value = ? AND patient = ?");
        _use = Prepare("""
            INSERT INTO supporting_use (source, type, id, patient, delivered) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET delivered = excluded.delivered
            WHERE excluded.delivered > coalesce(supporting_use.delivered, x'')
            """);
        _unuse = Prepare($"DELETE FROM supporting_use WHERE {Key} AND patient = ?");
        _keep = Prepare("""
            INSERT INTO supporting (source, type, id, version, body) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body WHERE excluded.version > supporting.version
            """);
        // A pending one gives way, and the new one has a number of its own: whoever is carrying the old one out settles the old number.
        _deliverToUsers = Prepare($"""
            INSERT OR REPLACE INTO follow_up (patient, kind, source, type, id, version)
            SELECT patient, {(int)FollowUpKind.Deliver}, source, type, id, ? FROM supporting_use
            WHERE {Key} AND (delivered IS NULL OR delivered < ?) ORDER BY patient
            """);
        _deliverTo = Prepare($"""
            INSERT OR REPLACE INTO follow_up (patient, kind, source, type, id, version)
            SELECT u.patient, {(int)FollowUpKind.Deliver}, source, type, id, s.version
            FROM supporting_use u JOIN supporting s USING (source, type, id)
            WHERE {Key} AND u.patient = ? AND (u.delivered IS NULL OR u.delivered < s.version)
            """);
        _withdraw = Prepare($"""
            INSERT OR REPLACE INTO follow_up (patient, kind, source, type, id, version) VALUES (?, {(int)FollowUpKind.Withdraw}, ?, ?, ?, ?)
            """);
        _delivered = Prepare($"""
            UPDATE supporting_use SET delivered = f.version FROM follow_up f
            WHERE f.follow_up_id = ? AND f.kind = {(int)FollowUpKind.Deliver}
            AND supporting_use.source = f.source AND supporting_use.type = f.type AND supporting_use.id = f.id
            AND supporting_use.patient = f.patient AND (delivered IS NULL OR delivered < f.version)
            """);
        _settle = Prepare("DELETE FROM follow_up WHERE follow_up_id = ?");
        _forgetAnswer = Prepare("DELETE FROM answer WHERE push_id = ? AND at < ?");
        _forgetAnswers = Prepare($"""
            DELETE FROM answer WHERE rowid IN (SELECT rowid FROM answer WHERE at < ? ORDER BY at LIMIT {AnswersForgotten})
            """);
        _answer = Prepare("INSERT INTO answer (push_id, at, status, location, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (push_id) DO NOTHING");
    }

    /// <summary>All writes in one transaction, with one sync of the disk. The outcomes, in their order.</summary>
    /// <exception cref="JournalUnavailableException">A fault of the disk or the whole database.</exception>
    /// <exception cref="SqliteException">Nothing was written, because one of them cannot be.</exception>
    public IReadOnlyList<AppendOutcome> Commit(IReadOnlyList<JournalWrite> writes)
    {
        var outcomes = new AppendOutcome[writes.Count];
        var committing = false;
        try
        {
            RollBack(); // where the last attempt could not
            _begin.Run();
            for (var i = 0; i < writes.Count; i++)
                outcomes[i] = Write(writes[i]);
            committing = true;
            _commit.Run();
            return outcomes;
        }
        catch (SqliteException failure) when (committing || SqliteFault.IsOfTheDatabase(failure))
        {
            // A commit that fails has been taken back in this process; but its bytes may stand in the WAL, and after a crash they would count.
            throw SqliteFault.ToCaller(failure, outcomeUnknown: committing);
        }
        finally
        {
            TryRollBack();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _connection.Dispose();
    }

    /// <summary>Moves what is in the WAL into the database, and empties the WAL.</summary>
    public void Checkpoint() => SqliteConnections.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    private AppendOutcome Write(JournalWrite write)
    {
        switch (write)
        {
            case JournalWrite.OfRow(var append):
                return Append(append);
            case JournalWrite.OfFold(var fold):
                return _folds.Write(fold);
            case JournalWrite.OfBlanking(var blanking):
                if (Append(blanking.Append) == AppendOutcome.Fenced)
                    return AppendOutcome.Fenced;
                _blanking.Write(blanking);
                break;
            case JournalWrite.OfLease or JournalWrite.OfDischarge or JournalWrite.OfAdopted or JournalWrite.OfScrubbed:
                _leases.Write(write);
                break;
            case JournalWrite.OfSupporting(var resources):
                Keep(resources);
                break;
            case JournalWrite.OfPeople(var people):
                foreach (var person in people)
                    _people.Write(person);
                break;
            case JournalWrite.OfParked(var resources):
                foreach (var parked in resources)
                    _asides.Park(parked);
                break;
            case JournalWrite.OfRefused(var letters):
                foreach (var letter in letters)
                    _asides.Refuse(letter);
                break;
            case JournalWrite.OfDiscarded(var source, var id, var why):
                _asides.Discard(source, id, why);
                break;
            case JournalWrite.OfUnparked(var ids):
                foreach (var id in ids)
                    _asides.TakeOut(id);
                break;
            case JournalWrite.OfAnswer(var push, var answer, var since):
                Answer(push, answer, since);
                break;
            case JournalWrite.OfSettled(var followUps):
                foreach (var followUp in followUps)
                    _delivered.Number(followUp).Run();
                Settle(followUps);
                break;
        }

        return AppendOutcome.Committed;
    }

    private AppendOutcome Append(Append append)
    {
        var row = append.Row;
        var patient = append.Patient.Value;
        var moved = row.Seq == 1
            ? append.OldEpoch == 0 ? _firstHead.Text(patient).Number(append.NewEpoch).Run() : 0
            : _moveHead.Number(append.NewEpoch).Number(row.Seq).Text(patient).Number(append.OldEpoch).Number(row.Seq - 1).Run();
        if (moved == 0)
            return AppendOutcome.Fenced;

        _appendRow.Text(patient).Number(row.Seq).Blob(Bytes(row.Push)).Text(append.Source).Number(row.At.UtcTicks).Blob(row.Body.Span).Run();
        if (append.Lease is { } lease)
            _leases.Hold(lease);
        Settle(append.Settles);
        foreach (var id in append.Unparks)
            _asides.File(id);
        foreach (var parked in append.Withholds)
            _asides.Park(parked);
        if (append.Person is { } person)
            _people.Write(append.Patient, person);
        foreach (var key in append.Unindexed)
            With(_dropEntry, key).Text(patient).Run();
        foreach (var entry in append.HighestOfIndex())
            Index(append.Patient, entry);
        foreach (var identifier in append.FormerIdentifiers)
            _unname.Text(append.Source).Text(identifier.System).Text(identifier.Value).Text(patient).Run();
        foreach (var identifier in append.LocalIdentifiers)
            _name.Text(append.Source).Text(identifier.System).Text(identifier.Value).Text(patient).Run();
        foreach (var key in append.Unused)
            With(_unuse, key).Text(patient).Run();
        foreach (var use in append.Uses)
            With(_use, use.Key).Text(patient).Blob(use.Delivered).Run();
        Keep(append.Supporting);
        foreach (var use in append.Uses)
            With(_deliverTo, use.Key).Text(patient).Run();
        return AppendOutcome.Committed;
    }

    private void Index(PatientKey patient, VersionedKey entry)
    {
        if (With(_newEntry, entry.Key).Text(patient.Value).Blob(entry.Version.Span).Run() == 1)
            return;
        var (holder, held) = With(_holder, entry.Key).First(row => (PatientKey.Parse(row.TextAt(0)), row.BlobAt(1).ToArray()));
        var order = entry.Version.Span.SequenceCompareTo(held);
        // Equal versions: the smaller key, so that it does not matter which came first.
        var moves = order > 0 || (order == 0 && patient.CompareTo(holder) < 0);
        if (moves)
            With(_moveEntry.Text(patient.Value).Blob(entry.Version.Span), entry.Key).Run();
        if (holder != patient)
            With(_withdraw.Text((moves ? holder : patient).Value), entry.Key).Blob(moves ? entry.Version.Span : held).Run();
    }

    private void Keep(IReadOnlyList<SupportingResource> resources)
    {
        foreach (var resource in resources)
        {
            if (With(_keep, resource.Key).Blob(resource.Version.Span).Blob(resource.Body.Span).Run() == 1)
                With(_deliverToUsers.Blob(resource.Version.Span), resource.Key).Blob(resource.Version.Span).Run();
        }
    }

    private void Settle(IReadOnlyList<long> followUps)
    {
        foreach (var followUp in followUps)
            _settle.Number(followUp).Run();
    }

    private void Answer(PushId push, KeptAnswer answer, DateTimeOffset since)
    {
        _forgetAnswer.Blob(Bytes(push)).Number(since.UtcTicks).Run();
        _forgetAnswers.Number(since.UtcTicks).Run();
        _answer.Blob(Bytes(push)).Number(answer.At.UtcTicks).Number(answer.Status).Text(answer.Location).Blob(answer.Body.Span).Run();
    }

    private static SqliteStatement With(SqliteStatement statement, EntryKey key) => statement.Text(key.Source).Text(key.Type).Text(key.Id);

    internal static byte[] Bytes(PushId push)
    {
        var bytes = new byte[ContentHash.Length];
        push.Hash.Write(bytes);
        return bytes;
    }

    private void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
            _rollback.Run();
    }

    // One that fails is tried again before the next transaction; its failure must not hide the one that it follows.
    private void TryRollBack()
    {
        try
        {
            RollBack();
        }
        catch (SqliteException)
        {
        }
    }

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
