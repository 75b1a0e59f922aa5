using System.IO.Pipelines;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>What is answered, before it is compressed or written otherwise.</summary>
/// <param name="Length">Its bytes; null where they are not known before they are written.</param>
/// <param name="Write">Writes it, and flushes now and then.</param>
internal readonly record struct Body(long? Length, Func<PipeWriter, CancellationToken, ValueTask> Write)
{
    // Kestrel takes what is flushed at once in one piece: small stretches cost a hand-over between threads each, large ones memory for
    // every client that reads slowly.
    private const int Stretch = 512 * 1024;

    /// <summary>Bytes that are ready.</summary>
    public static Body Of(ReadOnlyMemory<byte> bytes) => new(bytes.Length, async (target, cancellation) => Check(await target.WriteAsync(bytes, cancellation)));

    /// <summary>A Bundle of entries that are ready.</summary>
    public static Body Of(BundleWriter bundle) => new(bundle.Length, (target, cancellation) =>
        bundle.Write(target, Stretch, async () => Check(await target.FlushAsync(cancellation)), cancellation));

    /// <summary>Writes it through something that compresses.</summary>
    public async ValueTask Through(Func<Stream, Stream> compressor, Stream target, CancellationToken cancellation)
    {
        await using (var compressing = compressor(target))
        {
            var writer = PipeWriter.Create(compressing, new StreamPipeWriterOptions(minimumBufferSize: 64 * 1024, leaveOpen: true));
            await Write(writer, cancellation);
            await writer.CompleteAsync();
        }
    }

    /// <summary>All of it in memory, compressed as well as pays for what is sent more than once.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Compressed(ContentCoding coding)
    {
        if (coding == ContentCoding.Identity)
            return await Whole(CancellationToken.None);
        using var memory = new MemoryStream();
        await Through(coding.Thorough, memory, CancellationToken.None);
        return memory.ToArray();
    }

    /// <summary>All of it in memory.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Whole(CancellationToken cancellation)
    {
        using var memory = new MemoryStream((int)(Length ?? 0));
        var writer = PipeWriter.Create(memory, new StreamPipeWriterOptions(leaveOpen: true));
        await Write(writer, cancellation);
        await writer.CompleteAsync();
        return memory.GetBuffer().AsMemory(0, (int)memory.Length);
    }

    private static void Check(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled)
            throw new ClientGoneException();
    }
}

/// <summary>Whoever asked has closed the connection: known here before the request's own token is cancelled.</summary>
internal sealed class ClientGoneException() : OperationCanceledException("The client has gone.");
