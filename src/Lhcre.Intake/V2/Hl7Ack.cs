using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lhcre.Record;

namespace Lhcre.Intake.V2;

/// <summary>
/// Writes general acknowledgements (ACK: MSH, MSA, ERR) in the sender's own separators, charset and version. Nothing in one can end a segment or
/// an MLLP frame but what is meant to.
/// </summary>
public static partial class Hl7Ack
{
    // An answer is read by people, and by receivers with small buffers.
    private const int MostErrors = 100;

    // HL7 table 0357, by the field that is wrong: what a message is decides before what it says.
    private static readonly (string Field, string Code)[] OfHeader = [("MSH-9.2", "201"), ("MSH-9", "200"), ("MSH-11", "202"), ("MSH-12", "203")];

    private static readonly string[] PartsOfPlace = ["segment", "sequence", "field", "repetition", "component", "sub"];

    private static readonly Dictionary<string, string> Conditions = new()
    {
        ["0"] = "Message accepted",
        ["100"] = "Segment sequence error",
        ["101"] = "Required field missing",
        ["102"] = "Data type error",
        ["103"] = "Table value not found",
        ["104"] = "Value too long",
        ["200"] = "Unsupported message type",
        ["201"] = "Unsupported event code",
        ["202"] = "Unsupported processing id",
        ["203"] = "Unsupported version id",
        ["204"] = "Unknown key identifier",
        ["205"] = "Duplicate key identifier",
        ["206"] = "Application record locked",
        ["207"] = "Application internal error",
    };

    /// <summary>Writes one acknowledgement, each segment ended by CR; without the bytes of a frame.</summary>
    /// <param name="to">
    /// The message that is answered, or what <see cref="Hl7Message.HeaderOf"/> can read of it. Null where nothing can be: the answer then names none.
    /// </param>
    /// <param name="code">MSA-1: AA (taken), AE (refused, or not now), AR (not a message for this receiver).</param>
    /// <param name="controlId">MSH-10 of the acknowledgement itself.</param>
    /// <param name="at">MSH-7, written with its offset.</param>
    /// <param name="issues">
    /// Told as ERR segments, errors first, 100 at most; an issue's expression names the place where it is of the form <c>PID-3[2].4</c> or
    /// <c>OBX[2]-5</c>. Before version 2.5 there is one ERR, which has only places and codes.
    /// </param>
    public static byte[] Write(Hl7Message? to, string code, string controlId, DateTimeOffset at, IReadOnlyList<Issue> issues)
    {
        ArgumentNullException.ThrowIfNull(issues);
        var syntax = to?.Syntax ?? Hl7Syntax.Recommended;
        var told = issues.OrderByDescending(i => i.Code.Severity).Take(MostErrors).ToList();
        // The mark of byte order where the charset cannot do without.
        var text = new StringBuilder(syntax.Charset.GetByteCount("M") > 1 ? "\uFEFF" : "");
        Segment(text, syntax, $"MSH{(char)syntax.Field}{syntax.EncodingCharacters}", Header(to, syntax, controlId, at));
        Segment(text, syntax, "MSA", [code, Echo(to, 10), told.Count == 0 ? "" : Hl7Escapes.Escape(told[0].Code.Meaning, syntax)]);
        if (told.Count > 0 && IsBefore25(to?.Version))
            Segment(text, syntax, "ERR", [string.Join(syntax.Repetition == 0 ? ' ' : (char)syntax.Repetition, told.Select(i => CodeAndLocation(i, syntax)))]);
        else
            told.ForEach(i => Segment(text, syntax, "ERR", Error(i, syntax)));
        return syntax.Charset.GetBytes(text.ToString());
    }

    // From MSH-3 on.
    private static string[] Header(Hl7Message? to, Hl7Syntax syntax, string controlId, DateTimeOffset at)
    {
        var type = to is { Event.Length: > 0 } ? string.Join((char)syntax.Components, "ACK", Hl7Escapes.Escape(to.Event, syntax), "ACK") : "ACK";
        return
        [
            Echo(to, 5), Echo(to, 6), Echo(to, 3), Echo(to, 4),
            at.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + at.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal),
            "", type, Hl7Escapes.Escape(controlId, syntax), Echo(to, 11) is { Length: > 0 } processing ? processing : "P", Echo(to, 12) is { Length: > 0 } version ? version : "2.5.1",
            "", "", "", "", "", CharsetOf(to),
        ];
    }

    // As sent, since it is in the same separators; but a line break or another control character that got into it would end the segment.
    private static string Echo(Hl7Message? to, int field) =>
        to is null ? "" : string.Concat(to.Header[field].Raw.Select(c => char.IsControl(c) ? ' ' : c));

    // As far as it was read: with a blank for what ended the name there, the answer would name another charset. And where a byte order mark has shown
    // that it is another, that one.
    private static string CharsetOf(Hl7Message? to)
    {
        if (to?.Syntax.Charset is UTF8Encoding && Hl7Charset.Named(to.Header[18].Value ?? "") is not (null or ASCIIEncoding or UTF8Encoding))
            return "UNICODE UTF-8";
        var raw = to?.Header[18].Raw ?? "";
        var end = raw.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        return end < 0 ? raw : raw[..end];
    }

    private static void Segment(StringBuilder text, Hl7Syntax syntax, string name, string[] fields)
    {
        text.Append(name);
        foreach (var field in fields.AsSpan().TrimEnd(""))
            text.Append((char)syntax.Field).Append(field);
        text.Append('\r');
    }

    // ERR-2 place, 3 code of HL7, 4 severity, 5 our code, 7 details, 8 for people.
    private static string[] Error(Issue issue, Hl7Syntax syntax)
    {
        var condition = ConditionOf(issue);
        var isLocated = Place().Match(issue.Expression ?? "") is { Success: true };
        string?[] details = [isLocated ? null : issue.Expression, issue.Diagnostics];
        return
        [
            "", isLocated ? Located(issue.Expression!, (char)syntax.Components) : "",
            Coded(syntax, (char)syntax.Components, condition, Conditions[condition], "HL70357"),
            issue.Code.Severity switch { IssueSeverity.Error => "E", IssueSeverity.Warning => "W", _ => "I" },
            Coded(syntax, (char)syntax.Components, issue.Code.Code, issue.Code.Meaning, "L"),
            "", Hl7Escapes.Escape(string.Join(": ", details.OfType<string>()), syntax), Hl7Escapes.Escape(issue.Code.Meaning, syntax),
        ];
    }

    // ERR-1 before version 2.5 (ELD): segment, its sequence, the field, and a coded error in subcomponents.
    private static string CodeAndLocation(Issue issue, Hl7Syntax syntax)
    {
        var place = Place().Match(issue.Expression ?? "");
        var condition = ConditionOf(issue);
        var sub = syntax.Subcomponents == 0 ? ' ' : (char)syntax.Subcomponents;
        return string.Join(
            (char)syntax.Components,
            place.Groups["segment"].Value, place.Groups["sequence"].Value, place.Groups["field"].Value,
            Coded(syntax, sub, condition, Conditions[condition], "HL70357") + sub + Coded(syntax, sub, issue.Code.Code, issue.Code.Meaning, "L"));
    }

    private static string Coded(Hl7Syntax syntax, char separator, string code, string meaning, string system) =>
        string.Join(separator, code, Hl7Escapes.Escape(meaning, syntax), system);

    // ERL: segment, its sequence (1 where only the field is named), field, repetition, component, subcomponent.
    private static string Located(string expression, char separator)
    {
        var place = Place().Match(expression);
        string[] parts = [.. PartsOfPlace.Select(name => place.Groups[name].Value)];
        if (parts[1].Length == 0)
            parts[1] = "1";
        return string.Join(separator, parts).TrimEnd(separator);
    }

    private static string ConditionOf(Issue issue)
    {
        foreach (var (field, code) in OfHeader)
        {
            if (issue.Code.FhirType == "not-supported" && issue.Expression?.StartsWith(field, StringComparison.Ordinal) == true)
                return code;
        }

        return issue.Code.FhirType switch
        {
            "structure" => "100",
            "required" => "101",
            "value" or "invalid" => "102",
            "code-invalid" => "103",
            "too-long" or "too-costly" => "104",
            // A field or segment without a map refuses nothing.
            "not-supported" => issue.Code.Severity == IssueSeverity.Error ? "200" : "0",
            "not-found" => "204",
            "duplicate" => "205",
            "informational" => "0",
            _ => "207",
        };
    }

    private static bool IsBefore25(string? version) =>
        version is { Length: > 0 } && decimal.TryParse(version.Length > 3 ? version[..3] : version, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number < 2.5m;

    [GeneratedRegex(@"^(?<segment>[A-Z][A-Z0-9]{2})(\[(?<sequence>\d{1,5})\])?(-(?<field>\d{1,4})(\[(?<repetition>\d{1,5})\])?(\.(?<component>\d{1,4})(\.(?<sub>\d{1,4}))?)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
