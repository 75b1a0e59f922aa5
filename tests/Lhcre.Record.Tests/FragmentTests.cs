using System.Text.Json;
using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

public class FragmentTests
{
    [Theory]
    [InlineData("""{"resourceType":"Basic"}""")]
    [InlineData("""{"id":"1"}""")]
    [InlineData("""{"resourceType":"Basic","id":""}""")]
    [InlineData("""{"resourceType":"Basic","id":"a b"}""")]
    [InlineData("""{"resourceType":"Basic","id":"a\"b"}""")] // would have to be escaped wherever the id is written
    [InlineData("""{"resourceType":"Basic","id":7}""")]
    public void A_stated_resource_has_a_type_and_an_id_of_FHIRs_shape(string json) =>
        Assert.Throws<ArgumentException>(() => Fragment.Stated(Dorset, Json(json)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"resourceType":"Basic","id":"1" """)]
    [InlineData("""{"resourceType":"Basic","id":"1","identifier":[{"value":"\ud800"}]}""")]
    public void What_is_not_one_JSON_object_in_Unicode_is_a_JsonException(string json) =>
        Assert.ThrowsAny<JsonException>(() => Fragment.Stated(Dorset, Json(json)));

    [Theory]
    [InlineData("'meta':{'lastUpdated':'2025-06-01T12:00:00Z'}", true, 152, true)] // its own word before the Bundle's
    [InlineData("'meta':{'lastUpdated':'2025-06-01'}", true, 1, true)]
    [InlineData("'meta':{'lastUpdated':'0001-01-01T00:00:00Z'}", true, 1, true)]
    [InlineData("'a':1", true, 1, true)]
    [InlineData("'a':1", false, 0, false)]
    [InlineData("'issued':'2025-06-01T12:00:00Z'", false, 0, false)] // when it was recorded is no version
    public void The_version_is_the_resources_own_time_else_the_Bundles_else_not_declared(string more, bool inBundle, int dayOf2025, bool isDeclared)
    {
        var version = Of(Dorset, "Basic", "1", inBundle ? 1 : null, more).Version;
        Assert.Equal((dayOf2025, isDeclared), (version.Time?.DayOfYear ?? 0, version.IsDeclared));
    }

    [Fact]
    public void A_Bundle_without_a_time_of_its_own_declares_nothing()
    {
        Assert.Null(Fragment.Stated(Dorset, Json("{'resourceType':'Basic','id':'1'}"), time: DateTimeOffset.MinValue).Version.Time);
        Assert.Null(Fragment.Deleted(new EntryKey(Dorset, "Basic", "1"), DateTimeOffset.MinValue).Version.Time);
    }

    [Fact]
    public void The_content_is_what_was_sent_byte_for_byte()
    {
        var one = By(Dorset, "{'resourceType':'Basic','id':'1','a':1.10}", 1);
        Assert.Equal(one.Version, By(Hampshire, "{'resourceType':'Basic','id':'1','a':1.10}", 1).Version);
        Assert.NotEqual(one.Version.Content, By(Dorset, "{'resourceType':'Basic','id':'1','a':1.1}", 1).Version.Content);
        Assert.NotEqual(one.Version.Content, By(Dorset, "{'resourceType':'Basic','id':'1', 'a':1.10}", 1).Version.Content);
        Assert.Equal(default, Gone(Dorset, "Basic", "1", 1).Version.Content);
    }

    [Fact]
    public void A_stamp_adds_a_time_that_is_ours_and_changes_nothing_else()
    {
        var unstamped = Of(Dorset, "Observation", "1", null, "'subject':{'reference':'Patient/p'},'meta':{'versionId':'3'}");
        var stamped = unstamped.Stamped(Day(2).ToOffset(TimeSpan.FromHours(5)));
        Assert.Equal(new FragmentVersion(Day(2), false, "3", unstamped.Version.Content), stamped.Version);
        Assert.Equal((unstamped.Key, unstamped.Facts, unstamped.Id, unstamped.Meta), (stamped.Key, stamped.Facts, stamped.Id, stamped.Meta));
        Assert.Equal(unstamped.References.AsEnumerable(), stamped.References);
        Assert.Equal(Text(unstamped.Body), Text(stamped.Body));
    }

    [Fact]
    public void References_are_those_to_entries_of_the_same_source()
    {
        var fragment = Of(Hampshire, "Basic", "1", 1, "'a':[{'reference':'Patient/p'},{'reference':'#x'},{'reference':'Practitioner/d/_history/2'},{'reference':'https://example.org/fhir/Patient/p'}]");
        Assert.Equal([new EntryKey(Hampshire, "Patient", "p"), new EntryKey(Hampshire, "Practitioner", "d")], fragment.References.Select(r => r.Target));
    }

    [Theory]
    [InlineData("Practitioner", "", true)]
    [InlineData("Organization", "", true)]
    [InlineData("Medication", "", true)]
    [InlineData("Binary", "", true)]
    [InlineData("Device", "", true)]
    [InlineData("Device", "'patient':{'reference':'Patient/p'}", false)] // the patient's own
    [InlineData("Device", "'patient':{'identifier':{'value':'x'}}", false)]
    [InlineData("Specimen", "'subject':{'reference':'Patient/p'}", false)]
    [InlineData("Patient", "", false)]
    [InlineData("Observation", "", false)]
    [InlineData("Appointment", "", false)]
    public void A_supporting_resource_is_about_nobody(string type, string more, bool expected) =>
        Assert.Equal(expected, Of(Dorset, type, "1", 1, more).IsSupporting);
}
