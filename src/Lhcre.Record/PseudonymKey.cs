using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lhcre.Record;

/// <summary>
/// The secret (32 bytes) that turns an NHS number into a <see cref="PatientKey"/>. Without it nobody can tell whose record a key names;
/// with another one nobody finds any record, so the data carry its <see cref="Fingerprint"/>.
/// </summary>
public sealed class PseudonymKey
{
    /// <summary>Bytes of the secret: 32.</summary>
    public const int Length = 32;

    private readonly byte[] _secret;

    /// <summary>Takes the secret.</summary>
    /// <exception cref="ArgumentException"><paramref name="secret"/> is not 32 bytes long.</exception>
    public PseudonymKey(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Length)
            throw new ArgumentException($"A pseudonym key has {Length} bytes, this one has {secret.Length}.", nameof(secret));
        _secret = secret.ToArray();
    }

    /// <summary>What is stored with the data to recognise the key: 26 base32 characters that do not give the secret away.</summary>
    public string Fingerprint => Base32.Write(HMACSHA256.HashData(_secret, "lhcre pseudonym key fingerprint"u8));

    /// <summary>The person's pseudonym: the same number and secret give the same key, always.</summary>
    public PatientKey For(NhsNumber number)
    {
        Span<byte> digits = stackalloc byte[10];
        Encoding.ASCII.GetBytes(number.Digits(), digits);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, digits, hash);
        return PatientKey.FromHash(hash);
    }

    /// <summary>The pseudonym of a person of whom no verified NHS number is known: of what a source calls them.</summary>
    /// <param name="source">The source's id: two sources' numbers of one name are two.</param>
    /// <param name="system">The system of the identifier.</param>
    /// <param name="value">The identifier.</param>
    /// <param name="ordinal">
    /// Which of those whom the source has called so, from 1: one who is called otherwise by now keeps the key, and the next one gets another.
    /// </param>
    public PatientKey For(string source, string system, string value, int ordinal = 1)
    {
        // With the lengths, so that no two of them make one text; no NHS number is such a text.
        var text = string.Create(CultureInfo.InvariantCulture, $"local {source} {system.Length} {system} {value.Length} {value} {ordinal}");
        return PatientKey.FromLocalHash(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text)));
    }
}
