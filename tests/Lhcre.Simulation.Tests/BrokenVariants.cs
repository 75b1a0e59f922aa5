using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Simulation.Tests;

/// <summary>A journal that asks nobody's epoch: an append fits whatever the head is.</summary>
internal sealed class FencesNobody : Variant
{
    public override async Task<AppendOutcome> Append(Append append, IJournal journal)
    {
        var head = (await journal.Heads([append.Patient], default))[0];
        return await journal.Append(
            append with { OldEpoch = head.Epoch, NewEpoch = Math.Max(head.Epoch, append.NewEpoch), Row = append.Row with { Seq = head.Seq + 1 } }, default);
    }
}

/// <summary>A journal that says that a row is on disk, and now and then has not written it.</summary>
internal sealed class LosesCommits : Variant
{
    private int _appends;

    public override Task<AppendOutcome> Append(Append append, IJournal journal) =>
        ++_appends % 7 == 0 ? Task.FromResult(AppendOutcome.Committed) : base.Append(append, journal);
}

/// <summary>A journal that writes again what it has written, as a client does that repeats a call by itself.</summary>
internal sealed class WritesTwice : Variant
{
    private int _appends;

    public override async Task<AppendOutcome> Append(Append append, IJournal journal)
    {
        var outcome = await base.Append(append, journal);
        if (outcome == AppendOutcome.Committed && ++_appends % 5 == 0)
            await journal.Append(append with { OldEpoch = append.NewEpoch, Row = append.Row with { Seq = append.Row.Seq + 1 }, Settles = [], Unparks = [] }, default);
        return outcome;
    }
}

/// <summary>A journal that keeps times to the second.</summary>
internal sealed class RoundsTimes : Variant
{
    public override Task<AppendOutcome> Append(Append append, IJournal journal) => base.Append(
        append with { Row = append.Row with { At = new DateTimeOffset(append.Row.At.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero) } }, journal);
}

/// <summary>A journal of which the fourth row is lost once there are more.</summary>
internal sealed class LosesARow : Variant
{
    public override async Task<JournalledLog> LoadLog(PatientKey patient, IJournal journal)
    {
        var log = await base.LoadLog(patient, journal);
        return log with { Rows = [.. log.Rows.Where(r => r.Seq != 4 || log.Rows.Count < 6)] };
    }
}

/// <summary>A journal that forgets the first of the chunks that hold what was moved out of the log.</summary>
internal sealed class LosesHistory : Variant
{
    public override async Task<JournalledLog> LoadLog(PatientKey patient, IJournal journal)
    {
        var log = await base.LoadLog(patient, journal);
        return log.History.Count < 2 ? log : log with { History = [.. log.History.Skip(1)] };
    }
}

/// <summary>A journal that takes chunks of whoever brings them, in the place of those that are there.</summary>
internal sealed class FoldsForAnybody : Variant
{
    public override async Task<AppendOutcome> Fold(Fold fold, IJournal journal)
    {
        var record = await journal.Load(fold.Patient, default);
        if (fold.NewSnapSeq < record.Head.SnapSeq)
            return AppendOutcome.Committed;
        var next = record.Live.Select(c => c.Number).DefaultIfEmpty(0).Max() + 1;
        return await journal.Fold(
            fold with
            {
                Epoch = record.Head.Epoch,
                OldSnapSeq = record.Head.SnapSeq,
                NewSnapSeq = record.Head.Seq,
                Dropped = [.. record.Live.Select(c => c.Number)],
                Live = [.. fold.Live.Select((c, i) => c with { Number = next + i })],
                History = [],
            },
            default);
    }
}

/// <summary>A journal whose rows leave the index as it was.</summary>
internal sealed class ForgetsTheIndex : Variant
{
    public override Task<AppendOutcome> Append(Append append, IJournal journal) => base.Append(append.Row.Seq % 3 == 0 ? append with { Index = [] } : append, journal);
}

/// <summary>A journal that takes a follow-up off its list when a row is refused that would have carried it out.</summary>
internal sealed class SettlesWhatWasNotDone : Variant
{
    public override async Task<AppendOutcome> Append(Append append, IJournal journal)
    {
        await journal.Settle(append.Settles, default);
        return await base.Append(append with { Settles = [] }, journal);
    }
}

/// <summary>An activation that answers before the journal has.</summary>
internal sealed class AcknowledgesFirst : Variant
{
    public override Task<PushAnswer> Push(LiveRecord live, PushRequest push)
    {
        var pushed = base.Push(live, push);
        return pushed.IsCompleted
            ? pushed
            : Task.FromResult(new PushAnswer(PushStatus.Applied, live.Snapshot.Version, [.. push.Fragments.Fragments.Select(_ => FragmentOutcome.Created)]));
    }
}

/// <summary>An activation that answers reads though the journal has told it that another one has the record.</summary>
internal sealed class AnswersThoughFenced : Variant
{
    public override bool IsSilentWhenFenced => false;
}

/// <summary>An activation that answers that something is quarantined, and has done nothing.</summary>
internal sealed class CorrectsNothing : Variant
{
    public override Task<PushAnswer> Correct(LiveRecord live, CorrectionRequest correction) => Task.FromResult(new PushAnswer(PushStatus.Applied, 0, []));
}

/// <summary>A journal that keeps for a record what it has let go of.</summary>
internal sealed class LetsGoOfNothing : Variant
{
    public override Task<AppendOutcome> Append(Append append, IJournal journal) => base.Append(append with { Unindexed = [], Unused = [] }, journal);
}

/// <summary>A journal whose index gives an entry to whoever came last.</summary>
internal sealed class LastComerHolds : Variant
{
    private int _comers;

    public override Task<AppendOutcome> Append(Append append, IJournal journal) => base.Append(
        append with { Index = [.. append.Index.Select(i => i with { Version = Later() })] }, journal);

    private byte[] Later() => new FragmentVersion(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(++_comers), true, null, default).SortKey();
}
