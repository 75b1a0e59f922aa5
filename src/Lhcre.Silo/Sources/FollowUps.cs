using System.Threading.Channels;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>
/// Carries out what was committed with its cause and concerns another record: the withdrawal of what has moved to another person, the
/// delivery of supporting resources that came or changed later, and what was parked and has a person now. At once after a push, and from
/// the journal after a crash.
/// </summary>
internal sealed class FollowUps(IGrainFactory grains, IJournal journal, TimeProvider clock, ILogger<FollowUps> logger) : BackgroundService
{
    // What one push waits for itself; an organisation that thousands refer to goes on in the background.
    private const int AtOnce = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Channel<bool> _more = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Carries out what is due now, at most <see cref="AtOnce"/>, and releases what waits for one of these keys.</summary>
    public async Task CatchUp(IReadOnlyList<EntryKey> arrived, CancellationToken cancellation)
    {
        var released = await journal.ParkedFor(arrived, cancellation);
        var due = await journal.FollowUps(0, 1, cancellation);
        if (released.Count == 0 && due.Count == 0)
            return;
        await _turn.WaitAsync(cancellation);
        try
        {
            if (released.Count > 0)
                await Release(await journal.ParkedFor(arrived, cancellation), cancellation);
            if (!await CarryOut(AtOnce, cancellation))
                _more.Writer.TryWrite(true);
        }
        catch (JournalUnavailableException)
        {
            // The push itself is on disk, and so is what follows from it.
            _more.Writer.TryWrite(true);
        }
        finally
        {
            _turn.Release();
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
        // What a crash may have left behind comes first.
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

    // One round in the background; false where something is left for the next.
    private async Task<bool> Pass(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var parked = await journal.ParkedResolvable(AtOnce, cancellation);
            await Release(parked, cancellation);
            return await CarryOut(int.MaxValue, cancellation) && parked.Count < AtOnce;
        }
        catch (JournalUnavailableException failure)
        {
            EdgeLog.FollowUpsInterrupted(logger, failure.GetType().Name, Pause.TotalSeconds);
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> CarryOut(int most, CancellationToken cancellation)
    {
        long after = 0;
        while (most > 0)
        {
            var due = await journal.FollowUps(after, Math.Min(most, AtOnce), cancellation);
            if (due.Count == 0)
                return true;
            foreach (var followUp in due)
                await CarryOut(followUp, cancellation);
            after = due[^1].Id;
            most -= due.Count;
        }

        return false;
    }

    private async Task CarryOut(FollowUp followUp, CancellationToken cancellation)
    {
        var fragment = followUp.Kind == FollowUpKind.Withdraw
            ? Fragment.Moved(followUp.Key, FragmentVersion.FromSortKey(followUp.Version.Span))
            : (await journal.FindSupporting([followUp.Key], cancellation))[0] is { } kept ? LogBody.Read(kept.Body)[0] : null;
        if (fragment is null)
        {
            await journal.Settle([followUp.Id], cancellation);
            return;
        }

        // Named by what it does, so that carrying it out twice does it once.
        var push = PushId.Of(followUp.Key.Source, $"follow-up {followUp.Id} {followUp.Patient}");
        await Push(followUp.Patient, new PushRequest { Source = followUp.Key.Source, Push = push, Fragments = new FragmentBatch([fragment]), Settles = [followUp.Id] });
    }

    private async Task Release(IReadOnlyList<ParkedResource> parked, CancellationToken cancellation)
    {
        EntryKey[] keys = [.. parked.Select(p => p.WaitsFor).OfType<EntryKey>().Distinct()];
        if (keys.Length == 0)
            return;
        var patients = await journal.FindPatients(keys, cancellation);
        var found = keys.Zip(patients).Where(p => p.Second is not null).ToDictionary(p => p.First, p => p.Second!.Value);
        foreach (var resource in parked)
        {
            if (resource.WaitsFor is not { } awaited || !found.TryGetValue(awaited, out var patient))
                continue;
            var fragments = new FragmentBatch([.. LogBody.Read(resource.Body)]);
            var push = PushId.Of(resource.Source, $"parked {resource.Id}");
            await Push(patient, new PushRequest { Source = resource.Source, Push = push, Fragments = fragments, Unparks = [resource.Id] });
        }
    }

    private async Task Push(PatientKey patient, PushRequest request)
    {
        var answer = await SourcePush.PushTo(grains, patient, request, Caller.Development);
        if (answer.Status is PushStatus.Unavailable or PushStatus.Fenced)
            throw new JournalUnavailableException("A follow-up could not be written.", outcomeUnknown: false);
    }
}
