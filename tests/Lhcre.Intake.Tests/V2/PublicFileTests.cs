using System.Runtime.CompilerServices;
using System.Text;
using Lhcre.Intake.V2;
using Xunit.Abstractions;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests.V2;

/// <summary>Every file of public HL7 v2 data, whatever is in it: what becomes of it, as a table in the test's output.</summary>
public class PublicFileTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_public_file_is_answered_and_what_is_made_of_it_parses_strictly()
    {
        if (Find("hl7v2") is not { } folder)
            return;
        var rows = new SortedDictionary<string, Row>(StringComparer.Ordinal);
        var files = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            files++;
            var set = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0];
            foreach (var piece in Hl7Message.Split(File.ReadAllBytes(file)))
            {
                var answered = Answer(file, piece);
                var key = $"{set,-24} {answered.Type,-8}";
                if (!rows.TryGetValue(key, out var row))
                    rows[key] = row = new Row();
                row.Add(answered);
            }
        }

        output.WriteLine($"{files} files");
        output.WriteLine($"{"",-24} {"",-8} messages   AA  parked   AE   AR  entries  codes");
        foreach (var (key, row) in rows)
            output.WriteLine($"{key} {row}");
        Assert.True(files > 400);
        Assert.True(rows.Values.Sum(r => r.Taken) > 60);
        Assert.Equal("", string.Concat(rows.Values.SelectMany(r => r.Faults)));
    }

    private static Answered Answer(string file, ReadOnlyMemory<byte> piece)
    {
        try
        {
            return Answered.To(piece);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{file}: {Encoding.UTF8.GetString(piece.Span[..Math.Min(piece.Length, 2_000)])}", e);
        }
    }

    private string? Find(string path, [CallerFilePath] string here = "")
    {
        var root = Environment.GetEnvironmentVariable("LHCRE_SHARED_DATA") ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../../shared/data");
        var found = Path.Combine(root, path);
        if (Directory.Exists(found))
            return found;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{found} is not there, and in CI it must be.");
        output.WriteLine($"Not run: {found} is not there. LHCRE_SHARED_DATA names the folder of real data.");
        return null;
    }

    private sealed class Row
    {
        private readonly SortedDictionary<string, int> _codes = new(StringComparer.Ordinal);
        private int _messages;
        private int _parked;
        private int _errors;
        private int _rejected;
        private int _entries;

        public int Taken { get; private set; }

        public List<string> Faults { get; } = [];

        public void Add(Answered answered)
        {
            _messages++;
            _entries += answered.Entries.Length;
            Taken += answered.Code == "AA" ? 1 : 0;
            _errors += answered.Code == "AE" ? 1 : 0;
            _rejected += answered.Code == "AR" ? 1 : 0;
            _parked += answered.Code == "AA" && answered.Entries.Any(e => e.Issues.Any(i => i.Code.Status == 202)) ? 1 : 0;
            foreach (var code in answered.Codes)
                _codes[code] = _codes.GetValueOrDefault(code) + 1;
            foreach (var entry in answered.Entries)
            {
                if (entry.IsRefused)
                    Faults.Add($"{answered.Type} {entry.Key?.Type}: {string.Join("; ", entry.Issues)}\n");
                else if (entry.Fragment is { Body.IsEmpty: false } fragment)
                    Assert.Equal("", StrictFaults(fragment.Body));
            }
        }

        public override string ToString() =>
            $"{_messages,8} {Taken,4} {_parked,7} {_errors,4} {_rejected,4} {_entries,8}  {string.Join(' ', _codes.Select(c => $"{c.Key}×{c.Value}"))}";
    }
}
