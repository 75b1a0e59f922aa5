namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// The OBX of one result: one segment, but of text, which senders cut into a segment a line, all that follow each other under one OBX-3 and
/// OBX-4 with one status and time.
/// </summary>
internal sealed class ResultGroup
{
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

    /// <summary>The results of an order.</summary>
    public static List<ResultGroup> Of(IEnumerable<Noted> observations)
    {
        var results = new List<ResultGroup>();
        var occurrences = new Dictionary<(string, string), int>();
        var stated = new HashSet<(string, string, string, string, string)>();
        foreach (var observation in observations)
        {
            if (results is [.., var last] && last.IsContinuedBy(observation.Segment))
            {
                last._segments.Add(observation);
                continue;
            }

            var name = Name(observation.Segment);
            if (!IsWords(observation.Segment) && !stated.Add(Statement(observation.Segment)))
                continue;
            var occurrence = occurrences.GetValueOrDefault(name);
            occurrences[name] = occurrence + 1;
            results.Add(new ResultGroup(observation, occurrence));
        }

        return results;
    }

    // The weight that a pharmacy sends with each medicine is one weight.
    private static (string, string, string, string, string) Statement(Hl7Segment observation) =>
        (observation[3].Raw, observation[4].Raw, observation[5].Raw, observation[11].Raw, observation[14].Raw);

    private static bool IsWords(Hl7Segment observation) => ObservationValue.IsText(observation[2].Value) || ObservationValue.IsDocument(observation[2].Value);

    private static (string Code, string Sub) Name(Hl7Segment observation) => (observation[3].Raw, observation[4].Raw);

    private bool IsContinuedBy(Hl7Segment next) =>
        Name(First) == Name(next) && First[11].Value == next[11].Value && First[14].Raw == next[14].Raw
        && ((ObservationValue.IsText(Type) && ObservationValue.IsText(next[2].Value)) || IsCut(next));

    // A document that is cut into several segments says so by OBX-4; whether it is one Attached finds out.
    private bool IsCut(Hl7Segment next) => Type == "ED" && next[2].Value == "ED" && next[4].Value is not null;
}
