using System.Globalization;
using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Silo.Load;

/// <summary>Something of a push that was refused or parked, with the server's word for it.</summary>
/// <param name="Refused">Refused; otherwise parked.</param>
/// <param name="Entry">Which entry of the Bundle, from 0; null where it is about the whole push.</param>
/// <param name="Code">The <c>LHC###</c> code; null where the answer has none.</param>
/// <param name="Reason">In words, for the sender: may quote what was sent.</param>
internal sealed record PushIssue(bool Refused, int? Entry, string? Code, string Reason);

/// <summary>What a source base said to one push, in resources.</summary>
/// <param name="Created">Acknowledged and new (201).</param>
/// <param name="Known">Acknowledged and known before: another version, or no change at all (200).</param>
/// <param name="Parked">Accepted, to be taken in once it is known whose they are (202).</param>
/// <param name="Refused">Not taken in.</param>
/// <param name="Issues">The reasons of what was parked or refused.</param>
internal sealed record PushAnswer(int Created, int Known, int Parked, int Refused, IReadOnlyList<PushIssue> Issues)
{
    private const string BundleEntry = "Bundle.entry[";

    // The codes by which a resource is parked; the outcome of a parked entry may hold warnings beside them.
    internal static IReadOnlySet<string> ParkingCodes { get; } = IssueCodes.All.Where(c => c.Status == 202).Select(c => c.Code).ToHashSet();

    /// <summary>An entry could not be taken in just now (429, 503), though it may be at the next try.</summary>
    public bool IsNotNow { get; init; }

    /// <summary>Reads an answer.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="body">Its body.</param>
    /// <param name="text">What was pushed.</param>
    public static PushAnswer Read(int status, ReadOnlyMemory<byte> body, InputText text)
    {
        if (text.IsHl7 && Acknowledged.Read(status, body) is { } acknowledged)
            return acknowledged;
        JsonElement? answer = null;
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = InputText.Depth });
            answer = document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            // A gateway's page, or nothing: told below by its status.
        }

        var draft = new Draft();
        if (status is < 200 or > 299)
            return WholeRefused(draft, status, Outcome(answer), text);
        if (!text.IsBundle)
            draft.Count(null, status, Outcome(answer));
        else if (answer is { } bundle && Is(bundle, "Bundle") && Entries(bundle) is { } entries)
            ReadEntries(draft, entries);
        else
            return WholeRefused(draft, status, [], text);
        return draft.Finish();
    }

    private static void ReadEntries(Draft draft, JsonElement.ArrayEnumerator entries)
    {
        var number = 0;
        foreach (var entry in entries)
        {
            var response = Member(entry, "response");
            var status = Text(response, "status") is { Length: >= 3 } text
                && int.TryParse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                ? code
                : 0;
            draft.Count(number++, status, Outcome(Member(response, "outcome")));
        }
    }

    // All or nothing: none of its resources was taken in, whichever entries the issues are about.
    private static PushAnswer WholeRefused(Draft draft, int status, List<Said> issues, InputText text)
    {
        foreach (var issue in Those(issues, i => i.IsError))
            draft.Issues.Add(new PushIssue(true, EntryOf(issue.Expression), issue.Code, issue.Reason));
        if (issues.Count == 0)
            draft.Issues.Add(new PushIssue(true, null, null, $"HTTP {status}, and the answer is not what a FHIR source base says: is the URL right?"));
        draft.Refused = text.Resources();
        return draft.Finish();
    }

    private static int? EntryOf(string? expression) =>
        expression?.StartsWith(BundleEntry, StringComparison.Ordinal) == true
        && expression.IndexOf(']', StringComparison.Ordinal) is > 0 and var end
        && int.TryParse(expression.AsSpan(BundleEntry.Length, end - BundleEntry.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var entry)
            ? entry
            : null;

    // Those that say why; where none does, all that there is.
    private static IEnumerable<Said> Those(List<Said> issues, Func<Said, bool> saysWhy) => issues.Any(saysWhy) ? issues.Where(saysWhy) : issues;

    private static List<Said> Outcome(JsonElement? outcome)
    {
        var issues = new List<Said>();
        if (outcome is not { } resource || !Is(resource, "OperationOutcome") || Member(resource, "issue") is not { ValueKind: JsonValueKind.Array } list)
            return issues;
        foreach (var issue in list.EnumerateArray())
        {
            var details = Member(issue, "details");
            var codes = Member(details, "coding") is { ValueKind: JsonValueKind.Array } codings
                ? codings.EnumerateArray().Select(c => Text(c, "code"))
                : [];
            var reason = Text(issue, "diagnostics") ?? Text(details, "text") ?? Text(issue, "code") ?? "No reason is given.";
            var expression = Member(issue, "expression") is { ValueKind: JsonValueKind.Array } expressions && expressions.GetArrayLength() > 0
                ? expressions[0]
                : (JsonElement?)null;
            issues.Add(new Said(
                Text(issue, "severity") is "error" or "fatal",
                codes.FirstOrDefault(c => c is not null),
                reason,
                expression is { ValueKind: JsonValueKind.String } e ? e.GetString() : null));
        }

        return issues;
    }

    private static bool Is(JsonElement resource, string type) => Text(resource, "resourceType") == type;

    private static JsonElement.ArrayEnumerator? Entries(JsonElement bundle) => Member(bundle, "entry") switch
    {
        { ValueKind: JsonValueKind.Array } entries => entries.EnumerateArray(),
        null => default(JsonElement.ArrayEnumerator),
        _ => null,
    };

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private sealed record Said(bool IsError, string? Code, string Reason, string? Expression);

    private sealed class Draft
    {
        private bool _notNow;
        private int _created;
        private int _known;
        private int _parked;

        public List<PushIssue> Issues { get; } = [];

        public int Refused { get; set; }

        public void Count(int? entry, int status, List<Said> issues)
        {
            switch (status)
            {
                case 201:
                    _created++;
                    return;
                case 202:
                    _parked++;
                    break;
                case >= 200 and < 300:
                    _known++;
                    return;
                default:
                    Refused++;
                    break;
            }

            _notNow |= status is 429 or 503;
            foreach (var issue in Those(issues, i => status == 202 ? ParkingCodes.Contains(i.Code ?? "") : i.IsError))
                Issues.Add(new PushIssue(status != 202, entry, issue.Code, issue.Reason));
            if (issues.Count == 0)
                Issues.Add(new PushIssue(status != 202, entry, null, status == 0 ? "The answer has no status for this entry." : $"Status {status}, no reason given."));
        }

        public PushAnswer Finish() => new(_created, _known, _parked, Refused, Issues) { IsNotNow = _notNow };
    }
}
