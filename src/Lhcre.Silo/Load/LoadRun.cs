using System.Runtime.CompilerServices;
using Lhcre.Intake.V2;
using Lhcre.Record;

namespace Lhcre.Silo.Load;

/// <summary>How a load ended, beside its counts.</summary>
/// <param name="Stopped">Somebody stopped it.</param>
/// <param name="Unreachable">Why the server cannot be reached; null where it can.</param>
/// <param name="NoBase">Why what answers is no base of this source; null where it is.</param>
internal sealed record LoadEnd(bool Stopped, string? Unreachable, string? NoBase);

/// <summary>Pushes files, several at a time.</summary>
internal sealed class LoadRun(SourceClient client, LoadTally tally, int parallel, TestNumbers? numbers, LoadMarks? marks, TimeProvider time)
{
    // What was sent when somebody presses Ctrl-C is given this long to be answered, so that the report is right about it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private string? _unreachable;
    private string? _noBase;

    private sealed record Piece(InputFile File, NdjsonLine? Line, int Number)
    {
        public int Part => Line?.Number ?? 1;
    }

    /// <summary>Pushes everything; ends early when stopped, or when the server cannot be reached, or is no base of this source.</summary>
    public async Task<LoadEnd> Run(IEnumerable<InputFile> files, CancellationToken stop)
    {
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var late = stop.Register(() => abort.CancelAfter(Grace));
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = halt.Token };
            await Parallel.ForEachAsync(Due(files, halt.Token), options, async (piece, _) =>
            {
                if (!await Push(piece, halt.Token, abort.Token))
                    await halt.CancelAsync();
            });
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested)
        {
            // Every push that had begun has ended: the tally is complete.
        }

        marks?.Write(tally.Now.Refused);
        return new LoadEnd(stop.IsCancellationRequested, _unreachable, _noBase);
    }

    // What is remembered as answered is passed over; of a file of lines the end may be due alone.
    private async IAsyncEnumerable<Piece> Due(IEnumerable<InputFile> files, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var file in files)
        {
            var before = marks?.Before(file) ?? 0;
            if (before == int.MaxValue)
            {
                tally.Before(1, 0, file.Length);
                continue;
            }

            await foreach (var piece in Pieces(file, stop).WithCancellation(stop))
            {
                if (piece.Part <= before)
                {
                    tally.Before(0, 1, Length(piece));
                    continue;
                }

                marks?.Begin(file, piece.Part);
                yield return piece;
            }
        }
    }

    private async IAsyncEnumerable<Piece> Pieces(InputFile file, [EnumeratorCancellation] CancellationToken stop)
    {
        if (file.IsHl7)
        {
            // Their order is of no consequence: which of two is the newer, they say themselves.
            if (await Messages(file, stop) is not { } messages)
                yield break;
            foreach (var (message, n) in messages.Select((m, n) => (m, n + 1)))
                yield return new Piece(file, new NdjsonLine(n, message.ToArray()), n);
        }
        else if (!file.IsNdjson)
        {
            yield return new Piece(file, null, file.FirstNumber);
        }
        else
        {
            var number = file.FirstNumber;
            await using var lines = NdjsonLine.Read(file.Path, stop).GetAsyncEnumerator(stop);
            bool? isMore;
            while ((isMore = await Next(file, lines)) == true)
                yield return new Piece(file, lines.Current, number++);
            if (isMore is null)
                yield break;
        }

        marks?.EndOfFile(file, tally.Now.Refused);
        if (file.IsHl7 || file.IsNdjson)
            tally.FileDone();
    }

    private async Task<IEnumerable<ReadOnlyMemory<byte>>?> Messages(InputFile file, CancellationToken stop)
    {
        try
        {
            return Hl7Message.Split(await File.ReadAllBytesAsync(file.Path, stop));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tally.NotSent(Name(file), null, null, $"The file cannot be read: {e.Message}");
            tally.FileDone();
            return null;
        }
    }

    // Null where it cannot be read on.
    private async Task<bool?> Next(InputFile file, IAsyncEnumerator<NdjsonLine> lines)
    {
        try
        {
            return await lines.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tally.NotSent(Name(file), null, null, $"The file cannot be read: {e.Message}");
            tally.FileDone();
            return null;
        }
    }

    // False where nobody can be reached, so that nothing more need be tried.
    private async Task<bool> Push(Piece piece, CancellationToken stop, CancellationToken abort)
    {
        var ((file, line), isAnswered) = (Place(piece), true);
        if (await Bytes(piece, stop) is not { } bytes)
        {
            isAnswered = piece.Line is not null || piece.File.Length > Limits.BodyBytes;
        }
        else if (Text(piece, bytes) is { } text)
        {
            switch (await client.Push(text, stop, abort))
            {
                case PushEnd.Answered answered:
                    tally.Answered(file, line, answered.Answer);
                    isAnswered = !answered.IsNotNow;
                    break;
                case PushEnd.Unreachable unreachable:
                    _unreachable = unreachable.Reason;
                    return false;
                case PushEnd.NoBase noBase:
                    _noBase = noBase.Reason;
                    return false;
                default:
                    return true;
            }
        }

        tally.Read(Length(piece));
        if (piece.Line is null)
            tally.FileDone();
        // What is refused only for now, or could not be read, is due again another time.
        if (isAnswered)
            marks?.End(piece.File, piece.Part, tally.Now.Refused);
        return true;
    }

    private static long Length(Piece piece) => piece.Line is { } read ? (read.Bytes?.Length ?? 0) + 1 : piece.File.Length;

    private async Task<byte[]?> Bytes(Piece piece, CancellationToken stop)
    {
        if (piece.Line?.Bytes is { } read)
            return read;
        if (piece.Line is not null || piece.File.Length > Limits.BodyBytes)
        {
            var (file, line) = Place(piece);
            tally.NotSent(file, line, IssueCodes.BodyTooLarge.Code, IssueCodes.BodyTooLarge.Meaning);
            return null;
        }

        try
        {
            return await File.ReadAllBytesAsync(piece.File.Path, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tally.NotSent(Name(piece.File), null, null, $"The file cannot be read: {e.Message}");
            return null;
        }
    }

    private InputText? Text(Piece piece, byte[] bytes)
    {
        var text = piece.File.IsHl7 ? InputText.OfMessage(bytes, out var problem) : InputText.Read(bytes, out problem);
        var (file, line) = Place(piece);
        if (problem is not null)
            tally.NotSent(file, line, problem.Code, problem.Meaning);
        return text is null || text.IsHl7 || numbers is null ? text : text with { Bytes = TestNumbers.Assign(text.Bytes, numbers[piece.Number]) };
    }

    // A message of HL7 v2 has many lines: it is told by its number.
    private static (string File, int? Line) Place(Piece piece) =>
        piece.File.IsHl7 ? ($"{Name(piece.File)} message {piece.Line!.Number}", null) : (Name(piece.File), piece.Line?.Number);

    private static string Name(InputFile file) => Path.GetFileName(file.Path);
}
