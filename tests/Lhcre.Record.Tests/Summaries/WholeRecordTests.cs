using static Lhcre.Record.Tests.Said;
using static Lhcre.Record.Tests.Summaries.ReadSummary;

namespace Lhcre.Record.Tests.Summaries;

/// <summary>What a clinician must not miss has a section where there is any, and what has none is counted: nobody takes a summary for the whole.</summary>
public class WholeRecordTests
{
    private const string Subject = "'subject':{'reference':'Patient/1'}";
    private const string Patient = "'patient':{'reference':'Patient/1'}";
    private const string Pacemaker = "'deviceName':[{'name':'Pacemaker','type':'user-friendly-name'}],'status':'active'";

    [Theory]
    [InlineData(Alerts, "Flag", $"'status':'active','code':{{'text':'DNACPR'}},{Subject}", "DNACPR|")]
    [InlineData(Alerts, "Flag", $"'code':{{'text':'DNACPR'}},{Subject}", "DNACPR|status not stated|")]
    [InlineData(Directives, "Consent", $"'status':'active','category':[{{'coding':[{{'code':'acd','display':'Advance directive'}}]}}],{Patient},'provision':{{'type':'deny'}}", "Advance directive|deny|active|")]
    [InlineData(Plans, "CarePlan", $"'status':'active','intent':'plan','title':'End of life plan',{Subject}", "End of life plan|")]
    [InlineData(Devices, "DeviceUseStatement", $"'status':'active','device':{{'display':'Pacemaker'}},{Subject}", "Pacemaker|active|")]
    public void What_is_active_has_a_section(string section, string type, string more, string told)
    {
        var summary = ReadSummary.Of(Of(Dorset, type, "1", 1, more));
        Assert.Equal(type, Assert.Single(summary.Section(section)).GetProperty("resourceType").GetString());
        Assert.Contains(told, summary.Words(section), StringComparison.Ordinal);
        Assert.DoesNotContain("no part of this summary", summary.Overview, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Alerts, "Flag", $"'status':'inactive','code':{{'text':'Falls'}},{Subject}", "No longer active: Falls (Dorset Care Record (1 Jan 2025)).")]
    [InlineData(Directives, "Consent", $"'status':'inactive','category':[{{'coding':[{{'code':'acd'}}]}}],{Patient}", "Not listed here: 1 that are not valid yet, or no longer.")]
    [InlineData(Plans, "CarePlan", $"'status':'active','period':{{'end':'2025-02-01'}},{Subject}", "Not listed here: 1 that are drafts or proposals, or are over.")]
    [InlineData(Devices, "DeviceUseStatement", $"'status':'completed',{Subject}", "Not listed here: 1 that are over, or are only intended.")]
    [InlineData(Devices, "Device", $"{Pacemaker},{Patient}", "A device of this person of which no use is stated: Pacemaker; active (Dorset Care Record (1 Jan 2025)).")]
    public void What_is_over_or_cannot_be_an_entry_is_told_at_the_head(string section, string type, string more, string told)
    {
        var summary = ReadSummary.Of(Of(Dorset, type, "1", 1, more));
        Assert.DoesNotContain(section, summary.SectionCodes);
        Assert.Contains(told, summary.Overview, StringComparison.Ordinal);
    }

    [Fact]
    public void The_device_of_a_listed_use_is_named_and_comes_along()
    {
        var summary = ReadSummary.Of(
            Of(Dorset, "DeviceUseStatement", "1", 1, $"'status':'active','device':{{'reference':'Device/1'}},'timingDateTime':'2024',{Subject}"),
            Of(Dorset, "Device", "1", 1, $"{Pacemaker},{Patient}"));
        Assert.Contains("|Pacemaker|active|2024|", summary.Words(Devices), StringComparison.Ordinal);
        Assert.DoesNotContain("no use is stated", summary.Words(Devices), StringComparison.Ordinal);
        Assert.Equal(2, summary.Resources.Count(r => r.GetProperty("resourceType").GetString() == "Device"));
    }

    [Fact]
    public void What_has_no_section_is_counted_by_its_type_and_what_is_nobodys_is_not()
    {
        var summary = ReadSummary.Of(
            Of(Dorset, "Patient", "1", 1),
            Of(Dorset, "Encounter", "1", 1, Subject),
            Of(Dorset, "Encounter", "2", 1, Subject),
            Of(Dorset, "FamilyMemberHistory", "1", 1, Patient),
            Of(Dorset, "Consent", "1", 1, $"'status':'active','scope':{{'coding':[{{'code':'patient-privacy'}}]}},{Patient}"),
            Of(Dorset, "List", "1", 1, Subject),
            Of(Dorset, "Specimen", "1", 1),
            Of(Dorset, "Organization", "1", 1));
        Assert.EndsWith(
            "The record also holds what is no part of this summary: consent (1), encounter (2), family member history (1), list (1).",
            summary.Overview,
            StringComparison.Ordinal);
        // A consent about sharing is no advance directive that somebody holds.
        Assert.DoesNotContain("Dorset Care Record holds advance directives", summary.Overview, StringComparison.Ordinal);
    }
}
