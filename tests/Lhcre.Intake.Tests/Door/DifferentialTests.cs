using Xunit.Abstractions;

namespace Lhcre.Intake.Tests.Door;

/// <summary>The door against the reading that it stands for: never another verdict, and next to never none.</summary>
public class DifferentialTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1";

    [Fact]
    public void On_damaged_resources_the_door_says_what_the_library_says()
    {
        var seeds = DoorSeeds.Bytes().Concat(RealFiles.Small(output, IsLong)).Select(s => JsonTree.Parse(s)).ToArray();
        var rounds = IsLong ? 1_000_000 : 4_000;
        var tally = new VerdictTally();
        // In parts, each with a seed of its own, so that a part can be run by itself and all of them at once.
        Parallel.For(0, rounds / 500, part =>
        {
            var random = new Random(8_000_000 + part);
            var mutation = new Mutation(random);
            for (var i = 0; i < 500; i++)
            {
                // Every other one of our own seeds: there is more in them to damage.
                var seed = i % 2 == 0 ? seeds[random.Next(DoorSeeds.All.Length)] : seeds[random.Next(seeds.Length)];
                var (json, kinds) = mutation.Of(seed);
                tally.Add(json, $"{part}/{i} {kinds}");
            }
        });

        output.WriteLine(tally.ToString());
        Assert.Empty(tally.Disagreements);
        Assert.InRange(tally.HandedOver, 0, rounds / 100);
        // Of damaged resources that are all refused a door that refuses everything would be right.
        Assert.True(tally.Accepted > rounds / 20 && tally.Rejected > rounds / 20);
    }

    [Fact]
    public void On_resources_cut_anywhere_the_door_says_what_the_library_says()
    {
        var tally = new VerdictTally();
        foreach (var seed in DoorSeeds.Bytes())
        {
            for (var length = 0; length <= seed.Length; length++)
                tally.Add(seed[..length], $"cut at {length}");
        }

        Assert.Empty(tally.Disagreements);
        Assert.Equal(DoorSeeds.All.Length, tally.Accepted);
        Assert.Equal(0, tally.HandedOver);
    }

    [Fact]
    public void On_resources_nested_to_the_limit_and_beyond_the_door_says_what_the_library_says()
    {
        var tally = new VerdictTally();
        for (var extensions = 20; extensions < 40; extensions++)
        {
            var nested = string.Concat(Enumerable.Repeat("{\"url\":\"http://x\",\"extension\":[", extensions)) + "{\"url\":\"http://x\",\"valueString\":\"x\"}" + string.Concat(Enumerable.Repeat("]}", extensions));
            tally.Add(Push.Bytes($$"""{"resourceType":"Basic","code":{"text":"x"},"extension":[{{nested}}]}"""), $"{extensions} extensions");
            tally.Add(Push.Bytes($$"""{"resourceType":"Basic","code":{"text":"x","extension":[{{nested}}]} }"""), $"{extensions} extensions, one object deeper");
        }

        Assert.Empty(tally.Disagreements);
        Assert.True(tally.Accepted > 10 && tally.Rejected > 10);
    }

    [Fact]
    public void On_real_files_the_door_says_what_the_library_says()
    {
        var tally = new VerdictTally();
        Parallel.ForEach(RealFiles.All(output, IsLong), file => tally.Add(file.Json, file.Name));

        output.WriteLine(tally.ToString());
        Assert.Empty(tally.Disagreements);
        Assert.InRange(tally.HandedOver, 0, tally.Total / 100);
    }
}
