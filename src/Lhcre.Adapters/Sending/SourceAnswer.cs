using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lhcre.Adapters.Sending;

/// <summary>What the record said of one message.</summary>
internal enum Verdict
{
    Accepted,
    Parked,
    Refused,

    /// <summary>To be sent again.</summary>
    NotNow,
}

/// <summary>The verdict on one message, and why.</summary>
internal sealed record MessageAnswer(Verdict Verdict, int Status, IReadOnlyList<AnswerIssue> Issues, IReadOnlyList<int> Entries);

/// <summary>What the record said to a push.</summary>
internal abstract partial record SourceAnswer
{
    private static readonly IReadOnlyList<int> NoEntries = [];

    private SourceAnswer()
    {
    }

    /// <summary>It read the push; a verdict a message.</summary>
    public sealed record Read(IReadOnlyList<MessageAnswer> Messages) : SourceAnswer;

    /// <summary>It refused the push as a whole.</summary>
    public sealed record Whole(MessageAnswer Answer) : SourceAnswer;

    /// <summary>Not now, or nobody knows: the same again.</summary>
    public sealed record Again(string Reason, bool NeedsSomebody) : SourceAnswer;

    /// <summary>Reads an answer.</summary>
    public static SourceAnswer Of(int status, ReadOnlyMemory<byte> body, Push push)
    {
        switch (status)
        {
            case >= 300 and < 400 or 401 or 403 or 404 or 405 or 406 or 407:
                return new Again("the record does not let this source in, or the URL is not its base", true);
            case 408 or 425 or 429 or >= 500 or < 200:
                return new Again(status switch { 429 => "too much is waiting there", 503 => "not now", _ => "it failed" }, false);
        }

        if (push.Kind == OutgoingKind.Hl7V2)
        {
            var codes = Codes().Matches(Encoding.UTF8.GetString(body.Span)).Select(m => new AnswerIssue(m.Groups["code"].Value, m.Groups["text"] is { Length: > 0 } text ? text.Value : m.Groups["code"].Value)).Distinct().ToList();
            var answer = new MessageAnswer(status == 202 ? Verdict.Parked : status < 300 ? Verdict.Accepted : Verdict.Refused, status, codes, NoEntries);
            return status < 300 ? new Read([answer]) : new Whole(answer);
        }

        using var document = Parse(body);
        if (status >= 400)
            return new Whole(new MessageAnswer(Verdict.Refused, status, Issues(document?.RootElement), NoEntries));
        if (document?.RootElement is not { } bundle || Text(bundle, "resourceType") != "Bundle")
            return new Again("the answer is not what a source's base says", true);
        var entries = Member(bundle, "entry") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(Entry).ToList() : [];
        if (!push.IsBatch)
            return new Read([Together(status, entries)]);
        return entries.Count == push.Messages.Count ? new Read(entries) : new Again("the answer has not as many entries as the push", true);
    }

    // Of a Bundle that the source made: accepted as a whole, unless something of it is to be sent again or was refused.
    private static MessageAnswer Together(int status, List<MessageAnswer> entries)
    {
        if (entries.Exists(e => e.Verdict == Verdict.NotNow))
            return new MessageAnswer(Verdict.NotNow, status, [], NoEntries);
        var refused = entries.Select((e, n) => (Entry: e, Number: n)).Where(e => e.Entry.Verdict == Verdict.Refused).ToList();
        if (refused.Count > 0)
            return new MessageAnswer(Verdict.Refused, refused[0].Entry.Status, [.. refused.SelectMany(e => e.Entry.Issues)], [.. refused.Select(e => e.Number)]);
        return new MessageAnswer(entries.Exists(e => e.Verdict == Verdict.Parked) ? Verdict.Parked : Verdict.Accepted, status, [], NoEntries);
    }

    private static MessageAnswer Entry(JsonElement entry)
    {
        var response = Member(entry, "response");
        var status = Text(response, "status") is { Length: >= 3 } text && int.TryParse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;
        var verdict = status switch
        {
            202 => Verdict.Parked,
            >= 200 and < 300 => Verdict.Accepted,
            0 or 429 or >= 500 => Verdict.NotNow,
            _ => Verdict.Refused,
        };
        return new MessageAnswer(verdict, status, verdict == Verdict.Refused ? Issues(Member(response, "outcome")) : [], NoEntries);
    }

    private static List<AnswerIssue> Issues(JsonElement? outcome) => Member(outcome, "issue") is { ValueKind: JsonValueKind.Array } issues
        ? [.. issues.EnumerateArray().Where(i => Text(i, "severity") is "error" or "fatal").Select(Issue)]
        : [];

    private static AnswerIssue Issue(JsonElement issue)
    {
        var details = Member(issue, "details");
        var code = Member(details, "coding") is { ValueKind: JsonValueKind.Array } codings ? codings.EnumerateArray().Select(c => Text(c, "code")).FirstOrDefault(c => c is not null) : null;
        return new AnswerIssue(code, Text(issue, "diagnostics") ?? Text(details, "text") ?? Text(issue, "code") ?? "No reason is given.");
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 1000 });
        }
        catch (JsonException)
        {
            // A gateway's page.
            return null;
        }
    }

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    // ERR-5, or the end of ERR-1: the code and what it means are neighbouring components, whatever separator the message has.
    [GeneratedRegex(@"(?<code>LHC[0-9]{3})(?:(?<separator>[^0-9A-Za-z\r])(?<text>[^\r]*?)\k<separator>)?")]
    private static partial Regex Codes();
}
