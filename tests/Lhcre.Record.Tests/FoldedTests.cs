using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>CLINICAL.md: case, space and punctuation folded; and of names, diacritics.</summary>
public class FoldedTests
{
    [Theory]
    [InlineData("Smith", "smith")]
    [InlineData("  SMITH-JONES ", "smith jones")]
    [InlineData("Smith Jones", "smith jones")]
    [InlineData("O'Neill", "oneill")]
    [InlineData("O’Neill", "oneill")]
    [InlineData("Siân", "sian")]
    [InlineData("Sia\u0302n", "sian")] // the accent as a character of its own
    [InlineData("Ŵyn Lôn", "wyn lon")]
    [InlineData("Nguyễn", "nguyen")]
    [InlineData("Łukasz Żółć", "lukasz zolc")]
    [InlineData("Groß", "gross")]
    [InlineData("GROẞ", "gross")]
    [InlineData("Sørensen", "sorensen")]
    [InlineData("Ægir Þór", "aegir thor")]
    [InlineData("Αθηνά", "αθηνά")] // no Latin letter: as it is, in lower case
    [InlineData("李 小龍", "李 小龍")]
    [InlineData("𠮷田", "𠮷田")]
    [InlineData("a\u00a0b\t c", "a b c")]
    [InlineData("(St.) John, jr.", "st john jr")]
    [InlineData("III 3", "iii 3")]
    [InlineData(" . - ", "")]
    [InlineData("", "")]
    [InlineData("\ud800", "")]
    public void A_name_is_its_letters_and_digits(string text, string expected) => Assert.Equal(expected, Folded.Text(text));

    [Theory]
    [InlineData("Asthma (mild).", "asthma mild")]
    [InlineData("asthma - mild", "asthma mild")]
    [InlineData("Crohn's disease", "crohns disease")]
    [InlineData("Beta-blocker", "beta blocker")]
    [InlineData("Take ONE tablet, twice a day.", "take one tablet twice a day")]
    [InlineData("1.5 mg", "1.5 mg")]
    [InlineData("15 mg", "15 mg")]
    [InlineData(".5 mg", ".5 mg")]
    [InlineData("5 mg.", "5 mg")]
    [InlineData("1/2 tablet", "1/2 tablet")]
    [InlineData("½ tablet", "1/2 tablet")]
    [InlineData("1½ tablets", "1 1/2 tablets")]
    [InlineData("1-2 tablets", "1-2 tablets")]
    [InlineData("1–2 tablets", "1-2 tablets")]
    [InlineData("<5", "<5")]
    [InlineData(">5", ">5")]
    [InlineData("-5", "-5")]
    [InlineData("-.5", "-.5")]
    [InlineData("rhesus +ve", "rhesus +ve")]
    [InlineData("rhesus -ve", "rhesus -ve")]
    [InlineData("9:30", "9:30")]
    [InlineData("50%", "50%")]
    [InlineData("5µg", "5μg")]
    [InlineData("+", "+")]
    [InlineData(" ++ ", "++")]
    [InlineData(" - ", "-")]
    [InlineData("Dose: 5", "dose 5")]
    [InlineData("", "")]
    public void A_statement_keeps_what_tells_one_value_from_another(string text, string expected) => Assert.Equal(expected, Folded.Statement(text));

    [Fact]
    public void What_is_folded_stays_as_it_is_and_is_letters_digits_and_single_spaces() =>
        Gen.String.Sample(
            text =>
            {
                var folded = Folded.Text(text);
                Assert.Equal(folded, Folded.Text(folded));
                Assert.Equal(folded, Folded.Text($" {text}; "));
                Assert.Equal(folded.Trim(), folded);
                Assert.DoesNotContain("  ", folded, StringComparison.Ordinal);
                Assert.All(folded, c => Assert.True(c == ' ' || char.IsSurrogate(c) || char.IsLetterOrDigit(c)));
            },
            iter: 5_000);
}
