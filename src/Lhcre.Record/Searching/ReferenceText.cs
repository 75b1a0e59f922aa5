using System.Text;

namespace Lhcre.Record.Searching;

/// <summary>References as they stand in a resource: <c>Type/id</c> within the record, an absolute URL elsewhere.</summary>
internal static class ReferenceText
{
    private const int MostCharacters = 128;

    /// <summary>The type in <c>…Type/id</c>; empty where there is none.</summary>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> reference)
    {
        var slash = reference.LastIndexOf((byte)'/');
        return slash < 0 ? [] : reference[..slash][(reference[..slash].LastIndexOf((byte)'/') + 1)..];
    }

    /// <summary>What stands behind the last slash, or all of it.</summary>
    public static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> reference) => reference[(reference.LastIndexOf((byte)'/') + 1)..];

    /// <summary>Whether it leads to a resource of this type.</summary>
    public static bool IsTo(ReadOnlySpan<byte> reference, string type)
    {
        var own = TypeOf(reference);
        if (own.Length != type.Length)
            return false;
        for (var i = 0; i < own.Length; i++)
        {
            if (own[i] != type[i])
                return false;
        }

        return true;
    }

    /// <summary>The merged resource to which it leads; null where that is none of this record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="reference">The reference as it stands in JSON.</param>
    public static MergedResource? Resolve(PatientRecord record, ReadOnlySpan<byte> reference)
    {
        var plain = Spelling.Plain(reference);
        var type = TypeOf(plain);
        var id = IdOf(plain);
        if (type.IsEmpty || type.Length + id.Length + 1 != plain.Length || plain.Length > MostCharacters)
            return null;
        return MergedId.TryParse(Encoding.UTF8.GetString(id), out var merged) && merged.Patient == record.Key
            ? record.Find(Encoding.UTF8.GetString(type), merged, out _)
            : null;
    }
}
