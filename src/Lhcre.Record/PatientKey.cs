using System.Diagnostics.CodeAnalysis;

namespace Lhcre.Record;

/// <summary>
/// The pseudonym of a person: <c>p</c> and 26 base32 characters (130 bits) of HMAC-SHA-256 over the NHS number. It is the grain key, the
/// journal's key and the merged <c>Patient.id</c>, since all three reach logs, spans and URLs.
/// </summary>
public readonly record struct PatientKey : IComparable<PatientKey>
{
    /// <summary>Characters of a key: 27.</summary>
    public const int Length = 1 + Base32.Length;

    private readonly string? _value;

    private PatientKey(string value) => _value = value;

    /// <summary>The key as text. Empty only for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads what <see cref="Value"/> wrote; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PatientKey key)
    {
        var valid = text is { Length: Length } && text[0] == 'p' && Base32.IsValid(text.AsSpan(1));
        key = valid ? new PatientKey(text!) : default;
        return valid;
    }

    /// <summary>Reads what <see cref="Value"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no patient key. The message does not repeat it.</exception>
    public static PatientKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException("Not a patient key: 'p' and 26 base32 characters are expected.");

    /// <summary>Ordinal order of the text.</summary>
    public int CompareTo(PatientKey other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    internal static PatientKey FromHash(ReadOnlySpan<byte> hash) => new("p" + Base32.Write(hash));
}
