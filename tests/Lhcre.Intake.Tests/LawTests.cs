using CsCheck;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>What holds for every push.</summary>
public class LawTests
{
    private static readonly string[] Urns = [.. Enumerable.Range(1, 6).Select(i => $"urn:uuid:00000000-0000-4000-8000-{i:D12}")];

    // A person by number, by local identifier, by neither; things about one of them, about nobody, or silent about it.
    private static readonly Gen<string> GenPatient =
        from id in Gen.Int[1, 3]
        from number in Gen.OneOf(Ann.Digits(), Bob.Digits(), WrongCheckDigit, "")
        from local in Gen.Int[1, 2]
        select $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"{{NhsSystem}}","value":"{{number}}"},{"system":"urn:local","value":"{{local}}"}]}""";

    private static readonly Gen<string> GenReference = Gen.OneOf(
        Gen.Int[1, 4].Select(i => $"Patient/{i}"),
        Gen.OneOf(Urns),
        Gen.OneOf(Ann, Bob).Select(n => $"Patient?identifier={NhsSystem}|{n.Digits()}"),
        Gen.Int[1, 2].Select(i => $"Patient?identifier=urn:local|{i}"),
        Gen.Const("https://elsewhere.example/Patient/1"));

    private static readonly Gen<string> GenObservation =
        from id in Gen.Int[1, 4]
        from subject in GenReference.Null(0.3)
        from member in Gen.Int[1, 4].Select(i => $",\"hasMember\":[{{\"reference\":\"Observation/{i}\"}}]").Null(0.3)
        from status in Gen.OneOf("final", " final", "finished")
        select $$"""{"resourceType":"Observation","id":"{{id}}","status":"{{status}}","code":{"text":"x"}{{member}}{{(subject is null ? "" : $",\"subject\":{About(subject)}")}}}""";

    private static readonly Gen<string> GenNameless = Gen.OneOf(
        Gen.Const("""{"resourceType":"Organization","name":"A"}"""),
        Gen.Const("""{"resourceType":"Practitioner","active":true}"""));

    private static readonly Gen<string> GenEntry =
        from resource in Gen.OneOf(GenPatient, GenObservation, GenNameless)
        from fullUrl in Gen.OneOf(Urns).Null(0.3)
        select Entry(resource, fullUrl);

    private static readonly Gen<string[]> GenEntries = GenEntry.Array[0, 8];

    private static readonly Gen<string> GenKind = Gen.OneOf("message", "collection", "document");

    [Fact]
    public void The_order_of_entries_changes_nothing()
    {
        var gen = from kind in GenKind from entries in GenEntries from shuffled in Gen.Shuffle(entries.ToArray()) select (kind, entries, shuffled);

        gen.Sample(
            push => Assert.Equal(Told(ToBase(Bundle(push.kind, push.entries))), Told(ToBase(Bundle(push.kind, push.shuffled)))),
            iter: 500);
    }

    [Fact]
    public void Reading_twice_says_the_same() => (from kind in GenKind from entries in GenEntries select Bundle(kind, entries)).Sample(
        push =>
        {
            var (first, second) = (ToBase(push), ToBase(push));
            Assert.Equal(first.Issues, second.Issues);
            Assert.Equal(Told(first), Told(second));
            Assert.Equal(first.Entries.SelectMany(e => e.Issues), second.Entries.SelectMany(e => e.Issues));
        },
        iter: 200);

    [Fact]
    public void An_entry_has_a_fragment_or_a_reason_and_a_clue_that_fits() => (from kind in GenKind from entries in GenEntries select Bundle(kind, entries)).Sample(
        push =>
        {
            foreach (var entry in ToBase(push).Entries)
            {
                Assert.Equal(entry.Fragment is null, entry.IsRefused);
                Assert.Equal(entry.Key, entry.Fragment?.Key ?? entry.Key);
                if (entry.Person is PersonClue.Unknowable parked)
                    Assert.Contains(parked.Code, entry.Issues.Select(i => i.Code));
                if (entry.Fragment is null)
                    Assert.Equal(PersonClue.Nobody.One, entry.Person);
            }
        },
        iter: 500);

    [Fact]
    public void A_resource_with_an_id_and_relative_references_is_kept_byte_for_byte()
    {
        var space = Gen.OneOf("", " ", "\n\t", "\r\n  ");
        var number = Gen.OneOf("1", "1.10", "1e2", "1.0E-3", "-0", "123456789012345678.90");
        var text = Gen.OneOf("x", "\\u00e9", "é", "\\/", "\\\"", "😀", "\\ud83d\\ude00");
        var gen =
            from s in space
            from n in number
            from t in text
            from extra in Gen.OneOf("", ",\"note\":[]", ",\"shoe\":{\"a\":1}")
            select $$"""{{{s}}"resourceType"{{s}}:{{s}}"Observation","id":"o",{{s}}"status":"final","code":{"text":"{{t}}"}{{s}},"valueQuantity":{"value":{{s}}{{n}}},"subject":{"reference":"Patient/1"}{{extra}}{{s}}}""";

        gen.Sample(
            json =>
            {
                var fragment = Accepted("Observation", json);
                Assert.Equal(json, Text(fragment.AsSent));
                Assert.Equal("", StrictFaults(fragment.Body));
            },
            iter: 500);
    }

    // All that a push says, entry by entry, in an order of its own.
    private static List<string> Told(Received received) =>
        [.. received.Entries
            .Select(e => $"{e.Key?.Reference} {(e.Fragment is { } f ? Text(f.AsSent) + Text(f.Body) : "-")} {Told(e.Person)} {string.Join(',', e.Issues.Select(i => i.Code.Code))}")
            .Order(StringComparer.Ordinal)];

    private static string Told(PersonClue clue) => clue switch
    {
        PersonClue.Named named => $"{named.Number.Digits()} {named.Patient?.Id}",
        PersonClue.LookUp lookUp => $"{lookUp.Patient?.Id} {string.Join(',', lookUp.Identifiers)} {lookUp.IfUnknown.Code}",
        PersonClue.Unknowable parked => $"{parked.Code.Code} {parked.WaitsFor?.Id}",
        _ => clue.ToString(),
    };
}
