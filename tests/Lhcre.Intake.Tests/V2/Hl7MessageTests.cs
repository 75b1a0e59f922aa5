using System.Text;
using Lhcre.Intake.V2;
using Lhcre.Record;
using static Lhcre.Intake.Tests.V2.Er7;

namespace Lhcre.Intake.Tests.V2;

/// <summary>The delimited form of HL7 v2, as the standard has it and as senders write it.</summary>
public class Hl7MessageTests
{
    [Fact]
    public void Fields_are_numbered_as_in_the_standard()
    {
        var message = Read("PID|1||9434765919^^^NHS^NH~H1^^^RDZ&2.16.1&ISO^MR||Bell&van^Ann~Bell^Annie|");
        var pid = message.First("PID")!;

        Assert.Equal("|", message.Header[1].Value);
        Assert.Equal(@"^~\&", message.Header[2].Value);
        Assert.Equal("PAS", message.Header[3].Value);
        Assert.Equal(12, message.Header.FieldCount);
        Assert.Equal(("ADT", "A08", "ADT_A01", "42", "2.4", "P"), (message.Code, message.Event, message.Structure, message.ControlId, message.Version, message.ProcessingId));
        Assert.Equal((1, "PID", 6), (pid.Index, pid.Name, pid.FieldCount));
        Assert.Equal(["9434765919", "H1"], pid[3].Repetitions.Select(r => r.Value));
        Assert.Equal(("9434765919", "NHS"), (pid[3].Value, pid[3].Component(4)));
        Assert.Equal(("RDZ", "2.16.1", "ISO", "MR"), (pid[3].Repetitions[1].Sub(4, 1), pid[3].Repetitions[1].Sub(4, 2), pid[3].Repetitions[1].Sub(4, 3), pid[3].Repetitions[1][5]));
        Assert.Equal(("Bell", "van"), (pid[5].Repetitions[0].Sub(1, 1), pid[5].Repetitions[0].Sub(1, 2)));
        Assert.Equal("Bell&van^Ann~Bell^Annie", pid[5].Raw);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void A_field_that_was_not_sent_is_empty(int number)
    {
        var field = Read("PID|1||x|y|z|").Segments[1][number];

        Assert.True(field.IsEmpty);
        Assert.False(field.IsNull);
        Assert.Empty(field.Repetitions);
        Assert.Equal((null, null, ""), (field.Value, field.Component(1), field.Raw));
    }

    [Fact]
    public void Two_quotation_marks_delete_and_white_space_says_nothing()
    {
        var pid = Read("PID|\"\"| |a^\"\"^ ^\"|\"\"\"\"").First("PID")!;

        Assert.Equal((true, false, null), (pid[1].IsNull, pid[1].IsEmpty, pid[1].Value));
        Assert.Equal((false, false, null, " "), (pid[2].IsNull, pid[2].IsEmpty, pid[2].Value, pid[2].Raw));
        Assert.Equal((null, null, "\""), (pid[3].Component(2), pid[3].Component(3), pid[3].Component(4)));
        Assert.Equal("\"\"\"\"", pid[4].Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(4)]
    public void There_is_no_component_outside_what_was_sent(int number)
    {
        var repetition = Read("PID|a^b&c^d").First("PID")![1].Repetitions[0];

        Assert.Null(repetition[number]);
        Assert.Null(repetition.Sub(2, number));
        Assert.True(repetition.Utf8(number).IsEmpty);
        Assert.Equal((null, null, ""), (default(Hl7Repetition).Value, default(Hl7Repetition).Text(), default(Hl7Repetition).Raw));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\u0007")]
    [InlineData("\u00a0\u0085\t")]
    public void White_space_and_control_characters_say_nothing(string sent) =>
        Assert.Equal((null, null), (Read($"NTE|1||{sent}|x").First("NTE")![3].Value, Read($"NTE|1||{sent}|x").First("NTE")![3].Repetitions[0].Text()));

    [Fact]
    public void A_text_does_not_end_at_a_separator_that_its_sender_left_unescaped()
    {
        var repetition = Read("OBX|1|CE|c^Pain & swelling^L||Bed ^ breakfast").First("OBX")!;

        Assert.Equal("Pain & swelling", repetition[3].Repetitions[0][2]);
        Assert.Equal("Bed ^ breakfast", repetition[5].Repetitions[0].Text());
    }

    [Theory]
    [InlineData("\r", "\r")]
    [InlineData("\n", "\n")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\n\r", "\n\r")]
    [InlineData("\r\r", "\r\n\r\n")]
    [InlineData("\r", "\n")]
    [InlineData("\n", "\r")]
    [InlineData("\r\n", "\r")]
    [InlineData("\r", "")]
    public void Segments_end_at_whatever_line_ends_their_sender_writes(string first, string second)
    {
        var message = Read(Encoding.UTF8.GetBytes($"{Msh}{first}EVN|A08{first}PID|1|{second}ZPI|own|x||{second}"));

        Assert.Equal(second.Length == 0 ? ["MSH", "EVN", "PID"] : ["MSH", "EVN", "PID", "ZPI"], message.Segments.Select(s => s.Name));
        Assert.Equal("A08", message.First("EVN")![1].Raw);
        Assert.Equal([0, 1, 2], message.Segments.Take(3).Select(s => s.Index));
        Assert.Null(message.First("PV1"));
    }

    [Fact]
    public void A_line_that_begins_no_segment_goes_on_with_the_one_before_it()
    {
        var message = Read(Encoding.UTF8.GetBytes($"{Msh}\rOBX|1|TX|c||First\n\nSecond\nBMI\r\nhigh||||||F\rNTE|1||x\rNTE"));

        Assert.Equal(["MSH", "OBX", "NTE", "NTE"], message.Segments.Select(s => s.Name));
        Assert.Equal(("First\n\nSecond\nBMI\r\nhigh", "F"), (message.First("OBX")![5].Value, message.First("OBX")![11].Value));
        Assert.Equal([1, 2], message.Named("NTE").Select(s => s.Occurrence));
    }

    [Theory]
    [InlineData(@"MSH|^~\&|A^1&2", "A|1|2")]
    [InlineData(@"MSH$%~?*$A%1*2", "A|1|2")]
    [InlineData(@"MSH|^~\&#|A^1&2", "A|1|2")]
    [InlineData(@"MSH|^~\&#@!|A^1&2", "A|1|2")]
    [InlineData(@"MSH|^~\\&|A^1&2", "A|1|2")]
    [InlineData(@"MSH|^~\|A^1&2", "A|1&2|")]
    [InlineData(@"MSH|^~|A^1&2", "A|1&2|")]
    [InlineData(@"MSH|^|A^1&2", "A|1&2|")]
    [InlineData(@"MSH^|~\&^A|1&2", "A|1|2")]
    public void A_message_names_its_own_separators(string msh, string expected)
    {
        var repetition = Read(Encoding.UTF8.GetBytes(msh)).Header[3].Repetitions[0];

        Assert.Equal(expected, $"{repetition[1]}|{repetition.Sub(2, 1)}|{repetition.Sub(2, 2)}");
    }

    [Theory]
    [InlineData("", "LHC601")]
    [InlineData("MSH", "LHC601")]
    [InlineData("MSH|", "LHC601")]
    [InlineData("MSHA^~A", "LHC601")]
    [InlineData("PID|1", "LHC601")]
    [InlineData("<ADT_A01 xmlns=\"urn:hl7-org:v2xml\"/>", "LHC601")]
    [InlineData("MSH||x", "LHC602")]
    [InlineData("MSH|\r", "LHC601")]
    [InlineData("MSH|^~^&|x", "LHC602")]
    [InlineData("MSH|^a\\&|x", "LHC602")]
    [InlineData("MSH|^\n~\\&|x", "LHC602")]
    [InlineData("MSH|\"~\\&|x", "LHC602")]
    [InlineData("MSH|^~\u00a7&|x", "LHC602")]
    [InlineData("MSH \u0001^~\\&|x", "LHC602")]
    [InlineData("MSH|^~\\&|x\rPID|1\rMSH|^~\\&|y", "LHC605")]
    public void What_is_no_message_is_refused_with_a_code(string text, string code) => Assert.Equal(code, Fault(Encoding.UTF8.GetBytes(text)).Code);

    [Theory]
    [InlineData("ADT^A04", "ADT_A01")]
    [InlineData("ADT^A31", "ADT_A05")]
    [InlineData("ADT^A11", "ADT_A09")]
    [InlineData("ADT^A02", "ADT_A02")]
    [InlineData("ADT^A28^ADT_A99", "ADT_A99")]
    [InlineData("ORU^R01", "ORU_R01")]
    [InlineData("MDM^T04", "MDM_T02")]
    [InlineData("ACK", "ACK")]
    [InlineData("^A01", "")]
    [InlineData("", "")]
    public void A_message_that_names_no_structure_has_the_one_of_its_event(string type, string structure) =>
        Assert.Equal(structure, Read(Bytes($@"MSH|^~\&|||||||{type}")).Structure);

    [Fact]
    public void The_header_of_a_message_that_cannot_be_read_can_still_be_answered()
    {
        byte[] bytes = [.. Bytes(Msh + "||||||UNICODE UTF-8", "PID|1||\u00e9"), 0xFF];

        Assert.Equal("LHC604", Fault(bytes).Code);
        var header = Hl7Message.HeaderOf(bytes)!;
        Assert.Equal(("42", "PAS", "UNICODE UTF-8", 1), (header.ControlId, header.Header[3].Value, header.Header[18].Value, header.Segments.Count));
        Assert.Null(Hl7Message.HeaderOf("PID|1"u8.ToArray()));
        Assert.Null(Hl7Message.HeaderOf(default));
    }

    [Theory]
    [InlineData("ZZZ", "|", Hl7Limits.Fields)]
    [InlineData("ZZZ|", "~", Hl7Limits.Repetitions)]
    [InlineData("ZZZ", "\rNTE", Hl7Limits.Segments - 2)]
    public void What_is_read_of_one_message_is_bounded(string segment, string more, int most)
    {
        Assert.NotNull(Read(segment + string.Concat(Enumerable.Repeat(more, most))));
        Assert.Equal(IssueCodes.Hl7TooLarge, Fault(Bytes(Msh, segment + string.Concat(Enumerable.Repeat(more, most + 1)))));
    }

    [Fact]
    public void A_header_is_bounded() =>
        Assert.Equal(IssueCodes.Hl7TooLarge, Fault(Bytes(Msh + new string('1', Hl7Limits.HeaderBytes))));

    [Fact]
    public void A_large_document_is_neither_split_nor_copied_before_it_is_asked_for()
    {
        var bytes = Bytes(Msh, "OBX|1|ED|PDF||^AP^PDF^Base64^" + new string('A', 50_000_000) + "||||||F", "NTE|1||x");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Read(bytes);
        var data = message.First("OBX")![5].Repetitions[0].Utf8(5);
        var status = message.First("OBX")![11].Value;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((50_000_000, "F"), (data.Length, status));
        Assert.True(allocated < 20_000, $"{allocated} bytes allocated");
    }
}
