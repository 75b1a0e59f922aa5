using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Intake.V2;
using Lhcre.Intake.V2.Mapping;
using Lhcre.Record;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>What became of something that an operator has resubmitted.</summary>
internal enum Became
{
    /// <summary>It is in the records that it is for: new there, or known already.</summary>
    Filed,

    /// <summary>It is in the record, which withholds it (<see cref="IssueCodes.Withheld"/>).</summary>
    Withheld,

    /// <summary>It stays parked, for the reason that it is told with.</summary>
    Parked,

    /// <summary>It stays refused.</summary>
    Refused,

    /// <summary>It could not be written now, and stays where it is.</summary>
    Unwritten,
}

/// <summary>The same with the reasons; a letter of several resources counts as its worst one.</summary>
internal sealed record Resubmitted(Became Became, IReadOnlyList<Issue> Issues)
{
    /// <summary>Whether it is parked for another reason by now, under another id.</summary>
    public bool IsMoved { get; init; }

    /// <summary>Whether it is set aside no longer under the id that it had.</summary>
    public bool IsOver => Became is Became.Filed or Became.Withheld || IsMoved;
}

/// <summary>
/// Files again what is set aside, as if it came now: the same reading, the same search for its person. A parked resource keeps the version that
/// it came with: said later in the meantime is later than it.
/// </summary>
internal sealed class Resubmission(
    SourcePush pushes, PersonRegister persons, PatientCalls patients, FollowUps followUps, WithheldReview review, Hl7Door hl7,
    IReadOnlyList<SourceSystem> sources, IJournal journal, Addresses addresses, FreshPushId freshPushId)
{
    /// <summary>Files it, and takes it out where that succeeds. Again, it changes nothing.</summary>
    public async Task<Resubmitted> Take(Aside aside, Caller caller)
    {
        try
        {
            return aside switch
            {
                RefusedLetter letter => await Take(letter, caller),
                ParkedResource { Code: var code } withheld when code == IssueCodes.Withheld.Code => await Review(withheld, caller),
                ParkedResource parked => await Take(parked, caller),
                _ => throw new InvalidOperationException("Something is set aside in a way that this release does not know."),
            };
        }
        catch (JournalUnavailableException failure)
        {
            return Unwritten(failure.IsBusy ? IssueCodes.Busy : IssueCodes.JournalUnavailable);
        }
    }

    private async Task<Resubmitted> Take(ParkedResource parked, Caller caller)
    {
        var fragment = LogBody.Read(parked.Body)[0];
        var entry = Read(fragment);
        if (entry.IsRefused)
            return new Resubmitted(Became.Refused, entry.Issues);
        switch ((await persons.File(parked.Source, [entry], CancellationToken.None))[0])
        {
            case Filing.InRecord { Patient: var patient }:
                // The id under which it is released by itself: both at once file it once.
                var push = new PushRequest { Source = parked.Source, Push = PushId.Of(parked.Source, $"parked {parked.Id}"), Fragments = new FragmentBatch([fragment]), Unparks = [parked.Id], Received = parked.At };
                var answer = await patients.Push(patient, push, caller);
                if (SourcePush.Unwritten(answer.Status) is { } unwritten)
                    return Unwritten(unwritten);
                await followUps.CatchUp([fragment.Key], CancellationToken.None);
                return Filed(new EntryReport(entry, answer.Outcomes[0]));
            case Filing.AsSupporting:
                await journal.KeepSupporting([RecordAppend.Supporting(fragment)], CancellationToken.None);
                await journal.Unpark([parked.Id], CancellationToken.None);
                await followUps.CatchUp([fragment.Key], CancellationToken.None);
                return Filed(new EntryReport(entry));
            case Filing.Parked aside:
                return new Resubmitted(Became.Parked, [new Issue(aside.Code)]) { IsMoved = await Park(parked, fragment, aside) };
            default:
                throw new InvalidOperationException("What is parked has nowhere to go.");
        }
    }

    // As it would be parked now; another reason may be one that ends by itself. False where it is parked so.
    private async Task<bool> Park(ParkedResource parked, Fragment fragment, Filing.Parked aside)
    {
        var id = SourcePush.ParkedId(fragment, aside, parked.Push);
        if (aside.Code.Code == parked.Code && aside.WaitsFor == parked.WaitsFor || id == parked.Id)
            return false;
        await journal.Park([parked with { Id = id, Code = aside.Code.Code, Reason = aside.Code.Meaning, WaitsFor = aside.WaitsFor }], CancellationToken.None);
        await journal.Unpark([parked.Id], CancellationToken.None);
        return true;
    }

    // In its record's log already: it is filed where the record shows it by now.
    private async Task<Resubmitted> Review(ParkedResource withheld, Caller caller)
    {
        var (isWithheld, unwritten) = await review.Of(withheld, caller);
        return unwritten is not null ? Unwritten(unwritten)
            : isWithheld ? new Resubmitted(Became.Parked, [new Issue(IssueCodes.Withheld)])
            : new Resubmitted(Became.Filed, []);
    }

    private async Task<Resubmitted> Take(RefusedLetter letter, Caller caller)
    {
        var (received, told) = letter.Form == LetterForm.Hl7V2 ? OfMessage(letter) : (OfResource(letter), []);
        if (received.IsRefused)
            return new Resubmitted(Became.Refused, [.. received.Issues, .. received.Entries.SelectMany(e => e.Issues)]);
        // A new push each time: what an earlier attempt had to leave out would pass for known under the same id.
        var report = await pushes.Take(received, letter.Source, freshPushId(), caller, Lane.Live, CancellationToken.None);
        Issue[] issues = [.. told, .. report.Issues, .. report.Entries.SelectMany(PushAnswers.Issues).Distinct()];
        if (report.Unwritten is { } unwritten)
            return Unwritten(unwritten);
        if (issues.Any(i => i.Code.Severity == IssueSeverity.Error))
            return new Resubmitted(Became.Refused, issues);
        await journal.Unpark([letter.Id], CancellationToken.None);
        // What of it is parked is listed by itself from now on.
        return new Resubmitted(Became.Filed, issues);
    }

    private Received OfResource(RefusedLetter letter) =>
        FhirIntake.Read(letter.Body, new Interaction("POST", letter.Type is "" or "Bundle" ? null : letter.Type, null), letter.Source, addresses.Source(letter.Source), Trust(letter.Source));

    // As the door of HL7 v2 reads it, whose sender is not there: it is no contact of the feed, and nobody waits for an acknowledgement.
    private (Received Received, IReadOnlyList<Issue> Told) OfMessage(RefusedLetter letter)
    {
        if (Hl7Message.Parse(letter.Body, out var fault) is not { } message)
            return (new Received { Issues = [fault!] }, []);
        if (hl7.Objection(sources.First(s => s.Id == letter.Source), message) is { } objection)
            return (new Received { Issues = [objection] }, []);
        var mapped = Hl7Mapping.Map(message, letter.Source);
        return mapped.Bundle is null || mapped.Issues.Any(i => i.Code.Severity == IssueSeverity.Error)
            ? (new Received { Issues = mapped.Issues }, [])
            : (FhirIntake.Read(mapped.Bundle, new Interaction("POST", null, null), letter.Source, addresses.Source(letter.Source), Trust(letter.Source)), mapped.Issues);
    }

    private NumberTrust? Trust(string source) => sources.FirstOrDefault(s => s.Id == source)?.Trust;

    // Whose it is, and whether it would be taken in today; what is filed is the fragment, with its version.
    private ReceivedEntry Read(Fragment fragment)
    {
        var key = fragment.Key;
        var interaction = fragment.Kind == FragmentKind.Stated ? new Interaction("POST", key.Type, null) : new Interaction("DELETE", key.Type, key.Id);
        var received = FhirIntake.Read(fragment.AsSent, interaction, key.Source, addresses.Source(key.Source), Trust(key.Source));
        var entry = received.Entries.IsEmpty ? new ReceivedEntry { Index = 0, Method = interaction.Method } : received.Entries[0];
        return entry with { Key = key, Fragment = fragment, Issues = [.. received.Issues, .. entry.Issues.Where(i => i.Code.Severity == IssueSeverity.Error)] };
    }

    private static Resubmitted Filed(EntryReport report) =>
        new(report.Outcome == FragmentOutcome.Withheld ? Became.Withheld : Became.Filed, PushAnswers.Issues(report));

    private static Resubmitted Unwritten(IssueCode why) => new(Became.Unwritten, [new Issue(why)]);
}
