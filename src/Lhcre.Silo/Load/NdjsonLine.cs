using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Lhcre.Record;

namespace Lhcre.Silo.Load;

/// <summary>A line of an NDJSON file that is not blank.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Bytes">Its text; null where it is longer than a push may be.</param>
internal sealed record NdjsonLine(int Number, byte[]? Bytes)
{
    /// <summary>Reads the lines one after the other, never more than one in memory.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async IAsyncEnumerable<NdjsonLine> Read(string path, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await foreach (var line in Read(PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 64 * 1024)), stop))
            yield return line;
    }

    /// <summary>The same of whatever comes through a pipe, which is read to its end.</summary>
    public static async IAsyncEnumerable<NdjsonLine> Read(PipeReader reader, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var (number, tooLong, searched) = (1, false, 0L);
        for (var done = false; !done;)
        {
            var read = await reader.ReadAsync(stop);
            var rest = read.Buffer;
            while (rest.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                if (Line(number, rest.Slice(0, end), tooLong) is { } line)
                    yield return line;
                (number, tooLong, searched) = (number + 1, false, 0);
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            done = read.IsCompleted;
            if (done && Line(number, rest, tooLong) is { } last)
                yield return last;
            if (rest.Length > Limits.BodyBytes)
                (tooLong, rest) = (true, rest.Slice(rest.End));
            searched = rest.Length;
            reader.AdvanceTo(rest.Start, rest.End);
        }

        await reader.CompleteAsync();
    }

    /// <summary>How many lines <see cref="Read(string, CancellationToken)"/> gives.</summary>
    public static async Task<int> Count(string path, CancellationToken stop)
    {
        var count = 0;
        await foreach (var _ in Read(path, stop))
            count++;
        return count;
    }

    private static NdjsonLine? Line(int number, ReadOnlySequence<byte> text, bool tooLong)
    {
        if (tooLong || text.Length > Limits.BodyBytes)
            return new NdjsonLine(number, null);
        var bytes = text.ToArray();
        return bytes.AsSpan().Trim(" \t\r"u8).IsEmpty ? null : new NdjsonLine(number, bytes);
    }
}
