using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Lhcre.Record;

/// <summary>The first 130 bits of the SHA-256 of an <see cref="EntryKey"/>, in text 26 base32 characters.</summary>
public readonly record struct EntryHash : IComparable<EntryHash>
{
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly byte _third;

    private EntryHash(ulong first, ulong second, byte third) => (_first, _second, _third) = (first, second, third);

    /// <summary>The first 64 bits.</summary>
    internal ulong Prefix => _first;

    /// <summary>Order of the bits.</summary>
    public int CompareTo(EntryHash other)
    {
        var order = _first.CompareTo(other._first);
        if (order == 0)
            order = _second.CompareTo(other._second);
        return order != 0 ? order : _third.CompareTo(other._third);
    }

    /// <summary>26 base32 characters.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[17];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _first);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _second);
        bytes[16] = _third;
        return Base32.Write(bytes);
    }

    internal static EntryHash From(ReadOnlySpan<byte> hash) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]), (byte)(hash[16] & 0xC0));

    internal static bool TryParse(ReadOnlySpan<char> text, out EntryHash hash)
    {
        Span<byte> bytes = stackalloc byte[17];
        var valid = Base32.TryRead(text, bytes);
        hash = valid ? From(bytes) : default;
        return valid;
    }
}

/// <summary>
/// The id of a merged resource. It routes itself: the person's key, a dash, and the hash of the smallest live member, 54 of the 64
/// characters that FHIR allows. The merged Patient is the exception: its id is the person's key alone.
/// </summary>
public readonly record struct MergedId(PatientKey Patient, EntryHash? Member)
{
    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MergedId id)
    {
        id = default;
        if (PatientKey.TryParse(text, out var patient))
        {
            id = new MergedId(patient, null);
            return true;
        }

        if (text is not { Length: PatientKey.Length + 1 + Base32.Length } || text[PatientKey.Length] != '-'
            || !PatientKey.TryParse(text[..PatientKey.Length], out patient)
            || !EntryHash.TryParse(text.AsSpan(PatientKey.Length + 1), out var member))
            return false;
        id = new MergedId(patient, member);
        return true;
    }

    /// <summary>The FHIR id.</summary>
    public override string ToString() => Member is { } member ? $"{Patient}-{member}" : Patient.ToString();
}
