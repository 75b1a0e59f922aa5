using System.Globalization;

namespace Lhcre.Record.Reading;

/// <summary>
/// A decimal number by its value: digits without trailing zeros, and the power of ten that they are to be multiplied with. Exact: a result
/// goes through neither a <see cref="double"/> nor the rounding of a <see cref="decimal"/>.
/// </summary>
internal readonly record struct ExactNumber(Int128 Digits, int Exponent)
{
    private const int MostDigits = 28;
    private const int MostFactorDigits = 9;
    private const int MostExponent = 1_000;

    // Numbers longer than this are written with an exponent.
    private const int MostPlaces = 40;

    public static readonly ExactNumber One = new(1, 0);

    /// <summary>Whether it is a power of ten, and so has an exact inverse.</summary>
    public bool IsPowerOfTen => Digits == 1;

    /// <summary>Reads a number as JSON writes it; false for anything else, more than 28 digits, or an exponent beyond ±1,000.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ExactNumber number)
    {
        number = default;
        var isNegative = text.StartsWith("-"u8);
        var rest = isNegative ? text[1..] : text;
        var (digits, count, zeros, exponent, read) = (Int128.Zero, 0, 0, 0, 0);
        bool isBehindPoint = false, isAny = false;
        for (; read < rest.Length; read++)
        {
            var c = rest[read];
            if (c == '.' && isAny && !isBehindPoint)
            {
                isBehindPoint = true;
                continue;
            }

            if (!char.IsAsciiDigit((char)c))
                break;
            isAny = true;
            exponent -= isBehindPoint ? 1 : 0;
            if (c == '0')
            {
                zeros += digits == 0 ? 0 : 1;
                continue;
            }

            count += zeros + 1;
            if (count > MostDigits)
                return false;
            for (; zeros >= 0; zeros--)
                digits *= 10;
            zeros = 0;
            digits += c - '0';
        }

        if (!isAny || !TryExponent(rest[read..], out var scale))
            return false;
        number = digits == 0 ? default : new(isNegative ? -digits : digits, exponent + zeros + scale);
        return Math.Abs(number.Exponent) <= MostExponent;
    }

    /// <summary>The product; null where it would not be exact.</summary>
    public ExactNumber? Times(ExactNumber factor)
    {
        if (!IsBelow(Digits, MostDigits) || !IsBelow(factor.Digits, MostFactorDigits))
            return null;
        var (digits, exponent) = (Digits * factor.Digits, Exponent + factor.Exponent);
        if (digits == 0)
            return default(ExactNumber);
        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }

        return new ExactNumber(digits, exponent);
    }

    /// <summary>One divided by a power of ten; null for other numbers.</summary>
    public ExactNumber? Inverse() => IsPowerOfTen ? new ExactNumber(1, -Exponent) : null;

    /// <summary>The one text of the value: <c>6.9</c>, <c>-0.001</c>, <c>5200000000</c>; <c>1E-60</c> where it would be long.</summary>
    public override string ToString()
    {
        var digits = Int128.Abs(Digits).ToString(CultureInfo.InvariantCulture);
        var sign = Digits < 0 ? "-" : "";
        if ((Exponent > 0 ? digits.Length + Exponent : Math.Max(digits.Length, 1 - Exponent)) > MostPlaces)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits}E{Exponent}");
        if (Exponent >= 0)
            return $"{sign}{digits}{new string('0', Exponent)}";
        digits = digits.PadLeft(1 - Exponent, '0');
        return $"{sign}{digits.AsSpan(0, digits.Length + Exponent)}.{digits.AsSpan(digits.Length + Exponent)}";
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
            return true;
        if (text[0] is not ((byte)'e' or (byte)'E'))
            return false;
        return int.TryParse(text[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) && exponent is >= -MostExponent and <= MostExponent;
    }

    private static bool IsBelow(Int128 digits, int places)
    {
        var bound = Int128.One;
        for (var i = 0; i < places; i++)
            bound *= 10;
        return Int128.Abs(digits) < bound;
    }
}
