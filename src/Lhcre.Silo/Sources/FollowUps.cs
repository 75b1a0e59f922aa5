using System.Threading.Channels;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>
/// Carries out what was committed with its cause and concerns another record: the withdrawal of what has moved to another person, the
/// delivery of supporting resources that came or changed later, and what was parked and has a person now. At once after a push, and from
/// the journal after a crash.
/// </summary>
internal sealed class FollowUps(
    PatientCalls patients, IJournal journal, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<FollowUps> logger) : BackgroundService
{
    // What one push waits for itself; an organisation that thousands refer to goes on in the background.
    private const int AtOnce = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Successions _successions = new(patients, journal);
    private readonly Moves _moves = new(patients, journal);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Channel<bool> _more = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>
    /// Carries out what is due now, at most <see cref="AtOnce"/>, and releases what waits for one of these keys. What fails is left for the
    /// background: the push that it follows from is on disk, and so is what follows.
    /// </summary>
    public async Task CatchUp(IReadOnlyList<EntryKey> arrived, CancellationToken cancellation)
    {
        try
        {
            var waiting = await journal.ParkedFor(arrived, cancellation);
            if (waiting.Count == 0 && (await journal.FollowUps(0, 1, cancellation)).Count == 0)
                return;
            if (!await InTurn(() => CatchUpNow(arrived, waiting.Count > 0, cancellation), cancellation))
                _more.Writer.TryWrite(true);
        }
        catch (JournalUnavailableException)
        {
            _more.Writer.TryWrite(true);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What a crash may have left behind comes first, once there are grains to call.
        await Started(stoppingToken);
        _more.Writer.TryWrite(true);
        while (await _more.Reader.WaitToReadAsync(stoppingToken))
        {
            _more.Reader.TryRead(out _);
            if (await Pass(stoppingToken))
                continue;
            await Task.Delay(Pause, clock, stoppingToken);
            _more.Writer.TryWrite(true);
        }
    }

    private async Task Started(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancellation);
    }

    /// <summary>One round in the background; false where something is left for the next. A push gets its turn between any two batches.</summary>
    internal async Task<bool> Pass(CancellationToken cancellation)
    {
        try
        {
            var (isWhole, released) = (true, AtOnce);
            while (released == AtOnce)
                released = await InTurn(async () => await Release(await journal.ParkedResolvable(AtOnce, cancellation), cancellation), cancellation);
            var batch = new Batch(0, 0, true);
            do
            {
                batch = await InTurn(() => CarryOut(batch.Last, cancellation), cancellation);
                isWhole &= batch.IsWhole;
            }
            while (batch.Count > 0);
            return isWhole && (await journal.ParkedResolvable(1, cancellation)).Count == 0;
        }
        catch (JournalUnavailableException failure)
        {
            EdgeLog.FollowUpsInterrupted(logger, failure.GetType().Name, Pause.TotalSeconds);
            return false;
        }
    }

    private async Task<bool> CatchUpNow(IReadOnlyList<EntryKey> arrived, bool isAwaited, CancellationToken cancellation)
    {
        var isWhole = !isAwaited || await ReleaseFor(arrived, cancellation);
        var batch = new Batch(0, 0, true);
        for (var carriedOut = 0; carriedOut < AtOnce; carriedOut += batch.Count)
        {
            batch = await CarryOut(batch.Last, cancellation);
            isWhole &= batch.IsWhole;
            if (batch.Count == 0)
                return isWhole;
        }

        return false;
    }

    // What was released may be awaited itself, such as by a withdrawal that overtook it.
    private async Task<bool> ReleaseFor(IReadOnlyList<EntryKey> arrived, CancellationToken cancellation)
    {
        var (isWhole, seen) = (true, arrived.ToHashSet());
        while (arrived.Count > 0)
        {
            var parked = await journal.ParkedFor(arrived, cancellation);
            isWhole &= await Release(parked, cancellation) == parked.Count;
            arrived = [.. parked.Select(p => LogBody.Read(p.Body)[0].Key).Where(seen.Add)];
        }

        return isWhole;
    }

    private async Task<T> InTurn<T>(Func<Task<T>> act, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await act();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Batch> CarryOut(long after, CancellationToken cancellation)
    {
        var due = await journal.FollowUps(after, AtOnce, cancellation);
        var isWhole = true;
        // What has moved together has moved to one record.
        var logs = new Dictionary<PatientKey, IReadOnlyList<RecordRow>>();
        foreach (var followUp in due)
            isWhole &= await Succeeds(() => CarryOut(followUp, logs, cancellation), cancellation);
        return new Batch(due.Count == 0 ? after : due[^1].Id, due.Count, isWhole);
    }

    // An edge: behind it there is nobody to answer, only the others that are due, and a process that would end.
    private async Task<bool> Succeeds(Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception failure) when (failure is not JournalUnavailableException && !cancellation.IsCancellationRequested)
        {
            // An exception's text may quote what was sent; its type never does.
            EdgeLog.FollowUpFailed(logger, failure.GetType().Name);
            return false;
        }
    }

    private async Task CarryOut(FollowUp followUp, Dictionary<PatientKey, IReadOnlyList<RecordRow>> logs, CancellationToken cancellation)
    {
        if (followUp.Kind == FollowUpKind.Withdraw && await _successions.Complete(followUp, cancellation))
        {
            await journal.Settle([followUp.Id], cancellation);
            return;
        }

        if (Moves.Concerns(followUp))
        {
            await _moves.Carry(followUp, cancellation);
            await journal.Settle([followUp.Id], cancellation);
            return;
        }

        // Named by what it does, so that carrying it out twice does it once.
        var request = new PushRequest
        {
            Source = followUp.Key.Source,
            Push = PushId.Of(followUp.Key.Source, $"follow-up {followUp.Id} {followUp.Patient}"),
            Fragments = new FragmentBatch([]),
            Settles = [followUp.Id],
        };
        request = followUp.Kind == FollowUpKind.Withdraw ? await Withdrawal(request, followUp, logs, cancellation)
            : (await journal.FindSupporting([followUp.Key], cancellation))[0] is { } kept ? request with { Fragments = new FragmentBatch([LogBody.Read(kept.Body)[0]]) }
            : request;
        if (followUp.Kind == FollowUpKind.Deliver && request.Fragments.Fragments.IsEmpty)
            await journal.Settle([followUp.Id], cancellation);
        else
            await Push(followUp.Patient, request);
    }

    // It was received when its cause was: what is quarantined must not take effect in another record either. Where nobody holds the entry by now, its cause
    // counts no longer, or was erased: without a fragment the record is told to claim what it has itself.
    private async Task<PushRequest> Withdrawal(
        PushRequest request, FollowUp followUp, Dictionary<PatientKey, IReadOnlyList<RecordRow>> logs, CancellationToken cancellation)
    {
        if ((await journal.FindPatients([followUp.Key], cancellation))[0] is not { } holder)
            return request;
        var version = FragmentVersion.FromSortKey(followUp.Version.Span);
        if (!logs.TryGetValue(holder, out var rows))
            logs[holder] = rows = [.. RecordWords.Rows(await journal.LoadLog(holder, cancellation))];
        var cause = rows.LastOrDefault(row => row.Fragments.Any(f => f.Key == followUp.Key && f.Version == version));
        // Of equal versions that of the smaller key counts as the higher: what this record is told of that very version later is its own, as the index will say.
        var leaves = Fragment.Moved(followUp.Key, version, yields: cause is not null && followUp.Patient.CompareTo(holder) < 0);
        return request with { Fragments = new FragmentBatch([leaves]), Received = cause?.ReceivedAt, Cause = cause?.Cause };
    }

    // How many have a person now and are in that person's record.
    private async Task<int> Release(IReadOnlyList<ParkedResource> parked, CancellationToken cancellation)
    {
        EntryKey[] keys = [.. parked.Select(p => p.WaitsFor).OfType<EntryKey>().Distinct()];
        if (keys.Length == 0)
            return 0;
        var patients = await journal.FindPatients(keys, cancellation);
        var found = keys.Zip(patients).Where(p => p.Second is not null).ToDictionary(p => p.First, p => p.Second!.Value);
        var released = 0;
        foreach (var resource in parked)
        {
            if (resource.WaitsFor is { } awaited && found.TryGetValue(awaited, out var patient) && await Succeeds(() => Release(resource, patient), cancellation))
                released++;
        }

        return released;
    }

    private Task Release(ParkedResource resource, PatientKey patient)
    {
        var fragments = new FragmentBatch([.. LogBody.Read(resource.Body)]);
        var push = PushId.Of(resource.Source, $"parked {resource.Id}");
        return Push(patient, new PushRequest { Source = resource.Source, Push = push, Fragments = fragments, Unparks = [resource.Id], Received = resource.At });
    }

    private async Task Push(PatientKey patient, PushRequest request)
    {
        var answer = await patients.Push(patient, request, Caller.Development);
        if (answer.Status is not (PushStatus.Applied or PushStatus.Unchanged))
            throw new JournalUnavailableException("A follow-up could not be written.", outcomeUnknown: false);
    }

    // The last id that was looked at, how many there were, and whether all of them were carried out.
    private readonly record struct Batch(long Last, int Count, bool IsWhole);
}
