using System.Text.RegularExpressions;

namespace Lhcre.Record.Tests;

/// <summary>
/// The same fragments in one order of arrival after another. The record that they make is the same in all of them, but for what is the
/// journal's (DESIGN.md, "Order law").
/// </summary>
internal static partial class Arrivals
{
    private const int AllOrdersUpTo = 3;

    /// <summary>
    /// The record that these fragments make: pushed one by one in every order up to three of them, in a dozen orders or more beyond that; and
    /// all in one push, and then again.
    /// </summary>
    public static Diary Told(params Fragment[] fragments)
    {
        var together = Diary.Of(fragments);
        together.Push(fragments);
        var expected = Unstamped(together);
        foreach (var order in Orders(fragments))
        {
            var diary = new Diary();
            foreach (var fragment in order)
                diary.Push(fragment);
            Assert.Equal(expected, Unstamped(diary));
        }

        return together;
    }

    private static IEnumerable<Fragment[]> Orders(Fragment[] fragments)
    {
        if (fragments.Length <= AllOrdersUpTo)
            return Permutations(fragments);
        var turned = Enumerable.Range(0, fragments.Length).Select(n => fragments.Skip(n).Concat(fragments.Take(n)).ToArray());
        // Odd and even ones apart: neighbours meet in another order too.
        var combed = fragments.Where((_, i) => i % 2 == 1).Concat(fragments.Where((_, i) => i % 2 == 0)).ToArray();
        return turned.Append(combed).SelectMany(order => new[] { order, [.. order.Reverse()] });
    }

    private static IEnumerable<Fragment[]> Permutations(Fragment[] fragments) =>
        fragments.Length <= 1
            ? [fragments]
            : fragments.SelectMany((first, i) => Permutations([.. fragments.Where((_, j) => j != i)]).Select(rest => (Fragment[])[first, .. rest]));

    private static string[] Unstamped(Diary diary) => [.. Diary.Masked(diary.Record).Select(text => Identified().Replace(text, ""))];

    // When we noticed a conflict is our stamp as well.
    [GeneratedRegex("\"identifiedDateTime\":\"[^\"]*\"")]
    private static partial Regex Identified();
}
