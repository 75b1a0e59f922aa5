namespace Lhcre.Intake.Door;

/// <summary>A list of primitives, or of their ids and extensions: <c>given</c> and <c>_given</c> are one list, item by item.</summary>
/// <param name="Bit">The element's.</param>
/// <param name="Count">How many items it has, nulls included.</param>
/// <param name="Nulls">One bit for each of the first 64 that is null. Further ones are none.</param>
internal readonly record struct PrimitiveList(ulong Bit, int Count, ulong Nulls)
{
    /// <summary>The most items that may be followed by a null: it has a bit for each.</summary>
    public const int Tracked = 64;

    private ulong Given => ~Nulls & Ones(Count);

    /// <summary>Whether of all lists of an object each item is given in one of the two lists that it stands in.</summary>
    public static bool AreWhole(ReadOnlySpan<PrimitiveList> lists)
    {
        for (var i = 0; i < lists.Length; i++)
        {
            var (given, count) = (lists[i].Given, lists[i].Count);
            for (var j = 0; j < lists.Length; j++)
            {
                if (j != i && lists[j].Bit == lists[i].Bit)
                    (given, count) = (given | lists[j].Given, Math.Max(count, lists[j].Count));
            }

            if (given != Ones(count))
                return false;
        }

        return true;
    }

    private static ulong Ones(int count) => count >= Tracked ? ulong.MaxValue : (1ul << count) - 1;
}
