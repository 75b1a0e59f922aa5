using System.Runtime.CompilerServices;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;

namespace Lhcre.Silo.Operations;

/// <summary>
/// Calls of a person's grain, from the edge. A record that moves (its silo stops or was killed, or another activation took it over) is called
/// again until it has arrived, so that the client sees nothing of it. Calling again is safe: a push is known by its id.
/// </summary>
internal sealed class PatientCalls(IGrainFactory grains, Residents residents, TimeProvider clock)
{
    /// <summary>The Warning of an answer that could not be confirmed (RFC 7234 section 5.5.1).</summary>
    public const string Stale = "110 - \"Response is Stale\"";

    // Longer than a killed silo is missed and its part of the directory is taken over; shorter than a client waits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Pushes. Whatever keeps a record from taking it in is an answer and no exception, so that the others of the same Bundle go on.
    /// <see cref="PushStatus.Fenced"/>: it was moving all the time.
    /// </summary>
    public ValueTask<PushAnswer> Push(PatientKey patient, PushRequest request, Caller caller) =>
        Change(patient, (request, caller), static (grain, push) => grain.Push(push.request, push.caller));

    /// <summary>Says which rows of a record count from now on; as a push.</summary>
    public ValueTask<PushAnswer> Correct(PatientKey patient, CorrectionRequest request, Caller caller) =>
        Change(patient, (request, caller), static (grain, correction) => grain.Correct(correction.request, correction.caller));

    /// <summary>Erases; as a push.</summary>
    public ValueTask<PushAnswer> Erase(PatientKey patient, EraseRequest request, Caller caller) =>
        Change(patient, (request, caller), static (grain, erase) => grain.Erase(erase.request, erase.caller));

    private async ValueTask<PushAnswer> Change<TRequest>(PatientKey patient, TRequest request, Func<IPatientGrain, TRequest, ValueTask<PushAnswer>> change)
    {
        try
        {
            return await Call(patient, request, change, static a => a.Status == PushStatus.Fenced, CancellationToken.None);
        }
        catch (RecordMovingException)
        {
            return new PushAnswer(PushStatus.Fenced, 0, []);
        }
        catch (LimitExceededException)
        {
            return new PushAnswer(PushStatus.Busy, 0, []);
        }
        catch (Exception failure) when (JournalUnavailableException.In(failure) is { } unavailable)
        {
            return new PushAnswer(unavailable.IsBusy ? PushStatus.Busy : PushStatus.Unavailable, 0, []);
        }
    }

    /// <summary>Reads for a request; an answer that could not be confirmed is marked so in its header (RFC 7234 section 5.5.1).</summary>
    /// <exception cref="RecordMovingException">It was moving all the time.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadAnswer> Read(HttpContext http, PatientKey patient, ReadRequest request)
    {
        var answer = residents.Glance(patient, request) ?? await Read(patient, request, Callers.Of(http), http.RequestAborted);
        if (answer.IsUnconfirmed)
            http.Response.Headers.Warning = Stale;
        if (answer.IsRestricted)
            SourceStatusApi.Unname(http);
        return answer;
    }

    /// <summary>Reads for somebody; several at once may be read for one request.</summary>
    /// <exception cref="RecordMovingException">It was moving all the time.</exception>
    public ValueTask<ReadAnswer> Read(PatientKey patient, ReadRequest request, Caller caller, CancellationToken cancellation) => Call(
        patient, (request, caller), static (grain, read) => grain.Read(read.request, read.caller), static a => a.Status == ReadStatus.Fenced, cancellation);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TAnswer> Call<TRequest, TAnswer>(
        PatientKey patient, TRequest request, Func<IPatientGrain, TRequest, ValueTask<TAnswer>> call, Func<TAnswer, bool> isFenced, CancellationToken cancellation)
    {
        var grain = grains.GetGrain<IPatientGrain>(patient.Value);
        var (fenced, pause, began) = (0, FirstPause, 0L);
        while (true)
        {
            try
            {
                var answer = await call(grain, request);
                if (!isFenced(answer))
                    return answer;
                // The activation that answered so is leaving. Another one that does so too lost its record while it was called.
                if (++fenced == 2)
                    throw new RecordMovingException();
                continue;
            }
            catch (Exception failure) when (IsOfAMovingRecord(failure))
            {
                began = began == 0 ? clock.GetTimestamp() : began;
                if (clock.GetElapsedTime(began) > Patience)
                    throw new RecordMovingException();
            }

            // Ends here too where the client has gone meanwhile.
            await Task.Delay(pause, clock, cancellation);
            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    // The distributed directory gives up with a cancellation, which nobody here has asked for, what it was looking up at a silo that was lost.
    private static bool IsOfAMovingRecord(Exception failure) =>
        failure is OrleansMessageRejectionException or OperationCanceledException && JournalUnavailableException.In(failure) is null;
}

/// <summary>A record could not be reached, since it moves from one silo to another: nothing was acknowledged, and it is worth trying again.</summary>
internal sealed class RecordMovingException() : Exception("The record is moving between silos.");
