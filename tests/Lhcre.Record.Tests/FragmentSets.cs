using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>
/// Sets of fragments such as three sources push about one person: few ids, identifiers and moments, so that clusters, versions and references
/// meet all the time.
/// </summary>
internal static class FragmentSets
{
    private static readonly Gen<int> Days = Gen.Int[1, 4];

    private static readonly Gen<EntryKey> Keys = Gen.Select(
        Gen.OneOf(Said.Sources),
        Gen.Frequency((2, "Patient"), (6, "Observation"), (2, "Encounter"), (2, "Practitioner"), (1, "ServiceRequest"), (1, "ImagingStudy")),
        Gen.Frequency((4, Gen.Int[1, 2]), (2, Gen.Int[1, 7])),
        (source, type, id) => new EntryKey(source, type, $"{id}"));

    // Two systems that name the resource, and some that do not.
    private static readonly Gen<string> Identifiers = Gen.Frequency(
        (6, Gen.Select(Gen.OneOf("a", "b"), Gen.Int[1, 3], (system, value) => $"{{'system':'{system}','value':'{value}'}}")),
        (1, Gen.Select(Gen.OneOf("PLAC", "ACSN"), Gen.Int[1, 2], (type, value) => $"{{'type':{{'coding':[{{'code':'{type}'}}]}},'system':'a','value':'{value}'}}")),
        (1, Gen.OneOf("{'value':'1'}", "{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018'}")));

    // Some that are sent, some that never are, and some that are not the source's.
    private static readonly Gen<string> References = Gen.Frequency(
        (8, Gen.Select(Gen.OneOf("Patient", "Practitioner", "Encounter", "Observation"), Gen.Int[1, 3], (type, id) => $"{type}/{id}")),
        (1, Gen.OneOf("Practitioner/never", "#contained", "https://example.org/fhir/Practitioner/1", "Encounter/1/_history/2")));

    private static readonly Gen<string> Meta = Gen.Frequency(
        (3, Gen.Const("")),
        (2, Gen.Select(Days, Gen.OneOf("", "'versionId':'1',", "'versionId':'2',", "'versionId':'10',", "'versionId':'1a',"), (day, version) =>
            $"'meta':{{{version}'lastUpdated':'{Said.Instant(Said.Day(day))}'}},")),
        (1, Gen.OneOf("R", "V").Select(label => $"'meta':{{'security':[{{'system':'s','code':'{label}'}}],'extension':[{{'url':'e','valueReference':{{'reference':'Practitioner/1'}}}}]}},")));

    private static readonly Gen<string> Codes = Gen.Frequency((3, ""), (2, Said.Coded("1") + ","), (1, Said.Coded("2") + ","));

    private static readonly Gen<string> Status = Gen.OneOf(
        "",
        "'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018','extension':[{'url':"
            + "'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus','valueCodeableConcept':{'coding':[{'code':'01'}]}}]}],");

    private static readonly Gen<(string Id, string Refs, string Value)> Content = Gen.Select(
        Identifiers.Array[0, 2],
        References.Array[0, 3],
        Gen.Int[0, 2],
        (identifiers, references, value) => (
            identifiers.Length == 0 ? "" : $"'identifier':[{string.Join(',', identifiers)}],",
            references.Length == 0 ? "" : $"'performer':[{string.Join(',', references.Select(r => $"{{'reference':'{r}'}}"))}],",
            $"'valueInteger':{value}"));

    private static readonly Gen<Fragment> Stated = Gen.Select(Keys, Meta, Codes, Status, Content, Days, Gen.Bool, (key, meta, code, status, content, day, metaLast) =>
    {
        var identifiers = key.Type == "Patient" ? status : content.Id;
        var body = $"{code}{identifiers}{content.Refs}{content.Value}";
        var json = metaLast
            ? $"{{{body},{meta}'resourceType':'{key.Type}','id':'{key.Id}'}}"
            : $"{{'resourceType':'{key.Type}','id':'{key.Id}',{meta}{body}}}";
        return Said.By(key.Source, json, day);
    });

    private static readonly Gen<Fragment> Deleted = Gen.Select(Keys, Days, (key, day) => Fragment.Deleted(key, Said.Day(day)));

    private static readonly Gen<Fragment> Moved = Gen.Select(Keys, Days, (key, day) =>
        Fragment.Moved(key, new FragmentVersion(Said.Day(day), true, null, new ContentHash(5))));

    private static readonly Gen<Fragment> Unstamped = Gen.Select(Keys, Content, Gen.OneOf(StampRule.Arrival, StampRule.AboveLive), Gen.Bool, (key, content, rule, gone) =>
        gone
            ? Fragment.Deleted(key)
            : Said.By(key.Source, $"{{'resourceType':'{key.Type}','id':'{key.Id}',{content.Value}}}", rule: rule));

    private static readonly Gen<Fragment> Mended = Gen.Select(Keys, Content, Days, (key, content, day) => Fragment.Stated(
        key.Source,
        Said.Json($"{{'resourceType':'{key.Type}', 'id':'{key.Id}', 'empty':[], {content.Refs}{content.Value} }}"),
        Said.Json($"{{'resourceType':'{key.Type}', 'id':'{key.Id}', {content.Refs}{content.Value} }}"),
        Said.Day(day)));

    /// <summary>Fragments that all carry a version of their source's: those for which the order law holds.</summary>
    public static Gen<Fragment[]> Declared { get; } = Gen.Frequency((14, Stated), (1, Mended), (4, Deleted), (1, Moved)).Array[1, 40];

    /// <summary>Fragments of any kind.</summary>
    public static Gen<Fragment[]> Fragments { get; } = Gen.Frequency((6, Stated), (1, Mended), (2, Deleted), (1, Moved), (2, Unstamped)).Array[1, 25];

    /// <summary>
    /// Fragments of which many of one source carry one identifier: about as many as there may be for it to name something, so that it starts
    /// and stops to do so.
    /// </summary>
    public static Gen<Fragment[]> Crowded { get; } = Gen.Select(
        Gen.OneOf(Said.Dorset, Said.Dorset, Said.Dorset, Said.Hampshire, Said.Wight), Gen.Int[1, 7], Days, Gen.Int[0, 9], (source, id, day, roll) => roll switch
        {
            0 => Said.Gone(source, "Observation", $"{id}", day),
            1 => Said.Of(source, "Observation", $"{id}", day, Said.Identified("2")),
            2 => Said.Of(source, "Observation", $"{id}", day),
            _ => Said.Of(source, "Observation", $"{id}", day, Said.Identified("1")),
        }).Array[1, 25];

    /// <summary>The set in some order, with repetitions, cut into pushes somehow; and in another such way.</summary>
    public static Gen<(Fragment[] Set, Fragment[][] One, Fragment[][] Other)> Arranged { get; } = ArrangedOf(Declared);

    /// <inheritdoc cref="Arranged"/>
    public static Gen<(Fragment[] Set, Fragment[][] One, Fragment[][] Other)> ArrangedOf(Gen<Fragment[]> sets) =>
        sets.SelectMany(set => Gen.Select(Pushes(set), Pushes(set), (one, other) => (set, one, other)));

    /// <summary>The set as pushes, each fragment at least once.</summary>
    public static Gen<Fragment[][]> Pushes(Fragment[] set) =>
        Gen.OneOf(set).Array[0, set.Length]
            .SelectMany(again => Gen.Shuffle(set.Concat(again).ToArray()))
            .SelectMany(order => Gen.Int[1, 8].Array[order.Length].Select(sizes => Cut(order, sizes)));

    /// <summary>Pushes as a failing law prints them.</summary>
    public static string Text((Fragment[] Set, Fragment[][] One, Fragment[][] Other) arranged) =>
        $"{Text(arranged.One)}\n=== and also\n{Text(arranged.Other)}";

    /// <inheritdoc cref="Text(ValueTuple{Fragment[], Fragment[][], Fragment[][]})"/>
    public static string Text(Fragment[][] pushes) => string.Join("\n---\n", pushes.Select(push => string.Join('\n', push.Select(Text))));

    private static string Text(Fragment fragment) =>
        $"{fragment.Key.Source} {fragment.Kind} {fragment.Key.Reference} {fragment.Version.Time:MM-dd} {Said.Text(fragment.Body)}";

    private static Fragment[][] Cut(Fragment[] order, int[] sizes)
    {
        var pushes = new List<Fragment[]>();
        for (var (at, push) = (0, 0); at < order.Length; at += sizes[push++])
            pushes.Add(order[at..Math.Min(at + sizes[push], order.Length)]);
        return [.. pushes];
    }
}
