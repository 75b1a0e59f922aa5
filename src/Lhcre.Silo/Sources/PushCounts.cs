using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>What is counted of a push, by what became of it.</summary>
internal static class PushCounts
{
    /// <summary>Of one that was refused as a whole, whatever in it was sound.</summary>
    public static SourceCounts Refused(string source, int resources = 0) =>
        SourceCounts.Of(source, (Counted.Messages, 1), (Counted.MessagesRefused, 1), (Counted.Refused, resources));

    /// <summary>Of one that was known by its id and got its first answer again.</summary>
    public static SourceCounts Repeated(string source) => SourceCounts.Of(source, (Counted.Messages, 1), (Counted.MessagesRepeated, 1));

    /// <summary>Of one that could not be looked at for now and is to be sent again.</summary>
    public static SourceCounts Unwritten(string source) => SourceCounts.Of(source, (Counted.Messages, 1), (Counted.MessagesUnwritten, 1));

    /// <summary>Of one that was looked at entry by entry.</summary>
    public static SourceCounts Of(string source, Received received, PushReport report)
    {
        if (report.Issues.Any(i => i.Code.Severity == IssueSeverity.Error))
            return Refused(source, received.Entries.Length);
        (Counted Kind, long)[] resources = [.. report.Entries.Select(KindOf).OfType<Counted>().Select(kind => (kind, 1L))];
        var counts = SourceCounts.Of(source, [.. resources, (Counted.Withdrawn, report.Extent?.Withdrawn ?? 0), (Counted.Messages, 1)]);
        var message = report.Unwritten is not null ? Counted.MessagesUnwritten
            : resources.Length > 0 && resources.All(r => r.Kind == Counted.Refused) ? Counted.MessagesRefused
            : (Counted?)null;
        return message is { } kind ? counts.Plus(SourceCounts.Of(source, (kind, 1))) : counts;
    }

    // Null of what is read for the transport alone.
    private static Counted? KindOf(EntryReport report) => report switch
    {
        { Entry.IsRefused: true } => Counted.Refused,
        { Unwritten: not null } => Counted.Unwritten,
        { Parked: not null } => Counted.Parked,
        { Outcome: { } outcome } => outcome switch
        {
            FragmentOutcome.Created => Counted.Created,
            FragmentOutcome.Updated or FragmentOutcome.Moved => Counted.Updated,
            FragmentOutcome.Superseded => Counted.Superseded,
            FragmentOutcome.Withdrawn => Counted.Withdrawn,
            FragmentOutcome.Withheld or FragmentOutcome.Quarantined => Counted.Withheld,
            _ => Counted.Unchanged,
        },
        _ => null,
    };
}
