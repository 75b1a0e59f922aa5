using System.Diagnostics.CodeAnalysis;

namespace Lhcre.Record;

/// <summary>
/// The pseudonym of a person: <c>p</c> and 26 base32 characters (130 bits) of HMAC-SHA-256 over the NHS number; or <c>u</c> and as many over what
/// one source calls a person of whom no verified number is known. It is the grain key, the journal's key and the merged <c>Patient.id</c>, since
/// all three reach logs, spans and URLs.
/// </summary>
public readonly record struct PatientKey : IComparable<PatientKey>
{
    /// <summary>Characters of a key: 27.</summary>
    public const int Length = 1 + Base32.Length;

    private const char Numbered = 'p';
    private const char Local = 'u';

    private readonly string? _value;

    private PatientKey(string value) => _value = value;

    /// <summary>The key as text. Empty only for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <summary>
    /// Whether it is made of what one source calls the person: nobody has verified who that is. Every such key is above every key of a number, so of
    /// one version of an entry the number's record has it (<c>source_index</c>).
    /// </summary>
    public bool IsLocal => _value is [Local, ..];

    /// <summary>Reads what <see cref="Value"/> wrote; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PatientKey key)
    {
        var valid = text is { Length: Length } && text[0] is Numbered or Local && Base32.IsValid(text.AsSpan(1));
        key = valid ? new PatientKey(text!) : default;
        return valid;
    }

    /// <summary>Reads what <see cref="Value"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no patient key. The message does not repeat it.</exception>
    public static PatientKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException("Not a patient key: 'p' or 'u' and 26 base32 characters are expected.");

    /// <summary>Ordinal order of the text.</summary>
    public int CompareTo(PatientKey other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    internal static PatientKey FromHash(ReadOnlySpan<byte> hash) => new(Numbered + Base32.Write(hash));

    internal static PatientKey FromLocalHash(ReadOnlySpan<byte> hash) => new(Local + Base32.Write(hash));
}
