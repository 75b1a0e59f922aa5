using Lhcre.Record;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Whose a message is, and under which ids it states what it tells (decision 0015).</summary>
public class MessageIdentityTests
{
    /// <summary>The PID, and the NHS number that the door reads off it; empty for none.</summary>
    [Theory]
    [InlineData("PID|||{0}^^^NHS^NH", true)]
    [InlineData("PID|||{0}^^^NHS", true)]
    [InlineData("PID|||{0}^^^^NH", true)]
    [InlineData("PID|||{0}^^^X&2.16.840.1.113883.2.1.4.1&ISO", true)]
    [InlineData("PID|||{0}^^^https://fhir.nhs.uk/Id/nhs-number", true)]
    [InlineData("PID|||633^^^R0A^MR~{0}^^^NHS^NH", true)]
    [InlineData("PID||{0}|^^^^MR||A||||||||||||||{0}", true)]
    [InlineData("PID|||633^^^R0A^MR||A||||||||||||||{0}", true)]
    [InlineData("PID|||{0}^^^R0A^MR", false)]
    [InlineData("PID|||{0}^^^NHS^MR", false)]
    [InlineData("PID|||{0}", false)]
    [InlineData("PID|||633^^^R0A^MR||A||||||||||||||078-05-1120", false)]
    // A Scottish number, which passes the same check.
    [InlineData("PID|||633^^^R0A^MR||A||||||||||||||0101901208", false)]
    public void An_NHS_number_is_known_by_its_type_or_authority_and_never_by_its_digits_alone(string pid, bool isNhs)
    {
        var mapped = Mapped.Of("ADT^A28", string.Format(null, pid, Mapped.Ann));

        var patient = Assert.Single(mapped.Received!.Entries);
        Assert.Equal(isNhs, patient.Person is PersonClue.Named { Number: var number } && number.Digits() == Mapped.Ann);
        Assert.Equal(isNhs ? 1 : 0, patient.Fragment!.Facts.Identifiers.Count(i => i.System == NhsNumber.System));
    }

    [Fact]
    public void A_number_that_is_no_NHS_number_is_stated_as_sent_so_that_it_is_parked_with_a_code()
    {
        var mapped = Mapped.Of("ADT^A28", "PID|||3333333333^^^NHS");

        Assert.Equal("3333333333", mapped.At("Patient.identifier[0].value"));
        Assert.Contains(mapped.Received!.Entries[0].Issues, i => i.Code == IssueCodes.InvalidNhsNumber);
    }

    [Theory]
    [InlineData("01", "01")]
    [InlineData("02", "02")]
    [InlineData("09", "")]
    [InlineData("UA", "")]
    public void The_status_of_the_NHS_number_is_taken_from_PID_32(string sent, string code) =>
        Assert.Equal(code, Mapped.Of("ADT^A28", $"PID|||{Mapped.Ann}^^^NHS^NH{new string('|', 29)}{sent}")
            .At("Patient.identifier[0].extension[0].valueCodeableConcept.coding[0].code"));

    /// <summary>The PID and the id of the Patient.</summary>
    [Theory]
    [InlineData("PID|||633^^^R0A^MR", "R0A.633")]
    [InlineData("PID|||9^^^R0A^PI~633^^^R0A^MR", "R0A.633")]
    [InlineData("PID|||633^^^R0A^MR~9^^^R0A^PI", "R0A.633")]
    [InlineData("PID|||88^^^GP~9^^^R0A^PI", "R0A.9")]
    [InlineData("PID|||633", "RCB.633")]
    [InlineData("PID||633", "RCB.633")]
    public void A_patient_has_the_id_of_the_persons_own_number_at_its_issuer(string pid, string id) =>
        Assert.Equal(id, Mapped.Of("ADT^A28", pid).At("Patient.id"));

    [Theory]
    [InlineData("PID|||6 33^^^R0A^MR")]
    [InlineData("PID|||6.33^^^R0A^MR")]
    [InlineData("PID|||633^^^my trust^MR")]
    [InlineData("PID|||6333333333333333333333333333333333333333333333333333333333333333333333^^^R0A^MR")]
    [InlineData("PID|||{0}^^^NHS^NH")]
    public void A_number_that_no_id_can_have_or_that_no_URL_may_show_is_hashed(string pid)
    {
        pid = string.Format(null, pid, Mapped.Ann);

        var id = Mapped.Of("ADT^A28", pid).At("Patient.id");

        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(id, Mapped.Of("ADT^A31", pid).At("Patient.id"));
    }

    [Fact]
    public void Parts_of_an_id_never_run_together() =>
        Assert.NotEqual(Mapped.Of("ADT^A28", "PID|||b.c^^^a^MR").At("Patient.id"), Mapped.Of("ADT^A28", "PID|||c^^^a.b^MR").At("Patient.id"));

    [Fact]
    public void Who_and_where_have_an_id_of_all_that_is_said_so_that_no_message_changes_one()
    {
        static Mapped Of(string attending) => Mapped.Of("ADT^A01", "PID|||633^^^R0A^MR", $"PV1||I|||||{attending}||||||||||||2139");

        var first = Of("C1^Darwin^Samuel^^^Dr^^^GMC");
        var second = Of("C1^DARWIN^S^^^^^^GMC");

        Assert.NotEqual(first.At("Practitioner.id"), second.At("Practitioner.id"));
        Assert.Equal(first.At("Practitioner.identifier"), second.At("Practitioner.identifier"));
        Assert.Equal(first.At("Practitioner"), Of("C1^Darwin^Samuel^^^Dr^^^GMC").At("Practitioner"));
    }

    [Fact]
    public void The_next_message_that_names_a_practice_a_consultant_or_a_ward_states_nothing_new_of_it()
    {
        static Dictionary<EntryKey, FragmentVersion> Of(string sent) =>
            Mapped.OfText($"MSH|^~\\&|PAS|RCB|||{sent}||ADT^A01|1|P|2.4\rPID|||633^^^R0A^MR\rPD1|||A PRACTICE^^Y06601\rPV1||I|A^B^C^D||||C1^Darwin^Samuel||||||||||||2139\r")
                .Received!.Entries.Where(e => e.Person is PersonClue.Nobody).ToDictionary(e => e.Key!, e => e.Fragment!.Version);

        var first = Of("20260704090000");

        Assert.Equal(6, first.Count);
        Assert.Equal(first, Of("20260705090000"));
    }

    /// <summary>MSH-7, EVN-2, EVN-6, the time of the version and its number.</summary>
    [Theory]
    [InlineData("20260704090000", "202607040855", "202607040830", "2026-07-04T08:00:00Z", "20260704073000")]
    [InlineData("20260704090000+0000", "202607040855+0000", "", "2026-07-04T09:00:00Z", "20260704085500")]
    [InlineData("202601040900", "", "", "2026-01-04T09:00:00Z", "")]
    [InlineData("20260104090000.1234-0500", "20260104", "", "2026-01-04T14:00:00.1234Z", "20260104000000")]
    [InlineData("20260104", "", "", "2026-01-04T00:00:00Z", "")]
    public void A_version_is_the_time_of_the_message_and_then_of_the_event(string sent, string recorded, string happened, string time, string number)
    {
        var mapped = Mapped.OfText($"MSH|^~\\&|PAS|RCB|||{sent}||ADT^A28|1|P|2.4\rEVN||{recorded}||||{happened}\rPID|||633^^^R0A^MR\r");

        Assert.Equal(DateTimeOffset.Parse(time, null), mapped.Received!.Time);
        Assert.Equal(number, mapped.At("Patient.meta.versionId"));
        Assert.DoesNotContain("LHC619", mapped.Issues, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("20261301")]
    [InlineData("2026")]
    public void Without_a_time_of_the_message_the_order_of_arrival_decides_and_the_sender_is_told(string sent)
    {
        var mapped = Mapped.OfText($"MSH|^~\\&|PAS|RCB|||{sent}||ADT^A28|1|P|2.4\rPID|||633^^^R0A^MR\r");

        Assert.Null(mapped.Received!.Time);
        Assert.Contains("LHC619 MSH-7", mapped.Issues, StringComparison.Ordinal);
    }
}
