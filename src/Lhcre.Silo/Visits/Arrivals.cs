using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Intake.V2;
using Lhcre.Record;
using static Lhcre.Silo.Visits.JsonMembers;

namespace Lhcre.Silo.Visits;

/// <summary>
/// Who has just come: admitted, registered, or announced; and who has gone. Their record is read and, where they are visitors, pulled before anybody opens it: behind the push that
/// told of them, a few at a time. What was pulled of who has gone is held for some days more.
/// </summary>
internal sealed class Arrivals(PullPlan plan, Visitors visitors, PseudonymKey pseudonym, IJournal journal, TimeProvider clock, ILogger<Arrivals> logger) : BackgroundService
{
    // More than this have not come at once: what is left out is pulled by whoever looks the person up.
    private const int MostWaiting = 1000;
    private const int AtATime = 4;

    // Less than a call of a grain may take.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // HL7 v2.9 chapter 3: admit (A01), register (A04), pre-admit (A05), add person information (A28).
    private static readonly HashSet<string> Events = ["A01", "A04", "A05", "A28"];

    // FHIR R4 EncounterStatus: those of a visit that begins or goes on.
    private static readonly HashSet<string> Open = ["planned", "arrived", "triaged", "in-progress"];

    // HL7 v2.9 chapter 3: discharge.
    private const string Discharge = "A03";

    // A visit whose end is older than this is told of late, or in a history: it is none for which anything was pulled now.
    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    private readonly Channel<(NhsNumber Number, bool IsGone)> _waiting = Channel.CreateBounded<(NhsNumber, bool)>(MostWaiting);

    /// <summary>A message was taken in.</summary>
    /// <param name="message">The message.</param>
    /// <param name="received">What was read of it.</param>
    public void Of(Hl7Message message, Received received)
    {
        if (plan.Sources.Count > 0 && message.Code == "ADT" && (Events.Contains(message.Event) || message.Event == Discharge))
            Note(received, message.Event == Discharge);
    }

    /// <summary>
    /// A push of FHIR was taken in: it tells of an arrival where it states a visit that is open, or a Patient who is registered for a time (the registration details of
    /// GP Connect and CareConnect, <c>registrationType</c> T); of a departure where it states a visit that has just finished.
    /// </summary>
    public void Of(Received received)
    {
        if (plan.Sources.Count == 0)
            return;
        Fragment[] told = [.. received.Entries.Select(e => e.Fragment).OfType<Fragment>().Where(f => f is { Kind: FragmentKind.Stated, Key.Type: "Encounter" or "Patient" })];
        if (told.Any(IsArrival))
            Note(received, isGone: false);
        else if (told.Any(IsDeparture))
            Note(received, isGone: true);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Warm(stoppingToken)));

    private static bool IsArrival(Fragment fragment)
    {
        using var json = JsonDocument.Parse(fragment.Body);
        return fragment.Key.Type == "Encounter"
            ? Text(json.RootElement, "status") is { } status && Open.Contains(status)
            : List(json.RootElement, "extension").SelectMany(e => List(e, "extension"))
                .Any(e => Text(e, "url") == "registrationType" && List(Member(e, "valueCodeableConcept"), "coding").Any(c => Text(c, "code") == "T"));
    }

    private bool IsDeparture(Fragment fragment)
    {
        if (fragment.Key.Type != "Encounter")
            return false;
        using var json = JsonDocument.Parse(fragment.Body);
        return Text(json.RootElement, "status") == "finished"
            && (Text(Member(json.RootElement, "period"), "end") is not { } end || (DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var ended) && clock.GetUtcNow() - ended < Lately));
    }

    private void Note(Received received, bool isGone)
    {
        foreach (var number in received.Entries.Select(e => e.Person).OfType<PersonClue.Named>().Select(n => n.Number).Distinct())
        {
            if (!_waiting.Writer.TryWrite((number, isGone)))
                VisitLog.TooManyArrivals(logger, MostWaiting);
        }
    }

    // An edge: behind it there is nobody to answer, only the others who have come.
    private async Task Warm(CancellationToken cancellation)
    {
        await foreach (var (number, isGone) in _waiting.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                if (isGone)
                    await journal.Discharge(pseudonym.For(number), clock.GetUtcNow() + plan.AfterStay, cancellation);
                else
                    await visitors.Arrived(pseudonym.For(number), number, Patience, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // An edge: nobody waits for it, and whoever looks the person up has the sources asked again.
                VisitLog.NotWarmed(logger, failure.GetType().Name);
            }
        }
    }
}
