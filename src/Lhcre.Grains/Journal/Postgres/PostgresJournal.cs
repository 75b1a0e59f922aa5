using Lhcre.Record;
using Lhcre.Record.People;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>
/// The journal of a cluster: one PostgreSQL database, shared by all silos. A silo's writes go through one
/// <see cref="GroupCommit{TWrite, TOutcome}"/> on one connection, reads through a pool beside it. What is lost is opened again by itself.
/// </summary>
public sealed class PostgresJournal : IJournal
{
    private readonly PostgresReader _reader;
    private readonly PostgresWriter _writer;
    private readonly PostgresLeases _leases;
    private readonly PostgresVacuum _vacuum;
    private readonly GroupCommit<JournalWrite, AppendOutcome> _commits;
    private bool _closed;

    private PostgresJournal(PostgresReader reader, PostgresWriter writer, PostgresVacuum vacuum)
    {
        _reader = reader;
        _leases = new PostgresLeases(reader);
        _writer = writer;
        _vacuum = vacuum;
        // One append a patient: what it is compared with is then what was committed.
        _commits = new(writer.Commit, write => write.Bytes, write => write.Lane, write => write.Head?.Value);
    }

    /// <summary>Opens the journal of a database that <see cref="PostgresSchema.Migrate"/> has brought to this version's schema.</summary>
    /// <param name="connectionString">Of the database; it stands in no message.</param>
    /// <param name="pseudonymFingerprint"><see cref="PseudonymKey.Fingerprint"/> of the key that patients are named with.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="JournalRefusedException">One of its kinds: no connection string, another key, another schema, no journal at all.</exception>
    /// <exception cref="JournalUnavailableException">The database cannot be reached or read.</exception>
    public static async Task<PostgresJournal> Open(string connectionString, string pseudonymFingerprint, CancellationToken cancellation)
    {
        var reads = PostgresConnections.ForReads(connectionString);
        var writer = new PostgresWriter(PostgresConnections.ForWrites(connectionString), TimeProvider.System);
        try
        {
            await PostgresSchema.Check(reads, pseudonymFingerprint, cancellation);
            await writer.Open(cancellation);
            return new PostgresJournal(new PostgresReader(reads), writer, new PostgresVacuum(PostgresConnections.ForSchema(connectionString)));
        }
        catch (Exception failure) // Whatever it is: no connection may stay open that nobody has.
        {
            await writer.DisposeAsync();
            await reads.DisposeAsync();
            if (failure is NpgsqlException or TimeoutException)
                throw PostgresFault.ToCaller(failure, outcomeUnknown: false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<JournalledRecord> Load(PatientKey patient, CancellationToken cancellation) =>
        Read(() => _reader.Load(patient, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<JournalledLog> LoadLog(PatientKey patient, CancellationToken cancellation) =>
        Read(() => _reader.LoadLog(patient, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<JournalledLog> LoadLog(PatientKey patient, IReadOnlyList<long> seqs, CancellationToken cancellation) =>
        Read(() => _reader.LoadLog(patient, seqs, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordHead>> Heads(IReadOnlyList<PatientKey> patients, CancellationToken cancellation) =>
        Read(() => _reader.Heads(patients, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<AppendOutcome> Append(Append append, CancellationToken cancellation)
    {
        append.Check();
        return Write(new JournalWrite.OfRow(append), cancellation);
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> Fold(Fold fold, CancellationToken cancellation)
    {
        fold.Check();
        return Write(new JournalWrite.OfFold(fold), cancellation);
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
    public Task<IReadOnlyList<Lease>> Leases(PatientKey patient, CancellationToken cancellation) => Read(() => _leases.Of(patient, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Lease>> LeasesDue(DateTimeOffset by, int limit, CancellationToken cancellation) => Read(() => _leases.Due(by, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<LeaseCount> CountLeases(string source, DateTimeOffset by, CancellationToken cancellation) => Read(() => _leases.Count(source, by, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<bool> Scrub(CancellationToken cancellation)
    {
        if (await Read(() => _leases.Mark(cancellation), cancellation) is { } mark)
        {
            await _vacuum.Run(cancellation);
            await Write(new JournalWrite.OfScrubbed(LeaseSelect.Number(mark)), cancellation);
        }

        return true;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey?>> FindPatients(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) =>
        Read(() => _reader.FindPatients(keys, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> FindPatients(string source, LocalIdentifier identifier, CancellationToken cancellation) =>
        Read(() => _reader.FindPatients(source, identifier, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> FindPeople(PersonQuery query, int limit, CancellationToken cancellation) =>
        Read(() => _reader.FindPeople(query, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PatientKey>> Patients(PatientKey? after, int limit, CancellationToken cancellation) => Read(() => _reader.Patients(after, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<PatientKey> Patients, PatientKey? Last)> Unfindable(PatientKey? after, int among, CancellationToken cancellation) =>
        Read(() => _reader.Unfindable(after, among, cancellation), cancellation);

    /// <inheritdoc/>
    public Task Describe(IReadOnlyList<PersonDescription> people, CancellationToken cancellation) =>
        people.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfPeople(people), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SupportingResource?>> FindSupporting(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) =>
        Read(() => _reader.FindSupporting(keys, cancellation), cancellation);

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
        Read(() => _reader.Asides(query, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<Aside?> FindAside(string source, string id, CancellationToken cancellation) =>
        Read(() => _reader.FindAside(source, id, cancellation), cancellation);

    /// <inheritdoc/>
    public Task Discard(string source, string id, Discarding why, CancellationToken cancellation) =>
        Write(new JournalWrite.OfDiscarded(source, id, why), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedResource>> ParkedFor(IReadOnlyList<EntryKey> keys, CancellationToken cancellation) =>
        Read(() => _reader.ParkedFor(keys, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedResource>> ParkedResolvable(int limit, CancellationToken cancellation) =>
        Read(() => _reader.ParkedResolvable(limit, cancellation), cancellation);

    /// <inheritdoc/>
    public Task Unpark(IReadOnlyList<string> ids, CancellationToken cancellation) =>
        ids.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfUnparked(ids), cancellation);

    /// <inheritdoc/>
    public Task<KeptAnswer?> FindAnswer(PushId push, DateTimeOffset since, CancellationToken cancellation) =>
        Read(() => _reader.FindAnswer(push, since, cancellation), cancellation);

    /// <inheritdoc/>
    public Task KeepAnswer(PushId push, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation) =>
        Write(new JournalWrite.OfAnswer(push, answer, since), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FollowUp>> FollowUps(long after, int limit, CancellationToken cancellation) =>
        Read(() => _reader.FollowUps(after, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public Task Settle(IReadOnlyList<long> followUps, CancellationToken cancellation) =>
        followUps.Count == 0 ? Task.CompletedTask : Write(new JournalWrite.OfSettled(followUps), cancellation);

    /// <summary>Commits what waits and closes the connections. Later calls are refused as unavailable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, true))
            return;
        await _commits.DisposeAsync();
        await _writer.DisposeAsync();
        await _vacuum.DisposeAsync();
        await _reader.DisposeAsync();
    }

    private async Task<AppendOutcome> Write(JournalWrite write, CancellationToken cancellation)
    {
        try
        {
            return await _commits.Commit(write, cancellation);
        }
        catch (PostgresException failure)
        {
            throw PostgresFault.ToCaller(failure, outcomeUnknown: false);
        }
    }

    private async Task<T> Read<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            try
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                return await read().WaitAsync(PostgresConnections.Longest, cancellation);
            }
            catch (NpgsqlException lost) when (PostgresFault.IsOfALostConnection(lost))
            {
                // Of a pool whose server was started again every connection is lost, and the first use of each says so.
                _reader.ForgetConnections();
                return await read().WaitAsync(PostgresConnections.Longest, cancellation);
            }
        }
        catch (ObjectDisposedException)
        {
            throw new JournalUnavailableException("The journal is closed.", outcomeUnknown: false);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw PostgresFault.ToCaller(failure, outcomeUnknown: false);
        }
    }
}
