using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>What is simulated: the product as it is, or a product that is broken in one place, to see that the invariants see it.</summary>
internal class Variant
{
    /// <summary>The product as it is.</summary>
    public static Variant Product { get; } = new();

    /// <summary>Whether an activation that knows that it is fenced answers nobody.</summary>
    public virtual bool IsSilentWhenFenced => true;

    /// <summary>A call takes effect on the journal.</summary>
    public Task Effect(JournalCall call, IJournal journal) => call.Verb switch
    {
        nameof(IJournal.Append) => Append(call.First<Append>(), journal),
        nameof(IJournal.LoadLog) when call.Arguments.Length == 2 => LoadLog(call.First<PatientKey>(), journal),
        nameof(IJournal.Fold) => Fold(call.First<Fold>(), journal),
        _ => call.On(journal),
    };

    /// <summary>A row is appended.</summary>
    public virtual Task<AppendOutcome> Append(Append append, IJournal journal) => journal.Append(append, CancellationToken.None);

    /// <summary>Rows become chunks.</summary>
    public virtual Task<AppendOutcome> Fold(Fold fold, IJournal journal) => journal.Fold(fold, CancellationToken.None);

    /// <summary>A whole log is loaded.</summary>
    public virtual Task<JournalledLog> LoadLog(PatientKey patient, IJournal journal) => journal.LoadLog(patient, CancellationToken.None);

    /// <summary>An activation takes a push in.</summary>
    public virtual Task<PushAnswer> Push(LiveRecord live, PushRequest push) => live.Push(push, CancellationToken.None);

    /// <summary>An activation takes a correction in.</summary>
    public virtual Task<PushAnswer> Correct(LiveRecord live, CorrectionRequest correction) => live.Correct(correction, CancellationToken.None);
}
