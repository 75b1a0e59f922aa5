using CsCheck;

namespace Lhcre.Record.Tests;

public class NhsNumberTests
{
    [Theory]
    [InlineData("9434765919")]
    [InlineData("9990000018")]
    [InlineData("9000000009")] // the PDS sandbox's test patients
    [InlineData("9000000017")]
    [InlineData("9693633679")]
    [InlineData("9693633687")]
    [InlineData("9990000050")] // check digit 0, from a remainder of 0
    public void Ten_digits_with_the_right_check_digit_are_a_number(string text)
    {
        Assert.True(NhsNumber.TryParse(text, out var number));
        Assert.Equal(text, number.Digits());
    }

    [Theory]
    [InlineData("943 476 5919")]
    [InlineData("943-476-5919")]
    [InlineData(" 9434765919 ")]
    [InlineData("9-4 3-4 7-6 5-9 1-9")]
    public void Spaces_and_dashes_are_tolerated(string text)
    {
        Assert.True(NhsNumber.TryParse(text, out var number));
        Assert.Equal("9434765919", number.Digits());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("943476591")]
    [InlineData("94347659190")]
    [InlineData("94347659190000000000000000000000")]
    [InlineData("943476591X")]
    [InlineData("+943476591")]
    [InlineData("943.476.5919")]
    [InlineData("943\t476\t5919")]
    [InlineData("٩٤٣٤٧٦٥٩١٩")] // digits, but not of ASCII
    public void Anything_but_ten_digits_is_no_number(string? text) => Assert.False(NhsNumber.TryParse(text, out _));

    [Theory]
    [InlineData("9434765918")]
    [InlineData("9434765910")]
    [InlineData("4943765919")] // two digits the other way round
    [InlineData("9000000015")] // printed as examples in official pages, and wrong
    [InlineData("9912003890")]
    public void A_wrong_check_digit_is_no_number(string text) => Assert.False(NhsNumber.TryParse(text, out _));

    [Fact]
    public void Where_the_check_digit_would_be_ten_no_digit_fits()
    {
        for (var last = 0; last <= 9; last++)
            Assert.False(NhsNumber.TryParse($"999000000{last}", out _));
        Assert.False(NhsNumber.TryComplete(999_000_000, out _));
    }

    [Fact]
    public void A_digit_ten_times_is_a_placeholder_although_some_pass_the_check()
    {
        for (var digit = 0; digit <= 9; digit++)
        {
            Assert.False(NhsNumber.TryParse(new string((char)('0' + digit), 10), out _));
            Assert.False(NhsNumber.TryComplete(digit * 111_111_111, out _));
        }
    }

    [Fact]
    public void A_number_masks_itself()
    {
        Assert.True(NhsNumber.TryParse("9434765919", out var number));
        Assert.Equal("********19", number.ToString());
        Assert.Equal("********19", $"{number}");
    }

    [Fact]
    public void Nine_digits_complete_to_the_one_number_that_starts_with_them() =>
        Gen.Int[0, 999_999_999].Sample(first9 =>
        {
            var fitting = Enumerable.Range(0, 10).Count(last => NhsNumber.TryParse($"{first9:D9}{last}", out _));
            var completes = NhsNumber.TryComplete(first9, out var number);
            return completes
                ? fitting == 1 && number.Digits()[..9] == $"{first9:D9}" && NhsNumber.TryParse(number.Digits(), out var again) && again == number
                : fitting == 0;
        });

    [Fact]
    public void Only_nine_digits_can_be_completed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NhsNumber.TryComplete(-1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => NhsNumber.TryComplete(1_000_000_000, out _));
    }

    [Fact]
    public void A_change_of_one_digit_never_gives_another_number() =>
        Gen.Select(Gen.Int[0, 999_999_999], Gen.Int[0, 9], Gen.Int[1, 9]).Sample((first9, place, by) =>
        {
            if (!NhsNumber.TryComplete(first9, out var number))
                return;
            var digits = number.Digits().ToCharArray();
            digits[place] = (char)('0' + ((digits[place] - '0' + by) % 10));
            Assert.False(NhsNumber.TryParse(new string(digits), out _));
        });

    [Fact]
    public void Numbers_are_equal_by_value()
    {
        Assert.True(NhsNumber.TryParse("9434765919", out var one));
        Assert.True(NhsNumber.TryParse("943 476 5919", out var same));
        Assert.True(NhsNumber.TryParse("9990000018", out var other));
        Assert.True(one == same && one != other && one.Equals((object)same) && !one.Equals((object)"9434765919"));
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
    }

    [Theory]
    [InlineData("https://fhir.nhs.uk/Id/nhs-number", true)]
    [InlineData("http://fhir.nhs.net/Id/nhs-number", true)]
    [InlineData("https://fhir.nhs.uk/Id/NHS-number", false)]
    [InlineData("https://fhir.nhs.uk/Id/nhs-number/", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Two_systems_name_nhs_numbers(string? system, bool expected) => Assert.Equal(expected, NhsNumber.IsSystem(system));
}
