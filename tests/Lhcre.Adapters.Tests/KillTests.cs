using System.Diagnostics;
using System.Text.Json;
using Lhcre.Adapters.Tests.Examples;
using Lhcre.Grains.Journal;
using Lhcre.Processes;
using Lhcre.Record;
using Xunit.Abstractions;

namespace Lhcre.Adapters.Tests;

/// <summary>
/// A worked adapter and a silo, real processes, killed in turn while messages come. What the record then holds is compared with what was to be
/// sent: 400 messages in every check, 50,000 with <c>LHCRE_LONG=1</c>.
/// </summary>
public sealed class KillTests(ITestOutputHelper log) : IDisposable
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1";
    private static readonly int Messages = IsLong ? 50_000 : 400;
    private static readonly int People = IsLong ? 400 : 20;
    private static readonly int Slices = IsLong ? 50 : 6;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whatever_is_killed_nothing_is_lost_and_nothing_comes_twice()
    {
        var people = Diary.Of(People);
        Directory.CreateDirectory(_folder.At("in"));
        var plan = SiloPlan.On(["--data", _folder.At("data")], [.. SiloCluster.Environment]);
        string[] args = ["dorset", "--folder", _folder.At("in"), "--outbox", _folder.At("outbox"), "--to", plan.Url, "--every", "0.1"];
        var clock = Stopwatch.StartNew();
        var silo = await SiloProcess.Serve(plan);
        var adapter = ChildProcess.Start(ExampleProgram.Path, args);
        for (var (slice, written) = (0, 0); slice < Slices; slice++)
        {
            for (var end = Messages * (slice + 1) / Slices; written < end; written++)
                await Drop(written, people[written % People].Next(written));
            // In the middle of sending: some of this slice is settled and some is not.
            await Progress(silo, adapter);
            if (slice % 2 == 0)
            {
                await adapter.Kill();
                adapter = ChildProcess.Start(ExampleProgram.Path, args);
            }
            else
            {
                await silo.DisposeAsync();
                silo = await SiloProcess.Serve(plan);
            }
        }

        adapter.Send(Signal.Terminate);
        Assert.Equal(0, await adapter.Exit(TimeSpan.FromMinutes(1)));
        await using var last = ChildProcess.Start(ExampleProgram.Path, [.. args, "--once"]);
        Assert.Equal(0, await last.Exit(TimeSpan.FromMinutes(IsLong ? 30 : 2)));
        var took = clock.Elapsed;

        var findings = new List<string>();
        foreach (var person in people)
            findings.AddRange(person.Compare(await silo.Client.GetByteArrayAsync($"sources/dorset/fhir/Patient/{person.Id}/$everything")));
        await silo.Terminate();
        await silo.DisposeAsync();
        await using (var journal = await SqliteJournal.Open(_folder.At("data"), SiloCluster.Pseudonym.Fingerprint, CancellationToken.None))
        {
            foreach (var person in people)
                findings.AddRange(person.Compare(await journal.LoadLog(person.Key, CancellationToken.None)));
        }

        log.WriteLine($"{Messages} messages of {People} people, {(Slices + 1) / 2} kills of the adapter and {Slices / 2} of the silo in turn: {findings.Count} findings, {took.TotalSeconds:F0} s");
        Assert.True(findings.Count == 0, string.Join('\n', findings.Take(20)));
        Assert.Empty(await File.ReadAllBytesAsync(_folder.At("outbox/refused.ndjson")));
        Assert.Empty(Directory.EnumerateFiles(_folder.At("in")));
        Assert.Equal(Messages, Directory.EnumerateFiles(_folder.At("in/done")).Count());
        await adapter.DisposeAsync();
    }

    // Written aside and renamed, as the example asks for.
    private async Task Drop(int number, string bundle)
    {
        await File.WriteAllTextAsync(_folder.At("in/next"), bundle);
        File.Move(_folder.At("in/next"), _folder.At($"in/{number:D8}.json"));
    }

    // Waits until something was settled since now.
    private async Task Progress(SiloProcess silo, ChildProcess adapter)
    {
        var (before, end) = (Settled(), Environment.TickCount64 + 60_000);
        while (Settled() == before)
        {
            Assert.False(silo.HasExited || adapter.HasExited, $"{silo.Output}\n{adapter.Output}");
            Assert.True(Environment.TickCount64 < end, $"Nothing is settled: {adapter.Output}");
            await Task.Delay(5);
        }
    }

    private long Settled() => new FileInfo(_folder.At("outbox/settled.marks")) is { Exists: true } marks ? marks.Length : 0;

    /// <summary>What was to be sent about one person.</summary>
    private sealed class Diary(int number, NhsNumber nhs)
    {
        private readonly List<int> _messages = [];

        public string Id => $"person-{number}";

        public PatientKey Key { get; } = SiloCluster.Pseudonym.For(nhs);

        public static List<Diary> Of(int count)
        {
            var people = new List<Diary>();
            for (var first9 = 999_100_000; people.Count < count; first9++)
            {
                if (NhsNumber.TryComplete(first9, out var nhs))
                    people.Add(new Diary(people.Count, nhs));
            }

            return people;
        }

        /// <summary>The next message: an Observation of its own, and a tally that has no version, so that it shows any message that came late, twice or never.</summary>
        public string Next(int message)
        {
            _messages.Add(message);
            string[] entries =
            [
                .. _messages.Count == 1 ? [Put("Patient", Id, $$"""{"resourceType":"Patient","id":"{{Id}}","identifier":[{"system":"{{NhsNumber.System}}","value":"{{nhs.Digits()}}"}],"name":[{"family":"Example"}]}""")] : (string[])[],
                Put("Observation", $"m{message}", Observation($"m{message}", message, message)),
                Put("Observation", $"tally-{number}", Observation($"tally-{number}", -1 - number, _messages.Count)),
            ];
            return $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}""";
        }

        /// <summary>How what the source's base shows differs from it.</summary>
        public IEnumerable<string> Compare(byte[] everything)
        {
            using var bundle = JsonDocument.Parse(everything);
            var found = bundle.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"))
                .Where(r => r.GetProperty("resourceType").GetString() == "Observation")
                .Select(r => $"{r.GetProperty("id").GetString()}={r.GetProperty("valueQuantity").GetProperty("value").GetInt32()}").ToList();
            string[] expected = [.. _messages.Select(m => $"m{m}={m}"), $"tally-{number}={_messages.Count}"];
            return [.. expected.Except(found).Select(e => $"{Id}: {e} is not there"), .. found.Except(expected).Select(f => $"{Id}: {f} was not to be there"), .. found.GroupBy(f => f).Where(g => g.Count() > 1).Select(g => $"{Id}: {g.Key} twice")];
        }

        /// <summary>How the rows of the journal differ: one a message, and each push once.</summary>
        public IEnumerable<string> Compare(JournalledLog recorded)
        {
            PushId[] rows = [.. recorded.History.SelectMany(chunk => HistoryChunk.Read(chunk.Body)).Select(row => row.Push), .. recorded.Rows.Select(row => row.Push)];
            if (rows.Length != _messages.Count || rows.Distinct().Count() != rows.Length)
                yield return $"{Id}: {rows.Length} rows of {rows.Distinct().Count()} pushes, not {_messages.Count}";
        }

        private static string Put(string type, string id, string resource) => $$"""{"resource":{{resource}},"request":{"method":"PUT","url":"{{type}}/{{id}}"} }""";

        private string Observation(string id, int minute, int value) =>
            $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"text":"Weight"},"subject":{"reference":"Patient/{{Id}}"},"effectiveDateTime":"{{new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute):yyyy-MM-ddTHH:mm:ssZ}}","valueQuantity":{"value":{{value}},"unit":"kg"} }""";
    }
}
