using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Lhcre.Record.Tests.Feeds;

public sealed class SourceStatusesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Addresses Addresses = new("http://127.0.0.1:8080");

    private static readonly SourceSystems Sources = new(
    [
        new SourceSystem("dorset", "Dorset Care Record"),
        new SourceSystem("hampshire", "Hampshire CHIE", ["Patient", "Observation"]),
        new SourceSystem("isle-of-wight") { SilentAfter = TimeSpan.FromHours(6) },
    ]);

    [Theory]
    [InlineData("dorset", 0, SourceState.Fresh)]
    [InlineData("dorset", 24 * 3600, SourceState.Fresh)]
    [InlineData("dorset", (24 * 3600) + 1, SourceState.Silent)]
    [InlineData("dorset", -60, SourceState.Fresh)]
    [InlineData("isle-of-wight", 6 * 3600, SourceState.Fresh)]
    [InlineData("isle-of-wight", (6 * 3600) + 1, SourceState.Silent)]
    [InlineData("isle-of-wight", null, SourceState.Never)]
    public void A_source_is_silent_once_its_own_time_has_passed_without_a_contact(string source, int? secondsAgo, SourceState expected)
    {
        SourceContact[] contacts = secondsAgo is { } seconds ? [new(source, Noon.AddSeconds(-seconds))] : [];

        var status = Of(contacts).All.Single(s => s.Source.Id == source);

        Assert.Equal(expected, status.State);
        Assert.Equal(expected == SourceState.Silent ? Noon.AddSeconds(-secondsAgo!.Value) : null, status.SilentSince);
    }

    [Fact]
    public void Where_all_is_well_nothing_is_told()
    {
        var well = Of(Heard(TimeSpan.Zero));
        byte[][] beside = [[1]];

        Assert.Equal((null, null, 0u), (well.Outcome, well.Header, well.Generation));
        Assert.Empty(well.Issues);
        Assert.Empty(well.Errors);
        Assert.Same(beside, well.Beside(beside));
        Assert.Null(SourceStatuses.None.Outcome);
    }

    [Fact]
    public void Who_was_never_heard_and_who_is_silent_is_told_in_an_entry_in_a_header_and_as_errors()
    {
        var statuses = Of([new("dorset", Noon), new("hampshire", Noon.AddHours(-30))]);

        Assert.Equal("hampshire; silent-since=2026-11-21T06:00:00Z, isle-of-wight; never", statuses.Header);
        Assert.Equal(["LHC516 hampshire Hampshire CHIE: no contact since 2026-11-21T06:00:00Z", "LHC515 isle-of-wight isle-of-wight"], Told(statuses.Outcome!));
        Assert.Equal("outcome", JsonNode.Parse(statuses.Outcome!)!["search"]!["mode"]!.GetValue<string>());
        Assert.All(statuses.Issues, i => Assert.Equal((IssueSeverity.Warning, 200), (i.Code.Severity, i.Code.Status)));
        Assert.Equal(["hampshire", "isle-of-wight"], statuses.Errors.Select(i => i.Source));
        Assert.All(statuses.Errors, i => Assert.Equal(("LHC518", 424), (i.Code.Code, i.Code.Status)));
    }

    [Theory]
    [InlineData(6 * 3600, 0, SourceState.Fresh)]
    [InlineData((6 * 3600) + 1, 0, SourceState.Late)]
    [InlineData(-60, 0, SourceState.Fresh)]
    [InlineData(7 * 3600, (6 * 3600) + 1, SourceState.Silent)] // the more there is to say of it
    [InlineData(null, 0, SourceState.Fresh)]
    public void A_source_is_late_once_its_own_time_has_passed_since_its_watermark(int? watermarkAgo, int contactAgo, SourceState expected)
    {
        DateTimeOffset? watermark = watermarkAgo is { } seconds ? Noon.AddSeconds(-seconds) : null;

        var statuses = Of([new("isle-of-wight", Noon.AddSeconds(-contactAgo)) { Watermark = watermark }, new("dorset", Noon), new("hampshire", Noon)]);

        var status = statuses.All[2];
        Assert.Equal((expected, expected == SourceState.Late ? watermark : null), (status.State, status.LateSince));
        Assert.Equal(expected == SourceState.Late ? ["LHC327 isle-of-wight: everything up to 2026-11-22T05:59:59Z was sent"] : [], statuses.Issues.Where(i => i.Code == IssueCodes.SourceLate).Select(i => $"{i.Code.Code} {i.Diagnostics}"));
        Assert.Equal(expected == SourceState.Late ? "isle-of-wight; late-since=2026-11-22T05:59:59Z" : null, expected == SourceState.Silent ? null : statuses.Header);
        Assert.Equal(expected is SourceState.Late or SourceState.Silent ? ["LHC518"] : [], statuses.Errors.Select(i => i.Code.Code));
    }

    [Fact]
    public void Parameters_tell_of_watermarks_refusals_and_counts_where_there_are_any()
    {
        var contact = new SourceContact("dorset", Noon, Noon.AddHours(-2)) { LastAccepted = Noon.AddHours(-1), LastRefused = Noon, Watermark = Noon.AddMinutes(-5) };
        var written = StatusWriter.Write([Of([contact]).All[0]], id => SourceCounts.Of(id, (Counted.Messages, 7)), _ => SourceCounts.Of("dorset", (Counted.Refused, 2)));

        var parts = JsonNode.Parse(written)!["parameter"]![0]!["part"]!.AsArray();

        Assert.Equal(
            "id name state lastContact lastApplied lastAccepted=2026-11-22T11:00:00.000Z lastRefused=2026-11-22T12:00:00.000Z allRefused=true watermark=2026-11-22T11:55:00.000Z silentAfter total sinceStart",
            string.Join(' ', parts.Select(p => $"{p!["name"]}" is "lastAccepted" or "lastRefused" or "allRefused" or "watermark" ? Part(p) : $"{p["name"]}")));
        Assert.Equal(("messages=7", 13), (Part(parts[^2]!["part"]![0]), parts[^2]!["part"]!.AsArray().Count));
        Assert.Equal(["refused=2"], parts[^1]!["part"]!.AsArray().Select(Part).Where(p => !p.EndsWith("=0", StringComparison.Ordinal)));
    }

    [Fact]
    public void Before_it_was_read_back_nobody_is_said_to_have_never_been_heard()
    {
        var statuses = SourceStatuses.Of(Sources, [new("dorset", Noon)], isKnown: false, Noon);

        Assert.Equal([SourceState.Fresh, SourceState.Unknown, SourceState.Unknown], statuses.All.Select(s => s.State));
        Assert.Equal("hampshire; unknown, isle-of-wight; unknown", statuses.Header);
        Assert.Equal(["LHC517", "LHC517"], statuses.Issues.Select(i => i.Code.Code));
        Assert.Equal(2, statuses.Errors.Length);
    }

    [Fact]
    public void The_generation_is_another_one_exactly_where_other_words_are_said()
    {
        var contact = Gen.Select(Gen.OneOf("dorset", "hampshire", "isle-of-wight"), Gen.Int[0, 100_000], (source, seconds) => new SourceContact(source, Noon.AddSeconds(-seconds), Noon));
        var view = Gen.Select(contact.Array[0, 3], Gen.Bool, (contacts, isKnown) => SourceStatuses.Of(Sources, SourceContact.Merge(contacts), isKnown, Noon));
        Gen.Select(view, view).Sample((one, other) =>
            Assert.Equal(Text(one.Outcome) == Text(other.Outcome), one.Generation == other.Generation));
    }

    [Fact]
    public void While_a_source_stays_silent_the_generation_stays_and_when_it_speaks_it_is_that_of_all_well()
    {
        var contacts = Heard(TimeSpan.FromHours(1));
        uint At(double hours) => SourceStatuses.Of(Sources, contacts, isKnown: true, Noon.AddHours(hours)).Generation;

        Assert.Equal(0u, At(0));
        Assert.NotEqual(0u, At(5.1));
        Assert.Equal(At(5.1), At(22.9));
        Assert.NotEqual(At(22.9), At(23.1));
        contacts = [.. contacts.Select(c => c with { LastContact = Noon.AddHours(24) })];
        Assert.Equal(0u, At(24));
    }

    [Fact]
    public void Of_a_source_that_was_never_heard_it_is_not_said_as_well_that_it_holds_nothing()
    {
        var absence = Absence.OfType("Condition", [], Sources, Addresses)!;
        Assert.Equal(["LHC510 dorset Dorset Care Record: Condition", "LHC511 hampshire Hampshire CHIE: Condition", "LHC510 isle-of-wight isle-of-wight: Condition"], Told(absence));

        byte[][] beside = Of([new("dorset", Noon)]).Beside([absence]);

        Assert.Equal(2, beside.Length);
        Assert.Equal(["LHC510 dorset Dorset Care Record: Condition", "LHC511 hampshire Hampshire CHIE: Condition"], Told(beside[0]));
        Assert.Equal(["LHC515 hampshire Hampshire CHIE", "LHC515 isle-of-wight isle-of-wight"], Told(beside[1]));
        Assert.Equal(3, Told(absence).Count);
    }

    [Fact]
    public void An_entry_of_which_nothing_is_left_goes_and_a_silent_source_still_holds_nothing()
    {
        var two = new SourceSystems([new SourceSystem("a", "\"},{\"extension\":[{"), new SourceSystem("b")]);
        var absence = Absence.OfEverything([], two, Addresses)!;
        byte[] resource = [.. "{\"fullUrl\":\"x\"}"u8];

        var never = SourceStatuses.Of(two, [], isKnown: true, Noon);
        Assert.Equal([resource, never.Outcome!], never.Beside([absence, resource]));

        var silent = SourceStatuses.Of(two, [new("a", Noon.AddDays(-2)), new("b", Noon.AddDays(-2))], isKnown: true, Noon);
        Assert.Equal([absence, silent.Outcome!], silent.Beside([absence]));
    }

    [Fact]
    public void Parameters_tell_everything_that_is_known_of_each_source()
    {
        var statuses = Of([new("dorset", Noon, Noon.AddMinutes(-1), TimeSpan.FromMilliseconds(2_500)), new("hampshire", Noon.AddHours(-30))]);

        var parameters = JsonNode.Parse(statuses.Parameters())!;

        Assert.Equal("Parameters", parameters["resourceType"]!.GetValue<string>());
        Assert.Equal(
            [
                "id=dorset name=Dorset Care Record state=fresh lastContact=2026-11-22T12:00:00.000Z lastApplied=2026-11-22T11:59:00.000Z lag=2.5s silentAfter=86400s",
                "id=hampshire name=Hampshire CHIE state=silent lastContact=2026-11-21T06:00:00.000Z silentSince=2026-11-21T06:00:00.000Z silentAfter=86400s "
                    + "supplies=Observation supplies=Patient",
                "id=isle-of-wight name=isle-of-wight state=never silentAfter=21600s",
            ],
            parameters["parameter"]!.AsArray().Select(p => string.Join(' ', p!["part"]!.AsArray().Select(Part))));
        Assert.Equal("""{"resourceType":"Parameters"}""", Text(SourceStatuses.None.Parameters()));
    }

    private static SourceStatuses Of(IReadOnlyList<SourceContact> contacts) => SourceStatuses.Of(Sources, contacts, isKnown: true, Noon);

    private static SourceContact[] Heard(TimeSpan ago) => [.. Sources.All.Select(s => new SourceContact(s.Id, Noon - ago))];

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private static string Part(JsonNode? part)
    {
        var (_, value) = part!.AsObject().Single(m => m.Key != "name");
        return $"{part["name"]}={(value is JsonObject duration ? $"{duration["value"]}{duration["code"]}" : value!.ToString())}";
    }

    private static List<string> Told(byte[] entry) =>
    [
        .. JsonNode.Parse(entry)!["resource"]!["issue"]!.AsArray()
            .Select(i => $"{i!["details"]!["coding"]![0]!["code"]} {i["extension"]![0]!["valueCode"]} {i["diagnostics"]}"),
    ];
}
