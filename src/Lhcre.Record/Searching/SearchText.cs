using System.Text;

namespace Lhcre.Record.Searching;

/// <summary>The separators of search values, and the backslash by which they lose their meaning (FHIR R4 search.html, "Escaping").</summary>
internal static class SearchText
{
    /// <summary>The parts between separators, the backslashes before <c>, | $ \</c> taken out.</summary>
    public static List<string> Split(string value, char separator) => [.. Parts(value, separator).Select(Plain)];

    /// <summary>The parts between separators, as they stand: to be split further.</summary>
    public static List<string> Parts(string value, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\')
            {
                i++;
            }
            else if (value[i] == separator)
            {
                parts.Add(value[start..i]);
                start = i + 1;
            }
        }

        parts.Add(value[start..]);
        return parts;
    }

    /// <summary>A value without the backslashes.</summary>
    public static string Plain(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value;
        var plain = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is ',' or '|' or '$' or '\\')
                i++;
            plain.Append(value[i]);
        }

        return plain.ToString();
    }
}
