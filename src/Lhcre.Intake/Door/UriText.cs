using System.Buffers;

namespace Lhcre.Intake.Door;

/// <summary>
/// URIs in their everyday form: web addresses, URNs and relative ones. The library builds a <see cref="Uri"/> of each, which takes longer
/// than all the rest of a resource; what this recognises is one for certain.
/// </summary>
internal static class UriText
{
    // System.Uri took 65,519 characters before .NET 10.
    private const int Length = 60_000;

    private static readonly SearchValues<byte> Path = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/?#=&;,+@!$'()*:|"u8);
    private static readonly SearchValues<byte> Relative = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/#"u8);

    /// <summary>Whether it is a URI for certain.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.Length > Length)
            return false;
        if (text.StartsWith("http"u8))
        {
            if (text[4..].StartsWith("://"u8))
                return IsWebAddress(text[7..]);
            if (text[4..].StartsWith("s://"u8))
                return IsWebAddress(text[8..]);
        }

        if (text.StartsWith("urn:"u8))
            return IsUrn(text[4..]);
        // An image in a narrative; some tools write a blank behind the colon.
        if (text.StartsWith("data:"u8))
            return (text[5..].StartsWith("image/"u8) && !text.ContainsAnyExcept(Path)) || (text[5..].StartsWith(" image/"u8) && !text[6..].ContainsAnyExcept(Path));
        return text[0] != '/' && !text.ContainsAnyExcept(Relative);
    }

    private static bool IsWebAddress(ReadOnlySpan<byte> rest)
    {
        var slash = rest.IndexOf((byte)'/');
        var host = slash < 0 ? rest : rest[..slash];
        return IsHost(host) && (slash < 0 || !rest[slash..].ContainsAnyExcept(Path));
    }

    // A name and no address: letters first, labels of letters and digits that a hyphen may be inside of.
    private static bool IsHost(ReadOnlySpan<byte> host)
    {
        if (host.Length is 0 or > 200 || !char.IsAsciiLetter((char)host[0]))
            return false;
        var label = 0;
        for (var i = 0; i < host.Length; i++)
        {
            var c = (char)host[i];
            var isEdge = label == 0 || i == host.Length - 1 || host[i + 1] == '.';
            if (c == '.' ? isEdge : !(char.IsAsciiLetterOrDigit(c) || (c == '-' && !isEdge)))
                return false;
            label = c == '.' ? 0 : label + 1;
            if (label > 60)
                return false;
        }

        return true;
    }

    private static bool IsUrn(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("oid:"u8))
            return IsOid(name[4..]);
        if (name.StartsWith("uuid:"u8))
            return IsUuid(name[5..]);
        return false;
    }

    // Arcs of decimal numbers without leading noughts, the first 0 to 2, at least two of them.
    private static bool IsOid(ReadOnlySpan<byte> oid)
    {
        if (oid.Length < 3 || oid[0] is < (byte)'0' or > (byte)'2' || oid[1] != '.')
            return false;
        var start = 2;
        for (var i = 2; i <= oid.Length; i++)
        {
            if (i == oid.Length || oid[i] == '.')
            {
                if (i == start || (oid[start] == '0' && i - start > 1))
                    return false;
                start = i + 1;
            }
            else if ((uint)(oid[i] - '0') > 9)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsUuid(ReadOnlySpan<byte> uuid)
    {
        if (uuid.Length != 36)
            return false;
        for (var i = 0; i < uuid.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? uuid[i] != '-' : !char.IsAsciiHexDigitLower((char)uuid[i]))
                return false;
        }

        return true;
    }
}
