using System.Buffers;
using System.Globalization;
using System.Text;

namespace Lhcre.Record;

/// <summary>Words as they are compared (CLINICAL.md, "case, space, punctuation folded"): spellings of one text give one text.</summary>
public static class Folded
{
    // What joins two digits is part of the number: 1/2 is not 1-2, and 1.5 is neither 15 nor 1 5.
    private static readonly SearchValues<char> JoinsDigits = SearchValues.Create("-/.,:");

    private static readonly SearchValues<char> Apostrophes = SearchValues.Create("'’‘ʼ`´");

    /// <summary>
    /// A name: letters without diacritics, in lower case, and digits; what else stands between them is one space, but for an apostrophe, which
    /// is nothing. Empty where there is neither letter nor digit.
    /// </summary>
    public static string Text(string text) => Fold(text, keepsSigns: false);

    /// <summary>
    /// A statement (a dose, a result, a diagnosis in words): the same, but what tells one value from another stays. Those are mathematical
    /// signs and <c>%</c>; a point, comma, colon, slash or hyphen between two digits; a point or comma before the first digit
    /// (<c>.5</c>); a hyphen at the head of a word (<c>-ve</c>). A text of nothing but signs (<c>++</c>, <c>-</c>) stays, without white space.
    /// </summary>
    public static string Statement(string text)
    {
        var folded = Fold(text, keepsSigns: true);
        return folded.Length > 0 ? folded : string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
    }

    private static string Fold(string text, bool keepsSigns)
    {
        var plain = Ascii.IsValid(text) ? text : Plain(text);
        var folded = new StringBuilder(plain.Length);
        var isApart = false;
        for (var i = 0; i < plain.Length; i++)
        {
            var c = plain[i];
            if (IsPartOfWord(plain, i) || (keepsSigns && IsSign(plain, i)))
            {
                if (isApart && folded.Length > 0)
                    folded.Append(' ');
                isApart = false;
                folded.Append(char.ToLowerInvariant(c));
            }
            else if (!Apostrophes.Contains(c))
            {
                isApart = true;
            }
        }

        return folded.ToString();
    }

    // Letters without diacritics, whether these are part of the letter or stand behind it, and the usual signs for unusual ones.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
                continue;
            _ = c switch
            {
                // 1½ is not 11/2.
                '½' => plain.Append(" 1/2"),
                '¼' => plain.Append(" 1/4"),
                '¾' => plain.Append(" 3/4"),
                '\u2044' => plain.Append('/'),
                '\u00B5' => plain.Append('\u03BC'), // the micro sign is the Greek letter
                '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2212' => plain.Append('-'),
                _ => PlainLetters.Of(char.ToLowerInvariant(c)) is { } letters ? plain.Append(letters) : plain.Append(c),
            };
        }

        return plain.ToString();
    }

    private static bool IsPartOfWord(string text, int at)
    {
        if (!char.IsSurrogate(text[at]))
            return char.IsLetterOrDigit(text[at]);
        var first = char.IsLowSurrogate(text[at]) && at > 0 ? at - 1 : at;
        return char.IsLetterOrDigit(text, first);
    }

    private static bool IsSign(string text, int at)
    {
        var c = text[at];
        if (c == '%' || char.GetUnicodeCategory(c) == UnicodeCategory.MathSymbol)
            return true;
        if (!JoinsDigits.Contains(c) || at + 1 == text.Length)
            return false;
        var (before, after) = (at == 0 ? ' ' : text[at - 1], text[at + 1]);
        if (char.IsDigit(before))
            return char.IsDigit(after);
        return !char.IsLetter(before) && c switch
        {
            '-' => !char.IsWhiteSpace(after),
            '.' or ',' => char.IsDigit(after),
            _ => false,
        };
    }
}
