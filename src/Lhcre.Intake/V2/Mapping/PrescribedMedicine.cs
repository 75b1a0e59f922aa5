namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// A medicine as RXE tells of it, or RXO where there is no RXE: which field of either says what. There is no official map of RXE; its fields
/// are those of RXO, encoded by the pharmacy, and mapped by their rows (segment RXO[MedicationRequest]).
/// </summary>
/// <param name="Segment">RXE, else RXO.</param>
/// <param name="Requested">RXO, of which counts beside an RXE what the pharmacy has said nothing of; null for none.</param>
internal sealed record PrescribedMedicine(Hl7Segment Segment, Hl7Segment? Requested)
{
    private bool IsEncoded => Segment.Name == "RXE";

    /// <summary>RXO-1 (row 4), RXE-2: what is to be given.</summary>
    public Hl7Field Code => Segment[IsEncoded ? 2 : 1];

    /// <summary>The code, else its words: what tells it from another one of the same order.</summary>
    public string Name => Code.Value ?? Code.Component(2) ?? "-";

    /// <summary>RXO-2, RXE-3: where <see cref="Least"/> stands; <see cref="Most"/> behind it.</summary>
    public int AmountField => IsEncoded ? 3 : 2;

    /// <summary>RXO-2 (row 5), RXE-3: the amount, or the least of it.</summary>
    public Hl7Field Least => Segment[AmountField];

    /// <summary>RXO-3 (row 7), RXE-4: the most.</summary>
    public Hl7Field Most => Segment[AmountField + 1];

    /// <summary>RXO-4 (rows 8 to 11), RXE-5: its unit.</summary>
    public Hl7Field Unit => Segment[IsEncoded ? 5 : 4];

    /// <summary>RXO-5 (row 12), RXE-6: the form.</summary>
    public Hl7Field Form => Segment[IsEncoded ? 6 : 5];

    /// <summary>RXE-7, else RXO-7 (row 14): how it is to be taken, in words.</summary>
    public Hl7Field Instructions => Either(Segment[7], 7);

    /// <summary>RXO-9 (row 16): whether another product may be dispensed. RXE-9 says whether one was, which is another thing.</summary>
    public Hl7Field Substitution => Requested?[9] ?? default;

    /// <summary>RXO-11 (row 18), RXE-10: how much is to be dispensed.</summary>
    public Hl7Field Dispensed => Segment[IsEncoded ? 10 : 11];

    /// <summary>RXO-12 (rows 19, 20), RXE-11: its unit.</summary>
    public Hl7Field DispensedUnit => Segment[IsEncoded ? 11 : 12];

    /// <summary>RXO-13 (row 21), RXE-12: how often again.</summary>
    public Hl7Field Repeats => Segment[IsEncoded ? 12 : 13];

    /// <summary>RXO-14 (row 22), RXE-13: who ordered it.</summary>
    public Hl7Field Prescriber => Segment[IsEncoded ? 13 : 14];

    /// <summary>RXE-15: the pharmacy's number of the prescription, which may have several medicines.</summary>
    public Hl7Field Prescription => IsEncoded ? Segment[15] : default;

    /// <summary>RXO-23 (rows 32 to 34), RXE-19: the most in a day.</summary>
    public Hl7Field Daily => Segment[IsEncoded ? 19 : 23];

    /// <summary>RXO-21, RXE-23: at which rate.</summary>
    public Hl7Field Rate => Segment[IsEncoded ? 23 : 21];

    /// <summary>RXO-22, RXE-24: its unit.</summary>
    public Hl7Field RateUnit => Segment[IsEncoded ? 24 : 22];

    /// <summary>RXO-18 (row 26), RXE-25: the strength.</summary>
    public Hl7Field Strength => Segment[IsEncoded ? 25 : 18];

    /// <summary>RXO-19 (rows 27, 28), RXE-26: its unit.</summary>
    public Hl7Field StrengthUnit => Segment[IsEncoded ? 26 : 19];

    /// <summary>RXO-25 (row 36), RXE-33: the volume in which that strength is.</summary>
    public Hl7Field Volume => Segment[IsEncoded ? 33 : 25];

    /// <summary>RXO-26 (rows 37, 38), RXE-34: its unit.</summary>
    public Hl7Field VolumeUnit => Segment[IsEncoded ? 34 : 26];

    /// <summary>RXE-27, else RXO-20: for what it is given.</summary>
    public Hl7Field Indication => IsEncoded ? Either(Segment[27], 20) : Segment[20];

    /// <summary>RXE-1, the timing of messages before TQ1; also ORC-7.</summary>
    public Hl7Field Timing => IsEncoded ? Segment[1] : default;

    /// <summary>RXE-32: when it was first ordered.</summary>
    public Hl7Field Ordered => IsEncoded ? Segment[32] : default;

    private Hl7Field Either(Hl7Field own, int requested) => MessageContext.FirstOf(own) is null ? Requested?[requested] ?? own : own;

    /// <summary>Names what should be a number and is none, and so has no place in a Quantity.</summary>
    public void CheckNumbers(MessageContext context)
    {
        foreach (var field in IsEncoded ? (ReadOnlySpan<int>)[10, 12, 23, 25, 33] : [11, 13, 18, 21, 25])
            context.Number(Segment, field);
    }

    /// <summary>The fields that are read.</summary>
    public static void Take(MessageContext context)
    {
        context.Takes("RXE", 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 15, 19, 23, 24, 25, 26, 27, 32, 33, 34);
        context.TakesFirst("RXE", 2, 5, 6, 13);
        context.TakesFirst("RXO", 1, 4, 5, 14);
        context.Takes("RXO", 1, 2, 3, 4, 5, 7, 9, 11, 12, 13, 14, 18, 19, 20, 21, 22, 23, 25, 26);
    }
}
