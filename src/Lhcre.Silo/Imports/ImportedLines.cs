using System.Collections.Immutable;
using Lhcre.Contracts;
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
internal sealed class ImportedLines(SourcePush pushes, Addresses addresses, LivePushes live, TimeProvider clock, ILogger<ImportedLines> logger)
{
    // Steps at a time. Each is at most 128 people.
    private const int Parallel = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Carries a piece out; returns when all of it is on disk or refused, however long the journal is away.</summary>
    /// <param name="work">The piece.</param>
    /// <param name="cancellation">Ends it between two pushes.</param>
    /// <exception cref="OperationCanceledException">Cancelled: a part of it may be on disk.</exception>
    public async Task<CarriedOut> CarryOut(ImportWork work, CancellationToken cancellation)
    {
        var lines = new List<ReadLine>(work.Piece.Lines);
        foreach (var line in PieceText.Read(work.Piece.Body, work.Piece.FirstLine))
        {
            // Reading is most of what an import costs, and takes a processor for itself.
            await live.GiveWay(cancellation);
            lines.Add(new ReadLine(line, line.Read(work.Source, addresses.Source(work.Source))));
        }

        var tally = new ImportTally();
        var read = lines.FindAll(l => !l.Received.IsRefused);
        foreach (var line in lines.Except(read))
            tally.RefuseWhole(line);
        foreach (var wave in ImportPlan.Waves(read))
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
            await System.Threading.Tasks.Parallel.ForEachAsync(wave, options, async (step, _) =>
            {
                if (step.IsBatch)
                    await Push(work, step.Lines, tally, cancellation);
                else
                {
                    foreach (var line in step.Lines)
                        await Push(work, [line], tally, cancellation);
                }
            });
        }

        return tally.Finish();
    }

    // One push: of one line, or of some that are one resource each. Sent again until everything that is not refused is on disk.
    private async Task Push(ImportWork work, ImmutableArray<ReadLine> lines, ImportTally tally, CancellationToken cancellation)
    {
        var push = PushId.Of(work.Source, $"import {work.Import} {string.Join(' ', lines.Select(l => l.Line.Number))}");
        var due = lines;
        for (var pause = FirstPause; ; pause = pause + pause < LongestPause ? pause + pause : LongestPause)
        {
            cancellation.ThrowIfCancellationRequested();
            await live.GiveWay(cancellation);
            try
            {
                var report = await pushes.Take(Together(due), work.Source, push, Caller.Development, Lane.Backfill, cancellation);
                due = tally.Count(due, report);
                if (due.IsEmpty)
                    return;
            }
            catch (Exception failure) when (IsForNow(failure))
            {
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // An edge: one line that nobody can take in must not hold up the others, nor be tried for ever.
                // An exception's text may quote what was sent; its type never does.
                ImportLog.LineFailed(logger, work.Import, failure.GetType().Name);
                if (due is [var one])
                {
                    tally.Refuse(one, new Issue(IssueCodes.InternalError));
                    return;
                }

                foreach (var line in due)
                    await Push(work, [line], tally, cancellation);
                return;
            }

            await Task.Delay(pause, clock, cancellation);
        }
    }

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
