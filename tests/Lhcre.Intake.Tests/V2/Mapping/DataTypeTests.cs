using System.Text;
using System.Text.Json;
using CsCheck;
using Lhcre.Intake.V2;
using Lhcre.Intake.V2.Mapping;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Data types that several segments have, and elements on their way into JSON.</summary>
public class DataTypeTests
{
    [Theory]
    [InlineData("7", "7")]
    [InlineData("7.0", "7.0")]
    [InlineData("+7.10", "7.10")]
    [InlineData("-0.5", "-0.5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("007", "7")]
    [InlineData("000", "0")]
    [InlineData(" 7 ", "7")]
    [InlineData("123456789012345678", "123456789012345678")]
    [InlineData("1234567890123456789", null)]
    [InlineData("1e5", null)]
    [InlineData("1,5", null)]
    [InlineData("<5", null)]
    [InlineData("--5", null)]
    [InlineData("1.2.3", null)]
    [InlineData(".", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_number_keeps_its_precision(string? number, string? expected) => Assert.Equal(expected, DataTypes.Decimal(number));

    /// <summary>CWE.3 and the code, and the system.</summary>
    [Theory]
    [InlineData("SCT", "1", "http://snomed.info/sct")]
    [InlineData("sct", "1", "http://snomed.info/sct")]
    [InlineData("SNM", "1054161000000101", "http://snomed.info/sct")]
    [InlineData("SNM", "T-28000", "https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/SNM")]
    [InlineData("LN", "1", "http://loinc.org")]
    [InlineData("I10", "1", "http://hl7.org/fhir/sid/icd-10")]
    [InlineData("DMD", "1", "https://dmd.nhs.uk")]
    [InlineData("HL70078", "H", "http://terminology.hl7.org/CodeSystem/v2-0078")]
    [InlineData("2.16.840.1.113883.6.96", "1", "http://snomed.info/sct")]
    [InlineData("1.2.3.4", "1", "urn:oid:1.2.3.4")]
    [InlineData("1.02.3", "1", "https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/1.02.3")]
    [InlineData("http://example.org/codes", "1", "http://example.org/codes")]
    [InlineData("http://[", "1", "https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/http%3A%2F%2F%5B")]
    [InlineData("urn:oid:1.2.3.4", "1", "urn:oid:1.2.3.4")]
    [InlineData("urn:oid:1.02", "1", "https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/urn%3Aoid%3A1.02")]
    [InlineData("urn:uuid:C757873D-EC9A-4326-A141-556F43239520", "1", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520")]
    [InlineData("urn:uuid:x", "1", "https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/urn%3Auuid%3Ax")]
    [InlineData("IGEAP", "1", "https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/IGEAP")]
    [InlineData("Local codes", "1", "https://fhir.wessexcarerecords.org.uk/CodeSystem/dorset/Local%20codes")]
    [InlineData("", "1", null)]
    public void A_coding_system_is_known_by_its_name(string name, string code, string? system) => Assert.Equal(system, CodingSystems.Of("dorset", name, code));

    [Fact]
    public void A_concept_has_up_to_three_codings_and_the_original_text() =>
        Assert.Equal(
            """
            {"coding":[{"system":"http://snomed.info/sct","code":"1","display":"a","version":"v1"},{"system":"http://loinc.org","code":"2","display":"b","version":"v2"},{"code":"3"}],"text":"said"}
            """,
            Json(DataTypes.Concept(Context(), Field("1^a^SCT^2^b^LN^v1^v2^said^3"))));

    [Fact]
    public void What_says_nothing_is_never_written()
    {
        foreach (var empty in new[] { "", "^^^R0A^MR", "\"\"", "^\"\"^", " ^ ^ " })
        {
            Assert.Null(DataTypes.Identifier(Context(), Field(empty)));
            Assert.Null(DataTypes.Address(Field(empty is "^^^R0A^MR" ? "" : empty)));
            Assert.Null(DataTypes.Telecom(Field(empty is "^^^R0A^MR" ? "" : empty)));
            Assert.Null(DataTypes.HumanName(Field(empty)));
        }

        Assert.Equal("{}", Json(new Element().Set("a", "").Set("b", "  ").Set("c", (Element?)null).Set("d", new Element()).Add("e", new Element()).Add("f", "\u0001").Code("g", null)));
    }

    [Fact]
    public void A_member_that_is_set_again_is_there_once() => Assert.Equal("""{"a":"2","b":"x y"}""", Json(new Element().Set("a", "1").Code("b", " x \t y ").Set("a", "2")));

    [Fact]
    public void Any_text_becomes_a_JSON_string_that_FHIR_takes() =>
        Gen.String.Sample(text =>
        {
            var json = Json(new Element().Set("a", text));

            var read = JsonDocument.Parse(json).RootElement;
            if (read.TryGetProperty("a", out var value))
                Assert.True(value.GetString() is { Length: > 0 } said && said.Trim() == said && said.All(c => !char.IsControl(c) || c is '\n' or '\r' or '\t'));
        }, iter: 2_000);

    [Fact]
    public void A_quantity_is_coded_where_its_unit_is()
    {
        Assert.Equal("""{"value":4.10,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}""", Json(DataTypes.Quantity(Context(), "4.10", Field("mmol/L^^UCUM"))));
        Assert.Equal("""{"value":4,"comparator":"<","unit":"a unit"}""", Json(DataTypes.Quantity(Context(), "4", Field("u^a unit"), "<")));
        Assert.Equal("""{"value":4}""", Json(DataTypes.Quantity(Context(), "4", null)));
        Assert.Null(DataTypes.Quantity(Context(), "positive", null));
    }

    [Fact]
    public void A_period_that_ends_before_it_begins_has_no_end() => Assert.Equal("""{"start":"2026-07-04"}""", Json(DataTypes.Period("20260704", "20260703")));

    private static MessageContext Context() =>
        new(Hl7Message.Parse("MSH|^~\\&|PAS|RCB|||20260704||ADT^A28|1|P|2.4\r"u8.ToArray(), out _)!, "dorset");

    private static Hl7Repetition Field(string text) =>
        Hl7Message.Parse(Encoding.UTF8.GetBytes($"MSH|^~\\&\rZZZ|{text}\r"), out _)!.First("ZZZ")![1].Repetitions is [var first, ..] ? first : default;

    private static string Json(Element? element)
    {
        Assert.NotNull(element);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            element.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
