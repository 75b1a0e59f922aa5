using System.Globalization;
using System.Text;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Searching;

/// <summary>
/// What a resource states as a number: one value, or what lies between two, either of which may be open (a Range; <c>&lt;5</c>).
/// </summary>
/// <param name="Low">The least value; <see cref="decimal.MinValue"/> for none.</param>
/// <param name="High">The greatest value; <see cref="decimal.MaxValue"/> for none.</param>
internal readonly record struct NumberRange(decimal Low, decimal High)
{
    /// <summary>Whether <see cref="Low"/> itself is not stated: <c>&gt;5</c>.</summary>
    public bool IsAbove { get; init; }

    /// <summary>Whether <see cref="High"/> itself is not stated: <c>&lt;5</c>.</summary>
    public bool IsBelow { get; init; }

    /// <summary>One value with a comparator (<c>Quantity.comparator</c>), or none.</summary>
    public static NumberRange Of(decimal value, ReadOnlySpan<byte> comparator) =>
        comparator.SequenceEqual("<"u8) ? new(decimal.MinValue, value) { IsBelow = true }
        : comparator.SequenceEqual("<="u8) ? new(decimal.MinValue, value)
        : comparator.SequenceEqual(">"u8) ? new(value, decimal.MaxValue) { IsAbove = true }
        : comparator.SequenceEqual(">="u8) ? new(value, decimal.MaxValue)
        : new(value, value);

    /// <summary>A number as far as a <see cref="decimal"/> holds it; null where it is too great.</summary>
    public static decimal? Decimal(ExactNumber number) =>
        decimal.TryParse(number.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary>
/// A number in a query, with the range that its digits imply: <c>100</c> is 99.5 to below 100.5, <c>100.00</c> is 99.995 to below 100.005
/// (FHIR R4 search.html, "number").
/// </summary>
/// <param name="Prefix">How it is compared.</param>
/// <param name="Value">The number itself, as all prefixes but equality take it.</param>
/// <param name="Low">The least value that is equal to it.</param>
/// <param name="High">The least value above that is not.</param>
internal readonly record struct AskedNumber(SearchPrefix Prefix, decimal Value, decimal Low, decimal High)
{
    /// <summary>Reads <c>[prefix]number</c>, as one of so many of a unit; null where it is no number.</summary>
    public static AskedNumber? Read(ReadOnlySpan<char> text, ExactNumber factor)
    {
        var prefix = Prefixed.Take(ref text);
        Span<byte> bytes = stackalloc byte[64];
        if (text.Length > 60 || !Encoding.UTF8.TryGetBytes(text.TrimStart('+'), bytes, out var length))
            return null;
        if (!ExactNumber.TryParse(bytes[..length], out var number) || Scaled(number, factor) is not { } value)
            return null;
        if (Scaled(new ExactNumber(5, LastDigit(text) - 1), factor) is not { } half)
            return null;
        if (prefix == SearchPrefix.Approximate)
            half = Math.Abs(value) / 10;
        return new AskedNumber(prefix, value, value - half, value + half);
    }

    /// <summary>Whether what is stated satisfies it.</summary>
    public bool Holds(NumberRange stated) => Prefix switch
    {
        SearchPrefix.Equal => IsEqual(stated),
        SearchPrefix.NotEqual => !IsEqual(stated),
        SearchPrefix.Greater => stated.High > Value,
        SearchPrefix.Less => stated.Low < Value,
        SearchPrefix.GreaterOrEqual => stated.High > Value || (stated.High == Value && !stated.IsBelow),
        SearchPrefix.LessOrEqual => stated.Low < Value || (stated.Low == Value && !stated.IsAbove),
        SearchPrefix.StartsAfter => stated.Low > Value || (stated.Low == Value && stated.IsAbove),
        SearchPrefix.EndsBefore => stated.High < Value || (stated.High == Value && stated.IsBelow),
        _ => stated.High >= Low && stated.Low <= High,
    };

    private bool IsEqual(NumberRange stated) => stated.Low >= Low && stated.High < High;

    private static decimal? Scaled(ExactNumber number, ExactNumber factor) =>
        number.Times(factor) is { } product ? NumberRange.Decimal(product) : null;

    // The power of ten of the last digit that was written: -2 for 100.00, and 0 for 100, whose zeros count.
    private static int LastDigit(ReadOnlySpan<char> text)
    {
        var exponentAt = text.IndexOfAny('e', 'E');
        var digits = exponentAt < 0 ? text : text[..exponentAt];
        var point = digits.IndexOf('.');
        var last = point < 0 ? 0 : point + 1 - digits.Length;
        if (exponentAt < 0)
            return last;
        var exponent = int.Parse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        // The specification's own table has 1e2 as 95 to below 105: a whole number with an exponent counts one digit more.
        return last + exponent - (point < 0 && exponent > 0 ? 1 : 0);
    }
}
