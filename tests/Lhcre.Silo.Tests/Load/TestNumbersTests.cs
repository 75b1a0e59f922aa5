using System.Text;
using System.Text.Json;
using CsCheck;
using Lhcre.Record;
using Lhcre.Silo.Load;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Silo.Tests.Load;

public class TestNumbersTests
{
    private static readonly TestNumbers Numbers = TestNumbers.Take(2000)!;
    private static readonly string Given = $$"""{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{{Numbers[5].Digits()}}"}""";

    [Fact]
    public void Numbers_are_all_the_valid_ones_from_the_beginning_of_the_test_range()
    {
        var digits = Enumerable.Range(0, 2000).Select(n => long.Parse(Numbers[n].Digits())).ToList();
        Assert.Equal(
            Enumerable.Range(0, 30_000).Select(n => 9_990_000_000 + n).Where(n => NhsNumber.TryParse($"{n}", out _)).Take(2000),
            digits);
    }

    [Fact]
    public void No_number_is_one_of_a_made_up_person_and_there_is_an_end_to_them()
    {
        Assert.Null(TestNumbers.Take(460_000));
        var all = TestNumbers.Take(450_000)!;
        Assert.True(string.CompareOrdinal(all[449_999].Digits(), SyntheticRegion.Person(0).NhsNumber.Digits()) < 0);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""", """{"resourceType":"Patient","identifier":[#]}""")]
    [InlineData("""{ "id": "1", "resourceType" : "Patient" , "active":true }""", """{ "id": "1", "resourceType" : "Patient","identifier":[#] , "active":true }""")]
    [InlineData("""{"resourceType":"Patient","identifier":[]}""", """{"resourceType":"Patient","identifier":[#]}""")]
    [InlineData("""{"resourceType":"Patient","identifier":[ {"value":"1"} ]}""", """{"resourceType":"Patient","identifier":[ {"value":"1"} ,#]}""")]
    [InlineData("""{"identifier":[{"system":"x","value":"1"}],"resourceType":"Patient"}""", """{"identifier":[{"system":"x","value":"1"},#],"resourceType":"Patient"}""")]
    [InlineData(
        """{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Condition","identifier":[{"value":"2"}]}},{"fullUrl":"u","resource":{"resourceType":"Patient","contact":[{"name":{"family":"é"}}]}}]}""",
        """{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Condition","identifier":[{"value":"2"}]}},{"fullUrl":"u","resource":{"resourceType":"Patient","identifier":[#],"contact":[{"name":{"family":"é"}}]}}]}""")]
    [InlineData(
        """{"entry":[{"resource":{"resourceType":"Patient","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}},{"resource":{"resourceType":"Patient"}}],"resourceType":"Bundle"}""",
        """{"entry":[{"resource":{"resourceType":"Patient","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}},{"resource":{"resourceType":"Patient","identifier":[#]}}],"resourceType":"Bundle"}""")]
    public void The_patient_without_a_number_gets_one_and_every_other_byte_stays(string json, string expected) =>
        Assert.Equal(expected.Replace("#", Given, StringComparison.Ordinal), Assigned(json));

    [Theory]
    [InlineData("""{"resourceType":"Patient","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"1"}]}""")]
    [InlineData("""{"resourceType":"Patient","identifier":[{"type":{"text":"NHS"},"system":"http:\/\/fhir.nhs.net\/Id\/nhs-number"}]}""")]
    [InlineData("""{"resourceType":"Patient","identifier":{"system":"x","value":"1"}}""")]
    [InlineData("""{"resourceType":"Organization"}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Organization","contained":[{"resourceType":"Patient"}]}}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[1,{"resource":2},{}]}""")]
    [InlineData("""{"resourceType":"Bundle"}""")]
    [InlineData("""{"resourceType":"Patient","identifier":[""")]
    [InlineData("""[{"resourceType":"Patient"}]""")]
    [InlineData("<Patient/>")]
    [InlineData("")]
    public void Everything_else_stays_as_it_is(string json) => Assert.Equal(json, Assigned(json));

    [Fact]
    public void Text_that_is_no_utf8_stays_as_it_is()
    {
        byte[] json = [.. """{"resourceType":"Patient","identifier":[{"system":"""u8, (byte)'"', 0xFF, (byte)'"', .. "}]}"u8];
        Assert.Equal(json, TestNumbers.Assign(json, Numbers[5]));
    }

    [Fact]
    public void A_made_up_person_whose_number_is_taken_away_gets_another_in_every_form_of_bundle() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1999]).Sample((person, n) => SyntheticRegion.Person(person, resourcesPerPerson: 30).Pushes().All(push =>
        {
            var without = Encoding.UTF8.GetString(push.Bundle).Replace(NhsNumber.System, "https://other.example/Id", StringComparison.Ordinal);
            var with = TestNumbers.Assign(Encoding.UTF8.GetBytes(without), Numbers[n]);
            using var bundle = JsonDocument.Parse(with);
            var patient = bundle.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"))
                .Single(r => r.GetProperty("resourceType").GetString() == "Patient");
            var number = patient.GetProperty("identifier").EnumerateArray().Single(i => i.GetProperty("system").GetString() == NhsNumber.System);
            var text = Encoding.UTF8.GetString(with);
            return number.GetProperty("value").GetString() == Numbers[n].Digits()
                && text.Replace("," + Given.Replace(Numbers[5].Digits(), Numbers[n].Digits(), StringComparison.Ordinal), "", StringComparison.Ordinal) == without;
        }), iter: 30);

    private static string Assigned(string json) => Encoding.UTF8.GetString(TestNumbers.Assign(Encoding.UTF8.GetBytes(json), Numbers[5]));
}
