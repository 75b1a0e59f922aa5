using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Imports;

namespace Lhcre.Silo.Corrections;

/// <summary>
/// What a source filed under the wrong person goes to the right one's record: <c>POST /sources/{source}/$move</c>, and what that would do. It is ended like a
/// quarantine, with <c>$release</c> (decision 0029).
/// </summary>
internal sealed class MoveApi(CorrectionApi corrections, IJournal journal, Addresses addresses, TimeProvider clock)
{
    private const int Longest = 500;
    private const int MostEntries = 1000;
    private static readonly string[] Names = ["person", "to", "entry", "unit", "reason", "by", "preview"];

    /// <summary>
    /// Each <c>entry</c> (<c>Type/id</c>, the source's own), or a <c>unit</c> (the id of a Patient of the source) with all that is filed under it, leaves the record of
    /// <c>person</c> for that of <c>to</c>: 202 with <c>Content-Location</c> once that is on disk. With <c>preview=true</c> 200, and nothing is written.
    /// </summary>
    public async Task Move(HttpContext http, SourceSystem source)
    {
        if (await Given(http) is not { } given)
            return;
        var (entries, unit) = (Entries(source, given["entry"]), Single("unit"));
        if (entries is null || (entries.Count == 0) == (unit is null) || (unit is not null && !EntryKey.IsValidId(unit)) || Single("preview") is not (null or "true" or "false"))
            await Unclear(http);
        else if (!PatientKey.TryParse(Single("person"), out var person) || !PatientKey.TryParse(Single("to"), out var to) || person == to || person.IsLocal || to.IsLocal
            || (await journal.Heads([person, to], http.RequestAborted)).Any(h => h.Seq == 0))
            await Answers.Issue(http, IssueCodes.MoveOfPeople);
        else
            await Move(http, source, new Ordered(person, to, [.. entries], unit), Single("reason")!, Single("by")!, Single("preview") == "true");

        string? Single(string name) => given[name].SingleOrDefault();
    }

    private async Task Move(HttpContext http, SourceSystem source, Ordered ordered, string reason, string by, bool isPreview)
    {
        var id = corrections.Id(http, source, "move");
        var request = new CorrectionRequest
        {
            Id = id,
            Source = source.Id,
            Reason = reason,
            Move = MoveRequest.Of(new Move(id, source.Id, reason, id, IsHere: false, ordered.To, ordered.Entries, ordered.Unit)),
        };
        // Ordered already: what it moves is not there to be moved again.
        if (!isPreview && await corrections.Known(request, ordered.Person.Value))
        {
            await corrections.Order(http, request, ordered.Person.Value, by);
            return;
        }

        var (from, to) = (await Recorded.Of(ordered.Person, source.Id, addresses, journal, clock, http.RequestAborted), await Recorded.Of(ordered.To, source.Id, addresses, journal, clock, http.RequestAborted));
        var named = ordered.Unit is { } unit ? from.Filed(unit) : [.. ordered.Entries.Select(from.Told.Entry)];
        // What is about nobody is in every record that refers to it.
        if (named.Count == 0 || named.Any(e => e is null || (PatientCompartment.MaySupport(e.Key.Type) && e.LastFacts is { SubjectId: null, SubjectIdentifier: null })))
            await Answers.Issue(http, IssueCodes.NothingToMove);
        else if (named.Any(e => from.Corrections.HaveLeft(e!.Key) || from.Corrections.HaveCome(e.Key) || to.Corrections.HaveLeft(e.Key)))
            await Answers.Issue(http, IssueCodes.MovedAlready);
        else if (isPreview)
            await Preview(http, source, ordered, from, to, [.. named.OfType<Entry>()]);
        else
            await corrections.Order(http, request, ordered.Person.Value, by);
    }

    private static Task Preview(HttpContext http, SourceSystem source, Ordered ordered, Recorded from, Recorded to, IReadOnlyList<Entry> entries) =>
        ImportAnswers.Send(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("source", source.Id);
            writer.WriteString("kind", "move");
            writer.WriteString("state", "preview");
            writer.WriteString("person", ordered.Person.Value);
            writer.WriteString("to", ordered.To.Value);
            writer.WriteStartArray("entries");
            foreach (var entry in entries)
            {
                writer.WriteStartObject();
                writer.WriteString("entry", entry.Key.Reference);
                writer.WriteString("says", entry.IsLive ? "stated" : entry.Kind == FragmentKind.Moved ? "moved" : "withdrawn");
                writer.WriteNumber("versions", entry.Versions.Length);
                writer.WriteBoolean("shown", from.Shown.Entry(entry.Key) is { IsLive: true });
                writer.WriteBoolean("saidThere", to.Shown.Entry(entry.Key) is not null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private static Task Unclear(HttpContext http) => Answers.Issue(
        http, IssueCodes.MoveUnclear,
        $"person and to, reason and by (at most {Longest} characters each) once; either entry=Type/id, up to {MostEntries} times, or unit, the id of a Patient of this source, once; preview=true shows what would move.");

    private static bool IsSaid(IEnumerable<string> values) => values.SingleOrDefault() is { Length: > 0 and <= Longest };

    private static async Task<ILookup<string, string>?> Given(HttpContext http)
    {
        var parameters = (await Query.Of(http)).Parameters.Where(p => p.Key is not ("_format" or "_pretty")).ToList();
        var given = parameters.ToLookup(p => p.Key, p => p.Value);
        var isClear = parameters.All(p => Names.Contains(p.Key)) && Names.All(n => n == "entry" || given[n].Count() < 2)
            && IsSaid(given["reason"]) && IsSaid(given["by"]);
        if (isClear)
            return given;
        await Unclear(http);
        return null;
    }

    // Null where one is none.
    private static List<EntryKey>? Entries(SourceSystem source, IEnumerable<string> given)
    {
        var entries = given.Distinct().Select(text => Fragment.LocalTarget(source.Id, text)).ToList();
        return entries.Contains(null) || entries.Count > MostEntries ? null : [.. entries.OfType<EntryKey>().Order()];
    }

    private sealed record Ordered(PatientKey Person, PatientKey To, ImmutableArray<EntryKey> Entries, string? Unit);

    // A record as it is shown, and as its source believes it to be.
    private sealed record Recorded(string Source, PatientRecord Shown, PatientRecord Told)
    {
        public Record.Corrections Corrections => Shown.Corrections;

        public static async Task<Recorded> Of(PatientKey patient, string source, Addresses addresses, IJournal journal, TimeProvider clock, CancellationToken cancellation)
        {
            RecordRow[] rows = [.. RecordWords.Rows(await journal.LoadLog(patient, cancellation))];
            var corrections = Record.Corrections.Of(rows.Select(row => row.Correction).OfType<Correction>());
            return new Recorded(source, Restatement.Of(patient, addresses, corrections, rows), Restatement.Of(patient, addresses, corrections.Without(source, clock.GetUtcNow()), rows));
        }

        public List<Entry?> Filed(string unit) => [.. Record.Move.Filed(Told, Source, unit)];
    }
}
