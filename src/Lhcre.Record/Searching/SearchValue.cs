namespace Lhcre.Record.Searching;

/// <summary>What a searchable value is.</summary>
internal enum ValueForm : byte
{
    /// <summary>Something is there that can be asked for by <c>:missing</c> only.</summary>
    Present = 0,

    /// <summary>A code whose system is implied (a FHIR <c>code</c>, <c>boolean</c> or number).</summary>
    Code = 1,

    /// <summary>A Coding, Identifier or ContactPoint: system (or use) and code (or value), each of which may be absent.</summary>
    Coded = 2,

    /// <summary>The identifier of a reference.</summary>
    Identified = 3,

    /// <summary>A literal reference.</summary>
    Reference = 4,

    /// <summary>A range of time, in ticks.</summary>
    Dates = 5,

    /// <summary>A text, or a URI.</summary>
    Text = 6,

    /// <summary>A Quantity, Range or Money, read when it is compared.</summary>
    Quantity = 7,

    /// <summary>A number, read when it is compared.</summary>
    Number = 8,

    /// <summary>That there is something stands for <c>true</c>: a time of death.</summary>
    Exists = 9,
}

/// <summary>
/// One searchable value of a resource, 24 bytes: a range of time, or where in the resource's own bytes its text stands, which are kept anyway.
/// </summary>
/// <param name="First">Of a token where its system stands; of dates the first tick; else where the value stands.</param>
/// <param name="Second">Of a token where its code stands; of dates the last tick.</param>
/// <param name="Slot">The element's number in its type (<see cref="ElementTree"/>).</param>
/// <param name="Group">Which repetition of its parent it stands in; 0 for the resource itself. What is said of one thing has one number.</param>
/// <param name="Form">What it is.</param>
internal readonly record struct SearchValue(long First, long Second, ushort Slot, ushort Group, ValueForm Form)
{
    /// <summary>Stands for a text that is not there.</summary>
    public const long Nowhere = -1;

    /// <summary>The range of a date.</summary>
    public DateRange Dates => new(First, Second);

    /// <summary>A place as one number.</summary>
    public static long At(long start, int length) => (start << 32) | (uint)length;

    /// <summary>The bytes at a place, as they stand in JSON: between the quotes of a text.</summary>
    public static ReadOnlySpan<byte> In(ReadOnlySpan<byte> resource, long place) =>
        place == Nowhere ? [] : resource.Slice((int)(place >> 32), (int)(place & 0x7FFF_FFFF));
}
