namespace Lhcre.Intake.V2.Mapping;

/// <summary>NTE → Annotation (segment NTE[Observation], rows 5 to 8). Senders cut one comment into a segment a line.</summary>
internal static class NoteText
{
    /// <summary>One Annotation for each run of lines by one author at one time.</summary>
    public static IEnumerable<Element> Annotations(MessageContext context, List<Hl7Segment> notes)
    {
        for (var i = 0; i < notes.Count;)
        {
            var (author, time) = By(notes[i]);
            var run = notes.Skip(i).TakeWhile(n => By(n) == (author, time)).ToList();
            i += run.Count;
            if (Lines(run) is not { } text)
                continue;
            // NTE-5 → note.authorReference; NTE-6 → note.time.
            yield return new Element()
                .Set("authorReference", author is null ? null : Agents.Practitioner(context, run[0][5].Repetitions[0]))
                .Set("time", context.DateTime(run[0], 6))
                .Set("text", text);
        }
    }

    /// <summary>All lines of NTE-3; null where none says anything.</summary>
    public static string? Lines(IEnumerable<Hl7Segment> notes) => Joined(notes.SelectMany(n => Lines(n[3])));

    /// <summary>
    /// The lines of a field of text, a line a repetition (segment OBX[DocumentReference], rows 8 and 11: "each repeat yields a line feed"). An
    /// empty one is an empty line.
    /// </summary>
    public static IEnumerable<string> Lines(Hl7Field field) => field.Repetitions.Select(r => r.Text() ?? "");

    /// <summary>Lines as one text; null where they say nothing.</summary>
    public static string? Joined(IEnumerable<string> lines) =>
        string.Join('\n', lines).TrimEnd() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private static (string? Author, string? Time) By(Hl7Segment note) => (note[5].Value is null ? null : note[5].Raw, note[6].Value);
}
