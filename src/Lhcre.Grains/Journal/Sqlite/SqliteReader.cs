using System.Globalization;
using Lhcre.Record;
using Lhcre.Record.People;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lhcre.Grains.Journal;

/// <summary>One connection that reads. Used by one caller at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private const string ParkedColumns =
        "p.parked_id, p.source, p.at, p.push_id, p.code, p.reason, p.type, p.waits_source, p.waits_type, p.waits_id, p.body";

    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _begin, _end, _head, _chunks, _chunkOf, _rows, _row, _holder, _named, _supporting;
    private readonly SqliteStatement _aside, _parkedFor, _parkedResolvable, _answer, _followUps, _nextPeople, _nextPatients;

    public SqliteReader(SqliteConnection connection)
    {
        _connection = connection;
        Leases = new SqliteLeaseReader(Prepare);
        _begin = Prepare("BEGIN");
        _end = Prepare("COMMIT");
        _head = Prepare("SELECT epoch, seq, snap_seq FROM record_head WHERE patient = ?");
        _chunks = Prepare("SELECT chunk_no, from_seq, to_seq, body FROM record_chunk WHERE patient = ? AND kind = ? ORDER BY chunk_no");
        _chunkOf = Prepare("""
            SELECT chunk_no, from_seq, to_seq, body FROM record_chunk WHERE patient = ? AND kind = ? AND ? BETWEEN from_seq AND to_seq
            """);
        _rows = Prepare("SELECT seq, push_id, at, body FROM record_log WHERE patient = ? AND seq > ? ORDER BY seq");
        _row = Prepare("SELECT seq, push_id, at, body FROM record_log WHERE patient = ? AND seq = ?");
        _holder = Prepare("SELECT patient FROM source_index WHERE source = ? AND type = ? AND id = ?");
        _named = Prepare("SELECT patient FROM local_identifier WHERE source = ? AND system = ? AND value = ? ORDER BY patient");
        _nextPeople = Prepare(PeopleSelect.Next);
        _nextPatients = Prepare(PeopleSelect.NextPatients);
        _supporting = Prepare("SELECT version, body FROM supporting WHERE source = ? AND type = ? AND id = ?");
        _aside = Prepare(AsideSelect.One);
        _parkedFor = Prepare($"SELECT {ParkedColumns} FROM parked p WHERE waits_source = ? AND waits_type = ? AND waits_id = ? AND discarded_at IS NULL");
        _parkedResolvable = Prepare($"""
            SELECT {ParkedColumns} FROM parked p
            JOIN source_index i ON i.source = p.waits_source AND i.type = p.waits_type AND i.id = p.waits_id
            WHERE p.discarded_at IS NULL ORDER BY p.at, p.parked_id LIMIT ?
            """);
        _answer = Prepare("SELECT status, at, location, body FROM answer WHERE push_id = ? AND at >= ?");
        _followUps = Prepare("""
            SELECT follow_up_id, patient, kind, source, type, id, version FROM follow_up
            WHERE follow_up_id > ? ORDER BY follow_up_id LIMIT ?
            """);
    }

    /// <summary>What it reads of leases.</summary>
    public SqliteLeaseReader Leases { get; }

    public JournalledRecord Load(PatientKey patient) => AtOneMoment(() =>
    {
        var head = Head(patient);
        return new JournalledRecord(
            head, head.SnapSeq == 0 ? [] : Chunks(patient, ChunkKind.Live), _rows.Text(patient.Value).Number(head.SnapSeq).All(Row));
    });

    public JournalledLog LoadLog(PatientKey patient) => AtOneMoment(() =>
        new JournalledLog(Chunks(patient, ChunkKind.History), _rows.Text(patient.Value).Number(0).All(Row)));

    public JournalledLog LoadLog(PatientKey patient, IReadOnlyList<long> seqs) => AtOneMoment(() =>
    {
        var (chunks, rows) = (new SortedDictionary<int, RecordChunk>(), new List<LogRow>());
        foreach (var seq in seqs.Distinct().Order())
        {
            if (_row.Text(patient.Value).Number(seq).First(Row) is { } row)
                rows.Add(row);
            else if (chunks.Values.Any(chunk => chunk.FromSeq <= seq && seq <= chunk.ToSeq))
                continue;
            else if (_chunkOf.Text(patient.Value).Number((int)ChunkKind.History).Number(seq).First(Chunk) is { } chunk)
                chunks[chunk.Number] = chunk;
        }

        return new JournalledLog([.. chunks.Values], rows);
    });

    public IReadOnlyList<RecordHead> Heads(IReadOnlyList<PatientKey> patients) => AtOneMoment(() => patients.Select(Head).ToArray());

    public IReadOnlyList<PatientKey?> FindPatients(IReadOnlyList<EntryKey> keys) =>
        AtOneMoment(() => keys.Select(key => With(_holder, key).First<PatientKey?>(row => Patient(row, 0))).ToArray());

    public IReadOnlyList<PatientKey> FindPatients(string source, LocalIdentifier identifier) =>
        _named.Text(source).Text(identifier.System).Text(identifier.Value).All(row => Patient(row, 0));

    public IReadOnlyList<PatientKey> FindPeople(PersonQuery query, int limit)
    {
        var (sql, arguments) = PeopleSelect.Of(query, limit, isSqlite: true);
        using var statement = Asking(sql, arguments);
        return statement.All(row => Patient(row, 0));
    }

    public IReadOnlyList<PatientKey> Patients(PatientKey? after, int limit) =>
        _nextPatients.Text(after?.Value ?? "").Number(limit).All(row => Patient(row, 0));

    public (IReadOnlyList<PatientKey> Patients, PatientKey? Last) Unfindable(PatientKey? after, int among) =>
        PeopleSelect.Unfindable(_nextPeople.Text(after?.Value ?? "").Number(among).All(row => (Patient(row, 0), row.NumberAt(1) == 1)));

    public IReadOnlyList<SupportingResource?> FindSupporting(IReadOnlyList<EntryKey> keys) =>
        AtOneMoment(() => keys.Select(key =>
            With(_supporting, key).First(row => new SupportingResource(key, row.BlobAt(0).ToArray(), row.BlobAt(1).ToArray()))).ToArray());

    public AsidePage Asides(AsideQuery query)
    {
        var (sql, arguments) = AsideSelect.Of(query);
        using var statement = Asking(sql, arguments);
        return AsideSelect.Page(query, statement.All(Aside));
    }

    public Aside? FindAside(string source, string id) => _aside.Text(source).Text(id).First(row => Aside(row).Item);

    public IReadOnlyList<ParkedResource> ParkedFor(IReadOnlyList<EntryKey> keys) =>
        AtOneMoment(() => keys.Distinct().SelectMany(key => With(_parkedFor, key).All(Parked))
            .OrderBy(parked => parked.At).ThenBy(parked => parked.Id, StringComparer.Ordinal).ToArray());

    public IReadOnlyList<ParkedResource> ParkedResolvable(int limit) => _parkedResolvable.Number(limit).All(Parked);

    public KeptAnswer? FindAnswer(PushId push, DateTimeOffset since) =>
        _answer.Blob(SqliteWriter.Bytes(push)).Number(since.UtcTicks).First(row => new KeptAnswer(
            (int)row.NumberAt(0), Time(row.NumberAt(1)), row.IsNull(2) ? null : row.TextAt(2), row.BlobAt(3).ToArray()));

    public IReadOnlyList<FollowUp> FollowUps(long after, int limit) =>
        _followUps.Number(after).Number(limit).All(row => new FollowUp(
            row.NumberAt(0), Patient(row, 1), (FollowUpKind)row.NumberAt(2), Key(row, 3), row.BlobAt(6).ToArray()));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _connection.Dispose();
    }

    // Several statements that see the same commits.
    private T AtOneMoment<T>(Func<T> read)
    {
        _begin.Run();
        try
        {
            return read();
        }
        finally
        {
            // Some failures have ended it already.
            if (raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
                _end.Run();
        }
    }

    private SqliteStatement Asking(string sql, IReadOnlyList<object> arguments)
    {
        var statement = new SqliteStatement(_connection, sql);
        foreach (var argument in arguments)
            _ = argument is string text ? statement.Text(text) : statement.Number(Convert.ToInt64(argument, CultureInfo.InvariantCulture));
        return statement;
    }

    private static SqliteStatement With(SqliteStatement statement, EntryKey key) => statement.Text(key.Source).Text(key.Type).Text(key.Id);

    private RecordHead Head(PatientKey patient) =>
        _head.Text(patient.Value).First(row => new RecordHead(row.NumberAt(0), row.NumberAt(1), row.NumberAt(2)));

    private List<RecordChunk> Chunks(PatientKey patient, ChunkKind kind) => _chunks.Text(patient.Value).Number((int)kind).All(Chunk);

    private static RecordChunk Chunk(SqliteStatement row) =>
        new((int)row.NumberAt(0), row.NumberAt(1), row.NumberAt(2), row.BlobAt(3).ToArray());

    private static LogRow Row(SqliteStatement row) =>
        new(row.NumberAt(0), Push(row.BlobAt(1)), Time(row.NumberAt(2)), row.BlobAt(3).ToArray());

    private static ParkedResource Parked(SqliteStatement row) => new(
        row.TextAt(0), row.TextAt(1), Time(row.NumberAt(2)), Push(row.BlobAt(3)), row.TextAt(4), row.TextAt(5), row.TextAt(6),
        row.IsNull(7) ? null : Key(row, 7), row.BlobAt(10).ToArray());

    // The columns of AsideSelect.
    private static AsideRow Aside(SqliteStatement row)
    {
        if (row.NumberAt(0) == 0)
            return new AsideRow(null, KeyValuePair.Create(row.TextAt(5), (int)row.NumberAt(13)));
        var (id, source, at, code, reason, type) = (row.TextAt(1), row.TextAt(2), Time(row.NumberAt(3)), row.TextAt(5), row.TextAt(6), row.TextAt(7));
        Aside item = row.NumberAt(0) == 1
            ? new ParkedResource(id, source, at, Push(row.BlobAt(4)), code, reason, type, row.IsNull(8) ? null : Key(row, 8), row.BlobAt(14).ToArray())
            : new RefusedLetter(id, source, at, code, reason, AsideSelect.Form(row.TextAt(11)), type, row.TextAt(12), row.BlobAt(14).ToArray()) { Length = (int)row.NumberAt(13) };
        return new AsideRow(row.IsNull(15) ? item : item with { Discarded = new Discarding(Time(row.NumberAt(15)), row.TextAt(16), row.TextAt(17)) }, default);
    }

    private static PatientKey Patient(SqliteStatement row, int column) => PatientKey.Parse(row.TextAt(column));

    private static EntryKey Key(SqliteStatement row, int column) => new(row.TextAt(column), row.TextAt(column + 1), row.TextAt(column + 2));

    private static PushId Push(ReadOnlySpan<byte> bytes) => new(ContentHash.Read(bytes));

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
