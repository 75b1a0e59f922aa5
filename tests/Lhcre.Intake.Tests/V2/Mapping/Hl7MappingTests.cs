using Lhcre.Intake.V2.Mapping;
using Lhcre.Record;
using static Lhcre.Intake.Tests.V2.Mapping.Mapped;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Which messages are taken, and what is said about those that are not.</summary>
public class Hl7MappingTests
{
    private const string Pid = "PID|||633^^^R0A^MR";

    [Theory]
    [InlineData("ADT^A99", "LHC610 MSH-9.2")]
    [InlineData("ADT", "LHC610 MSH-9.2")]
    [InlineData("SIU^S12", "LHC610 MSH-9.1")]
    [InlineData("", "LHC610 MSH-9.1")]
    [InlineData("ADT^A34", "LHC611 MSH-9.2")]
    [InlineData("ADT^A40^ADT_A39", "LHC611 MSH-9.2")]
    public void An_event_that_is_not_taken_is_rejected_with_a_code(string type, string issue)
    {
        var mapped = Of(type, Pid);

        Assert.Null(mapped.Message.Bundle);
        Assert.True(mapped.Message.IsRejected);
        Assert.Equal(issue, mapped.Issues);
    }

    [Fact]
    public void An_event_that_only_the_EVN_names_is_taken_as_before_version_2_3() =>
        Assert.Equal("R0A.633", OfText($"MSH|^~\\&|PAS|RCB|||20260704||ADT|1|P|2.2\rEVN|A28|20260704\r{Pid}\r").At("Patient.id"));

    [Theory]
    [InlineData("LHC612 PID")]
    [InlineData("LHC612 PID", "PID|1||||SMITH^ANN")]
    [InlineData("LHC612 PID", "PID|1||^^^R0A^MR||SMITH^ANN")]
    [InlineData("LHC613 PID[2]", Pid, "PID|||634^^^R0A^MR")]
    public void A_message_about_nobody_or_about_two_is_refused_and_not_rejected(string issue, params string[] segments)
    {
        var mapped = Of("ADT^A01", segments);

        Assert.Null(mapped.Message.Bundle);
        Assert.False(mapped.Message.IsRejected);
        Assert.StartsWith(issue, mapped.Issues, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_map_is_named_once_without_what_it_holds()
    {
        var mapped = Of("ADT^A28", Pid + "||A|||||||||||||ACC1", "ZU1|secret", "ZU1|secret", "GT1|1", "NK1|1|B||||||||Dr|X", "NK1|2|C||||||||Dr");

        var issue = Assert.Single(mapped.Message.Issues);
        Assert.Equal((IssueCodes.NotMapped, "ZU1, GT1, EVN-5, PID-18, NK1-10, NK1-11"), (issue.Code, issue.Diagnostics));
    }

    [Theory]
    [InlineData("PID|||633^^^R0A^MR||A||196513121515", "LHC615 PID-7")]
    [InlineData("PID|||633^^^R0A^MR||A|||Q", "LHC616 PID-8")]
    [InlineData("PID|||633^^^R0A^MR||A||||||||||||||||||||||||UNKNOWN", "LHC615 PID-29")]
    [InlineData("PID|||633^^^R0A^MR||A|||||||||||||||||||||||||maybe", "LHC616 PID-30")]
    public void A_value_that_does_not_fit_is_left_out_and_its_place_is_told(string pid, string issue)
    {
        var mapped = Of("ADT^A28", pid);

        Assert.Equal(issue, mapped.Issues.Replace(", LHC614 EVN-5", "", StringComparison.Ordinal));
        Assert.Equal("""[{"family":"A"}]""", mapped.At("Patient.name"));
    }

    [Fact]
    public void The_null_value_deletes_since_each_message_states_the_person_whole() =>
        Assert.Equal("", Of("ADT^A31", Pid + "||A||\"\"|\"\"|||\"\"||\"\"").At("Patient.address"));

    [Fact]
    public void The_same_message_gives_the_same_bytes()
    {
        static byte[] Bytes() => Of("ADT^A01", Pid, "PV1||I|A^B^C|||||C1^Darwin||||||||||||1", "AL1|1|DA|X").Message.Bundle!;

        Assert.Equal(Bytes(), Bytes());
    }

    [Fact]
    public void A_text_may_hold_whatever_a_message_can_hold() =>
        Assert.Equal(
            "O&Brien \\ \"x\" <b> é \U0001F3E5",
            Of("ADT^A28", Pid + "||" + @"  O\T\Brien \E\ ""x"" <b> é \XF09F8FA5\\X0A\" + "\u0085 \u00a0^ANN").At("Patient.name[0].family"));

    [Fact]
    public void What_is_taken_can_be_listed() => Assert.Contains("ADT^A01", Hl7Mapping.Taken);
}
