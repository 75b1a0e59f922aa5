using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>One message while it is mapped: what was read of it, what became of it, and what is to be said to its sender.</summary>
internal sealed class MessageContext
{
    private readonly Dictionary<string, HashSet<int>> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> _single = new(StringComparer.Ordinal);
    private readonly List<string> _leftOut = [];
    private readonly List<Issue> _issues = [];

    /// <summary>A message that nothing has been read of.</summary>
    public MessageContext(Hl7Message message, string source)
    {
        (Message, Source) = (message, source);
        Facility = AssigningAuthority.Of(message.Header[4]);
        var sent = message.Header[7].Value;
        if (Dtm.Instant(sent) is null)
            Report(IssueCodes.MessageTimeUnreadable, message.Header, 7);
        // MSH-7 → Bundle.timestamp (Segment MSH[Bundle], row MSH-7). EVN-6, else EVN-2: when it happened, which tells two messages of one minute apart.
        var evn = message.First("EVN");
        Draft = new BundleDraft(Dtm.Instant(sent), Dtm.Digits(evn?[6].Value) ?? Dtm.Digits(evn?[2].Value));
    }

    /// <summary>The message.</summary>
    public Hl7Message Message { get; }

    /// <summary>The id of the source that sent it: the scope of all names that are the sender's own.</summary>
    public string Source { get; }

    /// <summary>The sending facility (MSH-4), to which an identifier belongs that names no authority; null where none is given.</summary>
    public AssigningAuthority? Facility { get; }

    /// <summary>What it becomes.</summary>
    public BundleDraft Draft { get; }

    /// <summary>The Patient that this message states, such as <c>Patient/1.oru</c>; null until <see cref="PatientMap"/> has.</summary>
    public string? Patient { get; set; }

    /// <summary>The id of the person without what stands behind it in a thin one: a part of ids of what has no number of its own.</summary>
    public string PersonId { get; set; } = "";

    /// <summary>The visit, such as <c>Encounter/2</c>, be it stated by this message or by another; null where the message names none.</summary>
    public string? Encounter { get; set; }

    /// <summary>What is to be said to the sender, in the order in which it was found.</summary>
    public IReadOnlyList<Issue> Issues => _issues;

    /// <summary>Whether anything refuses the message.</summary>
    public bool IsRefused => _issues.Exists(i => i.Code.Severity == IssueSeverity.Error);

    /// <summary>The repetitions of a field that say something, each once: the same again (<c>C1^Lee~C1^Lee</c>) says nothing more.</summary>
    public static IEnumerable<Hl7Repetition> Given(Hl7Field field) => InTurn(field).DistinctBy(r => r.Raw);

    /// <summary>The repetitions of a field that say something, the same again too: for what is to be done in turn, such as doses.</summary>
    public static IEnumerable<Hl7Repetition> InTurn(Hl7Field field) =>
        field.IsEmpty || field.IsNull ? [] : field.Repetitions.Where(r => r.Raw.AsSpan().Trim() is not ("" or "\"\""));

    /// <summary>The first repetition of a field that says something; null for none.</summary>
    public static Hl7Repetition? FirstOf(Hl7Field field)
    {
        foreach (var given in InTurn(field))
            return given;
        return null;
    }

    /// <summary>Notes which fields of a segment have a map: others of it that hold something, and other segments, are named to the sender.</summary>
    /// <param name="segment">The name of the segment.</param>
    /// <param name="fields">Their numbers; none where only the segment itself is accounted for.</param>
    public void Takes(string segment, params ReadOnlySpan<int> fields)
    {
        if (!_taken.TryGetValue(segment, out var taken))
            _taken[segment] = taken = [];
        foreach (var field in fields)
            taken.Add(field);
    }

    /// <summary>Notes of which fields FHIR has room for one repetition: the first counts, and the sender is told of others.</summary>
    /// <param name="segment">The name of the segment.</param>
    /// <param name="fields">Their numbers.</param>
    public void TakesFirst(string segment, params int[] fields) => _single[segment] = fields;

    /// <summary>Notes segments that have no place in FHIR, such as a note about nothing that is stated: they are named to the sender.</summary>
    public void LeaveOut(IEnumerable<Hl7Segment> segments) => _leftOut.AddRange(segments.Select(s => PathOf(s, 0)));

    /// <summary>A date and time as FHIR dateTime; null where the field is empty, and with an issue where it holds no date.</summary>
    public string? DateTime(Hl7Segment segment, int field) => Read(segment, field, Dtm.DateTime);

    /// <summary>A date and time as FHIR instant; null where the field is empty, and with an issue where it holds no day.</summary>
    public string? Instant(Hl7Segment segment, int field) => Read(segment, field, Dtm.Instant);

    /// <summary>Two dates as FHIR Period; null where neither is one. An issue names what is no date, and an end before the beginning, which is left out.</summary>
    public Element? Period(Hl7Segment segment, int start, int end)
    {
        DateTime(segment, start);
        DateTime(segment, end);
        if (DataTypes.IsReversed(segment[start].Value, segment[end].Value))
            Report(IssueCodes.ValueLeftOut, segment, end);
        return DataTypes.Period(segment[start].Value, segment[end].Value);
    }

    /// <summary>A number as FHIR decimal; null where the field is empty, and with an issue where it holds no number.</summary>
    public string? Number(Hl7Segment segment, int field) => Read(segment, field, DataTypes.Decimal);

    /// <summary>A day as FHIR date; null where the field is empty, and with an issue where it holds no date.</summary>
    public string? Date(Hl7Segment segment, int field) => Read(segment, field, Dtm.Date);

    /// <summary>A code by its table; null where the field is empty, and with an issue where the table has no such code.</summary>
    public string? Code(Hl7Segment segment, int field, CodeTable table)
    {
        var code = segment[field].Value;
        if (code is null)
            return null;
        if (table.Code(code) is { } mapped)
            return mapped;
        Report(IssueCodes.CodeNotMapped, segment, field);
        return null;
    }

    /// <summary>Y or N (table 0136); null where the field is empty, and with an issue for anything else.</summary>
    public bool? Flag(Hl7Segment segment, int field)
    {
        switch (segment[field].Value?.Trim().ToUpperInvariant())
        {
            case null:
                return null;
            case "Y":
                return true;
            case "N":
                return false;
            default:
                Report(IssueCodes.CodeNotMapped, segment, field);
                return null;
        }
    }

    /// <summary>Says something about a field.</summary>
    /// <param name="code">What.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="field">The number of the field; 0 for the whole segment.</param>
    public void Report(IssueCode code, Hl7Segment segment, int field = 0) => _issues.Add(new Issue(code, null, PathOf(segment, field)));

    /// <summary>Says something about the message.</summary>
    /// <param name="code">What.</param>
    /// <param name="place">Such as <c>PID</c>; null where it stands nowhere.</param>
    /// <param name="diagnostics">Details without what was sent; null for none.</param>
    public void Report(IssueCode code, string? place = null, string? diagnostics = null) => _issues.Add(new Issue(code, diagnostics, place));

    /// <summary>Names all that has no map, once at the end: never with what it holds.</summary>
    public void NameWhatHasNoMap()
    {
        var segments = new List<string>();
        var fields = new List<string>();
        foreach (var segment in Message.Segments)
        {
            if (segment.Name == "MSH")
                continue;
            if (!_taken.TryGetValue(segment.Name, out var taken))
            {
                segments.Add(segment.Name);
                continue;
            }

            if (_single.TryGetValue(segment.Name, out var single))
                fields.AddRange(single.Where(f => Given(segment[f]).Skip(1).Any()).Select(f => $"{segment.Name}-{f}[2]"));
            for (var field = 1; taken.Count > 0 && field <= segment.FieldCount; field++)
            {
                if (!taken.Contains(field) && Given(segment[field]).Any())
                    fields.Add($"{segment.Name}-{field}");
            }
        }

        if (segments.Count + fields.Count + _leftOut.Count > 0)
            Report(IssueCodes.NotMapped, null, string.Join(", ", segments.Concat(fields).Concat(_leftOut).Distinct()));
    }

    /// <summary>Where a field stands, such as <c>PID-7</c>, or <c>NK1[2]-16</c> in the second of several.</summary>
    private static string PathOf(Hl7Segment segment, int field) =>
        segment.Name + (segment.Occurrence == 1 ? "" : $"[{segment.Occurrence}]") + (field == 0 ? "" : $"-{field}");

    private string? Read(Hl7Segment segment, int field, Func<string?, string?> read)
    {
        var text = segment[field].Value;
        if (text is null)
            return null;
        if (read(text) is { } value)
            return value;
        Report(IssueCodes.ValueLeftOut, segment, field);
        return null;
    }
}
