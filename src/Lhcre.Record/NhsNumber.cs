using System.Diagnostics.CodeAnalysis;

namespace Lhcre.Record;

/// <summary>
/// An NHS number: ten digits whose last is a modulus 11 check digit over weights 10 to 2, so 0000000000 to 9999999999 less what
/// the check and the placeholder rule exclude. Source: NHS Data Dictionary, NHS NUMBER.
/// </summary>
/// <remarks>The number is patient data: <see cref="ToString"/> is masked, and only <see cref="Digits"/> gives it away.</remarks>
public readonly struct NhsNumber : IEquatable<NhsNumber>
{
    /// <summary>The FHIR identifier system of an NHS number in England.</summary>
    public const string System = "https://fhir.nhs.uk/Id/nhs-number";

    /// <summary>The identifier system of the DSTU2 and STU3 years, still sent by older systems.</summary>
    public const string LegacySystem = "http://fhir.nhs.net/Id/nhs-number";

    private readonly long _value;

    private NhsNumber(long value) => _value = value;

    /// <summary>Whether <paramref name="system"/> is one of the two systems that name NHS numbers.</summary>
    public static bool IsSystem(string? system) => system is System or LegacySystem;

    /// <summary>Reads ten digits, spaces and dashes between them tolerated; false when the check digit does not fit or all digits are one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NhsNumber number) => TryParse(text.AsSpan(), out number);

    /// <inheritdoc cref="TryParse(string, out NhsNumber)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out NhsNumber number)
    {
        number = default;
        long value = 0;
        var count = 0;
        foreach (var c in text)
        {
            if (c is ' ' or '-')
                continue;
            if (!char.IsAsciiDigit(c) || ++count > 10)
                return false;
            value = (value * 10) + (c - '0');
        }

        if (count != 10 || IsRepeatedDigit(value) || CheckDigit(value / 10) != value % 10)
            return false;
        number = new NhsNumber(value);
        return true;
    }

    /// <summary>
    /// The number whose first nine digits are <paramref name="first9"/> (0 to 999,999,999); false where the check digit would be 10,
    /// which is never issued, or where all ten digits would be the same.
    /// </summary>
    public static bool TryComplete(int first9, out NhsNumber number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first9);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first9, 999_999_999);
        var check = CheckDigit(first9);
        var value = (first9 * 10L) + check;
        number = check == 10 || IsRepeatedDigit(value) ? default : new NhsNumber(value);
        return check != 10 && !IsRepeatedDigit(value);
    }

    /// <summary>The ten digits. Patient data: for matching and for what a source sends, never for a log, a key or a URL.</summary>
    public string Digits() => _value.ToString("D10", null);

    /// <summary>Masked: the last two digits only.</summary>
    public override string ToString() => $"********{_value % 100:D2}";

    /// <inheritdoc/>
    public bool Equals(NhsNumber other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NhsNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Equality by value.</summary>
    public static bool operator ==(NhsNumber left, NhsNumber right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(NhsNumber left, NhsNumber right) => !left.Equals(right);

    private static int CheckDigit(long first9)
    {
        var sum = 0;
        for (var weight = 2; weight <= 10; weight++, first9 /= 10)
            sum += (int)(first9 % 10) * weight;
        return (11 - (sum % 11)) % 11;
    }

    // 1111111111 and its like pass the check and are what people type when they have no number.
    private static bool IsRepeatedDigit(long value) => value % 1_111_111_111 == 0;
}
