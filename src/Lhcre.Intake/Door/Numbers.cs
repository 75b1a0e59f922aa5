using System.Text.Json;

namespace Lhcre.Intake.Door;

/// <summary>JSON numbers as values of primitives.</summary>
internal static class Numbers
{
    // Any number of so many digits is a decimal.
    private const int SureDigits = 28;

    /// <summary>What the library says of the number that the reader stands on.</summary>
    public static Verdict Check(ref Utf8JsonReader reader, Element element)
    {
        switch (element.Kind)
        {
            case ElementKind.Decimal:
                return Of(IsPlainDecimal(reader.ValueSpan) || reader.TryGetDecimal(out _));
            case ElementKind.Integer:
                return Of(reader.TryGetInt32(out _));
            case ElementKind.UnsignedInt:
                return Of(reader.TryGetInt32(out var unsigned) && unsigned >= 0);
            case ElementKind.PositiveInt:
                return Of(reader.TryGetInt32(out var positive) && positive > 0);
            case ElementKind.Boolean:
                return Verdict.Rejected;
            case ElementKind.Other:
                return Verdict.Undecided;
            default:
                // A number that no decimal can hold the library keeps as the text that it is, and takes it where a text is expected.
                return Of(!reader.TryGetDecimal(out _) && Primitives.IsValid(reader.ValueSpan, element));
        }
    }

    private static bool IsPlainDecimal(ReadOnlySpan<byte> number) => number.Length <= SureDigits && !number.ContainsAny((byte)'e', (byte)'E');

    private static Verdict Of(bool isValid) => isValid ? Verdict.Accepted : Verdict.Rejected;
}
