using System.Text;
using Lhcre.Record.People;

namespace Lhcre.Record.Tests.People;

/// <summary>The numbers that a person had before, as a Patient states them.</summary>
public class FormerNumbersTests
{
    private const string Ann = "9990000018", Before = "9990000026";

    [Theory]
    [InlineData("AB'use':'old'", Before)]
    [InlineData("A'use':'official'B'use':'old'", Before)]
    [InlineData("AB'period':{'start':'2000','end':'2020'}", Before)]
    [InlineData("AB'period':{'start':'2020'}", "")]
    [InlineData("AB'use':'temp'", "")]
    [InlineData("B'use':'old'", "")] // nothing is said of its successor
    [InlineData("A'use':'old'B'use':'old'", "")]
    [InlineData("AA'use':'old'", "")]
    [InlineData("A", "")]
    public void A_number_that_is_old_or_ended_beside_a_present_one_is_a_former_one(string identifiers, string expected)
    {
        var items = identifiers.Replace("A", "\n" + Ann, StringComparison.Ordinal).Replace("B", "\n" + Before, StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(item => $"{{'system':'{NhsNumber.System}','value':'{item[..10]}'{(item.Length == 10 ? "" : "," + item[10..])}}}");
        var patient = Fragment.Stated("dorset", Encoding.UTF8.GetBytes($"{{'resourceType':'Patient','id':'p','identifier':[{string.Join(',', items)}]}}".Replace('\'', '"')));

        Assert.Equal(expected, string.Join(' ', FormerNumbers.Of(patient)));
    }
}
