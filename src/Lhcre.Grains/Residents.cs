using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Logging;

namespace Lhcre.Grains;

/// <summary>
/// The records that are warm in this silo: held against the journal's heads, kept within a budget of bytes, and counted when they are handed
/// over. Safe from any thread; a record itself is only ever changed in its grain's own turns.
/// </summary>
public sealed class Residents(IJournal journal, TimeProvider clock, ResidentLimits limits, ILogger<Residents> logger)
{
    // One statement's worth: some milliseconds, so that pushes do not wait behind it.
    private const int Slice = 2_000;

    // Beyond the budget it is cut to nine tenths, so that not every record that comes in pushes one out.
    private const double CutTo = 0.9;

    private const int MostToRest = 500;
    private static readonly TimeSpan IdleFrom = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<PatientKey, Resident> _residents = new();
    private long _bytes;
    private int _isShedding;
    private int _handedOver;
    private int _leftBehind;
    private int _takenOver;
    private bool _isUnchecked;

    /// <summary>How many there are.</summary>
    public int Count => _residents.Count;

    /// <summary>About how many bytes they take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How many were handed over to other silos when this one stopped.</summary>
    public int HandedOver => _handedOver;

    /// <summary>How many were not: too large, or not in step with the journal.</summary>
    public int LeftBehind => _leftBehind;

    /// <summary>How many were taken over from silos that stopped.</summary>
    public int TakenOver => _takenOver;

    /// <summary>Most bytes of a record that is handed over.</summary>
    public int HandOverBytes => limits.HandOverBytes;

    /// <summary>So many folds of records run at a time in this silo: they are work for the processor, and nobody waits for them.</summary>
    internal SemaphoreSlim Folding { get; } = new(1);

    /// <summary>Where records are made anew of their logs, to be read as they were.</summary>
    internal Replays Replays { get; } = new();

    /// <summary>Makes the figures visible: meter <c>Lhcre</c>.</summary>
    public void Show(IMeterFactory meters)
    {
        var meter = meters.Create("Lhcre");
        meter.CreateObservableGauge("lhcre.residents", () => Count, "{record}", "Records that are warm in this silo.");
        meter.CreateObservableGauge("lhcre.residents.bytes", () => Bytes, "By", "Memory that they take, about.");
        meter.CreateObservableCounter("lhcre.residents.handed_over", () => HandedOver, "{record}", "Records handed over to other silos when this one stopped.");
        meter.CreateObservableCounter("lhcre.residents.left_behind", () => LeftBehind, "{record}", "Records too large to hand over, or out of step with the journal.");
        meter.CreateObservableCounter("lhcre.residents.taken_over", () => TakenOver, "{record}", "Records taken over from silos that stopped.");
    }

    /// <summary>A record is warm from now on.</summary>
    /// <param name="patient">Whose.</param>
    /// <param name="glance">Answers what takes no turn of the grain; called from any thread.</param>
    /// <param name="leave">Makes it go, and says why; called from any thread.</param>
    /// <param name="rest">Makes it let go of what only pushes need, in a turn of its own; called from any thread.</param>
    public Resident Enter(PatientKey patient, Func<ReadRequest, ReadAnswer?> glance, Action<string> leave, Action rest) =>
        _residents[patient] = new Resident(patient, clock, glance, leave, rest);

    /// <summary>The answer to a read where the record is warm in this silo and takes no turn of its grain for it; else null.</summary>
    public ReadAnswer? Glance(PatientKey patient, ReadRequest request) => _residents.TryGetValue(patient, out var resident) ? resident.Glance(request) : null;

    /// <summary>It is warm no longer.</summary>
    public void Leave(Resident resident)
    {
        // Another activation of the same person may have entered already.
        _residents.TryRemove(KeyValuePair.Create(resident.Patient, resident));
        Interlocked.Add(ref _bytes, resident.Measured(0));
    }

    /// <summary>It takes so many bytes now. Beyond the budget, others go at once.</summary>
    public void Measure(Resident resident, long bytes)
    {
        if (Interlocked.Add(ref _bytes, resident.Measured(bytes)) > limits.WarmBytes)
            Shed();
    }

    /// <summary>A record goes to another silo, or cannot.</summary>
    public void Parting(bool isHandedOver) => Interlocked.Increment(ref isHandedOver ? ref _handedOver : ref _leftBehind);

    /// <summary>A record came from another silo.</summary>
    public void Arrived() => Interlocked.Increment(ref _takenOver);

    /// <summary>
    /// Asks the journal for the heads of all that are warm, and leaves them where each record finds its own at its next use. What cannot be
    /// asked stays as it is: its answers are unconfirmed after a while.
    /// </summary>
    public async Task Check(CancellationToken cancellation)
    {
        try
        {
            foreach (var slice in _residents.Values.Chunk(Slice))
                await Check(slice, cancellation);
            if (_isUnchecked)
                ResidentsLog.CheckedAgain(logger);
            _isUnchecked = false;
        }
        catch (JournalUnavailableException failure)
        {
            if (!_isUnchecked)
                ResidentsLog.Unchecked(logger, failure.Message);
            _isUnchecked = true;
        }
    }

    /// <summary>
    /// Lets those to which nobody has pushed for a while rest: folded, a record takes little more than the bytes that it serves. Not too many
    /// at once, since it takes the processor.
    /// </summary>
    /// <param name="after">How long there must have been no push.</param>
    /// <returns>How many.</returns>
    public int Rest(TimeSpan after) => _residents.Values.Where(r => r.Rest(after)).Take(MostToRest).Count();

    /// <summary>Makes room, where the budget is exceeded: the largest of those that nobody has asked for lately go first.</summary>
    public void Shed()
    {
        if (Interlocked.Exchange(ref _isShedding, 1) == 1)
            return;
        try
        {
            var all = _residents.Values.Select(r => (Resident: r, r.Idle, r.Bytes)).ToList();
            var (gone, left) = (0, all.Sum(r => r.Bytes));
            if (left <= limits.WarmBytes)
                return;
            var before = left;
            // Where all are in use, those that were used longest ago.
            foreach (var (resident, _, bytes) in all
                .OrderByDescending(r => r.Idle >= IdleFrom).ThenByDescending(r => r.Idle >= IdleFrom ? r.Bytes : r.Idle.Ticks))
            {
                if (left <= limits.WarmBytes * CutTo)
                    break;
                resident.Leave("The warm records have reached their budget of bytes.");
                Interlocked.Add(ref _bytes, resident.Measured(0));
                (gone, left) = (gone + 1, left - bytes);
            }

            ResidentsLog.Shed(logger, gone, before - left, limits.WarmBytes);
        }
        finally
        {
            Volatile.Write(ref _isShedding, 0);
        }
    }

    /// <summary>Says what became of the warm records at a stop.</summary>
    public void Part() => ResidentsLog.Parted(logger, HandedOver, LeftBehind, Count);

    private async Task Check(Resident[] slice, CancellationToken cancellation)
    {
        // One that is changing tells the journal itself.
        var still = slice.Select(r => (Resident: r, r.Changes)).Where(r => r.Changes % 2 == 0).ToArray();
        if (still.Length == 0)
            return;
        var at = clock.GetUtcNow();
        var heads = await journal.Heads([.. still.Select(r => r.Resident.Patient)], cancellation);
        for (var i = 0; i < still.Length; i++)
            still[i].Resident.Seen(heads[i], at, still[i].Changes);
    }
}
