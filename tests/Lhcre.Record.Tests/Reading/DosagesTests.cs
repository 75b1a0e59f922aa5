namespace Lhcre.Record.Tests.Reading;

/// <summary>The dose, by its quantities and in words: each only where it is the whole of it.</summary>
public class DosagesTests
{
    private const string One = "'doseAndRate':[{'doseQuantity':{'value':500,'unit':'mg'}}]";

    [Theory]
    [InlineData("{" + One + "}", "amount", "0.5 g")]
    [InlineData("{'doseAndRate':{'doseQuantity':{'value':0.50,'unit':'g'}}}", "amount", "0.5 g")]
    [InlineData("{'doseAndRate':[{'doseRange':{'low':{'value':1},'high':{'value':2}}}]}", "amount", "1..2")]
    [InlineData("{'doseAndRate':[{'rateQuantity':{'value':60,'unit':'mL/h'},'doseQuantity':{'value':1,'unit':'L'}}]}", "amount", "1 L at 1.44 L/d")]
    [InlineData("{'doseAndRate':[{'rateRatio':{'numerator':{'value':100,'unit':'mL'},'denominator':{'value':1,'unit':'h'}}}]}", "amount", "at 0.1 L : 3600 s")]
    [InlineData("{'timing':{'repeat':{'frequency':2,'period':1,'periodUnit':'d'}}," + One + "}", "structured", "0.5 g 2/1d")]
    [InlineData("{'timing':{'repeat':{'period':8.0,'periodUnit':'h'}}," + One + "}", "structured", "0.5 g 1/8h")]
    [InlineData("{'timing':{'repeat':{'frequency':1,'frequencyMax':2,'period':1,'periodUnit':'d'}}," + One + "}", "structured", "0.5 g 1-2/1d")]
    [InlineData("{'timing':{'repeat':{'when':['NIGHT','MORN'],'dayOfWeek':['mon'],'timeOfDay':'08:00:00'}}," + One + "}", "structured", "0.5 g 08:00:00 MORN NIGHT mon")]
    [InlineData("{'timing':{'code':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation','code':'BID'}]}}," + One + "}", "structured", "0.5 g 2/1d")]
    [InlineData("{'timing':{'code':{'coding':[{'code':'BID'}]},'repeat':{'frequency':2,'period':1,'periodUnit':'d'}}," + One + "}", "structured", "0.5 g 2/1d")]
    [InlineData("{'timing':{'code':{'coding':[{'code':'BID'}]},'repeat':{'frequency':3,'period':1,'periodUnit':'d'}}," + One + "}", "structured", "0.5 g 3/1d 2/1d")]
    [InlineData("{'timing':{'code':{'coding':[{'system':'s','code':'x'}]}}," + One + "}", "structured", "0.5 g s|x")]
    [InlineData("{'timing':{'code':{'text':'Twice a day'}}," + One + "}", "structured", "0.5 g twice a day")]
    [InlineData("{'timing':{'repeat':{'count':3,'boundsPeriod':{'start':'2024'}}}," + One + "}", "structured", "0.5 g x3")]
    [InlineData("{'asNeededBoolean':true," + One + "}", "amount", "0.5 g as needed")]
    [InlineData("{'asNeededBoolean':false," + One + "}", "amount", "0.5 g")]
    [InlineData("{'asNeededCodeableConcept':{'text':'pain'}," + One + "}", "amount", "0.5 g as needed")]
    [InlineData("{" + One + "},{'doseAndRate':[{'doseQuantity':{'value':1,'unit':'g'}}]}", "amount", "0.5 g; 1 g")]
    [InlineData("{" + One + "},{'text':'and one more at night'}", null, null)] // not the whole dose
    [InlineData("{'doseAndRate':[{}]}", null, null)]
    [InlineData("{'doseAndRate':7}", null, null)]
    [InlineData("{'timing':{'repeat':{'frequency':2}}}", null, null)]
    [InlineData("7,null,'x'", null, null)]
    public void A_dose_in_quantities_is_structured_where_each_has_its_timing_and_else_an_amount(string dosages, string? form, string? expected)
    {
        string[] stated = expected is null ? [] : [$"{form}={expected}"];
        Assert.Equal(stated, InQuantities("MedicationStatement", $"'dosage':[{dosages}]"));
        Assert.Equal(stated, InQuantities("MedicationRequest", $"'dosageInstruction':[{dosages}]"));
    }

    [Theory]
    [InlineData("{'text':'One tablet, twice a day.'}", "one tablet twice a day")]
    [InlineData("{'text':'1/2 tablet'}", "1/2 tablet")]
    [InlineData("{'text':'One'},{'text':'Two'}", "one; two")]
    [InlineData("{'text':'One'},{" + One + "}", null)]
    [InlineData("{'text':' '}", null)]
    [InlineData("{'text':7}", null)]
    [InlineData("", null)]
    public void A_dose_in_words_is_all_of_them(string dosages, string? expected) =>
        Assert.Equal(expected, Dose("text", "MedicationStatement", $"'dosage':[{dosages}]"));

    [Fact]
    public void A_dose_may_be_given_both_ways() =>
        Assert.Equal("amount=0.5 g; text=one", ReadFacts.Of(FactElement.Dose, "MedicationStatement", $"'dosage':{{'text':'One',{One}}}"));

    [Fact]
    public void A_dose_that_is_dispensed_or_administered_is_not_compared() =>
        Assert.Empty(ReadFacts.Of("MedicationDispense", $"'dosageInstruction':[{{{One}}}]").Parts);

    private static IEnumerable<string> InQuantities(string type, string members) =>
        ReadFacts.Of(type, members).Parts.Where(p => p.Element == FactElement.Dose && p.Form != FactPart.Text).Select(p => $"{p.Form}={p.Value}");

    private static string? Dose(string form, string type, string members) =>
        ReadFacts.Of(type, members).Parts.Where(p => p.Element == FactElement.Dose && p.Form == form).Select(p => p.Value).SingleOrDefault();
}
