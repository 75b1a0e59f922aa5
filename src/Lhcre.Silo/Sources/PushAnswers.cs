using System.Buffers;
using System.Text.Json;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>What a source gets back, whole: kept under its push id, so that a repeated push gets the same answer again.</summary>
internal sealed record PushAnswerBody(int Status, string? Location, ReadOnlyMemory<byte> Body);

/// <summary>Turns a report into the answer that FHIR asks for: a response Bundle for a Bundle, the resource or its outcome for a resource.</summary>
internal static class PushAnswers
{
    /// <summary>The answer to a push that was refused as a whole.</summary>
    public static PushAnswerBody Refused(IReadOnlyList<Issue> issues)
    {
        var first = issues.First(i => i.Code.Severity == IssueSeverity.Error);
        return new PushAnswerBody(first.Code.Status, null, OperationOutcome.Bytes(issues));
    }

    /// <summary>The answer to a Bundle.</summary>
    public static PushAnswerBody Bundle(PushReport report, BundleKind kind)
    {
        // A transaction that could not be written was not taken in at all: the answer must not be 200.
        if (kind == BundleKind.Transaction && report.Unwritten is { } unwritten)
            return Refused([new Issue(unwritten)]);
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType", "Bundle");
            writer.WriteString("type", kind == BundleKind.Transaction ? "transaction-response" : "batch-response");
            if (!report.Entries.IsEmpty)
            {
                writer.WriteStartArray("entry");
                // What there is to say of the whole stands with the first entry: a response Bundle has no other place for it.
                for (var i = 0; i < report.Entries.Length; i++)
                    WriteEntry(writer, report.Entries[i], i == 0 ? report.Extent?.Issues ?? [] : []);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return new PushAnswerBody(StatusCodes.Status200OK, null, buffer.WrittenMemory);
    }

    /// <summary>The answer to a single resource.</summary>
    /// <param name="report">A report of one entry.</param>
    /// <param name="sourceBase">The absolute URL of the source's base.</param>
    /// <param name="prefer">The Prefer header.</param>
    public static PushAnswerBody Resource(EntryReport report, string sourceBase, string prefer)
    {
        var status = Status(report);
        var issues = Issues(report);
        var location = status is StatusCodes.Status200OK or StatusCodes.Status201Created ? $"{sourceBase}/{report.Entry.Key?.Reference}" : null;
        if (status is >= 400 or StatusCodes.Status202Accepted || prefer.Contains("return=OperationOutcome", StringComparison.OrdinalIgnoreCase))
            return new PushAnswerBody(status, location, OperationOutcome.Bytes(issues));
        if (status == StatusCodes.Status204NoContent || prefer.Contains("return=minimal", StringComparison.OrdinalIgnoreCase))
            return new PushAnswerBody(status, location, default);
        var representation = prefer.Contains("return=representation", StringComparison.OrdinalIgnoreCase);
        return issues.Count > 0 && !representation
            ? new PushAnswerBody(status, location, OperationOutcome.Bytes(issues))
            : new PushAnswerBody(status, location, report.Entry.Fragment?.AsSent ?? OperationOutcome.Bytes(issues));
    }

    private static void WriteEntry(Utf8JsonWriter writer, EntryReport report, IReadOnlyList<Issue> ofTheWhole)
    {
        var status = Status(report);
        List<Issue> issues = [.. Issues(report), .. ofTheWhole];
        writer.WriteStartObject();
        writer.WriteStartObject("response");
        writer.WriteString("status", status switch
        {
            StatusCodes.Status200OK => "200 OK",
            StatusCodes.Status201Created => "201 Created",
            StatusCodes.Status202Accepted => "202 Accepted",
            StatusCodes.Status204NoContent => "204 No Content",
            _ => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        if (report.Outcome is not null && report.Entry is { Key: { } key, Method: not "DELETE" })
            writer.WriteString("location", key.Reference);
        if (issues.Count > 0)
        {
            writer.WritePropertyName("outcome");
            OperationOutcome.Write(writer, issues);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static int Status(EntryReport report)
    {
        if (report.Entry.Issues.FirstOrDefault(i => i.Code.Severity == IssueSeverity.Error) is { } refusal)
            return refusal.Code.Status;
        if (report.Unwritten is { } unwritten)
            return unwritten.Status;
        if (report.Parked is not null || report.Outcome is FragmentOutcome.Withheld or FragmentOutcome.Quarantined)
            return StatusCodes.Status202Accepted;
        if (report.Entry.Method == "DELETE")
            return StatusCodes.Status204NoContent;
        return report.Outcome == FragmentOutcome.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
    }

    /// <summary>All that there is to say about an entry.</summary>
    public static List<Issue> Issues(EntryReport report)
    {
        var issues = report.Entry.Issues.ToList();
        if (report.Parked is { } parked && issues.All(i => i.Code != parked))
            issues.Add(new Issue(parked));
        if (report.Outcome == FragmentOutcome.Superseded)
            issues.Add(new Issue(IssueCodes.Superseded));
        if (report.Outcome == FragmentOutcome.Withheld)
            issues.Add(new Issue(IssueCodes.Withheld));
        if (report.Outcome == FragmentOutcome.Quarantined)
            issues.Add(new Issue(IssueCodes.Quarantined));
        if (report.Outcome == FragmentOutcome.Moved)
            issues.Add(new Issue(IssueCodes.Moved));
        if (report.Unwritten is { } unwritten)
            issues.Add(new Issue(unwritten));
        return issues;
    }
}
