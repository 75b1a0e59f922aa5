using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lhcre.Intake;
using Lhcre.Intake.Door;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>
/// How fast it is seen that what a source sends is FHIR: by the bare JSON reader, by the door, by the door that also collects where things
/// stand, and by the FHIR library at its strictest. One after the other in each round, by the time that the processor took, since others
/// may use the machine too.
/// </summary>
internal static class DoorRates
{
    private const int People = 40;
    private const int LargeBundle = 60 * 1024 * 1024;

    /// <summary>Measures it on one thread.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        var synthea = (await SyntheaFiles.Read()).ConvertAll(b => JsonText.Minify(b).ToArray());
        var people = synthea.Count > 0 ? synthea : PushedPeople.KnownToAll().Take(People).SelectMany(p => p.Pushes()).Select(p => p.Bundle).ToList();
        var name = synthea.Count > 0 ? "Synthea" : "synthetic people";
        foreach (var figure in Rates($"{name}, minified", people, scale, Goal.AtLeast(15), Goal.AtLeast(0.3)))
            yield return figure;
        foreach (var figure in Rates($"{name}, indented", people.ConvertAll(ParseRates.Indented), scale, null, null))
            yield return figure;
        if (await SpecificationFiles.Read() is { Count: > 0 } examples)
        {
            foreach (var figure in Rates("examples of the specification", examples, scale, null, null))
                yield return figure;
        }

        foreach (var figure in Rates("narratives and nothing else", [.. Enumerable.Range(1, 40).Select(Narrative)], scale, Goal.AtLeast(3), null))
            yield return figure;
        foreach (var figure in Rates("60 MB in one Bundle", [Large(people)], scale with { Rounds = 1 }, Goal.AtLeast(15), null))
            yield return figure;
    }

    private static IEnumerable<Figure> Rates(string what, List<byte[]> inputs, Scale scale, Goal? aboveLibrary, Goal? ofReader)
    {
        inputs = inputs.FindAll(i => FastDoor.Check(i) == Verdict.Accepted);
        var bytes = inputs.Sum(i => (long)i.Length);
        (string Name, Action<byte[]> Read)[] ways = [("reader", ReadTokens), ("door", Check), ("door, collecting", Collect), ("library", ReadByLibrary)];
        var rounds = ways.Select(_ => new List<Cost>()).ToArray();
        // The first round is for the compiler, which sees only then what is worth its best.
        for (var round = 0; round <= scale.Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
                rounds[way].Add(Cost.Of(inputs, ways[way].Read, bytes, round == 0 ? 2 : scale.Seconds / 4));
        }

        var costs = Array.ConvertAll(rounds, r => new Cost(Median.Of(r[1..], c => c.MegabytesASecond), Median.Of(r[1..], c => c.AllocatedAByte)));
        for (var way = 0; way < ways.Length; way++)
        {
            var isDoor = way is 1 or 2;
            yield return new Figure($"{ways[way].Name}: {what}", $"{costs[way]}")
            {
                Against = isDoor ? $"library, {costs[3]}" : "",
                Ratio = isDoor ? costs[way].MegabytesASecond / costs[3].MegabytesASecond : null,
                Goal = isDoor ? aboveLibrary : null,
            };
            if (isDoor)
                yield return new Figure($"{ways[way].Name}: {what}", $"{costs[way]}") { Against = $"reader, {costs[0]}", Ratio = costs[way].MegabytesASecond / costs[0].MegabytesASecond, Goal = ofReader };
        }
    }

    private static void ReadTokens(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
        }
    }

    private static void Check(byte[] json) => _ = FastDoor.Check(json);

    private static void Collect(byte[] json)
    {
        var places = default(Places);
        _ = FastDoor.Check(json, ref places, out _);
        places.Dispose();
    }

    private static void ReadByLibrary(byte[] json) => GC.KeepAlive(StrictReading.Report(json, "Resource", "Resource"));

    private static byte[] Narrative(int seed)
    {
        var text = new StringBuilder("<div xmlns=\"http://www.w3.org/1999/xhtml\"><h2>Discharge summary</h2><table class=\"grid\">");
        for (var row = 0; row < 200; row++)
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>Day {row + 1}</td><td><b>Pulse</b>: {(row * seed % 60) + 50}/min, seen &amp; noted by the ward.<br/>No further complaint; diet as tolerated.</td><td style=\"color: gray\"><a href=\"#note{row}\">note</a></td></tr>");
        var div = JsonEncodedText.Encode(text.Append("</table></div>").ToString(), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return Encoding.UTF8.GetBytes($$"""{"resourceType":"Basic","id":"n{{seed}}","code":{"text":"note"},"text":{"status":"generated","div":"{{div}}"} }""");
    }

    // The entries of all of them, again and again.
    private static byte[] Large(List<byte[]> bundles)
    {
        using var large = new MemoryStream(LargeBundle + (1024 * 1024));
        large.Write("""{"resourceType":"Bundle","type":"collection","entry":["""u8);
        var entries = bundles.SelectMany(Entries).ToList();
        for (var i = 0; large.Length < LargeBundle; i = (i + 1) % entries.Count)
        {
            if (large.GetBuffer()[large.Length - 1] != '[')
                large.WriteByte((byte)',');
            large.Write(entries[i]);
        }

        large.Write("]}"u8);
        return large.ToArray();
    }

    private static IEnumerable<byte[]> Entries(byte[] bundle)
    {
        using var document = JsonDocument.Parse(bundle);
        foreach (var entry in document.RootElement.GetProperty("entry").EnumerateArray())
            yield return Encoding.UTF8.GetBytes($$"""{"fullUrl":{{entry.GetProperty("fullUrl").GetRawText()}},"resource":{{entry.GetProperty("resource").GetRawText()}} }""");
    }

    private readonly record struct Cost(double MegabytesASecond, double AllocatedAByte)
    {
        public static Cost Of(List<byte[]> inputs, Action<byte[]> read, long bytes, double seconds)
        {
            var (start, allocated, passes) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread(), 0);
            TimeSpan taken;
            do
            {
                foreach (var input in inputs)
                    read(input);
                passes++;
                taken = Environment.CpuUsage.TotalTime - start;
            }
            while (taken.TotalSeconds < seconds);

            return new Cost(bytes * (double)passes / 1e6 / taken.TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)(bytes * passes));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{MegabytesASecond:0.0} MB/s, {AllocatedAByte:0.000} bytes allocated a byte");
    }
}
