using System.Security.Cryptography;
using System.Text;

namespace Lhcre.Record;

/// <summary>
/// Who said it and what they call it: source, FHIR resource type, and the source's own id (1 to 64 of <c>A–Z a–z 0–9 - .</c>). One
/// entry of a record has one key; versions of the same resource share it.
/// </summary>
/// <remarks>A source's own id counts as patient data: keys are for rows and memory, not for logs, spans or grain keys.</remarks>
public sealed record EntryKey(string Source, string Type, string Id) : IComparable<EntryKey>
{
    /// <summary>Order by source, type, id, each ordinal: the order by which "smallest member" is meant.</summary>
    public int CompareTo(EntryKey? other)
    {
        if (other is null)
            return 1;
        if (ReferenceEquals(this, other))
            return 0;
        var order = string.CompareOrdinal(Source, other.Source);
        if (order == 0)
            order = string.CompareOrdinal(Type, other.Type);
        return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
    }

    /// <summary>The hash that stands in the ids of merged resources: SHA-256 of <c>source/type/id</c>.</summary>
    public EntryHash Hash()
    {
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Source.Length + Type.Length + Id.Length + 2)];
        var length = Encoding.UTF8.GetBytes(Source, text);
        text[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(Type, text[length..]);
        text[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(Id, text[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return EntryHash.From(hash);
    }

    /// <summary>Whether <paramref name="id"/> is a FHIR id: 1 to 64 of letters, digits, dash and dot.</summary>
    public static bool IsValidId(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > 64)
            return false;
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))
                return false;
        }

        return true;
    }

    /// <summary>The key as a FHIR reference in its own source: <c>Type/id</c>.</summary>
    public string Reference => $"{Type}/{Id}";

    /// <summary>The type alone, since the id is patient data.</summary>
    public override string ToString() => $"{Source}/{Type}/*";
}
