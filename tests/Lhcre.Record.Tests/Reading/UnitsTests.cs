using System.Globalization;
using System.Text;
using CsCheck;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Tests.Reading;

/// <summary>CLINICAL.md: a value is contested after unit equivalence. Codes and definitions of UCUM.</summary>
public class UnitsTests
{
    [Theory]
    [InlineData("mmol/L", "mmol/l")]
    [InlineData("mmol/L", "mmol / L")]
    [InlineData("umol/L", "µmol/L")] // the micro sign
    [InlineData("umol/L", "μmol/L")] // the Greek letter
    [InlineData("mm[Hg]", "mmHg")]
    [InlineData("mm[Hg]", "mm Hg")]
    [InlineData("10*9/L", "10^9/L")]
    [InlineData("10*9/L", "x10^9/L")]
    [InlineData("10*9/L", "x10*9/l")]
    [InlineData("10*9/L", "×10⁹/L")]
    [InlineData("10*9/L", "10E9/L")]
    [InlineData("10*9/L", "10*3/uL")]
    [InlineData("10*9/L", "10*9{cells}/L")]
    [InlineData("10*12/L", "10*6/uL")]
    [InlineData("Cel", "°C")]
    [InlineData("Cel", "deg C")]
    [InlineData("/min", "bpm")]
    [InlineData("/min", "{beats}/min")]
    [InlineData("/min", "beats/minute")]
    [InlineData("/min", "breaths/min")]
    [InlineData("kg/m2", "kg/m²")]
    [InlineData("kg/m2", "kg/m^2")]
    [InlineData("mL/min/{1.73_m2}", "mL/min/1.73m2")]
    [InlineData("mL/min/{1.73_m2}", "ml/min/1.73m²")]
    [InlineData("mL/min/{1.73_m2}", "mL/min/1.73 m2")]
    [InlineData("ug", "mcg")]
    [InlineData("[iU]/L", "IU/L")]
    [InlineData("m[iU]/L", "mIU/L")]
    [InlineData("{tablet}", "tablets")]
    [InlineData("mg/d", "mg/24h")]
    [InlineData("g/L", "mg/mL")]
    [InlineData("1", "")]
    [InlineData("{score}", "score")] // not in the table: its text
    [InlineData("tablet", "Tablets")] // words for people: how they are written says nothing
    [InlineData("/[HPF]", " /[HPF] ")]
    public void One_unit_has_several_spellings(string one, string other) => Assert.Equal(Value(1, one), Value(1, other));

    [Theory]
    [InlineData("mg", "g")]
    [InlineData("mg", "Mg")]
    [InlineData("mmol/L", "mg/dL")] // takes the substance
    [InlineData("U/L", "[iU]/L")]
    [InlineData("mmol/mol", "%")] // HbA1c: 48 is not 4.8
    [InlineData("mL/min", "mL/min/{1.73_m2}")]
    [InlineData("ug/mL{FEU}", "ug/mL{DDU}")] // D-dimer: the one is half of the other
    [InlineData("ug/mL{FEU}", "ug/mL")]
    [InlineData("mo", "a")]
    [InlineData("mmol/L", "")]
    [InlineData("%", "")]
    [InlineData("score", "scale")]
    [InlineData("kg/s", "kg.s")]
    public void Another_unit_is_another_value(string one, string other) => Assert.NotEqual(Value(1, one), Value(1, other));

    [Theory]
    [InlineData("6.90", "mmol/L", "6.9", "mmol/L")]
    [InlineData("6.9", "mmol/L", "6900", "umol/L")]
    [InlineData("1.5", "g", "1500", "mg")]
    [InlineData("0.5", "mg", "500", "mcg")]
    [InlineData("70", "kg", "70000", "g")]
    [InlineData("1.75", "m", "175", "cm")]
    [InlineData("5", "mL", "0.005", "L")]
    [InlineData("0.45", "L/L", "45", "%")]
    [InlineData("13.5", "g/dL", "135", "g/L")]
    [InlineData("60", "mL/h", "1", "mL/min")]
    [InlineData("72", "/min", "1.2", "Hz")]
    [InlineData("2", "h", "120", "min")]
    [InlineData("14", "d", "2", "wk")]
    [InlineData("100", "mm[Hg]", "13.3322", "kPa")]
    [InlineData("1e3", "mg", "1", "g")]
    [InlineData("-0", "mg", "0.00", "g")]
    [InlineData("12.0e-1", "mg", "0.0012", "g")]
    public void Values_are_equal_that_are_the_same_amount(string one, string unit, string other, string otherUnit) =>
        Assert.Equal(Value(one, unit), Value(other, otherUnit));

    [Fact]
    public void Scaling_a_value_and_its_unit_in_opposite_ways_changes_nothing() =>
        Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Int[-6, 6], Gen.OneOf("g", "mol", "L", "mol/L", "g/L", "U/L", "g/d")).Sample(
            (digits, exponent, unit) =>
            {
                var milli = Value($"{digits}e{exponent + 3}", "m" + unit);
                Assert.Equal(Value($"{digits}e{exponent}", unit), milli);
                Assert.Equal(Value($"{digits}e{exponent + 6}", "u" + unit), milli);
                if (digits != 0)
                    Assert.NotEqual(Value($"{digits}e{exponent}", "m" + unit), milli);
            },
            iter: 2_000);

    [Fact]
    public void Numbers_are_equal_that_have_one_value_however_they_are_written() =>
        Gen.Select(Gen.Long, Gen.Int[0, 9]).Sample(
            (digits, places) =>
            {
                var number = digits / (decimal)Math.Pow(10, places);
                var text = number.ToString(CultureInfo.InvariantCulture);
                var shortest = Number(text)!.Value;
                Assert.Equal(shortest, Number(text.Contains('.', StringComparison.Ordinal) ? text + "00" : text + ".00"));
                Assert.Equal(shortest, Number(text + "e0"));
                Assert.Equal(shortest, Number(shortest.ToString()));
                Assert.Equal(number, decimal.Parse(shortest.ToString(), CultureInfo.InvariantCulture));
            },
            iter: 2_000);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("0e7", "0")]
    [InlineData("6.90", "6.9")]
    [InlineData("-6.90", "-6.9")]
    [InlineData("100", "100")]
    [InlineData("1e2", "100")]
    [InlineData("1E+2", "100")]
    [InlineData("1.5e-3", "0.0015")]
    [InlineData("0.0010", "0.001")]
    [InlineData("9999999999999999999999999999", "9999999999999999999999999999")]
    [InlineData("1e-60", "1E-60")]
    [InlineData("1e999", "1E999")]
    [InlineData("12345678901234567890123456789", null)] // more digits than are counted with
    [InlineData("1e1001", null)]
    [InlineData("1e99999999999", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData(".5", null)]
    [InlineData("5 mg", null)]
    [InlineData("1,5", null)]
    [InlineData("0x5", null)]
    [InlineData("1.2.3", null)]
    public void A_number_has_one_text(string text, string? expected) => Assert.Equal(expected, Number(text)?.ToString());

    [Theory]
    [InlineData("'value':6.9,'unit':'mmol/L','system':'http://unitsofmeasure.org','code':'mmol/L'", "quantity=0.0069 mol/L")]
    [InlineData("'code':'mmol/L','system':'http://unitsofmeasure.org','unit':'millimoles','value':6.9", "quantity=0.0069 mol/L")]
    [InlineData("'value':6.9,'unit':'mmol/L'", "quantity=0.0069 mol/L")]
    [InlineData("'value':1,'unit':'tablet','system':'http://snomed.info/sct','code':'428673006'", "quantity=1 tablet")]
    [InlineData("'value':1,'unit':'mg','system':'http://unitsofmeasure.org','code':'nonsense'", "quantity=0.001 g")]
    [InlineData("'value':5,'comparator':'<','unit':'mg/L'", "quantity=<0.005 g/L")]
    [InlineData("'value':5", "quantity=5")]
    [InlineData("'value':0,'unit':'mg'", "quantity=0 g")]
    [InlineData("'value':'6.90','unit':'mg'", "quantity=0.0069 g")] // a number in quotes is one
    [InlineData("'value':'about 7','unit':'mg'", "quantity=about 7 mg")]
    [InlineData("'value':1234567890123456789012345678901234567890,'unit':'mg'", "quantity=1234567890123456789012345678901234567890 mg")]
    [InlineData("'unit':'mg'", "")]
    [InlineData("'value':null,'unit':'mg'", "")]
    [InlineData("'value':{'x':[1]},'unit':['mg']", "")]
    public void A_quantity_is_its_comparator_number_and_unit(string members, string expected) =>
        Assert.Equal(expected, ReadFacts.Of(FactElement.Value, "Observation", $"'valueQuantity':{{{members}}}"));

    [Fact]
    public void Any_text_is_a_unit_and_twice_the_same_one() =>
        Gen.String.Sample(text => Assert.Equal(Units.Of(text), Units.Of(new string(text.AsSpan()))), iter: 2_000);

    private static string Value(string value, string unit) => $"{Number(value)!.Value.Times(Units.Of(unit).Factor)} {Units.Of(unit).Name}";

    private static string Value(int value, string unit) => Value(value.ToString(CultureInfo.InvariantCulture), unit);

    private static ExactNumber? Number(string text) => ExactNumber.TryParse(Encoding.UTF8.GetBytes(text), out var number) ? number : null;
}
