using System.Collections.Immutable;
using System.Text;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>What became of one entry of a push.</summary>
/// <param name="Entry">What was received.</param>
/// <param name="Outcome">What it did; null where it was refused, parked, not kept, or could not be written.</param>
/// <param name="Parked">Why it was parked; null where it was not.</param>
/// <param name="Unwritten">Why it could not be written and is to be sent again; null where it was.</param>
internal sealed record EntryReport(ReceivedEntry Entry, FragmentOutcome? Outcome = null, IssueCode? Parked = null, IssueCode? Unwritten = null)
{
    /// <summary>Whether it was new, and is on disk.</summary>
    public bool IsApplied => Outcome is not (null or FragmentOutcome.Unchanged);
}

/// <summary>What became of a push. With any error among <see cref="Issues"/> nothing of it was taken in.</summary>
internal sealed record PushReport(ImmutableArray<Issue> Issues, ImmutableArray<EntryReport> Entries)
{
    /// <summary>What became of its extent; null where it has none.</summary>
    public ExtentReport? Extent { get; init; }

    /// <summary>Why something of it is to be sent again: the first reason; null where nothing is.</summary>
    public IssueCode? Unwritten => Entries.FirstOrDefault(e => e.Unwritten is not null)?.Unwritten;

    /// <summary>Whether anything of it was new, and is on disk.</summary>
    public bool IsApplied => Entries.Any(e => e.IsApplied) || Extent is { Withdrawn: > 0 };

    /// <summary>When the source had recorded the newest of what was new; null where it did not say.</summary>
    public DateTimeOffset? Recorded => Entries.Where(e => e.IsApplied && e.Entry.Fragment!.Version.IsDeclared).Max(e => e.Entry.Fragment!.Version.Time);

    /// <summary>Whether everything that is not refused is on disk.</summary>
    public bool IsAcknowledged => Unwritten is null && Issues.All(i => i.Code.Severity != IssueSeverity.Error);
}

/// <summary>
/// Takes what a source pushed to where it belongs: each person's fragments to that person's grain in one push, supporting resources with
/// them, the rest aside. When it returns, what it reports as taken is on disk.
/// </summary>
internal sealed class SourcePush(PatientCalls patients, IJournal journal, PersonRegister persons, FollowUps followUps, LivePushes live, TimeProvider clock)
{
    private const string NotWritten = "An entry could not be written.";

    private readonly Successions _successions = new(patients, journal);

    /// <summary>Takes a push in.</summary>
    /// <param name="received">What was read of it, not refused as a whole.</param>
    /// <param name="source">The source's id.</param>
    /// <param name="push">Its id.</param>
    /// <param name="caller">Who pushes.</param>
    /// <param name="lane">Whether somebody waits for it.</param>
    /// <param name="cancellation">Ends the looking up; what has been given to a grain is carried through.</param>
    public Task<PushReport> Take(Received received, string source, PushId push, Caller caller, Lane lane, CancellationToken cancellation) =>
        Take(received, source, push, caller, lane, null, cancellation);

    /// <summary>
    /// The same of what may be all that the source says of a person: then it says so of one person, or nothing is taken in. What is held for a time only is taken into records and
    /// nowhere else: what belongs to none would outlast it.
    /// </summary>
    public async Task<PushReport> Take(
        Received received, string source, PushId push, Caller caller, Lane lane, SourceExtent? extent, CancellationToken cancellation, TimeSpan? heldFor = null)
    {
        if (lane == Lane.Backfill)
            await live.GiveWay(cancellation);
        var entries = received.Entries;
        var filings = await persons.File(source, entries, cancellation);
        if (received.Bundle == BundleKind.Transaction && ConcernsSeveral(filings))
            return new PushReport([new Issue(IssueCodes.SeveralPersons)], []);
        if (extent is not null && (ConcernsSeveral(filings) || ConcernsNobody(entries, filings)))
            return new PushReport([new Issue(IssueCodes.ExtentOfOnePerson)], []);

        var former = await Former(source, entries, filings, cancellation);
        var shelf = await SupportingShelf.Of(
            [.. entries.Where((_, i) => filings[i] is Filing.AsSupporting).Select(e => e.Fragment!)], journal, clock.GetUtcNow(), cancellation);
        var reports = entries.Select(e => new EntryReport(e)).ToArray();
        if (heldFor is null)
            await Park(source, push, reports, filings, cancellation);
        var held = extent is null ? null : Held(extent, entries, filings);
        // Under an id of its own: tried again after it was held, it is not what was taken in then.
        var empty = new PushRequest { Source = source, Push = push, Fragments = new FragmentBatch([]), Lane = lane, HeldFor = heldFor };
        if (extent is not null && held is null)
            empty = empty with { Push = PushId.Of(source, $"whole {push.Hash.Bits:x}"), Extent = extent };
        var written = await Task.WhenAll(Enumerable.Range(0, filings.Length)
            .Where(i => filings[i] is Filing.InRecord)
            .GroupBy(i => ((Filing.InRecord)filings[i]!).Patient)
            .Select(person => PushPerson([.. person], empty, person.Key, caller, reports, shelf, former.GetValueOrDefault(person.Key))));

        // What went along with a push that was not written is not on disk either.
        var rest = shelf.Without(written.SelectMany(w => w.Along));
        var unkept = rest.IsEmpty || heldFor is not null ? null : await Unwritten(journal.KeepSupporting(rest, CancellationToken.None));
        var lost = unkept is null ? [] : rest.Select(r => r.Key).ToHashSet();
        for (var i = 0; i < filings.Length; i++)
        {
            reports[i] = filings[i] switch
            {
                Filing.AsSupporting when lost.Contains(entries[i].Fragment!.Key) => reports[i] with { Unwritten = unkept },
                Filing.AsSupporting => reports[i] with { Outcome = shelf.Outcome(entries[i].Fragment!.Key) },
                _ => reports[i],
            };
        }

        await followUps.CatchUp([.. entries.Select(e => e.Key).OfType<EntryKey>()], CancellationToken.None);
        var report = new PushReport(received.Issues, [.. reports]);
        return extent is null ? report : report with { Extent = new ExtentReport(extent, written.Sum(w => w.Withdrawn), held ?? (report.Unwritten is null ? null : NotWritten)) };
    }

    // By person with a number, the records of the same person from before it was known, whose Patients are to move with it.
    private async Task<Dictionary<PatientKey, SortedSet<PatientKey>>> Former(
        string source, IReadOnlyList<ReceivedEntry> entries, Filing?[] filings, CancellationToken cancellation)
    {
        var former = new Dictionary<PatientKey, SortedSet<PatientKey>>();
        for (var i = 0; i < filings.Length; i++)
        {
            if (filings[i] is not Filing.InRecord { Patient: { IsLocal: false } patient } || entries[i] is not { Fragment: { Key.Type: "Patient" } stated })
                continue;
            foreach (var local in await persons.Unnumbered(source, stated, cancellation))
                (former.TryGetValue(patient, out var locals) ? locals : former[patient] = []).Add(local);
        }

        return former;
    }

    // Intake sees this where the push itself names two people; here also who is named by what was pushed before.
    private static bool ConcernsSeveral(Filing?[] filings) => filings.OfType<Filing.InRecord>().Select(f => f.Patient).Distinct().Count() > 1;

    // With an entry that was refused or parked it is said of somebody, though not of whom.
    private static bool ConcernsNobody(IReadOnlyList<ReceivedEntry> entries, Filing?[] filings) =>
        !filings.Any(f => f is Filing.InRecord or Filing.Parked) && !entries.Any(e => e.IsRefused);

    // What is not in the record cannot be told from what the source left out.
    private string? Held(SourceExtent extent, IReadOnlyList<ReceivedEntry> entries, Filing?[] filings) =>
        entries.Any(e => e.IsRefused) ? "An entry was refused."
        : filings.Any(f => f is Filing.Parked) ? "An entry is parked."
        : extent.Time > clock.GetUtcNow() + Limits.ClockAhead ? "Bundle.timestamp is more than 24 hours ahead of our clock."
        : null;

    // The supporting fragments that were written with it, and how much its extent withdrew.
    private async Task<(ImmutableArray<Fragment> Along, int Withdrawn)> PushPerson(
        ImmutableArray<int> indexes, PushRequest empty, PatientKey patient, Caller caller, EntryReport[] reports, SupportingShelf shelf, IReadOnlyCollection<PatientKey>? former)
    {
        ImmutableArray<Fragment> own = [.. indexes.Select(i => reports[i].Entry.Fragment!)];
        var along = shelf.For(own);
        // What was looked up may have been found nowhere, or elsewhere, when the same push came first: then there is more of it for this
        // record now than it has taken in, and under the same id the rest would pass for known.
        var isFixed = indexes.All(i => reports[i].Entry.Person is PersonClue.Named);
        var request = empty with { Push = isFixed ? empty.Push : Part(empty.Push, own), Fragments = new FragmentBatch([.. own, .. along]) };
        var answer = await patients.Push(patient, request, caller);
        // The person's number has become known since it was looked up whose this is.
        if (answer.Status == PushStatus.Moved && await _successions.Of(patient, CancellationToken.None) is { } heir)
            answer = await patients.Push(heir, request, caller);
        // Behind it: what of theirs was received when counts as long as the number does that this push states.
        var unwritten = Unwritten(answer.Status);
        foreach (var local in former ?? [])
            unwritten ??= await Unwritten(_successions.TakeAlong(local, patient, request.Push, request.Source, CancellationToken.None));
        for (var i = 0; i < indexes.Length; i++)
            reports[indexes[i]] = reports[indexes[i]] with { Outcome = unwritten is null ? answer.Outcomes[i] : null, Unwritten = unwritten };
        return unwritten is null ? (along, answer.Withdrawn) : ([], 0);
    }

    /// <summary>Why a push to a person was not written; null where it was.</summary>
    internal static IssueCode? Unwritten(PushStatus status) => status switch
    {
        PushStatus.Applied or PushStatus.Unchanged => null,
        PushStatus.Busy => IssueCodes.Busy,
        PushStatus.Fenced or PushStatus.Moved => IssueCodes.RecordMoving,
        _ => IssueCodes.JournalUnavailable,
    };

    private static PushId Part(PushId push, ImmutableArray<Fragment> fragments) => new(ContentHash.Of(Encoding.UTF8.GetBytes(
        $"part of {push.Hash.Bits:x}: {string.Join(' ', fragments.Select(f => $"{f.Key.Reference} {Convert.ToHexString(f.Version.SortKey())}"))}")));

    private async Task Park(string source, PushId push, EntryReport[] reports, Filing?[] filings, CancellationToken cancellation)
    {
        var at = clock.GetUtcNow();
        var waiting = await Waiting(reports, filings, cancellation);
        var parked = ImmutableArray.CreateBuilder<ParkedResource>();
        for (var i = 0; i < filings.Length; i++)
        {
            if (filings[i] is not Filing.Parked aside)
                continue;
            reports[i] = reports[i] with { Parked = aside.Code };
            var fragment = reports[i].Entry.Fragment!;
            // It counts from now, whenever it is released: what comes meanwhile is later than it.
            if (fragment.Version.Time is null)
                fragment = fragment.Stamped(at);
            parked.Add(new ParkedResource(
                ParkedId(reports[i].Entry.Fragment!, aside, push, waiting), source, at, push, aside.Code.Code, aside.Code.Meaning, fragment.Key.Type, aside.WaitsFor, LogBody.Write([fragment])));
        }

        if (parked.Count == 0 || await Unwritten(journal.Park(parked.DrainToImmutable(), cancellation)) is not { } unwritten)
            return;
        for (var i = 0; i < filings.Length; i++)
        {
            if (filings[i] is Filing.Parked)
                reports[i] = reports[i] with { Parked = null, Unwritten = unwritten };
        }
    }

    private static async Task<IssueCode?> Unwritten(Task write)
    {
        try
        {
            await write;
            return null;
        }
        catch (JournalUnavailableException failure)
        {
            return failure.IsBusy ? IssueCodes.Busy : IssueCodes.JournalUnavailable;
        }
    }

    // What is parked already and waits for the same as what comes without a version, oldest first.
    private async Task<ILookup<EntryKey, (string Id, Fragment Fragment)>> Waiting(EntryReport[] reports, Filing?[] filings, CancellationToken cancellation)
    {
        EntryKey[] keys =
        [
            .. filings.Zip(reports).Where(p => p is (Filing.Parked { WaitsFor: not null }, { Entry.Fragment.Version.IsDeclared: false }))
                .Select(p => ((Filing.Parked)p.First!).WaitsFor!).Distinct(),
        ];
        IReadOnlyList<ParkedResource> parked = keys.Length == 0 ? [] : await journal.ParkedFor(keys, cancellation);
        return parked.Select(p => (p.Id, Fragment: LogBody.Read(p.Body)[0])).ToLookup(p => p.Fragment.Key);
    }

    // A version is parked once for the same reason. What has none is parked once as long as the source says nothing else: A, B, A is not A, B.
    private static string ParkedId(Fragment fragment, Filing.Parked aside, PushId push, ILookup<EntryKey, (string Id, Fragment Fragment)> waiting)
    {
        if (fragment.Version.IsDeclared || aside.WaitsFor is null)
            return ParkedId(fragment, aside, push);
        var (lastId, last) = waiting[fragment.Key].OrderBy(p => p.Fragment.Version).LastOrDefault();
        return last is not null && last.Kind == fragment.Kind && last.Version.Content == fragment.Version.Content ? lastId : ParkedId(fragment, aside, push);
    }

    /// <summary>The id under which something is parked that came with a push, where the same words are not parked already.</summary>
    internal static string ParkedId(Fragment fragment, Filing.Parked aside, PushId push)
    {
        var (key, version) = (fragment.Key, fragment.Version);
        var what = $"{key.Source}/{key.Type}/{key.Id}/{(byte)fragment.Kind}/{version.Content.Bits:x}/{aside.Code.Code}";
        return Id(version.IsDeclared ? $"{what}/{Convert.ToHexString(version.SortKey())}" : aside.WaitsFor is null ? what : $"{what}/{push.Hash.Bits:x}");

        static string Id(string text) => ContentHash.Of(Encoding.UTF8.GetBytes(text)).Bits.ToString("x32", null);
    }
}
