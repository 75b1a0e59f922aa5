using Lhcre.Record;

namespace Lhcre.Synthetic.Quality;

/// <summary>What came of pushing the same fragments in many orders.</summary>
/// <param name="Records">Records shuffled.</param>
/// <param name="Orders">Orders in which they came, all records together.</param>
/// <param name="MostOutcomes">The most distinct outcomes that one record had: 1, if order counts for nothing.</param>
/// <param name="Unstable">Records with more than one outcome.</param>
internal sealed record Shuffles(long Records, long Orders, long MostOutcomes, long Unstable)
{
    /// <summary>Orders of each record.</summary>
    public const int OrdersEach = 100;

    private const int LeastEntries = 10;
    private const int MostEntries = 30;

    public static readonly Shuffles None = new(0, 0, 0, 0);

    public static Shuffles operator +(Shuffles left, Shuffles right) => new(
        left.Records + right.Records,
        left.Orders + right.Orders,
        Math.Max(left.MostOutcomes, right.MostOutcomes),
        left.Unstable + right.Unstable);

    /// <summary>One small record of a person to whom much goes wrong, in so many orders, with resends and in pushes of any size.</summary>
    public static Shuffles Of(int seed, int number, int orders)
    {
        var person = SyntheticPerson.Of(seed, number, Rates.Dense).First();
        var dice = new Dice(unchecked((seed * 15_485_863) + number));
        var fragments = Some(person, dice).SelectMany(t => t.Versions).ToList();
        var outcomes = new HashSet<string> { Diary.Masked(Diary.Of(person.Key, [fragments])) };
        for (var n = 0; n < orders; n++)
            outcomes.Add(Diary.Masked(Diary.Of(person.Key, InSomeOrder(fragments, dice))));
        return new Shuffles(1, orders, outcomes.Count, outcomes.Count > 1 ? 1 : 0);
    }

    // Whole groups of facts, so that what looks alike meets; and every Patient, since whose a thing is depends on them all.
    private static List<Telling> Some(SyntheticPerson person, Dice dice)
    {
        var some = person.Tellings.Where(t => t.Type == "Patient" || t.IsStranger).ToList();
        var most = dice.Between(LeastEntries, MostEntries);
        foreach (var group in dice.Shuffled(person.Tellings.Except(some).GroupBy(t => t.Subject is null ? (-1, t.Type) : (t.Group, ""))))
        {
            if (some.Count + group.Count() <= most)
                some.AddRange(group);
        }

        return some;
    }

    private static IEnumerable<IReadOnlyList<Fragment>> InSomeOrder(List<Fragment> fragments, Dice dice)
    {
        var resent = fragments.Where(_ => dice.Thousandths(200));
        var rest = dice.Shuffled(fragments.Concat(resent)).ToList();
        while (rest.Count > 0)
        {
            var piece = rest[..Math.Min(rest.Count, dice.Between(1, 12))];
            rest.RemoveRange(0, piece.Count);
            yield return piece;
        }
    }
}
