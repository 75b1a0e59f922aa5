using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// The OBX of one result: one segment, but of text, which senders cut into a segment a line, all that follow each other under one OBX-3 and
/// OBX-4 with one status and time.
/// </summary>
internal sealed class ResultGroup
{
    // What is said of a result beside its words: a line that has any of it for itself is another result.
    private static readonly int[] Details = [6, 7, 8, 10, 15, 16, 17, 18, 19, 20, 23];

    private readonly List<Noted> _segments;

    private ResultGroup(Noted first, int occurrence) => (_segments, Occurrence) = ([first], occurrence);

    /// <summary>The first segment, which speaks for all.</summary>
    public Hl7Segment First => _segments[0].Segment;

    /// <summary>OBX-2; of none, text.</summary>
    public string? Type => First[2].Value;

    /// <summary>
    /// How often its OBX-3 and OBX-4 came before it in the order, from 0. Only where a sender does not tell its results apart does the
    /// identity of one depend on its place.
    /// </summary>
    public int Occurrence { get; }

    /// <summary>NTE behind any of its segments.</summary>
    public List<Hl7Segment> Notes => [.. _segments.SelectMany(s => s.Notes)];

    /// <summary>OBX-5 of all its segments, all repetitions.</summary>
    public IEnumerable<Hl7Repetition> Values => _segments.SelectMany(s => s.Segment[5].Repetitions);

    /// <summary>Its text, a line a segment or repetition; null for none.</summary>
    public string? Text => NoteText.Joined(_segments.SelectMany(s => NoteText.Lines(s.Segment[5])));

    /// <summary>Whether its source takes it back (OBX-11).</summary>
    public bool IsWithdrawn => First[11].Value is "D" or "W";

    /// <summary>The results of an order. One that is said again word for word, as the weight that a pharmacy sends with each medicine, is one.</summary>
    public static List<ResultGroup> Of(MessageContext context, IEnumerable<Noted> observations)
    {
        var results = new List<ResultGroup>();
        var occurrences = new Dictionary<(string, string), int>();
        var stated = new HashSet<string>(StringComparer.Ordinal);
        foreach (var observation in observations)
        {
            if (results is [.., var last] && last.IsContinuedBy(observation.Segment))
            {
                last._segments.Add(observation);
                continue;
            }

            var name = Name(observation.Segment);
            if (!IsWords(observation.Segment) && !stated.Add(Statement(observation)))
            {
                context.Report(IssueCodes.StatedTwice, observation.Segment);
                continue;
            }

            var occurrence = occurrences.GetValueOrDefault(name);
            occurrences[name] = occurrence + 1;
            results.Add(new ResultGroup(observation, occurrence));
        }

        return results;
    }

    // All but its number (OBX-1): 5 mmol/L is not 5 mg/dL.
    private static string Statement(Noted observation) => string.Join('\r', observation.Notes.Prepend(observation.Segment).Select(Fields));

    private static string Fields(Hl7Segment segment) =>
        string.Join('|', Enumerable.Range(2, Math.Max(0, segment.FieldCount - 1)).Select(f => segment[f].Raw)).TrimEnd('|');

    private static bool IsWords(Hl7Segment observation) => ObservationValue.IsText(observation[2].Value) || ObservationValue.IsDocument(observation[2].Value);

    private static (string Code, string Sub) Name(Hl7Segment observation) => (observation[3].Raw, observation[4].Raw);

    private bool IsContinuedBy(Hl7Segment next) =>
        Name(First) == Name(next) && First[11].Value == next[11].Value && First[14].Raw == next[14].Raw && Array.TrueForAll(Details, f => next[f].IsEmpty || next[f].Raw == First[f].Raw)
        && ((ObservationValue.IsText(Type) && ObservationValue.IsText(next[2].Value)) || IsCut(next));

    // A document that is cut into several segments says so by OBX-4; whether it is one Attached finds out.
    private bool IsCut(Hl7Segment next) => Type == "ED" && next[2].Value == "ED" && next[4].Value is not null;
}
