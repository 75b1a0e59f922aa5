using System.Globalization;
using CsCheck;

namespace Lhcre.Record.Tests.Searching;

public class QuantitySearchTests
{
    // HL7 FHIR R4, search.html, "number": the table of examples, with what each range holds and what it does not.
    [Theory]
    [InlineData("100", "99.5", true)]
    [InlineData("100", "100.49", true)]
    [InlineData("100", "100.5", false)]
    [InlineData("100", "99.49", false)]
    [InlineData("100.00", "99.995", true)]
    [InlineData("100.00", "100.005", false)]
    [InlineData("100.00", "99.99", false)]
    [InlineData("1e2", "95", true)]
    [InlineData("1e2", "105", false)]
    [InlineData("1e2", "104.9", true)]
    [InlineData("lt100", "99.9", true)]
    [InlineData("lt100", "100", false)]
    [InlineData("le100", "100", true)]
    [InlineData("le100", "100.01", false)]
    [InlineData("gt100", "100.01", true)]
    [InlineData("gt100", "100", false)]
    [InlineData("ge100", "100", true)]
    [InlineData("ge100", "99.99", false)]
    [InlineData("ne100", "99.49", true)]
    [InlineData("ne100", "100.2", false)]
    [InlineData("ap100", "109", true)]
    [InlineData("ap100", "111", false)]
    [InlineData("ap-100", "-91", true)]
    [InlineData("sa100", "100.01", true)]
    [InlineData("eb100", "99.9", true)]
    [InlineData("-1", "-1", true)]
    [InlineData("5.4e-3", "0.00544", true)]
    [InlineData("5.4e-3", "0.0055", false)]
    [InlineData("0.90,7", "0.9", true)]
    public void A_number_is_as_exact_as_it_is_written(string asked, string stated, bool isFound)
    {
        var record = Searched.Record(("RiskAssessment", "r", $"'prediction':[{{'probabilityDecimal':{stated}}}]"));
        Assert.Equal(isFound ? "r" : "", Searched.Ids(record, $"RiskAssessment?probability={asked}"));
        // A quantity without a unit in the query is compared likewise.
        record = Searched.Record(("Observation", "o", $"'valueQuantity':{{'value':{stated},'unit':'mg'}}"));
        Assert.Equal(isFound ? "o" : "", Searched.Ids(record, $"Observation?value-quantity={asked}"));
    }

    // The same page, "quantity": 5.4 mg of UCUM, the same in units of any system, and what is greater or about.
    [Theory]
    [InlineData("5.4|http://unitsofmeasure.org|mg", "'value':5.4,'unit':'mg','system':'http://unitsofmeasure.org','code':'mg'", true)]
    [InlineData("5.4|http://unitsofmeasure.org|mg", "'value':5.44,'unit':'mg','system':'http://unitsofmeasure.org','code':'mg'", true)]
    [InlineData("5.4|http://unitsofmeasure.org|mg", "'value':5.45,'unit':'mg','system':'http://unitsofmeasure.org','code':'mg'", false)]
    [InlineData("5.40e-3|http://unitsofmeasure.org|g", "'value':5.4,'system':'http://unitsofmeasure.org','code':'mg'", true)]
    [InlineData("5.40e-3|http://unitsofmeasure.org|g", "'value':5.41,'system':'http://unitsofmeasure.org','code':'mg'", false)]
    [InlineData("5.4||mg", "'value':5.4,'unit':'mg'", true)]
    [InlineData("5.4||mg", "'value':5.4,'unit':'milligram','system':'urn:other','code':'mg'", true)]
    [InlineData("5.4||mg", "'value':5400,'unit':'micrograms'", true)]
    [InlineData("5.4||mg", "'value':5.4,'unit':'mL'", false)]
    [InlineData("5.4", "'value':5.4,'unit':'whatever'", true)]
    [InlineData("5.4|http://unitsofmeasure.org|mg", "'value':5.4,'unit':'mg'", false)] // the system is asked for, and not stated
    [InlineData("5.4|urn:other|mg", "'value':5.4,'system':'urn:other','code':'mg'", true)]
    [InlineData("5.4|urn:other|g", "'value':5400,'system':'urn:other','code':'mg'", false)] // whose units we do not know
    [InlineData("5.4|http://unitsofmeasure.org|", "'value':5.4,'system':'http://unitsofmeasure.org','code':'mg'", true)]
    [InlineData("le5.4|http://unitsofmeasure.org|mg", "'value':5.4,'system':'http://unitsofmeasure.org','code':'mg'", true)]
    [InlineData("ap5.4|http://unitsofmeasure.org|mg", "'value':5.9,'system':'http://unitsofmeasure.org','code':'mg'", true)]
    [InlineData("gt6.8||mmol/L", "'value':0.0069,'system':'http://unitsofmeasure.org','code':'mol/L'", true)]
    [InlineData("gt6.8||mmol/L", "'value':69,'system':'http://unitsofmeasure.org','code':'mg/dL'", false)]
    [InlineData("2||tablet", "'value':2,'unit':'tablets'", true)]
    [InlineData("lt5||mg", "'value':5,'comparator':'<','unit':'mg'", true)]
    [InlineData("5||mg", "'value':5,'comparator':'<','unit':'mg'", false)]
    [InlineData("ge5||mg", "'value':5,'comparator':'<','unit':'mg'", false)]
    [InlineData("gt1000||mg", "'value':5,'comparator':'>','unit':'mg'", true)] // it may be
    [InlineData("sa5||mg", "'value':5,'comparator':'>','unit':'mg'", true)]
    [InlineData("le5||mg", "'value':5,'comparator':'>','unit':'mg'", false)]
    [InlineData("gt1||mg", "'unit':'mg'", false)]
    public void A_quantity_is_compared_in_its_unit_and_in_its_multiples(string asked, string stated, bool isFound) =>
        Assert.Equal(isFound ? "o" : "", Searched.Ids(Searched.Record(("Observation", "o", $"'valueQuantity':{{{stated}}}")), $"Observation?value-quantity={asked}"));

    [Theory]
    [InlineData("ge40||a", true)]
    [InlineData("50||a", false)]
    [InlineData("sa39||a", true)]
    [InlineData("lt50||a", true)]
    [InlineData("gt60||a", false)]
    public void A_Range_is_what_lies_between(string asked, bool isFound) =>
        Assert.Equal(isFound ? "c" : "", Searched.Ids(Searched.Record(("Condition", "c", "'onsetRange':{'low':{'value':40,'unit':'a'},'high':{'value':60,'unit':'a'}}")), $"Condition?onset-age={asked}"));

    [Theory]
    [InlineData("Observation?value-quantity=much")]
    [InlineData("Observation?value-quantity=5|mg|x|y")]
    [InlineData("Observation?value-quantity=1..2")]
    [InlineData("RiskAssessment?probability=0,5x")]
    [InlineData("RiskAssessment?probability=1e30")] // beyond what is compared
    public void What_is_no_number_is_refused(string query) => Assert.Equal([IssueCodes.InvalidSearchValue], Searched.Query(query).Issues.Select(i => i.Code));

    [Fact]
    public void An_amount_is_found_in_whatever_multiple_of_its_unit_it_is_stated()
    {
        (string Unit, int Power)[] units = [("g", 0), ("mg", -3), ("ug", -6), ("kg", 3), ("ng", -9)];
        Gen.Select(Gen.Int[1, 999_999], Gen.Int[0, 4], Gen.Int[0, 4]).Sample((digits, stated, asked) =>
        {
            var record = Searched.Record(("Observation", "o", $"'valueQuantity':{{'value':{digits}e{units[stated].Power * -1},'system':'http://unitsofmeasure.org','code':'{units[stated].Unit}'}}"));
            // So many grams: told in another unit, it is the same amount.
            var value = string.Create(CultureInfo.InvariantCulture, $"{digits}.0e{-units[asked].Power}");
            Assert.Equal("o", Searched.Ids(record, $"Observation?value-quantity={value}|http://unitsofmeasure.org|{units[asked].Unit}"));
            Assert.Equal("o", Searched.Ids(record, $"Observation?value-quantity=ge{value}|http://unitsofmeasure.org|{units[asked].Unit}&value-quantity=le{value}||{units[asked].Unit}"));
            Assert.Equal("", Searched.Ids(record, $"Observation?value-quantity=gt{value}||{units[asked].Unit}"));
        }, iter: 100);
    }

    [Theory]
    [InlineData("code-value-quantity=8480-6$ge100", "single")]
    [InlineData("component-code-value-quantity=8480-6$ge100", "panel")]
    [InlineData("component-code-value-quantity=8462-4$ge100", "")] // the diastolic one is 80: the systolic one's value is another's
    [InlineData("combo-code-value-quantity=http://loinc.org|8480-6$ge100||mm[Hg]", "panel single")]
    [InlineData("combo-code-value-quantity=8462-4$lt90,8480-6$gt150", "panel")]
    public void A_composite_is_of_one_thing(string query, string found)
    {
        var record = Searched.Record(
            ("Observation", "panel", "'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},'valueQuantity':{'value':120,'unit':'mm[Hg]'}},{'code':{'coding':[{'system':'http://loinc.org','code':'8462-4'}]},'valueQuantity':{'value':80,'unit':'mm[Hg]'}}]"),
            ("Observation", "single", "'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},'valueQuantity':{'value':130,'unit':'mm[Hg]'}"));
        Assert.Equal(found, Searched.Ids(record, $"Observation?{query}"));
    }
}
