using System.Text;
using CsCheck;
using Lhcre.Intake.V2.Mapping;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Whatever stands in the fields, the map answers, the door takes what was mapped, and the same message gives the same bytes.</summary>
public class OrderLawTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1";

    private static readonly string[] Structures = ["ORU^R01", "MDM^T02", "VXU^V04", "RDE^O11"];

    private static readonly string[] Segments = ["ORC", "OBR", "OBX", "OBX", "OBX", "NTE", "SPM", "TXA", "RXA", "RXO", "RXE", "RXR", "RXC", "TQ1", "ZZZ"];

    // What senders put where something else belongs.
    private static readonly string[] Fields =
    [
        "", "", "", "\"\"", "F", "D", "W", "C", "NM", "SN", "CE", "ED", "RP", "TX", "DT", "TM", "DR", "NR", "NA", "A^B^L", "A^B&C^SCT~D^E^LN", "^only words", "&&", "^^^", "~~",
        "0", "-1", "007", "1.50", ".5", "1e9", "99999999999999999999", "<5", "<>^1^:^2", "^1^:^128", "1^^-^2", "20260101", "202601010900", "20261345", "2026", "24000000",
        "0930", "Q6H", "QxH", "BID", "PRN", "D7", "X3", "7^d", "1^2&3&UCUM", @"\X01\", @"\.br\", @"\Z99\", " ", "a b  c", "é😀", "http://a b", "^AP^PDF^Base64^JVBERi0x", "^AP^PDF^Base64^???",
        "^TEXT^^A^hi", "^X^Y^Hex^zz", "C1^Lee^Ann^^^Dr^^^GMC", "C1&Lee&Ann", "RCB^^^^^ODS", "9999", "998^none^CVX", "64994-7^e^LN", "29768-9^v^LN", "CA", "NW", "UN",
    ];

    private static readonly Gen<string> Segment =
        Gen.Select(One(Segments), One(Fields).Array[0, 34]).Select((name, fields) => $"{name}|{string.Join('|', fields)}");

    private static readonly Gen<string> Message =
        Gen.Select(One(Structures), Segment.Array[1, 12]).Select((structure, segments) =>
            $"MSH|^~\\&|A|RCB|B|C|20260309163000||{structure}|1|P|2.5\rPID|||633^^^R0A^MR\r{string.Join('\r', segments)}\r");

    [Fact]
    public void Whatever_stands_in_the_fields_the_map_answers_and_the_door_takes_what_was_mapped()
    {
        var taken = 0;
        Message.Sample(
            er7 =>
            {
                var bytes = Encoding.UTF8.GetBytes(er7);
                var mapped = Hl7Mapping.Map(Er7.Read(bytes), Push.Source);
                if (mapped.Bundle is null)
                    return mapped.Issues.Length > 0;
                Interlocked.Increment(ref taken);
                var received = FhirIntake.Read(mapped.Bundle, new Interaction("POST", null, null), Push.Source, Push.Base);
                Assert.False(received.IsRefused);
                Assert.All(received.Entries, e => Assert.False(e.IsRefused, $"{e.Key?.Type}: {string.Join("; ", e.Issues)}"));
                Assert.All(received.Entries.SelectMany(e => e.Issues), i => Assert.StartsWith("LHC30", i.Code.Code, StringComparison.Ordinal));
                return mapped.Bundle.AsSpan().SequenceEqual(Hl7Mapping.Map(Er7.Read(bytes), Push.Source).Bundle);
            },
            iter: IsLong ? 50_000 : 1_500);
        Assert.True(taken > 500, $"Only {taken} were mapped.");
    }

    [Fact]
    public void Every_OBX_of_a_result_message_is_in_what_it_becomes()
    {
        var number = 0;
        Gen.Select(One("NM", "ST", "TX", "SN", "CE", "FT"), One("K", "NA", ""), One("", "1", "2"), One("F", "C", "P")).Array[1, 20].Sample(
            results =>
            {
                var segments = results.Select(r => $"OBX|1|{r.Item1}|{r.Item2}|{r.Item3}|{Value(r.Item1, number++)}||||||{r.Item4}").ToList();
                var said = segments.Select(s => s.Split('|')[5].Trim('^')).ToList();
                var mapped = Hl7Mapping.Map(
                    Er7.Read(Encoding.UTF8.GetBytes($"MSH|^~\\&|A|RCB|B|C|20260309163000||ORU^R01|1|P|2.5\rPID|||633^^^R0A^MR\rOBR|1||F1|UE\r{string.Join('\r', segments)}\r")),
                    Push.Source);
                var json = Encoding.UTF8.GetString(mapped.Bundle!);
                using var bundle = System.Text.Json.JsonDocument.Parse(json);
                var texts = bundle.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"))
                    .Where(r => r.TryGetProperty("presentedForm", out _))
                    .SelectMany(r => r.GetProperty("presentedForm").EnumerateArray())
                    .Select(f => Encoding.UTF8.GetString(f.GetProperty("data").GetBytesFromBase64()));
                var all = json + string.Concat(texts);
                Assert.All(said, value => Assert.Contains(value, all, StringComparison.Ordinal));
            },
            iter: 300, threads: 1);
    }

    private static Gen<string> One(params string[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static string Value(string type, int number) => type == "SN" ? $"^{7_000_000 + number}" : $"{7_000_000 + number}";
}
