using System.Globalization;
using System.Text;
using System.Text.Json;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Tests.Http;
using Xunit.Sdk;

namespace Lhcre.Silo.Tests.RealShapes;

/// <summary>
/// Takes pushes in as a silo does, each into records of its own, from two sources that say the same; and holds of each record that nothing of
/// it was lost. What is wrong is kept with the name of the file.
/// </summary>
internal sealed class RealRecords
{
    private const string Contributor = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor";

    private static readonly string[] Sources = ["dorset", "hampshire"];
    private static readonly Addresses Home = new("http://127.0.0.1:8080");
    private static readonly DateTimeOffset Arrival = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<string, int> _answered = new(StringComparer.Ordinal);
    private int _pushes;
    private int _merged;

    /// <summary>What did not hold, and of which file.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Resources that were filed, of each type.</summary>
    public SortedDictionary<string, int> Filed { get; } = new(StringComparer.Ordinal);

    /// <summary>How many resources were answered with a code instead: refused, parked, not kept.</summary>
    public int Answered => _answered.Values.Sum();

    /// <summary>Takes in one push.</summary>
    public void Take(Shape shape)
    {
        _pushes++;
        try
        {
            var received = FhirIntake.Read(shape.Body, new Interaction("POST", null, null), Sources[0], Home.Source(Sources[0]));
            if (received.IsRefused)
                Answer("refused", received.Issues.Concat(received.Entries.SelectMany(e => e.Issues)).Where(i => i.Code != IssueCodes.TransactionRefused).Select(i => i.Code));
            else
                Take(shape, received);
        }
        catch (XunitException failure)
        {
            Failures.Add($"{shape.Name}: {failure.Message}");
        }
    }

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_pushes} pushes, {Filed.Values.Sum()} resources of {Filed.Count} types filed from either source and shown as {_merged}; "
        + $"answered with a code: {Answered} ({string.Join(", ", _answered.Select(a => $"{a.Key}: {a.Value}"))})");

    private void Take(Shape shape, Received received)
    {
        using var pushed = JsonDocument.Parse(shape.Body.AsMemory(shape.Body is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), new JsonDocumentOptions { MaxDepth = 128 });
        var people = new Dictionary<NhsNumber, List<ReceivedEntry>>();
        var supporting = new List<ReceivedEntry>();
        foreach (var entry in received.Entries)
        {
            if (entry.IsRefused)
                Answer("refused", entry.Issues.Where(i => i.Code.Severity == IssueSeverity.Error).Select(i => i.Code));
            else if (entry.Fragment is null)
                Answer("not kept", entry.Issues.Select(i => i.Code));
            else if (entry.Person is PersonClue.Named named)
                (people.TryGetValue(named.Number, out var hers) ? hers : people[named.Number] = []).Add(entry);
            else if (entry.Person is PersonClue.Nobody)
                supporting.Add(entry);
            else if (entry.Person is PersonClue.LookUp lookUp)
                Answer("parked", [lookUp.IfUnknown]);
            else if (entry.Person is PersonClue.Unknowable unknowable)
                Answer("parked", [unknowable.Code]);
        }

        foreach (var key in people.Count == 0 ? [NobodysKey] : people.Keys.Select(TestSilo.Pseudonym.For))
        {
            var entries = people.Where(p => TestSilo.Pseudonym.For(p.Key) == key).SelectMany(p => p.Value).Concat(supporting).ToList();
            var sent = entries.ToLookup(e => e.Fragment!.Key.Reference, e => Sent(pushed.RootElement, e.Index), StringComparer.Ordinal);
            Hold(Merged(key, shape.Name, entries, received.Time), sent);
        }

        foreach (var entry in people.Values.SelectMany(p => p).Concat(supporting))
            Filed[entry.Key!.Type] = Filed.GetValueOrDefault(entry.Key.Type) + 1;
    }

    // Where a push is about nobody, what supports others is held all the same.
    private static PatientKey NobodysKey => PatientKey.Parse("pabcdefghijklmnopqrstuvwxyz");

    private static JsonElement Sent(JsonElement pushed, int index) =>
        pushed.GetProperty("resourceType").ValueEquals("Bundle") ? pushed.GetProperty("entry")[index].GetProperty("resource") : pushed;

    private static PatientRecord Merged(PatientKey key, string name, IReadOnlyList<ReceivedEntry> entries, DateTimeOffset? time)
    {
        var record = PatientRecord.Empty(key, Home);
        foreach (var source in Sources)
        {
            var fragments = entries.Select(e => Fragment.Stated(source, e.Fragment!.AsSent, e.Fragment.Mended, time)).ToList();
            var accepted = Merge.Accept(record, fragments, Arrival.AddMinutes(record.Seq)).Fragments;
            var body = LogBody.Write(accepted);
            record = Merge.Apply(record, new RecordRow(record.Seq + 1, PushId.Of(source, name), Arrival.AddMinutes(record.Seq), body, LogBody.Read(body)));
        }

        return record;
    }

    private void Hold(PatientRecord record, ILookup<string, JsonElement> sent)
    {
        var shown = record.All.ToArray().Where(r => r.Shown is not null).ToList(); // the others are our own: disagreements
        var addresses = shown.SelectMany(r => Contributors(r).Select(c => (Contributor: c, Reference: $"{r.Type}/{r.Id}")))
            .ToLookup(c => c.Contributor, c => c.Reference, StringComparer.Ordinal);
        foreach (var source in Sources)
        {
            foreach (var fragment in record.Fragments(record.LiveEntriesOf(source)))
            {
                var shownAs = Assert.Single(addresses[$"{source} {fragment.Key.Reference}"]);
                Assert.StartsWith(fragment.Key.Type + "/", shownAs, StringComparison.Ordinal);
                HoldAsSent(fragment, [.. sent[fragment.Key.Reference]], sent);
            }
        }

        foreach (var resource in shown)
            HoldShown(record, resource, addresses);
        var references = record.All.ToArray().Select(r => $"{r.Type}/{r.Id}").ToHashSet(StringComparer.Ordinal);
        foreach (var resource in record.All.ToArray())
        {
            var inside = Layout.Read(resource.Resource.Span).References.Where(r => !r.IsUrl && Fragment.LocalTarget("", r.Text) is not null);
            Assert.All(inside, r => Assert.Contains(r.Text, references));
        }

        _merged += shown.Count;
    }

    // Its own words at its own base. Where one push states a resource twice, one of the two stands.
    private static void HoldAsSent(Fragment fragment, JsonElement[] sent, ILookup<string, JsonElement> pushed)
    {
        using var asSent = JsonDocument.Parse(fragment.AsSent, new JsonDocumentOptions { MaxDepth = 128 });
        var words = sent.Length == 1 ? sent[0] : sent.First(s => s.GetRawText().Length == fragment.AsSent.Length);
        var turned = SameWords.Hold(words, asSent.RootElement, isMerged: false).Where(t => t.Sent != t.Shown).ToList();
        Assert.All(turned, t => Assert.True(pushed.Contains(Fragment.LocalTarget("", t.Shown)!.Reference), t.Shown));
        if (turned.Count == 0 && words.TryGetProperty("id", out _))
            Assert.True(Encoding.UTF8.GetBytes(words.GetRawText()).AsSpan().SequenceEqual(fragment.AsSent.Span), "Bytes differ where nothing is ours to write.");
    }

    private static void HoldShown(PatientRecord record, MergedResource resource, ILookup<string, string> addresses)
    {
        var member = resource.Shown!;
        var source = member.Key.Source;
        var own = Assert.Single(record.Fragments([member]));
        using var words = JsonDocument.Parse(own.Body, new JsonDocumentOptions { MaxDepth = 128 });
        using var shown = JsonDocument.Parse(resource.Resource, new JsonDocumentOptions { MaxDepth = 128 });
        foreach (var (said, stands, isUrl) in SameWords.Hold(words.RootElement, shown.RootElement, isMerged: true))
        {
            var expected = said;
            if (Fragment.LocalTarget(source, said) is { } target && (!isUrl || target.Type == "Binary"))
                expected = addresses[$"{source} {target.Reference}"].FirstOrDefault() ?? $"{Home.Source(source)}/{target.Reference}";
            Assert.Equal(expected, stands);
        }
    }

    private static IEnumerable<string> Contributors(MergedResource resource)
    {
        using var json = JsonDocument.Parse(resource.Resource, new JsonDocumentOptions { MaxDepth = 128 });
        return [.. json.RootElement.GetProperty("meta").GetProperty("extension").EnumerateArray().Where(e => e.GetProperty("url").ValueEquals(Contributor))
            .Select(e => e.GetProperty("extension")).Select(e => $"{e[0].GetProperty("valueCode").GetString()} {e[1].GetProperty("valueString").GetString()}")];
    }

    private void Answer(string fate, IEnumerable<IssueCode> codes)
    {
        var names = codes.Select(c => c.Code).Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(names);
        var key = $"{fate} {string.Join('+', names)}";
        _answered[key] = _answered.GetValueOrDefault(key) + 1;
    }
}
