using Lhcre.Intake.Door;
using Lhcre.Record;
using Xunit.Abstractions;

namespace Lhcre.Intake.Tests.Door;

/// <summary>What the door collects on its way is what a second reading would find.</summary>
public class DoorReadingTests(ITestOutputHelper output)
{
    [Fact]
    public void The_layout_is_the_one_that_a_second_reading_finds()
    {
        var (resources, references) = (0, 0);
        foreach (var json in DoorSeeds.Bytes().Concat(RealFiles.All(output, isLong: false).Select(f => f.Json)))
        {
            if (DoorReading.Of(json) is not { } reading)
                continue;
            var layout = Layout.Read(json);
            Assert.Equal(layout.Type, reading.Type);
            Assert.Equal(layout.IdText, reading.Id);
            resources++;
            if (reading.Layout is not { } found)
            {
                Assert.Null(layout.IdText);
                continue;
            }

            Assert.Equal(layout.References.AsEnumerable(), found.References);
            Assert.Equal(layout with { References = [] }, found with { References = [] });
            references += found.References.Length;
        }

        Assert.True(resources >= DoorSeeds.All.Length - 1 && references >= 8);
    }

    [Fact]
    public void Ranges_versions_identifiers_and_URLs_of_entries_are_found_in_the_same_pass()
    {
        var json = Push.Bytes("""
            {"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://x.org/Patient/1","resource":{"resourceType":"Patient","id":"1","meta":{"versionId":"7","lastUpdated":"2026-01-02T03:04:05Z"},
            "identifier":[{"system":"http://s","value":"v"}],"managingOrganization":{"reference":"Organization/2","identifier":{"value":"w"}}}}]}
            """);
        var places = default(Places);

        Assert.Equal(Verdict.Accepted, FastDoor.Check(json, ref places, out var type));
        Assert.Equal("Bundle", type!.Name);
        Assert.Equal(
            [
                (Role.FullUrl, "\"http://x.org/Patient/1\"", 3), (Role.Id, "\"1\"", 4), (Role.VersionId, "\"7\"", 5), (Role.LastUpdated, "\"2026-01-02T03:04:05Z\"", 5),
                (Role.Meta, """{"versionId":"7","lastUpdated":"2026-01-02T03:04:05Z"}""", 4), (Role.IdentifierSystem, "\"http://s\"", 6), (Role.IdentifierValue, "\"v\"", 6),
                (Role.Identifiers, """[{"system":"http://s","value":"v"}]""", 4), (Role.Reference, "\"Organization/2\"", 5), (Role.IdentifierValue, "\"w\"", 6),
            ],
            places.All.ToArray().Where(p => p.Role != Role.Resource).Select(p => (p.Role, Push.Text(json.AsMemory(p.Range.Start..p.Range.End)), p.Depth)));
        Assert.StartsWith("{\"resourceType\":\"Patient\"", Push.Text(json.AsMemory(places.All[^1].Range.Start..places.All[^1].Range.End)), StringComparison.Ordinal);
        places.Dispose();
    }

    [Fact]
    public void Of_a_resource_that_is_not_accepted_or_whose_id_is_no_text_nothing_is_found()
    {
        Assert.Equal(Verdict.Accepted, FastDoor.Check("""{"resourceType":"Patient","id":1e400}"""u8));
        Assert.Null(DoorReading.Of("""{"resourceType":"Patient","id":1e400}"""u8));
        Assert.Null(DoorReading.Of("""{"resourceType":"Patient","id":"1","nonsense":1}"""u8));
        Assert.Null(DoorReading.Of("""{"resourceType":"Patient","id":"1","resourceType":"Patient"}"""u8));
    }
}
