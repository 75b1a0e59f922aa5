using System.Buffers;
using System.Diagnostics;
using System.Net;
using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Lhcre.Silo.Mllp;

/// <summary>
/// One connection of a source: its messages one after the other, each answered before the next is read, so that they are taken in in their order.
/// </summary>
internal sealed class MllpConnection(ConnectionContext connection, MllpListener listener, Hl7Door door, TimeProvider clock, ILogger logger)
{
    // What cannot be written now is tried for so long before the sender is told to send it again: less than the five seconds after which the
    // more impatient engines think that nobody is there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _source = listener.Source.Id;
    private readonly string _sender = (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "somebody";
    private long _messages;
    private int _cuts;

    /// <summary>Serves it to its end.</summary>
    public async Task Run()
    {
        MllpLog.Opened(logger, _source, _sender);
        if (listener.Seats.Take(() => Cut(IssueCodes.MllpFull)) is not { } seat)
        {
            Cut(IssueCodes.MllpFull);
            return;
        }

        try
        {
            await Serve(seat);
        }
        catch (Exception failure)
        {
            // The edge of this connection: behind it there is nobody to tell. An exception's text may quote what was sent; its type and place never do.
            var place = new StackTrace(failure, fNeedFileInfo: false).GetFrame(0)?.GetMethod();
            MllpLog.Failed(logger, _source, _sender, failure.GetType().Name, $"{place?.DeclaringType?.FullName}.{place?.Name}");
            connection.Abort();
        }
        finally
        {
            listener.Seats.Give(seat);
            MllpLog.Closed(logger, _source, _sender, _messages);
        }
    }

    private async Task Serve(MllpSeat seat)
    {
        var stop = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var reader = new MllpReader(connection.Transport.Input, listener.Limits, listener.Held, clock);
        while (true)
        {
            var block = await reader.Next(stop);
            if (block.End is MllpEnd.Closed or MllpEnd.Stopped)
                return;
            if (Fault(block.End) is { } fault)
            {
                Cut(fault);
                return;
            }

            if (block.IsSecondStart)
                MllpLog.BegunAnew(logger, _source, _sender);
            listener.Seats.Work(seat);
            var answer = await Answer(block);
            _messages++;
            if (answer.Code != Hl7Answer.Accepted)
                MllpLog.Refused(logger, _source, _sender, answer.Code, string.Join(' ', answer.Codes));
            if (!await Send(answer.Bytes))
                return;
            listener.Seats.Rest(seat);
        }
    }

    private static IssueCode? Fault(MllpEnd end) => end switch
    {
        MllpEnd.Broken => IssueCodes.MllpBroken,
        MllpEnd.TooSlow => IssueCodes.MllpTooSlow,
        MllpEnd.Stray => IssueCodes.MllpStray,
        _ => null,
    };

    private async Task<Hl7Answer> Answer(MllpBlock block)
    {
        if (block.End == MllpEnd.TooLong)
            return door.TooLong(listener.Source, block.Bytes);
        if (block.End == MllpEnd.NoRoom)
            return door.NoRoom(listener.Source, block.Bytes);
        var began = clock.GetTimestamp();
        while (true)
        {
            // Whole is whole: it is taken in although its sender may have gone.
            var answer = await door.Take(listener.Source, block.Bytes, Callers.Of(connection), Lane.Live);
            if (answer.Again is null || clock.GetElapsedTime(began) > Patience)
                return answer;
            await Task.Delay(Pause, clock);
        }
    }

    // False where nobody takes it.
    private async Task<bool> Send(byte[] answer)
    {
        var output = connection.Transport.Output;
        output.Write([MllpReader.Start]);
        output.Write(answer);
        output.Write([MllpReader.End, MllpReader.Return]);
        try
        {
            return !(await output.FlushAsync().AsTask().WaitAsync(listener.Limits.AnswerTime, clock)).IsCompleted;
        }
        catch (TimeoutException)
        {
            Cut(IssueCodes.MllpTooSlow);
            return false;
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // It has gone. When it comes again with the same message it gets the same answer.
            return false;
        }
    }

    private void Cut(IssueCode why)
    {
        // For another connection's sake it is cut from there, and what it had begun breaks off here on that account.
        if (Interlocked.Increment(ref _cuts) > 1)
            return;
        MllpLog.Cut(logger, _source, _sender, why.Code, why.Meaning);
        connection.Abort(new ConnectionAbortedException(why.Meaning));
    }
}
