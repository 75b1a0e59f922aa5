using System.Text;
using CsCheck;
using Lhcre.Intake.V2.Mapping;
using Lhcre.Record;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Whatever stands in its fields, a message is mapped or refused, and what it is mapped to is FHIR.</summary>
public class AnyFieldTests
{
    private static readonly string[] Types =
        ["ADT^A01", "ADT^A02", "ADT^A03", "ADT^A08", "ADT^A13", "ADT^A28", "ORU^R01", "MDM^T02", "VXU^V04", "RDE^O11"];

    private static readonly string[] Segments =
        ["PD1", "NK1", "PV1", "PV2", "AL1", "IAM", "DG1", "PR1", "ORC", "OBR", "OBX", "SPM", "TXA", "RXA", "RXE", "RXO", "RXR", "RXC", "TQ1", "NTE", "EVN"];

    // What is of some data type's form, at its bounds or beyond them.
    private static readonly string[] Values =
    [
        "", "\"\"", "^", "^^^", "~", "&", "~^&", "A", "1", "0", "-1", "+", "-", ".", "<5", ">=1", "1E9", "999999999999999999", "9999999999999999999", "0.000000001",
        "1001", "999812", "99981231", "99981231235959", "99981231235959.9999-1400", "10010101000000+1400", "20260704", "202607040900", "20261325", "00000000",
        "Q9999W", "Q0H", "PRN", "BID~TID", "9999^W", "999999^d", "W9999", "X5", "M1", "1&mg^QAM&0800,0900^D9999^99981231^10010101^S^when^so",
        "NM", "SN", "CE", "TX", "FT", "ED", "RP", "DR", "NR", "TM", "DTM", ">^1^:^2", "^1^-^", "20260101^20250101", "235959.9999",
        "C1^Darwin^Samuel^^^Dr^^^GMC", "C1&Darwin&Samuel&&&Dr&&&GMC", "9434765919^^^NHS^NH", "A&E&x", "A&1.2.3&ISO^B^C^D", "^AP^PDF^Base64^JVBERi0xLjQK", "^AP^PDF^^JVBERi0", "^^^Hex^0",
        "^^^^^^A^^Text", "code^Words & more^SCT^alt^Alt^L", "Y", "N", "D", "W", "X", "U", "R", "V", "F", "C", "998^none^CVX", @"\X00\", @"\.sp9999\", "\uFFFF", "\u0007", "é",
    ];

    private static readonly Gen<string> Segment =
        Gen.Select(Of(Segments), Of(Values).Array[1, 45]).Select((name, fields) => $"{name}|{string.Join('|', fields)}");

    [Fact]
    public void No_value_of_any_field_is_too_much() =>
        Gen.Select(Of(Types), Of(Values), Of(Values), Segment.Array[1, 12]).Sample(
            (type, sent, born, segments) =>
            {
                var text = $"MSH|^~\\&|A|RCB|||{sent}||{type}|1|P|2.4\rPID|||633^^^R0A^MR||A||{born}\r{string.Join('\r', segments)}\r";
                var mapped = Hl7Mapping.Map(Er7.Read(Encoding.UTF8.GetBytes(text)), Push.Source);
                if (mapped.Bundle is null)
                {
                    Assert.Contains(mapped.Issues, i => i.Code.Severity == IssueSeverity.Error);
                    return;
                }

                var received = FhirIntake.Read(mapped.Bundle, new Interaction("POST", null, null), Push.Source, Push.Base);
                Assert.False(received.IsRefused);
                Assert.All(received.Entries, e => Assert.DoesNotContain(e.Issues, i => i.Code.Severity == IssueSeverity.Error && i.Code.Code is not ("LHC301" or "LHC302" or "LHC303")));
            },
            iter: 500, threads: 1);

    private static Gen<string> Of(string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
