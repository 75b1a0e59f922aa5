using System.Collections.Concurrent;
using Lhcre.Record;
using Lhcre.Record.People;
using Microsoft.Data.Sqlite;

namespace Lhcre.Grains.Journal;

/// <summary>
/// The embedded journal: one folder of one process, no server. <c>journal.db</c> is SQLite in WAL mode with a sync at every commit; writes
/// go through one <see cref="GroupCommit{TWrite, TOutcome}"/>, reads do not wait for them.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    private readonly DataFolder _folder;
    private readonly SqliteWriter _writer;
    private readonly GroupCommit<JournalWrite, AppendOutcome> _commits;
    private readonly ConcurrentBag<SqliteReader> _readers = [];
    private readonly SemaphoreSlim _free;
    private readonly int _readerCount;
    private volatile bool _closed;

    private SqliteJournal(DataFolder folder, SqliteWriter writer, IEnumerable<SqliteReader> readers)
    {
        _folder = folder;
        _writer = writer;
        foreach (var reader in readers)
            _readers.Add(reader);
        _readerCount = _readers.Count;
        _free = new SemaphoreSlim(_readerCount);
        _commits = new(writes => Task.FromResult(_writer.Commit(writes)), write => write.Bytes, write => write.Lane);
    }

    /// <summary>Opens the journal of a folder; makes both, and brings an older schema up to date, where need be.</summary>
    /// <param name="folder">A path. Made for its owner only (mode 700); the database likewise (600).</param>
    /// <param name="pseudonymFingerprint"><see cref="PseudonymKey.Fingerprint"/> of the key that patients are named with.</param>
    /// <param name="cancellation">Ends the opening before it begins.</param>
    /// <exception cref="JournalRefusedException">One of its kinds: in use, no such folder possible, another key, another schema.</exception>
    /// <exception cref="JournalUnavailableException">The database cannot be read or written.</exception>
    public static Task<SqliteJournal> Open(string folder, string pseudonymFingerprint, CancellationToken cancellation) =>
        Task.Run(() => Open(folder, pseudonymFingerprint), cancellation);

    private static SqliteJournal Open(string folder, string pseudonymFingerprint)
    {
        var taken = DataFolder.Take(folder);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.OpenWriter(taken.Database);
            SqliteSchema.Upgrade(connection, pseudonymFingerprint);
            // Reads are work for a processor more than for a disk: as many at a time as there are processors.
            var readers = Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 2, 16))
                .Select(_ => new SqliteReader(SqliteConnections.OpenReader(taken.Database)));
            return new SqliteJournal(taken, new SqliteWriter(connection), readers);
        }
        catch (Exception failure) // Whatever it is: the folder must not stay locked by a journal that nobody has.
        {
            connection?.Dispose();
            taken.Dispose();
            if (failure is SqliteException sqlite)
                throw SqliteFault.ToCaller(sqlite, outcomeUnknown: false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<JournalledRecord> Load(PatientKey patient, CancellationToken cancellation) =>
        Read(reader => reader.Load(patient), cancellation);

    /// <inheritdoc/>
    public Task<JournalledLog> LoadLog(PatientKey patient, CancellationToken cancellation) =>
        Read(reader => reader.LoadLog(patient), cancellation);

    /// <inheritdoc/>
    public Task<JournalledLog> LoadLog(PatientKey patient, IReadOnlyList<long> seqs, CancellationToken cancellation) =>
        Read(reader => reader.LoadLog(patient, seqs), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordHead>> Heads(IReadOnlyList<PatientKey> patients, CancellationToken cancellation) =>
        Read(reader => reader.Heads(patients), cancellation);

    /// <inheritdoc/>
    public Task<AppendOutcome> Fold(Fold fold, CancellationToken cancellation)
    {
        fold.Check();
        return Write(new JournalWrite.OfFold(fold), cancellation);
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> Append(Append append, CancellationToken cancellation)
    {
        append.Check();
        return Write(new JournalWrite.OfRow(append), cancellation);
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> Blank(Blanking blanking, CancellationToken cancellation)
    {
        blanking.Check();
        return Write(new JournalWrite.OfBlanking(blanking), cancellation);
    }

    /// <inheritdoc/>
    public Task Hold(Lease lease, CancellationToken cancellation) => Write(new JournalWrite.OfLease(lease), cancellation);

    /// <inheritdoc/>
    public Task Discharge(PatientKey patient, DateTimeOffset until, CancellationToken cancellation) =>
        Write(new JournalWrite.OfDischarge(patient, until), cancellation);

    /// <inheritdoc/>
    public Task Adopt(string source, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        Write(new JournalWrite.OfAdopted(source, from, until), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Lease>> Leases(PatientKey patient, CancellationToken cancellation) => Read(reader => reader.Leases.Of(patient), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Lease>> LeasesDue(DateTimeOffset by, int limit, CancellationToken cancellation) => Read(reader => reader.Leases.Due(by, limit), cancellation);

    /// <inheritdoc/>
    public Task<LeaseCount> CountLeases(string source, DateTimeOffset by, CancellationToken cancellation) => Read(reader => reader.Leases.Count(source, by), cancellation);

    /// <inheritdoc/>
    public async Task<bool> Scrub(CancellationToken cancellation)
    {
        if (await Read(reader => reader.Leases.Mark(), cancellation) is not { } mark)
            return true;
        if (!await Task.Run(TryCutOff, cancellation))
            return false;
        await Write(new JournalWrite.OfScrubbed(mark), cancellation);
        return true;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey?>> FindPatients(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) =>
        Read(reader => reader.FindPatients(keys), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> FindPatients(string source, LocalIdentifier identifier, CancellationToken cancellation) =>
        Read(reader => reader.FindPatients(source, identifier), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> FindPeople(PersonQuery query, int limit, CancellationToken cancellation) =>
        Read(reader => reader.FindPeople(query, limit), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> Patients(PatientKey? after, int limit, CancellationToken cancellation) => Read(reader => reader.Patients(after, limit), cancellation);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<PatientKey> Patients, PatientKey? Last)> Unfindable(PatientKey? after, int among, CancellationToken cancellation) =>
        Read(reader => reader.Unfindable(after, among), cancellation);

    /// <inheritdoc/>
    public Task Describe(IReadOnlyList<PersonDescription> people, CancellationToken cancellation) =>
        people.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfPeople(people), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SupportingResource?>> FindSupporting(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) =>
        Read(reader => reader.FindSupporting(keys), cancellation);

    /// <inheritdoc/>
    public Task KeepSupporting(IReadOnlyList<SupportingResource> resources, CancellationToken cancellation) =>
        resources.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfSupporting(resources), cancellation);

    /// <inheritdoc/>
    public Task Park(IReadOnlyList<ParkedResource> resources, CancellationToken cancellation) =>
        resources.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfParked(resources), cancellation);

    /// <inheritdoc/>
    public Task Refuse(IReadOnlyList<RefusedLetter> letters, CancellationToken cancellation) =>
        letters.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfRefused(letters), cancellation);

    /// <inheritdoc/>
    public Task<AsidePage> Asides(AsideQuery query, CancellationToken cancellation) =>
        Read(reader => reader.Asides(query), cancellation);

    /// <inheritdoc/>
    public Task<Aside?> FindAside(string source, string id, CancellationToken cancellation) =>
        Read(reader => reader.FindAside(source, id), cancellation);

    /// <inheritdoc/>
    public Task Discard(string source, string id, Discarding why, CancellationToken cancellation) =>
        Write(new JournalWrite.OfDiscarded(source, id, why), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedResource>> ParkedFor(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) =>
        Read(reader => reader.ParkedFor(keys), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedResource>> ParkedResolvable(int limit, CancellationToken cancellation) =>
        Read(reader => reader.ParkedResolvable(limit), cancellation);

    /// <inheritdoc/>
    public Task Unpark(IReadOnlyList<string> ids, CancellationToken cancellation) =>
        ids.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfUnparked(ids), cancellation);

    /// <inheritdoc/>
    public Task<KeptAnswer?> FindAnswer(PushId push, DateTimeOffset since, CancellationToken cancellation) =>
        Read(reader => reader.FindAnswer(push, since), cancellation);

    /// <inheritdoc/>
    public Task KeepAnswer(PushId push, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation) =>
        Write(new JournalWrite.OfAnswer(push, answer, since), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FollowUp>> FollowUps(long after, int limit, CancellationToken cancellation) =>
        Read(reader => reader.FollowUps(after, limit), cancellation);

    /// <inheritdoc/>
    public Task Settle(IReadOnlyList<long> followUps, CancellationToken cancellation) =>
        followUps.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfSettled(followUps), cancellation);

    /// <summary>Commits what waits, moves the WAL into the database, lets the folder go. Later calls are refused as unavailable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, true))
            return;
        await _commits.DisposeAsync();
        // Every permit taken: no read is under way, and none will begin.
        for (var i = 0; i < _readerCount; i++)
            await _free.WaitAsync();
        foreach (var reader in _readers)
            reader.Dispose();
        _free.Release(_readerCount);
        try
        {
            _writer.Checkpoint();
        }
        catch (SqliteException)
        {
            // Nothing is lost: the WAL stays beside the database, and the next opening reads it.
        }

        _writer.Dispose();
        _folder.Dispose();
    }

    // On a connection of its own, which waits for nobody long: a reader that began before keeps the log as it is, and it is tried again.
    private bool TryCutOff()
    {
        if (_closed)
            throw new JournalUnavailableException("The journal is closed.", outcomeUnknown: false);
        try
        {
            return SqliteConnections.TryTruncate(_folder.Database);
        }
        catch (SqliteException failure)
        {
            throw SqliteFault.ToCaller(failure, outcomeUnknown: false);
        }
    }

    private async Task<AppendOutcome> Write(JournalWrite write, CancellationToken cancellation)
    {
        try
        {
            return await _commits.Commit(write, cancellation);
        }
        catch (SqliteException failure)
        {
            throw SqliteFault.ToCaller(failure, outcomeUnknown: false);
        }
    }

    private async Task<T> Read<T>(Func<SqliteReader, T> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            if (_closed || !_readers.TryTake(out var reader))
                throw new JournalUnavailableException("The journal is closed.", outcomeUnknown: false);
            try
            {
                return read(reader);
            }
            finally
            {
                _readers.Add(reader);
            }
        }
        catch (SqliteException failure)
        {
            throw SqliteFault.ToCaller(failure, outcomeUnknown: false);
        }
        finally
        {
            _free.Release();
        }
    }
}
