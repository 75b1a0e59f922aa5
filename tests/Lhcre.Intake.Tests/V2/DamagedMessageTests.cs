using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lhcre.Intake.V2.Mapping;
using Xunit.Abstractions;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests.V2;

/// <summary>
/// Messages of every kind that is taken, damaged at random by a seed: each is answered AA, AE or AR with a code, in an acknowledgement that reads
/// back, within bounds of time and memory, and what is made of it parses strictly.
/// </summary>
public class DamagedMessageTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_123;

    // The FHIR reader allocates some fifty bytes for each byte of JSON, and a segment of v2 becomes ten times as many bytes of JSON.
    private const long MostBytesForMessage = 8 * 1024 * 1024;
    private const long MostBytesForByte = 1_000;

    private static readonly string[] Seeds = SeedMessages.Of(Ann.Digits());
    private static readonly int Rounds = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1" ? 100_000 : 3_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Damaged_messages_are_answered_and_what_is_filed_parses_strictly()
    {
        var answers = new ConcurrentDictionary<string, int>();
        var codes = new ConcurrentDictionary<string, int>();
        var (slowest, dearest) = (TimeSpan.Zero, 0L);
        var gate = new Lock();
        Parallel.For(0, Rounds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, round =>
        {
            var random = new Random(Seed + round);
            var bytes = new Damage(random).Of(Seeds[random.Next(Seeds.Length)]);
            var (clock, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            var answered = Answer(round, bytes);
            var (taken, allocated) = (Stopwatch.GetElapsedTime(clock), GC.GetAllocatedBytesForCurrentThread() - before);
            Check(round, answered);
            Assert.True(allocated < MostBytesForMessage + (MostBytesForByte * bytes.Length), $"Round {round}: {allocated:N0} bytes allocated for {bytes.Length:N0}");
            Assert.True(taken < Patience, $"Round {round}: {taken}");
            answers.AddOrUpdate(answered.Code, 1, (_, n) => n + 1);
            foreach (var code in answered.Codes)
                codes.AddOrUpdate(code, 1, (_, n) => n + 1);
            lock (gate)
                (slowest, dearest) = (taken > slowest ? taken : slowest, Math.Max(dearest, allocated));
        });

        output.WriteLine($"{Rounds} messages: {Counts(answers)}; slowest {slowest.TotalMilliseconds:N0} ms, most allocated {dearest / 1024 / 1024} MiB");
        output.WriteLine(Counts(codes));
        // A test in which everything is refused would show nothing.
        Assert.True(answers["AA"] > Rounds / 10 && answers["AR"] > Rounds / 20 && answers["AE"] > Rounds / 100, Counts(answers));
        Assert.True(codes.Count > 12, Counts(codes));
    }

    [Fact]
    public void Undamaged_they_are_all_taken_without_a_refusal()
    {
        foreach (var answered in Seeds.Select(m => Answered.To(SeedMessages.Bytes(m))))
            Assert.True(answered.Code == "AA" == Hl7Mapping.Taken.Contains(answered.Type), $"{answered.Type} {answered.Code}: {string.Join("; ", answered.Issues)}");
    }

    [Theory]
    [InlineData("ORU^R01", "OBR|1|P{0}|F{0}|c^t^L\rOBX|1|NM|a^b^L||1|g|||||F\r")]
    [InlineData("ORU^R01", "OBX|1|NM|a^b^L||one|g||||||||x\rNTE|1||note\r")]
    [InlineData("ORU^R01", "OBX|1|TX|a^b^L||text||||||F\rSPM|1|S{0}||b^Blood^L\r")]
    [InlineData("MDM^T02", "OBX|1|TX|a^b^L||a line of text||||||F\rORC|RE|{0}\r")]
    [InlineData("VXU^V04", "ORC|RE||I{0}\rRXA|0|1|20251001|20251001|1^Vaccine^L|1\rOBX|1|CE|x||y\r")]
    [InlineData("RDE^O11", "ORC|NW|RX{0}\rRXE||1^Medicine^L|1\rTQ1|1||TID\rRXR|PO\rRXC|B|2^Other^L\r")]
    [InlineData("ADT^A08", "AL1|1|DA|{0}^x^L|SV|Rash||2010-13-13\rDG1|1||{0}^x^L||yesterday\rPR1|1||{0}^x^L\rNK1|1|A^B|SPO|||||x\rOBX|1|NM|a{0}||x\r")]
    [InlineData("ADT^A08", "PV1|1|I\rPD1|||x\rZZZ|{0}\rZ{1}|x\r")]
    public void A_message_twice_as_long_costs_about_twice_as_much(string type, string more)
    {
        Cost(type, more, 50);
        var (once, twice) = (Cost(type, more, 400), Cost(type, more, 800));

        Assert.True(twice < once * 2.6, $"{once:N0} bytes allocated for 400, {twice:N0} for 800");
    }

    [Fact]
    public void Small_documents_cost_what_their_bytes_do() // Round 37681 of the 100,000: room for a large one was kept for each.
    {
        const string Small = "OBX|1|ED|PDF^Report^L||^AP^PDF^Base64^JVBERi0xLjQKJcfsj6IK||||||F\r";

        Assert.InRange(Cost("ORU^R01", Small, 500), 1, MostBytesForMessage);
    }

    private static long Cost(string type, string more, int times)
    {
        var text = new StringBuilder($"MSH|^~\\&|PAS|RDZ|LHCRE|W|20260302130405||{type}|42|P|2.5.1\rEVN||20260302130405\rPID|1||{Ann.Digits()}^^^NHS^NH~H1^^^RDZ^MR||Bell^Ann\rTXA|1|DS|TX|20260302||||||||DOC1||||||AU\r");
        for (var n = 0; n < times; n++)
            text.AppendFormat(CultureInfo.InvariantCulture, more, n, (char)('A' + (n % 26)) + "1");
        var message = Er7.Read(SeedMessages.Bytes(text.ToString()));
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Hl7Mapping.Map(message, Source);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Answered Answer(int round, byte[] bytes)
    {
        try
        {
            return Answered.To(bytes);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Round {round}: {Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 4_000)))}", e);
        }
    }

    private static void Check(int round, Answered answered)
    {
        Assert.True(answered.Code == "AA" || answered.Issues.Length > 0, $"Round {round}: {answered.Code} without a reason");
        foreach (var entry in answered.Entries)
        {
            // Whatever was sent, what the mapping makes of it is FHIR.
            Assert.False(entry.IsRefused, $"Round {round}: {entry.Key?.Type} {string.Join("; ", entry.Issues)}");
            if (entry.Fragment is { Body.IsEmpty: false } fragment)
                Assert.True(StrictFaults(fragment.Body).Length == 0, $"Round {round}: {entry.Key?.Type} {StrictFaults(fragment.Body)}");
        }
    }

    private static string Counts(IEnumerable<KeyValuePair<string, int>> counts) =>
        string.Join(' ', counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}×{c.Value}"));
}
