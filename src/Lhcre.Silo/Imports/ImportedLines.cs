using System.Collections.Immutable;
using Lhcre.Contracts;
using Lhcre.Grains.Feeds;
using Lhcre.Grains.Imports;
using Lhcre.Grains.Journal;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Imports;

/// <summary>What became of a piece.</summary>
internal sealed record CarriedOut(ImportCounts Counts, IReadOnlyList<ImportRefusal> Refused);

/// <summary>
/// Carries the lines of a piece out. Carrying it out again, after whatever interrupted it, does nothing twice: each push is named by the import and
/// its lines.
/// </summary>
internal sealed class ImportedLines(
    SourcePush pushes, IJournal journal, SourceFeeds feeds, Addresses addresses, LivePushes live, SourceSystems sources, TimeProvider clock, ILogger<ImportedLines> logger)
{
    // A line that fails alone is tried so often before it is refused as our fault.
    private const int Attempts = 3;

    // And one that is not answered in time so often, as one to be sent again.
    private const int Timeouts = 6;

    // Steps at a time. Each is at most 128 people.
    private const int StepsAtATime = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Carries a piece out; returns when all of it is on disk or refused, however long the journal is away.</summary>
    /// <param name="work">The piece.</param>
    /// <param name="cancellation">Ends it between two pushes.</param>
    /// <exception cref="OperationCanceledException">Cancelled: a part of it may be on disk.</exception>
    public async Task<CarriedOut> CarryOut(ImportWork work, CancellationToken cancellation)
    {
        var (lines, trust) = (new List<ReadLine>(work.Piece.Lines), sources.Find(work.Source)?.Trust);
        foreach (var line in PieceText.Read(work.Piece.Body, work.Piece.FirstLine))
            lines.Add(new ReadLine(line, await live.Read(Lane.Backfill, () => line.Read(work.Source, addresses.Source(work.Source), trust), cancellation)));

        var tally = new ImportTally();
        var read = lines.FindAll(l => !l.Received.IsRefused);
        foreach (var line in lines.Except(read))
        {
            tally.RefuseWhole(line);
            feeds.Count(PushCounts.Refused(work.Source, 1), null);
        }

        foreach (var wave in ImportPlan.Waves(read))
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = StepsAtATime, CancellationToken = cancellation };
            await Parallel.ForEachAsync(wave, options, async (step, _) =>
            {
                if (step.IsBatch)
                {
                    await Push(work, step.Lines, tally, cancellation);
                }
                else
                {
                    foreach (var line in step.Lines)
                        await Push(work, [line], tally, cancellation);
                }
            });
        }

        await KeepLetters(work, tally, cancellation);
        return tally.Finish();
    }

    // Before the piece is finished, so that a refused line is kept however this ends; the same line again is the same letter.
    private async Task KeepLetters(ImportWork work, ImportTally tally, CancellationToken cancellation)
    {
        RefusedLetter[] letters =
        [
            .. tally.Letters().Select(letter => RefusedLetter.Of(
                work.Source, clock.GetUtcNow(), letter.Code, LetterForm.Fhir, TypeOf(letter.Line), $"{work.Import} {letter.Line.Line.Number}", letter.Line.Line.Bytes)),
        ];
        for (var pause = FirstPause; letters.Length > 0; pause = Longer(pause))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await journal.Refuse(letters, CancellationToken.None);
                return;
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(pause, clock, cancellation);
            }
        }
    }

    // One push: of one line, or of some that are one resource each. Sent again until everything that is not refused is on disk.
    private async Task Push(ImportWork work, ImmutableArray<ReadLine> lines, ImportTally tally, CancellationToken cancellation)
    {
        var push = PushId.Of(work.Source, $"import {work.Import} {string.Join(' ', lines.Select(l => l.Line.Number))}");
        var (due, failures, timeouts) = (lines, 0, 0);
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var together = Together(due);
                var report = await pushes.Take(together, work.Source, push, Caller.Development, Lane.Backfill, cancellation);
                feeds.Count(PushCounts.Of(work.Source, together, report), null);
                due = tally.Count(due, report);
                if (due.IsEmpty)
                    return;
            }
            catch (Exception failure) when (IsForNow(failure))
            {
                // What takes longer than any call may must not hold up the others for ever.
                if (failure is TimeoutException && ++timeouts == Timeouts)
                {
                    if (due.Length > 1)
                        await OneByOne();
                    else
                        tally.Refuse(due[0], new Issue(IssueCodes.Busy));
                    return;
                }
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // An edge: one line that nobody can take in must not hold up the others, nor be tried for ever.
                // An exception's text may quote what was sent; its type never does.
                ImportLog.LineFailed(logger, work.Import, failure.GetType().Name);
                if (due.Length > 1)
                {
                    await OneByOne();
                    return;
                }

                if (++failures == Attempts)
                {
                    tally.Refuse(due[0], new Issue(IssueCodes.InternalError));
                    return;
                }
            }

            await Task.Delay(pause, clock, cancellation);
        }

        async Task OneByOne()
        {
            foreach (var line in due)
                await Push(work, [line], tally, cancellation);
        }
    }

    // Of a letter the type is told; what calls itself anything else is told as none.
    private static string TypeOf(ReadLine line) => line.Line.Type() is { } type && (type == "Bundle" || FhirTypes.IsResource(type)) ? type : "";

    private static TimeSpan Longer(TimeSpan pause) => pause + pause < LongestPause ? pause + pause : LongestPause;

    private static Received Together(ImmutableArray<ReadLine> lines) => lines is [var one]
        ? one.Received
        : new Received
        {
            Bundle = BundleKind.Batch,
            Entries = [.. lines.Select((line, i) => line.Received.Entries[0] with { Index = i })],
        };

    // A journal that is away or full, a record that moves, a grain that is far behind: it is taken in when it is sent again.
    private static bool IsForNow(Exception failure) =>
        failure is TimeoutException or LimitExceededException or RecordMovingException || JournalUnavailableException.In(failure) is not null;
}
