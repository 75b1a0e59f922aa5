using System.Text;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.People;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>Small rows to write, and rows read back as one line of text each, so that they compare by what they hold.</summary>
internal static class JournalExamples
{
    public const string Source = "dorset";

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly PatientKey Ann = Patient(1), Bob = Patient(2), Cyd = Patient(3);

    // In the order of their number.
    public static PatientKey Patient(int number) =>
        PatientKey.Parse("p" + new string([.. $"{number:d26}".Select(digit => (char)(digit - '0' + 'a'))]));

    public static EntryKey Key(string id, string type = "Observation") => new(Source, type, id);

    public static ReadOnlyMemory<byte> Version(byte number) => new byte[] { 0, number };

    public static VersionedKey At(string id, byte version) => new(Key(id), Version(version));

    public static PushId Push(string text) => PushId.Of(Source, text);

    public static LogRow Row(long seq, string text = "") =>
        new(seq, Push($"{seq} {text}"), Noon.AddSeconds(seq), Encoding.UTF8.GetBytes($"body {seq} {text}"));

    public static Append Append(PatientKey patient, long seq, long oldEpoch = 1, long newEpoch = 1) => new()
    {
        Patient = patient,
        OldEpoch = seq == 1 && oldEpoch == 1 ? 0 : oldEpoch,
        NewEpoch = newEpoch,
        Row = Row(seq, patient.Value),
        Source = Source,
    };

    /// <summary>Each of family, given, born and gender: one, or several with semicolons between them.</summary>
    public static PersonFacts Person(string family, string given, string born, string gender = "") => PersonFacts.Of(
    [
        .. Parts(FactElement.FamilyName, family, Folded.Text), .. Parts(FactElement.GivenName, given, Folded.Text),
        .. Parts(FactElement.BirthDate, born, text => text), .. Parts(FactElement.Gender, gender, text => text),
    ]);

    /// <summary>A search's parameters as they stand in a URL, unescaped.</summary>
    public static PersonQuery Who(string query) =>
        PersonQuestion.Read(query.Split('&').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1]))).Query!;

    public static SupportingResource Supporting(string id, byte version) =>
        new(Key(id, "Practitioner"), Version(version), Encoding.UTF8.GetBytes($"practitioner {id} {version}"));

    public static SupportingUse Use(string id, byte? delivered = null) =>
        new(Key(id, "Practitioner"), delivered is { } version ? Version(version) : null);

    public static ParkedResource Parked(string id, int minute = 0, string? waitsFor = null, string source = Source) => new(
        id, source, Noon.AddMinutes(minute), Push(id), "LHC200", $"Nobody is known for {id}.", "Observation",
        waitsFor is null ? null : Key(waitsFor), Encoding.UTF8.GetBytes($"parked {id}"));

    public static RefusedLetter Letter(string name, int minute = 0, string source = Source, string type = "ADT^A01") =>
        RefusedLetter.Of(source, Noon.AddMinutes(minute), IssueCodes.InvalidValue, LetterForm.Hl7V2, type, name, Encoding.UTF8.GetBytes($"MSH|^~\\&|{name}"));

    public static Discarding Discarded(string reason, int minute = 30) => new(Noon.AddMinutes(minute), "operator", reason);

    public static KeptAnswer Answer(string body, int minute = 0, string? location = null) =>
        new(200, Noon.AddMinutes(minute), location, Encoding.UTF8.GetBytes(body));

    public static string Text(LogRow row) => $"{row.Seq} {row.Push.Hash.Bits:x32} {row.At.UtcTicks} {Hex(row.Body)}";

    /// <summary>The head in front, with its snap seq where there is a snapshot.</summary>
    public static string Text(JournalledRecord record) =>
        $"({record.Head.Epoch}, {record.Head.Seq}{(record.Head.SnapSeq == 0 ? "" : $" of {record.Head.SnapSeq}")}): "
        + Text(new JournalledLog(record.Live, record.Rows));

    public static string Text(JournalledLog log) => string.Join("; ", log.History.Select(Text).Concat(log.Rows.Select(Text)));

    public static string Text(RecordChunk chunk) => $"chunk {chunk.Number} of {chunk.FromSeq} to {chunk.ToSeq} {Hex(chunk.Body)}";

    public static RecordChunk Chunk(int number, long from, long to) =>
        new(number, from, to, Encoding.UTF8.GetBytes($"chunk {number} of {from} to {to}"));

    public static string Text(SupportingResource? resource) =>
        resource is null ? "none" : $"{Text(resource.Key)} {Hex(resource.Version)} {Hex(resource.Body)}";

    public static string Text(Aside? aside) => aside switch
    {
        ParkedResource parked => $"{parked with { Body = default, WaitsFor = null }} {(parked.WaitsFor is { } key ? Text(key) : "nothing")} {Hex(parked.Body)}",
        RefusedLetter letter =>
            $"{letter} from {letter.Source} {letter.At.UtcTicks} {letter.Reason} {letter.Type} {letter.Name} {letter.Discarded} {letter.Length} {Hex(letter.Body)}",
        _ => "none",
    };

    public static string Text(AsidePage page) => $"{string.Join(' ', page.Totals)}: {string.Join('\n', page.Items.Select(Text))}";

    public static string Text(KeptAnswer? answer) =>
        answer is null ? "none" : $"{answer.Status} {answer.At.UtcTicks} {answer.Location ?? "nowhere"} {Hex(answer.Body)}";

    /// <summary>Without its id, of which only the order is promised.</summary>
    public static string Text(FollowUp followUp) => $"{followUp.Kind} {followUp.Patient} {Text(followUp.Key)} {Hex(followUp.Version)}";

    public static string Text(EntryKey key) => $"{key.Source}/{key.Type}/{key.Id}";

    public static string Withdraw(PatientKey patient, string id, byte version) =>
        Text(new FollowUp(0, patient, FollowUpKind.Withdraw, Key(id), Version(version)));

    public static string Deliver(PatientKey patient, string id, byte version) =>
        Text(new FollowUp(0, patient, FollowUpKind.Deliver, Key(id, "Practitioner"), Version(version)));

    private static IEnumerable<FactPart> Parts(FactElement element, string values, Func<string, string> read) =>
        values.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(value => new FactPart(element, "", read(value)));

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);
}
