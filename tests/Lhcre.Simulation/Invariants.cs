using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using static Lhcre.Simulation.Invariant;

namespace Lhcre.Simulation;

/// <summary>What always holds, each checked by a method of its own against what is on the disk.</summary>
internal sealed class Invariants(SimulatedCluster cluster)
{
    private Replays? _replays;

    private IJournal Journal => cluster.Undisturbed;

    private Replays Replays => _replays ??= new Replays(Journal);

    /// <summary>Checks all that holds at any time.</summary>
    public async Task Check(Story story, Ledger ledger)
    {
        await VersionsHaveNoGaps(story);
        await NoPushTakesEffectTwice(story);
        await AcknowledgedIsPresentAfterRecovery(story, ledger);
        await IndexNamesTheHolder(story);
        await ReferredIsDeliveredOrDue(story);
        await RecoveredIsTheReplay(story);
        await OrderedIsInForce(story);
    }

    /// <summary>
    /// Checks, where everything is acknowledged and carried out, that what a source said last of a resource is what it says now: of those to
    /// which it gave no versions, so that the order of its pushes is all that there is.
    /// </summary>
    public async Task LastWordsStand(Story story)
    {
        var records = await Records(story);
        foreach (var said in story.Pushes.SelectMany(p => p.Statements).GroupBy(s => s.Fragment.Key).Where(g => g.All(s => !s.Fragment.Version.IsDeclared)))
        {
            if (story.Corrections.Any(c => c.Correction.Source == said.Key.Source))
                continue;
            // What was put aside has the time at which that was; a PUT or DELETE of what is there stands just above it, whatever the time.
            if (cluster.EverParked.Contains(said.Key))
                continue;
            var last = said.Last();
            var now = last.Clue is Intake.PersonClue.Nobody || PatientCompartment.SubjectElement(said.Key.Type) is null && said.Key.Type != "Patient"
                ? (await Journal.FindSupporting([said.Key], CancellationToken.None))[0] is { } kept ? Live(LogBody.Read(kept.Body)[0]) : null
                : records.Values.Select(r => r.Entry(said.Key)).Where(e => e is { IsLive: true }).Select(e => (ContentHash?)e!.Version.Content).SingleOrDefault();
            if (now != Live(last.Fragment))
                throw new BrokenInvariantException(LastWordStands, $"{said.Key.Source} said {said.Key.Reference} {said.Count()} times, and not the last one counts");
        }

        static ContentHash? Live(Fragment fragment) => fragment.Kind == FragmentKind.Stated ? fragment.Version.Content : null;
    }

    /// <summary>Checks, where every lease has ended, that nothing of what was pulled is in any record, log or register.</summary>
    public async Task NothingPulledIsLeft(Story story)
    {
        if (await Journal.LeasesDue(DateTimeOffset.MaxValue, 1, CancellationToken.None) is [var held])
            throw new BrokenInvariantException(Invariant.NothingPulledIsLeft, $"{cluster.NameOf(held.Patient)} is held still");
        foreach (var (person, key) in Keys(story))
        {
            if ((await Replays.Rows(key)).FirstOrDefault(r => r.Fragments.Any(f => f.Key.Source == Story.Pulled)) is { } row)
                throw new BrokenInvariantException(Invariant.NothingPulledIsLeft, $"{person}: row {row.Seq} says what was pulled");
            if ((await Replays.Of(key))[^1].EntriesOf(Story.Pulled).Any())
                throw new BrokenInvariantException(Invariant.NothingPulledIsLeft, $"{person}: the record has an entry of what was pulled");
        }

        EntryKey[] keys = [.. story.Visited.SelectMany(v => v.Statements).Select(s => s.Fragment.Key).Distinct()];
        if ((await Journal.FindPatients(keys, CancellationToken.None)).Any(p => p is not null) || (await Journal.FindSupporting(keys, CancellationToken.None)).Any(s => s is not null)
            || (await Journal.FollowUps(0, int.MaxValue, CancellationToken.None)).Any(f => f.Key.Source == Story.Pulled))
            throw new BrokenInvariantException(Invariant.NothingPulledIsLeft, "a register knows of what was pulled");
    }

    /// <summary>Somebody was answered by an activation whose record was as of this row when it was asked.</summary>
    public async Task Answered(PatientKey patient, long seq, DateTimeOffset asked, ReadRequest request, ReadAnswer answer, bool isFenced)
    {
        if (isFenced)
            throw new BrokenInvariantException(FencedIsSilent, $"{cluster.NameOf(patient)} was read where its activation knew that it was fenced");
        var replays = await Replays.Of(patient);
        if (seq >= replays.Count)
            throw new BrokenInvariantException(ServedIsReplay, $"{cluster.NameOf(patient)} is served as of row {seq}, and the last row is {replays.Count - 1}");
        // What an activation has that does not know of it yet was so before.
        if ((await Replays.Rows(patient)).Skip((int)seq).Any(r => r.Correction is Erasure))
            return;
        var replayed = RecordReading.Read(replays[(int)seq], request);
        if ((answer.Status, answer.Version, answer.LastUpdated) != (replayed.Status, replayed.Version, replayed.LastUpdated))
            throw new BrokenInvariantException(ServedIsReplay, $"{cluster.NameOf(patient)} as of row {seq}: {answer} of {answer.LastUpdated:O} against {replayed} of {replayed.LastUpdated:O}");
        if (Replays.Difference(answer.Entries, replayed.Entries) is { } difference)
            throw new BrokenInvariantException(ServedIsReplay, $"{cluster.NameOf(patient)} as of row {seq}: {difference}");
        var due = cluster.SeqAt(patient, asked - LiveRecord.ConfirmedFor);
        if (!answer.IsUnconfirmed && cluster.ClocksAgree && seq < due)
            throw new BrokenInvariantException(ConfirmedIsFresh, $"{cluster.NameOf(patient)} is served as of row {seq} and as confirmed, and row {due} was there 15 seconds before");
    }

    private async Task VersionsHaveNoGaps(Story story)
    {
        foreach (var (person, key) in Keys(story))
        {
            var at = DateTimeOffset.MinValue;
            var rows = await Replays.Rows(key);
            foreach (var row in rows)
            {
                if (row.At < at)
                    throw new BrokenInvariantException(NoGaps, $"{person}: row {row.Seq} of {row.At:O} follows one of {at:O}");
                at = row.At;
            }

            var head = (await Journal.Heads([key], CancellationToken.None))[0];
            if (head.Seq != rows.Count)
                throw new BrokenInvariantException(NoGaps, $"{person}: the head names row {head.Seq}, and the last row is {rows.Count}");
        }
    }

    private async Task NoPushTakesEffectTwice(Story story)
    {
        foreach (var (person, key) in Keys(story))
        {
            var rows = await Replays.Rows(key);
            if (rows.GroupBy(r => r.Push).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new BrokenInvariantException(NoPushTwice, $"{person}: rows {string.Join(" and ", twice.Select(r => r.Seq))} are of one push");
            var fragments = rows.SelectMany(r => r.Fragments).ToList();
            // What does not count any more is new when it is said again.
            if (!rows.Any(r => r.Correction is not null) && fragments.GroupBy(f => (f.Key, f.Version)).FirstOrDefault(g => g.Count() > 1) is { } again)
                throw new BrokenInvariantException(NoPushTwice, $"{person}: one version of {again.Key.Key.Reference} was journalled {again.Count()} times");
        }
    }

    private async Task AcknowledgedIsPresentAfterRecovery(Story story, Ledger ledger)
    {
        var rows = new Dictionary<PatientKey, IReadOnlyList<Fragment>>();
        foreach (var (_, key) in Keys(story))
            rows[key] = [.. (await Replays.Rows(key)).SelectMany(r => r.Fragments)];
        var parked = await Parked(story);
        foreach (var acknowledgement in ledger.Acknowledged)
        {
            var (push, statement, outcome, isParked) = acknowledgement;
            var fragment = statement.Fragment;
            var isPresent = statement.Clue is Intake.PersonClue.Nobody
                ? (await Journal.FindSupporting([fragment.Key], CancellationToken.None))[0] is { } kept && IsAtLeast(kept, fragment)
                : fragment.Kind == FragmentKind.Stated
                    ? story.Keys(statement.Person!).Any(key => Has(rows[key], fragment))
                    : outcome is FragmentOutcome.Unchanged || (outcome is null && !isParked && !fragment.Version.IsDeclared)
                        || rows.Values.Any(r => Has(r, fragment))
                        || (await Journal.FindSupporting([fragment.Key], CancellationToken.None))[0] is { } withdrawn && IsAtLeast(withdrawn, fragment);
            if (!isPresent && !parked.Any(p => p.Key == fragment.Key && IsOf(p.Version, fragment)))
                throw new BrokenInvariantException(AcknowledgedIsPresent, $"{push}: {fragment.Kind} {fragment.Key.Reference} was acknowledged as {outcome?.ToString() ?? (isParked ? "parked" : "known")}, and is nowhere");
        }
    }

    // Whether it counts or not.
    private static bool Has(IReadOnlyList<Fragment> said, Fragment fragment) => said.Any(f => f.Key == fragment.Key && IsOf(f.Version, fragment));

    private async Task IndexNamesTheHolder(Story story)
    {
        var (due, records) = (await FollowUps(), await Records(story));
        foreach (var (patient, record) in records)
        {
            foreach (var entry in record.Entries.ToArray().Where(e => e is { IsLive: true } && !IsSupporting(e) && !story.IsUnsettled(e.Key.Source)))
            {
                var holder = (await Journal.FindPatients([entry.Key], CancellationToken.None))[0];
                // By a move it is here, and found where its source files it.
                if (record.Corrections.Moves.FirstOrDefault(m => m.IsHere && m.Entries.Contains(entry.Key)) is { } move
                    && (holder == move.Other || due.Contains((move.Other, FollowUpKind.Withdraw, entry.Key)) || due.Contains((patient, FollowUpKind.Deliver, move.Mark))))
                    continue;
                if (holder != patient && !due.Contains((patient, FollowUpKind.Withdraw, entry.Key)))
                    throw new BrokenInvariantException(IndexNamesHolder, $"{cluster.NameOf(patient)} holds {entry.Key.Reference} of {entry.Key.Source}, and the index names {(holder is { } other ? cluster.NameOf(other) : "nobody")}");
            }
        }

        EntryKey[] settled = [.. story.Pushes.SelectMany(p => p.Statements).Select(s => s.Fragment.Key).Distinct().Where(k => !story.IsUnsettled(k.Source))];
        foreach (var (key, holder) in settled.Zip(await Journal.FindPatients(settled, CancellationToken.None)))
        {
            if (holder is { } named && records[named].Entry(key) is null && !records[named].Corrections.HaveLeft(key) && !await CameInto(named, key, records[named].Corrections))
                throw new BrokenInvariantException(IndexNamesHolder, $"the index names {cluster.NameOf(named)} for {key.Reference} of {key.Source}, whose record knows nothing of it");
        }
    }

    // What comes to a record that knows of a quarantine already, into a stretch that is not over by that silo's clock, is found there: as if it were open.
    private async Task<bool> CameInto(PatientKey patient, EntryKey key, Lhcre.Record.Corrections corrections)
    {
        var rows = await Replays.Rows(patient);
        return corrections.InForce.Any(q => rows.SkipWhile(r => r.Push != q.Id).Any(r => q.Covers(key.Source, r.At) && r.Fragments.Any(f => f.Key == key)));
    }

    private async Task ReferredIsDeliveredOrDue(Story story)
    {
        var due = await FollowUps();
        foreach (var (patient, record) in await Records(story))
        {
            foreach (var target in record.Entries.ToArray().Where(e => e.IsLive).SelectMany(e => e.Targets).Where(t => PatientCompartment.MaySupport(t.Type)).Distinct())
            {
                // What is delivered now is quarantined with all that its source sends.
                if (story.IsUnsettled(target.Source) || record.Corrections.InForce.Any(q => q.Source == target.Source && !cluster.ClocksAgree))
                    continue;
                if ((await Journal.FindSupporting([target], CancellationToken.None))[0] is not { } kept)
                    continue;
                var held = record.Entry(target)?.Version.SortKey();
                if (kept.Version.Span.SequenceCompareTo(held) > 0 && !due.Contains((patient, FollowUpKind.Deliver, target)))
                    throw new BrokenInvariantException(ReferredIsDelivered, $"{cluster.NameOf(patient)} refers to {target.Reference} of {target.Source}, which is kept in a higher version than it holds");
            }
        }
    }

    private async Task OrderedIsInForce(Story story)
    {
        // A silo whose clock is wrong may write into a stretch that is over.
        if (!cluster.ClocksAgree)
            return;
        foreach (var (patient, record) in await Records(story))
        {
            var rows = await Replays.Rows(patient);
            foreach (var (ordered, quarantine) in story.Corrections.Where(c => c.IsDone).Select(c => (c, c.Correction as Quarantine)))
            {
                if (quarantine is not null && !record.Corrections.Knows(quarantine.Id) && rows.Any(r => r.At < ordered.At && r.Fragments.Any(f => quarantine.Covers(f.Key.Source, r.Receipt))))
                    throw new BrokenInvariantException(Invariant.OrderedIsInForce, $"{cluster.NameOf(patient)} does not know of {ordered}");
            }
        }
    }

    private async Task RecoveredIsTheReplay(Story story)
    {
        foreach (var (person, key) in Keys(story))
        {
            var recovered = new LiveRecord(key, Journal, SimulatedCluster.Here, new SimulatedClock(cluster.Time));
            await recovered.Load(CancellationToken.None);
            if (Replays.Difference(recovered.Snapshot, (await Replays.Of(key))[^1]) is { } difference)
                throw new BrokenInvariantException(ServedIsReplay, $"{person} after recovery: {difference}");
        }
    }

    /// <summary>Every fragment in a person's log that stands.</summary>
    public async Task<IEnumerable<Fragment>> Fragments(PatientKey patient)
    {
        var rows = await Replays.Rows(patient);
        var corrections = Corrections.Of(rows.Select(r => r.Correction).OfType<Correction>());
        var (standing, heard) = (new List<Fragment>(), new HashSet<EntryKey>());
        foreach (var row in rows)
        {
            foreach (var fragment in row.Fragments.Where(f => (row.Move is not null || !corrections.HaveLeft(f.Key)) && (row.Correction is not null || !corrections.Exclude(f.Key.Source, row.Receipt))))
            {
                // What is heard of behind an extent is withdrawn as of the newest one that stands, whichever was the newest then.
                var newest = standing.Where(f => f.Key.Id == "*" && f.Key.Source == fragment.Key.Source && (f.Key.Type == "*" || f.Key.Type == fragment.Key.Type)).Max(f => f.Version.Time);
                var stands = row.Correction is null ? !row.Fragments.Any(f => f.Key == fragment.Key && !f.Version.IsAbsence) : newest >= fragment.Version.Time;
                if (!corrections.All.IsEmpty && fragment.Version.IsAbsence && fragment.Key.Id != "*" && (!stands || corrections.HaveCome(fragment.Key)))
                    continue;
                if (!corrections.All.IsEmpty && fragment.Key.Id != "*" && !corrections.HaveCome(fragment.Key) && heard.Add(fragment.Key) && newest is { } time && PatientCompartment.Contains(fragment.Key.Type) && fragment.Key.Type != "Patient")
                    standing.Add(Fragment.Absent(fragment.Key, time));
                standing.Add(fragment);
            }
        }

        return standing;
    }

    /// <summary>Every person's record, as the journal says it.</summary>
    public async Task<Dictionary<PatientKey, PatientRecord>> Records(Story story)
    {
        var records = new Dictionary<PatientKey, PatientRecord>();
        foreach (var (_, key) in Keys(story))
            records[key] = (await Replays.Of(key))[^1];
        return records;
    }

    private static IEnumerable<(Person Person, PatientKey Key)> Keys(Story story) => story.People.SelectMany(person => story.Keys(person).Select(key => (person, key)));

    private async Task<List<Fragment>> Parked(Story story)
    {
        var parked = new List<Fragment>();
        foreach (var source in story.Pushes.Select(p => p.Source).Distinct())
            parked.AddRange((await Journal.Parked(source, null, int.MaxValue, CancellationToken.None)).Page.Select(p => LogBody.Read(p.Body)[0]));
        return parked;
    }

    private async Task<HashSet<(PatientKey, FollowUpKind, EntryKey)>> FollowUps() =>
        [.. (await Journal.FollowUps(0, int.MaxValue, CancellationToken.None)).Select(f => (f.Patient, f.Kind, f.Key))];

    /// <summary>Whether an entry is about nobody.</summary>
    public static bool IsSupporting(Entry entry) => PatientCompartment.MaySupport(entry.Key.Type) && entry.Facts is { SubjectId: null, SubjectIdentifier: null };

    // A declared version is there as it was declared; what had none is there in its words.
    private static bool IsOf(FragmentVersion version, Fragment fragment) =>
        fragment.Version.IsDeclared ? version.CompareTo(fragment.Version) == 0 : version.Content == fragment.Version.Content;

    private static bool IsAtLeast(SupportingResource kept, Fragment fragment) =>
        !fragment.Version.IsDeclared || kept.Version.Span.SequenceCompareTo(fragment.Version.SortKey()) >= 0;
}
