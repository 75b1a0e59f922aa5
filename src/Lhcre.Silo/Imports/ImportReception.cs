using System.Diagnostics;
using System.IO.Pipelines;
using Lhcre.Grains.Imports;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Load;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Imports;

/// <summary>How the receiving of a body ended. A closed set.</summary>
internal abstract record ReceivedBody
{
    private ReceivedBody()
    {
    }

    /// <summary>It is on disk, all of it.</summary>
    public sealed record Accepted(string Id) : ReceivedBody;

    /// <summary>Nothing of it was taken in.</summary>
    public sealed record Refused(IssueCode Code) : ReceivedBody;
}

/// <summary>Takes the bodies of imports in: cuts them into pieces at line ends as they come, and stores each piece before the next is read.</summary>
internal sealed class ImportReception(IImportJournal imports, FreshPushId freshPushId, TimeProvider clock) : IDisposable
{
    /// <summary>Bodies that one process receives at a time: 4. Each may hold a line of the greatest length in memory.</summary>
    public const int AtATime = 4;

    // A sender that is silent for longer has gone; the server's own limits notice one that trickles.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _free = new(AtATime);

    /// <summary>Receives a body.</summary>
    /// <param name="source">Whose.</param>
    /// <param name="name">What its sender calls it: under the same name it is received once; null for nothing.</param>
    /// <param name="body">The body.</param>
    /// <param name="isPacked">Whether it is gzip.</param>
    /// <param name="cancellation">The sender has gone.</param>
    public async Task<ReceivedBody> Receive(string source, string? name, Stream body, bool isPacked, CancellationToken cancellation)
    {
        if (!await _free.WaitAsync(TimeSpan.Zero, cancellation))
            return new ReceivedBody.Refused(IssueCodes.Busy);
        try
        {
            var id = (name is null ? freshPushId() : PushId.Of(source, $"import {name}")).Hash.Bits.ToString("x32", null);
            return await imports.Begin(id, source, clock.GetUtcNow(), Patience, Limits.ImportsWaiting, cancellation) switch
            {
                ImportBegin.Accepted => await Again(source, id, body, isPacked, cancellation),
                ImportBegin.TooMany => new ReceivedBody.Refused(IssueCodes.TooManyImports),
                ImportBegin.Open(var upload) => await Receive(upload, body, isPacked, cancellation),
                _ => throw new UnreachableException(),
            };
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    // The same name is the same import, and another file under it must not be dropped with a word of success. Their lengths tell two files apart
    // as surely as it takes for a mistake, without keeping anything of the first.
    private async Task<ReceivedBody> Again(string source, string id, Stream body, bool isPacked, CancellationToken cancellation)
    {
        try
        {
            await using var unpacked = isPacked ? PackedBody.Unpack(body) : null;
            await using var counted = new CountedStream(unpacked ?? body, Limits.ImportBytes);
            await counted.CopyToAsync(Stream.Null, cancellation);
            var bytes = counted.Count - (isPacked ? PackedBody.Extra : 0);
            return await imports.Find(source, id, cancellation) is { } before && before.Bytes != bytes
                ? new ReceivedBody.Refused(IssueCodes.ImportNameTaken)
                : new ReceivedBody.Accepted(id);
        }
        catch (InvalidDataException) when (isPacked)
        {
            return new ReceivedBody.Refused(IssueCodes.ImportDamaged);
        }
        catch (CountedStream.TooLongException)
        {
            return new ReceivedBody.Refused(IssueCodes.ImportTooLarge);
        }
    }

    private async Task<ReceivedBody> Receive(ImportUpload upload, Stream body, bool isPacked, CancellationToken cancellation)
    {
        var isAccepted = false;
        try
        {
            await using var unpacked = isPacked ? PackedBody.Unpack(body) : null;
            await using var counted = new CountedStream(unpacked ?? body, Limits.ImportBytes);
            var refusal = await Store(upload, counted, isPacked, cancellation);
            isAccepted = refusal is null;
            return isAccepted ? new ReceivedBody.Accepted(upload.Id) : new ReceivedBody.Refused(refusal!);
        }
        catch (InvalidDataException) when (isPacked)
        {
            return new ReceivedBody.Refused(IssueCodes.ImportDamaged);
        }
        catch (CountedStream.TooLongException)
        {
            return new ReceivedBody.Refused(IssueCodes.ImportTooLarge);
        }
        finally
        {
            // What cannot be taken back now is taken for broken off later.
            if (!isAccepted)
                await TryAbandon(upload);
        }
    }

    private async Task<IssueCode?> Store(ImportUpload upload, CountedStream body, bool isPacked, CancellationToken cancellation)
    {
        var (piece, isFirst, pieces, lines, isWhole) = (new PieceText(), false, 0, 0L, !isPacked);
        var refused = new List<ImportRefusal>();
        await foreach (var (number, bytes) in NdjsonLine.Read(PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024)), cancellation))
        {
            isWhole = !isPacked || (bytes is not null && PackedBody.End.SequenceEqual(bytes));
            if (isPacked && isWhole)
                continue;
            lines++;
            if (bytes is null)
            {
                refused.Add(new ImportRefusal(number, null, IssueCodes.BodyTooLarge.Code, null));
                continue;
            }

            var line = new ImportLine(number, bytes);
            if (!piece.HasRoomFor(line) && !await StorePiece())
                return IssueCodes.ImportBegunAnew;
            piece.Add(line);
            isFirst |= line.IsFirst();
        }

        if (!isWhole)
            return IssueCodes.ImportDamaged;
        if (lines == 0)
            return IssueCodes.ImportEmpty;
        return (piece.Lines == 0 || await StorePiece())
            && await imports.Accept(upload, body.Count - (isPacked ? PackedBody.Extra : 0), lines, refused, clock.GetUtcNow(), CancellationToken.None)
            ? null
            : IssueCodes.ImportBegunAnew;

        async Task<bool> StorePiece()
        {
            var (first, count) = (piece.First, piece.Lines);
            var stored = new ImportPiece(pieces++, isFirst, first, count, piece.Take());
            isFirst = false;
            return await imports.Store(upload, stored, Patience, cancellation);
        }
    }

    private async Task TryAbandon(ImportUpload upload)
    {
        try
        {
            await imports.Abandon(upload, CancellationToken.None);
        }
        catch (JournalUnavailableException)
        {
        }
    }
}
