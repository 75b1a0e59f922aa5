using static Lhcre.Record.Tests.Said;
using static Lhcre.Record.Tests.Summaries.ReadSummary;

namespace Lhcre.Record.Tests.Summaries;

/// <summary>What was given to somebody, or handed out, is a medicine of theirs also where no order for it was ever sent.</summary>
public class SuppliedMedicinesTests
{
    private const string Medicine = "'medicationCodeableConcept':{'coding':[{'system':'https://dmd.nhs.uk','code':'42','display':'Warfarin'}]},'subject':{'reference':'Patient/1'}";

    [Fact]
    public void Of_one_who_has_nothing_else_they_are_listed_and_nobody_is_said_to_hold_nothing_about_medicines()
    {
        var summary = ReadSummary.Of(
            Of(Dorset, "MedicationDispense", "1", 1, $"'status':'completed','quantity':{{'value':28,'unit':'tablet'}},'whenHandedOver':'2026-02-03',{Medicine}"),
            Of(Dorset, "MedicationAdministration", "1", 1, $"'status':'completed','effectiveDateTime':'2026-02-01','dosage':{{'dose':{{'value':5,'unit':'mg'}}}},{Medicine}"));
        Assert.Equal(["42", "42"], summary.Codes(Medicines));
        var words = summary.Words(Medicines);
        Assert.Contains("Warfarin|supplied: 28 tablet|dispense, completed|handed over 3 Feb 2026|", words, StringComparison.Ordinal);
        Assert.Contains("Warfarin|5 mg|administration, completed|1 Feb 2026|", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Dorset Care Record holds nothing", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MedicationAdministration", "completed", "'effectiveDateTime':'2025-06-01'", true)]
    [InlineData("MedicationAdministration", "not-done", "'effectivePeriod':{'start':'2025-06-01'}", true)]
    [InlineData("MedicationAdministration", "completed", "'effectiveDateTime':'2024-06-01'", false)]
    [InlineData("MedicationAdministration", "entered-in-error", "'effectiveDateTime':'2025-06-01'", false)]
    [InlineData("MedicationDispense", "completed", "'whenHandedOver':'2025-06-01'", true)]
    [InlineData("MedicationDispense", "completed", "'whenPrepared':'2025-06-01'", true)]
    [InlineData("MedicationDispense", "completed", "'whenHandedOver':'2024-06-01'", false)]
    public void They_are_listed_for_twelve_months(string type, string status, string when, bool isListed) => Assert.Equal(
        [isListed ? "42" : "no-medication-info"], ReadSummary.Of(Of(Dorset, type, "1", null, $"'status':'{status}',{Medicine},{when}")).Codes(Medicines));

    [Fact]
    public void What_is_too_old_to_be_listed_is_counted_and_its_source_holds_medicines()
    {
        var words = ReadSummary.Of(Of(Dorset, "MedicationDispense", "1", null, $"'status':'completed',{Medicine},'whenHandedOver':'2020-06-01'")).Words(Medicines);
        Assert.Contains("Not listed here: 1 given or dispensed more than 12 months ago.", words, StringComparison.Ordinal);
        Assert.Contains("Dorset Care Record holds medicines, none of which are listed here.", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_times_the_last_is_listed_and_one_that_was_refused_hides_none_that_was_given()
    {
        var given = Enumerable.Range(1, 4).Select(n => Of(Dorset, "MedicationAdministration", $"{n}", 1, $"'status':'completed',{Medicine},'effectiveDateTime':'2026-02-0{n}'"));
        var refused = Of(Dorset, "MedicationAdministration", "9", 1, $"'status':'not-done',{Medicine},'effectiveDateTime':'2026-02-09'");
        var summary = ReadSummary.Of([.. given, refused]);
        Assert.Equal(["2026-02-09", "2026-02-04"], summary.Section(Medicines).Select(m => m.GetProperty("effectiveDateTime").GetString()));
        Assert.Contains("Not listed here: 3 earlier times that a medicine listed here was given or dispensed.", summary.Words(Medicines), StringComparison.Ordinal);
    }
}
