using System.Text;
using Lhcre.Intake.V2;
using Lhcre.Silo.Tests.Data;
using Xunit.Abstractions;

namespace Lhcre.Clients.Tests.V2;

/// <summary>Messages that several implementations read.</summary>
/// <param name="Name">The file, or how it was made.</param>
/// <param name="Text">The message as all are given it: each segment ended by CR, as the standard has it.</param>
/// <param name="Message">What we read of it.</param>
internal sealed record SampleMessage(string Name, string Text, Hl7Message Message)
{
    /// <summary>Files with lines that begin no segment are read alike by no two implementations: there are no more than this.</summary>
    private const int MostBroken = 4;

    /// <summary>The public sample messages, without those whose lines were broken by whoever copied them; null where there are none, which was said.</summary>
    public static IReadOnlyList<SampleMessage>? OfFiles(ITestOutputHelper log)
    {
        if (SharedData.Find(log, "hl7v2") is not { } folder)
            return null;
        var samples = new List<SampleMessage>();
        var broken = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Path.GetExtension(file) is not (".hl7" or ".txt"))
                continue;
            // A sender that doubled the escape character meant the recommended separators: the others cannot know.
            var text = Encoding.UTF8.GetString(File.ReadAllBytes(file)).ReplaceLineEndings("\r").Replace(@"|^~\\&|", @"|^~\&|", StringComparison.Ordinal).TrimEnd();
            var lines = text.Split('\r', StringSplitOptions.RemoveEmptyEntries);
            if (lines.All(l => l is [>= 'A' and <= 'Z', _, _, '|', ..]))
                samples.Add(Read(Path.GetRelativePath(folder, file), string.Join('\r', lines) + "\r"));
            else
                broken.Add(Path.GetRelativePath(folder, file));
        }

        log.WriteLine($"{samples.Count} files; {broken.Count} with broken lines are not compared: {string.Join(", ", broken)}");
        Assert.InRange(broken.Count, 0, MostBroken);
        Assert.True(samples.Count > 300);
        return samples;
    }

    /// <summary>Messages of one's own making, with separators and escapes of all kinds, from a seed.</summary>
    public static IEnumerable<SampleMessage> Made(int count, int seed)
    {
        var random = new Random(seed);
        for (var n = 0; n < count; n++)
        {
            // Field, component, repetition, escape, subcomponent: any that differ.
            char[] separators = [.. "|^~\\&!$%*+/:;<=>?@_`#".ToCharArray().OrderBy(_ => random.Next()).Take(5)];
            if (n % 2 == 0)
                separators = ['|', '^', '~', '\\', '&'];
            var text = $"MSH{separators[0]}{string.Concat(separators[1..])}{separators[0]}A{separators[0]}B\r"
                + string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Segment(random, separators) + "\r"));
            yield return Read($"made {n}", text);
        }
    }

    private static SampleMessage Read(string name, string text)
    {
        var message = Hl7Message.Parse(Encoding.UTF8.GetBytes(text), out var fault);
        Assert.True(message is not null, $"{name}: {fault?.Code.Code}");
        return new SampleMessage(name, text, message);
    }

    private static string Segment(Random random, char[] separators)
    {
        var (field, component, repetition, subcomponent) = (separators[0], separators[1], separators[2], separators[4]);
        return $"Z{"ABC"[random.Next(3)]}1{field}" + Parts(field, () => Parts(repetition, () => Parts(component, () => Parts(subcomponent, Value))));

        string Parts(char separator, Func<string> part) => string.Join(separator, Enumerable.Range(0, random.Next(1, 5)).Select(_ => part()));

        string Value() => random.Next(4) switch
        {
            0 => "",
            1 => $"é{separators[3]}{"FSTRE"[random.Next(5)]}{separators[3]}z",
            2 => $"{separators[3]}X{random.Next(0x21, 0x7F):X2}{separators[3]}",
            _ => $"v{random.Next(100)} w",
        };
    }
}
