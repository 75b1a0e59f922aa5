using System.Text.Json.Nodes;
using Lhcre.Clients.Tests.Node;
using Lhcre.Intake.V2;
using Xunit.Abstractions;

namespace Lhcre.Clients.Tests.V2;

/// <summary>
/// What we read of HL7 v2 messages, held against two implementations that others wrote: every segment, field, repetition, component and
/// subcomponent, as it was sent and unescaped.
/// </summary>
public class Hl7ImplementationTests(ITestOutputHelper log)
{
    private const int Made = 400;

    [Fact]
    public async Task Sample_messages_are_read_as_python_hl7_reads_them()
    {
        if (SampleMessage.OfFiles(log) is { } samples)
            await ComparePython(samples, atLeast: 50_000);
    }

    [Fact]
    public async Task Messages_with_odd_separators_and_escapes_are_read_as_python_hl7_reads_them() =>
        await ComparePython([.. SampleMessage.Made(Made, 20_261_123)], atLeast: 20_000);

    [Fact]
    public async Task Sample_messages_are_read_as_hl7_standard_reads_them()
    {
        if (SampleMessage.OfFiles(log) is not { } samples || !await NodePackages.Are(log))
            return;
        var theirs = JsonNode.Parse(await PythonHl7.Run(PythonHl7.Json([.. samples.Select(s => s.Text)]), "node", "hl7-standard.mjs"))!.AsArray();
        // MSH-1 is no field to it.
        Compare(samples, theirs, firstOfHeader: 2, leaf => ((string)leaf!, null), atLeast: 50_000);
    }

    private async Task ComparePython(IReadOnlyList<SampleMessage> samples, int atLeast)
    {
        if (await PythonHl7.Read([.. samples.Select(s => s.Text)], log) is { } theirs)
            Compare(samples, theirs, firstOfHeader: 1, leaf => ((string)leaf![0]!, (string)leaf[1]!), atLeast);
    }

    private void Compare(IReadOnlyList<SampleMessage> samples, JsonArray theirs, int firstOfHeader, Func<JsonNode?, (string Sent, string? Value)> read, int atLeast)
    {
        Assert.Equal(samples.Count, theirs.Count);
        var comparison = new Comparison(firstOfHeader, read);
        foreach (var (sample, their) in samples.Zip(theirs))
            comparison.Add(sample, their!);

        log.WriteLine($"{samples.Count} messages, {comparison.Fields} fields, {comparison.Values} values, {comparison.Unescaped} of them unescaped");
        Assert.True(comparison.Differences.Count == 0, string.Join("\n", comparison.Differences.Take(20)));
        // A comparison of nothing would show nothing.
        Assert.True(comparison.Values > atLeast);
    }

    private sealed class Comparison(int firstOfHeader, Func<JsonNode?, (string Sent, string? Value)> read)
    {
        public int Fields { get; private set; }

        public int Values { get; private set; }

        public int Unescaped { get; private set; }

        public List<string> Differences { get; } = [];

        public void Add(SampleMessage sample, JsonNode theirs)
        {
            if (theirs is not JsonArray segments)
            {
                Differences.Add($"{sample.Name}: {theirs}");
                return;
            }

            Same(sample.Name, string.Join(' ', segments.Select(s => (string)s![0]!)), string.Join(' ', sample.Message.Segments.Select(s => s.Name)));
            foreach (var (ours, their) in sample.Message.Segments.Zip(segments))
            {
                var (fields, first) = (their![1]!.AsArray(), ours.Name == "MSH" ? firstOfHeader : 1);
                var place = $"{sample.Name} segment {ours.Index + 1} {ours.Name}";
                Same($"{place}: number of fields", fields.Count + first - 1, ours.FieldCount);
                for (var n = 0; n < fields.Count; n++)
                    AddField($"{place}-{n + first}", ours[n + first], fields[n]!.AsArray(), sample.Message.Header[1].Raw + sample.Message.Header[2].Raw);
            }
        }

        private void AddField(string place, Hl7Field ours, JsonArray theirs, string separators)
        {
            Fields++;
            // The separators themselves, which others divide by themselves.
            if (place.EndsWith("MSH-1", StringComparison.Ordinal) || place.EndsWith("MSH-2", StringComparison.Ordinal))
                return;
            Same($"{place} repetitions", theirs.Count, ours.IsEmpty ? 1 : ours.Repetitions.Count);
            foreach (var (n, their) in theirs.Index())
                AddRepetition($"{place}[{n + 1}]", ours.IsEmpty ? default : ours.Repetitions[n], their!.AsArray(), separators);
            Same($"{place} value", ours.IsEmpty ? null : ours.Repetitions[0][1], ours.Value);
        }

        private void AddRepetition(string place, Hl7Repetition ours, JsonArray theirs, string separators)
        {
            var sent = theirs.Select(c => string.Join(separators[4], c!.AsArray().Select(s => read(s).Sent)));
            Same(place, string.Join(separators[1], sent), ours.Raw);
            foreach (var (c, component) in theirs.Index())
            {
                foreach (var (s, subcomponent) in component!.AsArray().Index())
                {
                    Values++;
                    var their = read(subcomponent);
                    var our = ours.Sub(c + 1, s + 1);
                    var escapes = their.Sent.Count(letter => letter == separators[3]);
                    // One that does not unescape, or that drops what follows an escape character without a second one, which we keep.
                    if (escapes > 0 && (their.Value is null || escapes % 2 != 0))
                        continue;
                    Unescaped += escapes > 0 ? 1 : 0;
                    Same($"{place}.{c + 1}.{s + 1}", Said(their), our);
                }

                Same($"{place}.{c + 1} beyond its end", null, ours.Sub(c + 1, component.AsArray().Count + 1));
            }

            Same($"{place} beyond its end", null, ours[theirs.Count + 1]);
        }

        // Blanks and the null value say nothing; a line break is CR in theirs and LF in ours.
        private static string? Said((string Sent, string? Value) leaf) =>
            string.IsNullOrWhiteSpace(leaf.Sent) || leaf.Sent == "\"\"" ? null : (leaf.Value ?? leaf.Sent).Replace('\r', '\n');

        private void Same<T>(string place, T theirs, T ours)
        {
            if (!EqualityComparer<T>.Default.Equals(theirs, ours))
                Differences.Add($"{place}: {theirs} in theirs, {ours} in ours");
        }
    }
}
