namespace Lhcre.Synthetic.Quality;

/// <summary>Measures people and orders of arrival, on all cores; what is counted does not depend on how many there are.</summary>
internal static class QualityRun
{
    private const int PeopleAtOnce = 100;
    private const int RecordsAtOnce = 20;

    /// <summary>Everything counted over the people of all seeds.</summary>
    /// <param name="options">How many.</param>
    /// <param name="progress">Told after every hundred people.</param>
    public static Tally People(QualityOptions options, Action<string> progress)
    {
        var sum = new Tally();
        for (var seed = QualityOptions.FirstSeed; seed < QualityOptions.FirstSeed + options.Seeds; seed++)
        {
            for (var from = 0; from < options.People; from += PeopleAtOnce)
            {
                var tallies = new Tally[Math.Min(PeopleAtOnce, options.People - from)];
                var (first, ofSeed) = (from, seed);
                Parallel.For(0, tallies.Length, n => tallies[n] = Person(ofSeed, first + n));
                foreach (var tally in tallies)
                    sum.Add(tally);
                progress($"seed {seed}: {from + tallies.Length} of {options.People} people");
            }
        }

        return sum;
    }

    /// <summary>What came of all orders.</summary>
    /// <param name="options">How many.</param>
    /// <param name="progress">Told after every twenty records.</param>
    public static Shuffles Orders(QualityOptions options, Action<string> progress)
    {
        var sum = Shuffles.None;
        var records = (options.Shuffles + Shuffles.OrdersEach - 1) / Shuffles.OrdersEach;
        for (var from = 0; from < records; from += RecordsAtOnce)
        {
            var outcomes = new Shuffles[Math.Min(RecordsAtOnce, records - from)];
            var first = from;
            Parallel.For(0, outcomes.Length, n =>
            {
                var record = first + n;
                var orders = Math.Min(Shuffles.OrdersEach, options.Shuffles - (record * Shuffles.OrdersEach));
                outcomes[n] = Shuffles.Of(QualityOptions.FirstSeed + (record % Math.Max(options.Seeds, 1)), record, orders);
            });
            sum = outcomes.Aggregate(sum, (left, right) => left + right);
            progress($"{sum.Orders} of {options.Shuffles} orders of arrival");
        }

        return sum;
    }

    private static Tally Person(int seed, int number)
    {
        var sum = new Tally();
        foreach (var person in SyntheticPerson.Of(seed, number, Rates.Fixed))
            sum.Add(Tally.Of(person));
        return sum;
    }
}
