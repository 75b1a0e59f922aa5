namespace Lhcre.Record.People;

/// <summary>Dates of birth of one precision, from one to another, both included: years, months or days.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last; of the same precision, not before the first.</param>
public readonly record struct BirthInterval(ClinicalDate First, ClinicalDate Last)
{
    private static readonly int FirstPossible = new DateOnly(2, 1, 1).DayNumber;

    /// <summary>Whether a date of birth lies in it, at its own precision.</summary>
    public bool Contains(ClinicalDate birth) =>
        birth.Precision == First.Precision && First.Number <= birth.Number && birth.Number <= Last.Number;

    /// <summary>The first day of a year, a month or a day, as days since 0001-01-01.</summary>
    public static int FirstDay(ClinicalDate date) => date.Precision switch
    {
        Precision.Year => new DateOnly(date.Number, 1, 1).DayNumber,
        Precision.Month => new DateOnly((date.Number / 12) + 1, (date.Number % 12) + 1, 1).DayNumber,
        Precision.Day => date.Number,
        _ => throw new ArgumentException("A date of birth is a year, a month or a day."),
    };

    /// <summary>The last day.</summary>
    public static int LastDay(ClinicalDate date) => date.Precision switch
    {
        Precision.Year => new DateOnly(date.Number, 12, 31).DayNumber,
        Precision.Month => FirstDay(date) + DateTime.DaysInMonth((date.Number / 12) + 1, (date.Number % 12) + 1) - 1,
        _ => FirstDay(date),
    };

    /// <summary>What both hold; null where that is nothing.</summary>
    internal BirthInterval? And(BirthInterval other)
    {
        if (First.Precision != other.First.Precision)
            return null;
        var both = new BirthInterval(First.Number > other.First.Number ? First : other.First, Last.Number < other.Last.Number ? Last : other.Last);
        return both.First.Number <= both.Last.Number ? both : null;
    }

    /// <summary>
    /// What a value of the parameter <c>birthdate</c> asks for, as days, months and years that may be stated (FHIR R4 search.html#date: both
    /// the value and the date are periods). Null where it cannot be read. <c>ap</c> is within <see cref="Approximately"/> days of it.
    /// </summary>
    internal static IReadOnlyList<BirthInterval>? Read(string value)
    {
        var (prefix, text) = value.Length > 2 && char.IsAsciiLetter(value[0]) ? (value[..2], value[2..]) : ("eq", value);
        if (ClinicalDate.Parse(text) is not { Precision: > Precision.None } date)
            return null;
        date = date.At(Precision.Day);
        var (low, high) = (FirstDay(date), LastDay(date));
        var found = new List<BirthInterval>(3);
        foreach (var precision in (Precision[])[Precision.Day, Precision.Month, Precision.Year])
        {
            var of = new Periods(precision);
            (int From, int To)? range = prefix switch
            {
                "eq" => (of.FromFirst(low), of.ToLast(high)),
                "gt" => (of.ToLast(high) + 1, int.MaxValue),
                "sa" => (of.Holding(high) + 1, int.MaxValue),
                "lt" => (0, of.FromFirst(low) - 1),
                "eb" => (0, of.Holding(low) - 1),
                "ge" => (Math.Min(of.FromFirst(low), of.ToLast(high) + 1), int.MaxValue),
                "le" => (0, Math.Max(of.ToLast(high), of.FromFirst(low) - 1)),
                "ap" => (of.Holding(Math.Max(low - Approximately, FirstPossible)), of.Holding(Math.Min(high + Approximately, DateOnly.MaxValue.DayNumber))),
                _ => null,
            };
            if (range is not { } asked)
                return null;
            var (from, to) = (Math.Max(asked.From, of.Least), Math.Min(asked.To, of.Greatest));
            if (from <= to)
                found.Add(new BirthInterval(new ClinicalDate(precision, from), new ClinicalDate(precision, to)));
        }

        return found;
    }

    /// <summary>How far off, in days, a date may be that is approximately another.</summary>
    internal const int Approximately = 366;

    // Years, months or days as numbers in a row, against days.
    private readonly struct Periods(Precision precision)
    {
        public int Least => Holding(FirstPossible);

        public int Greatest => Holding(DateOnly.MaxValue.DayNumber);

        /// <summary>The one that holds a day.</summary>
        public int Holding(int day) => new ClinicalDate(Precision.Day, day).At(precision).Number;

        /// <summary>The first one that begins on a day or behind it.</summary>
        public int FromFirst(int day) => FirstDay(new(precision, Holding(day))) == day ? Holding(day) : Holding(day) + 1;

        /// <summary>The last one that ends on a day or before it.</summary>
        public int ToLast(int day) => LastDay(new(precision, Holding(day))) == day ? Holding(day) : Holding(day) - 1;
    }
}
