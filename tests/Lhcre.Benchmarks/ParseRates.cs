using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>How fast bytes become fragments: the whole intake, and the parts of it that do not need the FHIR library.</summary>
internal static class ParseRates
{
    private const int People = 40;

    /// <summary>Measures it on one thread.</summary>
    public static async IAsyncEnumerable<Figure> Measure(Scale scale)
    {
        var pushes = PushedPeople.KnownToAll().Take(People).SelectMany(p => p.Pushes()).Select(p => p.Bundle).ToList();
        var indented = pushes.ConvertAll(Indented);
        yield return Intake("synthetic Bundles, minified", pushes, scale);
        yield return Intake("synthetic Bundles, indented", indented, scale);
        if (await SyntheaFiles.Read() is { Count: > 0 } synthea)
            yield return Intake("Synthea Bundles, as they are", synthea, scale);

        List<byte[]> resources = [.. PushedPeople.KnownToAll().Take(People).SelectMany(p => p.Pushes()).SelectMany(p => PushedPeople.Read(p)).Select(f => f.Body.ToArray())];
        var headers = resources.ConvertAll(r => Layout.Read(r));
        yield return Rate("Layout.Read", resources, scale, (_, r) => Layout.Read(r));
        yield return Rate("FactsReader.Read", resources, scale, (i, r) => FactsReader.Read(headers[i].Type!, headers[i].IdText!, r));
        yield return Rate("JsonText.Minify of indented Bundles", indented, scale, (_, b) => JsonText.Minify(b));
        yield return Rate("Utf8JsonReader, every token", resources, scale, (_, r) => Tokens(r));
    }

    private static Figure Intake(string what, List<byte[]> bundles, Scale scale)
    {
        if (bundles.Any(b => FhirIntake.Read(b, new Interaction("POST", null, null), "dorset", "http://127.0.0.1/sources/dorset/fhir").IsRefused))
            throw new InvalidOperationException("A Bundle was refused: its rate says nothing.");
        return Rate($"FhirIntake.Read, {what}", bundles, scale, (_, b) => FhirIntake.Read(b, new Interaction("POST", null, null), "dorset", "http://127.0.0.1/sources/dorset/fhir"));
    }

    private static Figure Rate(string work, List<byte[]> inputs, Scale scale, Func<int, byte[], object> read)
    {
        var bytes = inputs.Sum(i => (long)i.Length);
        var rounds = new List<(double Seconds, double Allocated)>();
        for (var round = 0; round <= scale.Rounds; round++)
        {
            var (start, allocated, passes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread(), 0);
            do
            {
                for (var i = 0; i < inputs.Count; i++)
                    GC.KeepAlive(read(i, inputs[i]));
                passes++;
            }
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < scale.Seconds / 3);

            rounds.Add((Stopwatch.GetElapsedTime(start).TotalSeconds / passes, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)passes));
        }

        rounds.RemoveAt(0);
        var seconds = Median.Of(rounds, r => r.Seconds);
        var each = Median.Of(rounds, r => r.Allocated) / bytes;
        return new Figure(work, string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6 / seconds:0.0} MB/s, {each:0.0} bytes allocated a byte"));
    }

    private static byte[] Tokens(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
        }

        return json;
    }

    internal static byte[] Indented(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.SerializeToUtf8Bytes(document, Indentation);
    }

    private static readonly JsonSerializerOptions Indentation = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
