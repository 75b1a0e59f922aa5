using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <content>Hearing of a source for the first time: what stands against it is in force before it is answered (decision 0022).</content>
public sealed partial class LiveRecord
{
    private async Task<PushAnswer> Hear(PushRequest push, CancellationToken cancellation)
    {
        if ((await Whole(cancellation)).EntriesOf(push.Source).Any())
            return await TakeIn(push, cancellation);
        if (await TakeUp(push, cancellation) is { } before)
            return before;
        var answer = await TakeIn(push, cancellation);
        // What was ordered meanwhile may have been told to all records that there were, and not to this one. What is ordered from now on finds it.
        return answer.Status == PushStatus.Applied && await TakeUp(push, cancellation) is { } after ? after : answer;
    }

    // Null where all that stands is in force here.
    private async Task<PushAnswer?> TakeUp(PushRequest push, CancellationToken cancellation)
    {
        var orders = await StandingOrders.Of(journal, push.Source, cancellation);
        foreach (var order in orders)
        {
            var corrections = (await Whole(cancellation)).Corrections;
            var isOver = order is QuarantineEnd end ? !corrections.IsInForce(end.Of) : orders.OfType<QuarantineEnd>().Any(e => e.Of == order.Id);
            if (isOver || corrections.Knows(order.Id))
                continue;
            var answer = await TakeIn(order, CorrectionRequest.Of(order) with { IsCarried = true, Lane = push.Lane }, cancellation);
            if (answer.Status is not (PushStatus.Applied or PushStatus.Unchanged))
                return answer;
        }

        return null;
    }
}
