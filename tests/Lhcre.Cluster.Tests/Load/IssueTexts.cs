using System.Text;
using System.Text.RegularExpressions;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>The LHC codes in an answer.</summary>
internal static partial class IssueTexts
{
    public static IReadOnlyList<string> CodesIn(byte[] body) => [.. Code().Matches(Encoding.UTF8.GetString(body)).Select(m => m.Value).Distinct()];

    [GeneratedRegex("LHC[0-9]{3}")]
    private static partial Regex Code();
}
