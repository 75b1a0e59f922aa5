using CsCheck;

namespace Lhcre.Adapters.Tests.Storage;

/// <summary>A crash at any byte: what was acknowledged is there, and what was not is there whole or not at all.</summary>
public sealed class OutboxCrashTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("LHCRE_LONG") == "1" ? 5_000 : 120;
    private static readonly OutboxOptions Small = new() { SegmentBytes = 600 };

    // Appends of one to four messages of up to 300 bytes each; the last one is under way when the crash comes.
    private static readonly Gen<int[][]> Script = Gen.Int[0, 200].Array[1, 4].Array[1, 8];

    private enum Wound
    {
        CutOff,
        Zeros,
        Noise,
        Hole,
    }

    [Fact]
    public Task A_torn_append_is_gone_whole_and_everything_before_it_is_kept() =>
        Gen.Select(Script, Gen.Enum<Wound>(), Gen.Double.Unit, Gen.Byte).SampleAsync((script, wound, where, noise) => Crash(script, wound, where, noise), iter: Rounds, threads: 1);

    [Fact]
    public Task Damage_to_what_was_acknowledged_is_told_and_never_skipped() =>
        Gen.Select(Gen.Int[0, 200].Array[1, 3].Array[3, 8], Gen.Double.Unit, Gen.Int[1, 255]).SampleAsync((script, where, flip) => Damage(script, where, flip), iter: Rounds, threads: 1);

    [Fact]
    public Task A_torn_file_of_marks_settles_nothing_that_was_not_settled() =>
        Gen.Select(Gen.Int[1, 40].Array[0, 30], Gen.Double.Unit, Gen.Bool).SampleAsync((settled, where, noise) => Forget(settled, where, noise), iter: Rounds, threads: 1);

    private static async Task Crash(int[][] script, Wound wound, double where, byte noise)
    {
        using var folder = new TestFolder();
        var acknowledged = new List<string>();
        await using var outbox = Outbox.Open(folder.At("outbox"), Texts.Identity, Small);
        foreach (var (append, n) in script[..^1].Select((a, n) => (a, n)))
        {
            await outbox.Append(Messages(append), $"{n}");
            acknowledged = Texts.All(outbox);
        }

        using var before = folder.Copy("outbox");
        await outbox.Append(Messages(script[^1]), "last");
        var whole = Texts.All(outbox);
        using var crashed = folder.Copy("outbox");
        var file = Directory.EnumerateFiles(crashed.At("outbox"), "*.outbox").Max(StringComparer.Ordinal)!;
        var old = Path.Combine(before.At("outbox"), Path.GetFileName(file));
        var bytes = await File.ReadAllBytesAsync(file);
        // A file that was begun for it was there, with its header, before anything went into it.
        var safe = File.Exists(old) ? (int)new FileInfo(old).Length : Lhcre.Adapters.Storage.Segment.Open(file).HeaderLength;
        var at = safe + (int)((bytes.Length - safe) * where);
        await File.WriteAllBytesAsync(file, Torn(bytes, safe, at, wound, noise));

        await using (var found = Outbox.Open(crashed.At("outbox"), Texts.Identity, Small))
        {
            var all = Texts.All(found);
            Assert.True(all.SequenceEqual(acknowledged) || all.SequenceEqual(whole), $"{wound} at {at} of {bytes.Length}: {all.Count}, not {acknowledged.Count} or {whole.Count}");
            Assert.Equal(all.Count == whole.Count ? "last" : script.Length > 1 ? $"{script.Length - 2}" : null, found.Cursor);
            acknowledged = all;
            await found.Append(Texts.Observation("after", 1));
        }

        await using var again = Outbox.Open(crashed.At("outbox"), Texts.Identity, Small);
        Assert.Equal([.. acknowledged, $"{acknowledged.Count + 1} {Texts.Of(Texts.Observation("after", 1))}"], Texts.All(again));
    }

    private static async Task Damage(int[][] script, double where, int flip)
    {
        using var folder = new TestFolder();
        var ends = new List<(string File, long Length)>();
        await using (var outbox = Outbox.Open(folder.At("outbox"), Texts.Identity, Small))
        {
            foreach (var append in script)
            {
                await outbox.Append(Messages(append), null);
                var last = Directory.EnumerateFiles(folder.At("outbox"), "*.outbox").Max(StringComparer.Ordinal)!;
                ends.Add((last, new FileInfo(last).Length));
            }
        }

        // Any byte of any append but the last one, of which a file alone cannot tell.
        var (file, length) = ends[^2];
        var files = Directory.EnumerateFiles(folder.At("outbox"), "*.outbox").Order(StringComparer.Ordinal).Where(f => string.CompareOrdinal(f, file) <= 0).ToList();
        var lengths = files.Select(f => f == file ? length : new FileInfo(f).Length).ToList();
        var at = (long)(lengths.Sum() * where);
        var n = 0;
        while (at >= lengths[n])
            at -= lengths[n++];
        var bytes = await File.ReadAllBytesAsync(files[n]);
        bytes[at] ^= (byte)flip;
        await File.WriteAllBytesAsync(files[n], bytes);

        var told = Assert.Throws<OutboxDamagedException>(() => Outbox.Open(folder.At("outbox"), Texts.Identity, Small));
        Assert.Contains(Path.GetFileName(files[n]), told.Message, StringComparison.Ordinal);
    }

    private static async Task Forget(int[] settled, double where, bool noise)
    {
        using var folder = new TestFolder();
        await using (var outbox = Outbox.Open(folder.At("outbox"), Texts.Identity))
        {
            await outbox.Append([.. Enumerable.Range(1, 40).Select(n => Texts.Observation("a", n))], null);
            foreach (var sequence in settled)
                outbox.Settle([new QueuedMessage(sequence, Texts.Observation("a", sequence))], [], DateTimeOffset.UnixEpoch);
        }

        var marks = folder.At("outbox/settled.marks");
        var bytes = await File.ReadAllBytesAsync(marks);
        var at = (int)(bytes.Length * where);
        if (noise && at < bytes.Length)
            bytes[at] ^= 0x40;
        await File.WriteAllBytesAsync(marks, noise ? bytes : bytes[..at]);

        await using var found = Outbox.Open(folder.At("outbox"), Texts.Identity);
        Assert.Equal(40, Texts.All(found).Count);
        Assert.All(Enumerable.Range(1, 40).Except(settled), sequence => Assert.False(found.IsSettled(sequence)));
        await found.Append(Texts.Observation("a", 41));
        Assert.Equal(41, found.LastSequence);
        Assert.False(found.IsSettled(41));
    }

    private static byte[] Torn(byte[] bytes, int safe, int at, Wound wound, byte noise)
    {
        switch (wound)
        {
            case Wound.CutOff:
                return bytes[..at];
            case Wound.Zeros:
                // The length was on disk before the content (ext4, delayed allocation).
                bytes.AsSpan(at).Clear();
                return bytes;
            case Wound.Noise:
                bytes.AsSpan(at).Fill(noise);
                return bytes;
            default:
                // A later page was written before an earlier one.
                bytes.AsSpan(safe, at - safe).Clear();
                return bytes;
        }
    }

    private static List<Outgoing> Messages(int[] paddings) => [.. paddings.Select((padding, n) => Texts.Observation($"person-{n}", padding, n, padding))];
}
