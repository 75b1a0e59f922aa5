using System.Collections.Concurrent;
using System.Diagnostics;
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
