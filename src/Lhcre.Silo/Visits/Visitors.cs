using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Visits;

/// <summary>
/// Who is looked up and may be at home elsewhere: the sources there are asked before the record is read, and what they have not answered by the deadline is
/// told beside it (decision 0025). Of residents nobody is asked.
/// </summary>
internal sealed class Visitors(PullPlan plan, PatientCalls patients, PersonFinder persons, IGrainFactory grains, PseudonymKey pseudonym, TimeProvider clock)
{
    // A resident who moves away is a visitor from then on; nobody moves twice in ten minutes.
    private static readonly TimeSpan ResidentFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan VisitorFor = TimeSpan.FromMinutes(1);
    private const int MostJudged = 100_000;
    private const long JudgedBytes = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<PatientKey, Judged> _judged = [];
    private readonly HashSet<string> _pulled = [.. plan.Sources.Select(s => s.Source.Id)];

    /// <summary>Whether what was answered of a person lately can be answered again without asking anybody.</summary>
    public bool IsSettled(PatientKey patient) => _pulled.Count == 0 || (_judged.TryGetValue(patient, out var judged) && judged.Ask.IsEmpty && IsValid(judged));

    /// <summary>Before a record is read for a request: has the sources asked, waits for them until the deadline, and tells in the answer of those that are missing.</summary>
    /// <param name="http">The request.</param>
    /// <param name="patient">Whose record.</param>
    /// <param name="number">The number by which the person was asked for; null where it was by id.</param>
    public ValueTask Ask(HttpContext http, PatientKey patient, NhsNumber? number) => _pulled.Count == 0 ? ValueTask.CompletedTask : AskAndTell(http, patient, number);

    /// <summary>Somebody has come: judges them anew, and has the sources asked for whoever will look them up.</summary>
    public async Task Arrived(PatientKey patient, NhsNumber number, TimeSpan within, CancellationToken cancellation)
    {
        _judged.TryRemove(patient, out _);
        await AskSources(patient, number, within, Lane.Backfill, VisitPull.Caller, cancellation);
    }

    private async ValueTask AskAndTell(HttpContext http, PatientKey patient, NhsNumber? number)
    {
        var statuses = await AskSources(patient, number, plan.Deadline, Lane.Live, Callers.Of(http), http.RequestAborted);
        ImmutableArray<PulledStatus> told =
        [
            .. statuses.Where(s => s.Code is not null).Select(s => new PulledStatus(
                plan.Sources.First(p => p.Source.Id == s.Source).Source, IssueCodes.All.First(c => c.Code == s.Code), s.Since, s.Held)),
        ];
        if (!told.IsEmpty)
            SourceStatusApi.Tell(http, SourceStatusApi.Of(http).With(told));
    }

    private async ValueTask<ImmutableArray<PullStatus>> AskSources(
        PatientKey patient, NhsNumber? number, TimeSpan within, Lane lane, Caller caller, CancellationToken cancellation)
    {
        var judged = await Judge(patient, number, caller, cancellation);
        if (judged.Ask.IsEmpty || judged.Number is not { } known)
            return [];
        try
        {
            return await grains.GetGrain<IVisitGrain>(patient.Value).Ask(new PullRequest(known.Digits(), judged.Ask, within, lane)).AsTask().WaitAsync(cancellation);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // The silo that asks was lost: what is here is answered all the same, and said to be not all.
            var now = clock.GetUtcNow();
            return [.. judged.Ask.Select(source => new PullStatus(source, IssueCodes.PullFailed.Code, now, null))];
        }
    }

    private async ValueTask<Judged> Judge(PatientKey patient, NhsNumber? number, Caller caller, CancellationToken cancellation)
    {
        if (_judged.TryGetValue(patient, out var before) && IsValid(before))
            return before;
        var answer = await patients.Read(patient, new ReadRequest { MostBytes = JudgedBytes }, caller, cancellation);
        // Nobody is asked elsewhere for a number that somebody had before: what they say belongs to the one whose it is now.
        if (answer.Status != ReadStatus.Found && await persons.Superseded(number, cancellation) is not null)
            return new Judged(clock.GetUtcNow(), [], null);
        var home = answer.Status == ReadStatus.Found ? Home.Of(answer, n => pseudonym.For(n) == patient, _pulled) : Home.Unknown;
        // Registered here, or known here and registered nowhere: at home. Whose whereabouts must not be told is not asked for elsewhere, either.
        var isVisitor = !(answer.IsRestricted || home.IsRestricted) && (home.Practices.Count > 0 ? !home.Practices.Any(plan.IsHere) : !home.IsKnownHere);
        var judged = new Judged(clock.GetUtcNow(), isVisitor ? [.. plan.For(home.Practices).Select(s => s.Source.Id)] : [], home.Number ?? number);
        // Of whom there is neither a record nor a number, nobody can be asked.
        if (judged.Number is null)
            return judged;
        if (_judged.Count >= MostJudged)
            _judged.Clear();
        return _judged[patient] = judged;
    }

    private bool IsValid(Judged judged) => clock.GetUtcNow() - judged.At < (judged.Ask.IsEmpty ? ResidentFor : VisitorFor);

    private sealed record Judged(DateTimeOffset At, ImmutableArray<string> Ask, NhsNumber? Number);
}
