using System.Globalization;
using Lhcre.Record;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>Faults of the form alone: what is shown instead, and what is never mended.</summary>
public class FormalFaultTests
{
    /// <summary>The members of a Patient as sent, as shown, and the faults told.</summary>
    public static TheoryData<string, string, string> Mended() => new()
    {
        { "\"name\":{\"family\":\"A\"}", "\"name\":[{\"family\":\"A\"}]", "LHC252 Patient.name" },
        { "\"name\":[{\"given\":\"A\"}]", "\"name\":[{\"given\":[\"A\"]}]", "LHC252 Patient.name[0].given" },
        {
            "\"name\":[{\"given\":\"A\",\"_given\":{\"id\":\"g\"}}]", "\"name\":[{\"given\":[\"A\"],\"_given\":[{\"id\":\"g\"}]}]",
            "LHC252 Patient.name[0].given, LHC252 Patient.name[0].given"
        },
        { "\"maritalStatus\":[{\"text\":\"single\"}]", "\"maritalStatus\":{\"text\":\"single\"}", "LHC252 Patient.maritalStatus" },
        { "\"birthDate\":[\"1980-01-02\"]", "\"birthDate\":\"1980-01-02\"", "LHC252 Patient.birthDate" },
        { "\"birthDate\":\" 1980-01-02\\n\"", "\"birthDate\":\"1980-01-02\"", "LHC251 Patient.birthDate" },
        { "\"gender\":\"male\\u00a0\"", "\"gender\":\"male\"", "LHC251 Patient.gender" },
        { "\"deceasedDateTime\":\"2020 \"", "\"deceasedDateTime\":\"2020\"", "LHC251 Patient.deceased" },
        { "\"telecom\":[],\"gender\":\"male\"", "\"gender\":\"male\"", "LHC253 Patient.telecom" },
        { "\"maritalStatus\":{},\"gender\":\"male\"", "\"gender\":\"male\"", "LHC253 Patient.maritalStatus" },
        { "\"maritalStatus\":{\"coding\":[{}]},\"gender\":\"male\"", "\"gender\":\"male\"", "LHC253 Patient.maritalStatus.coding[0]" },
        { "\"maritalStatus\":null,\"gender\":\"male\"", "\"gender\":\"male\"", "LHC253 Patient.maritalStatus" },
        { "\"name\":[null,{\"family\":\"A\"}]", "\"name\":[{\"family\":\"A\"}]", "LHC253 Patient.name[0]" },
        { "\"name\":[{\"given\":[\"A\",null]}]", "\"name\":[{\"given\":[\"A\"]}]", "LHC253 Patient.name[0].given[1]" },
        { "\"name\":[{\"family\":\"\",\"text\":\"A\"}]", "\"name\":[{\"text\":\"A\"}]", "LHC253 Patient.name[0].family" },
        {
            "\"name\":[{\"given\":[\"A\",\"\"],\"_given\":[null,{\"id\":\"g\"}]}]", "\"name\":[{\"given\":[\"A\",null],\"_given\":[null,{\"id\":\"g\"}]}]",
            "LHC253 Patient.name[0].given[1]"
        },
        { "\"name\":[{\"given\":[\"A\"],\"_given\":[null]}]", "\"name\":[{\"given\":[\"A\"]}]", "LHC253 Patient.name[0].given" },
        { "\"shoeSize\":{\"value\":42},\"gender\":\"male\"", "\"gender\":\"male\"", "LHC254 Patient.shoeSize" },
        { "\"fhir_comments\":[\"x\"],\"gender\":\"male\"", "\"gender\":\"male\"", "LHC254 Patient.fhir_comments" },
        { "\"\":1,\"gender\":\"male\"", "\"gender\":\"male\"", "LHC254 Patient." },
        {
            "\"contained\":{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"A\",\"alias\":\"B\"}",
            "\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"A\",\"alias\":[\"B\"]}]",
            "LHC252 Patient.contained, LHC252 Patient.contained[0].alias"
        },
        {
            "\"extension\":[{\"url\":\"urn:x\",\"valueCodeableConcept\":{\"coding\":{\"code\":\" a\"}}}]",
            "\"extension\":[{\"url\":\"urn:x\",\"valueCodeableConcept\":{\"coding\":[{\"code\":\"a\"}]}}]",
            "LHC252 Patient.extension[0].value.coding, LHC251 Patient.extension[0].value.coding[0].code"
        },
    };

    [Theory]
    [MemberData(nameof(Mended))]
    public void A_formal_fault_is_mended_in_what_is_shown_and_kept_in_what_was_sent(string sent, string shown, string faults)
    {
        var json = $$"""{"resourceType":"Patient","id":"a",{{sent}}}""";

        var entry = One("Patient", json);

        Assert.NotNull(entry.Fragment);
        Assert.Equal(json, Text(entry.Fragment.AsSent));
        Assert.Equal($$"""{"resourceType":"Patient","id":"a",{{shown}}}""", Text(entry.Fragment.Body));
        Assert.Equal("", StrictFaults(entry.Fragment.Body));
        Assert.Equal(faults, string.Join(", ", entry.Issues.Where(i => i.Code.Status == 200).Select(i => $"{i.Code.Code} {i.Expression}")));
    }

    /// <summary>Members of a Patient that leave no doubt that something is wrong, and much doubt about what was meant.</summary>
    [Theory]
    [InlineData("\"gender\":\"Male\"")]
    [InlineData("\"gender\":\" \"")]
    [InlineData("\"active\":\"true\"")]
    [InlineData("\"birthDate\":\"\"")]
    [InlineData("\"birthDate\":\"02/01/1980\"")]
    [InlineData("\"birthDate\":19800102")]
    [InlineData("\"multipleBirthInteger\":\"2\"")]
    [InlineData("\"multipleBirthString\":\"2\"")]
    [InlineData("\"multipleBirth\":2")]
    [InlineData("\"deceasedDateTime\":\"2020\",\"deceasedBoolean\":true")]
    [InlineData("\"maritalStatus\":[{\"text\":\"single\"},{\"text\":\"married\"}]")]
    [InlineData("\"maritalStatus\":\"single\"")]
    [InlineData("\"BirthDate\":\"1980-01-02\"")]
    [InlineData("\"_name\":{\"id\":\"n\"}")]
    [InlineData("\"name\":[[{\"family\":\"A\"}]]")]
    [InlineData("\"name\":[{\"family\":5}]")]
    [InlineData("\"contained\":[{\"resourceType\":\"Nonsense\",\"id\":\"a\"}]")]
    [InlineData("\"identifier\":[{\"system\":\"not a uri\",\"value\":5}]")]
    public void What_is_no_matter_of_form_is_refused(string member)
    {
        var entry = One("Patient", $$"""{"resourceType":"Patient","id":"a",{{member}},"name":[]}""");

        Assert.True(entry.IsRefused);
        Assert.Null(entry.Fragment);
        Assert.Equal(Key("Patient", "a"), entry.Key);
        Assert.DoesNotContain(entry.Issues, i => i.Code == IssueCodes.EmptyElement);
    }

    [Theory]
    [InlineData("1.10")]
    [InlineData("1e2")]
    [InlineData("0.0000000000000000001")]
    [InlineData("-0.0")]
    public void A_number_keeps_every_digit_that_was_sent_mended_or_not(string number)
    {
        foreach (var fault in new[] { "", ",\"note\":[]" })
        {
            var fragment = Accepted("Observation",
                $$"""{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"valueQuantity":{"value": {{number}}},"subject":{"reference":"Patient/1"}{{fault}}}""");
            Assert.Contains($"\"value\":{number}}}", Text(fragment.Body), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_has_no_fault_is_shown_as_it_was_sent()
    {
        const string Json = "{ \"resourceType\": \"Patient\",\n\t\"id\": \"a\", \"name\": [ { \"text\": \"A \\u00e9 \\\" \\/ B\" } ] }";

        var entry = One("Patient", Json);

        Assert.Empty(entry.Issues);
        Assert.Null(entry.Fragment!.Mended);
        Assert.Equal(Json, Text(entry.Fragment.AsSent));
        Assert.Equal("{\"resourceType\":\"Patient\",\"id\":\"a\",\"name\":[{\"text\":\"A \\u00e9 \\\" \\/ B\"}]}", Text(entry.Fragment.Body));
    }

    [Fact]
    public void The_culture_of_the_caller_changes_nothing()
    {
        const string Json = """{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"effectiveDateTime":"2020-03-04T05:06:07.5+01:00","valueQuantity":{"value":1.5},"subject":{"reference":"Patient/1"}}""";
        var culture = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NumberGroupSeparator = ".";
        odd.DateTimeFormat.DateSeparator = "!";
        odd.DateTimeFormat.TimeSeparator = "?";
        try
        {
            CultureInfo.CurrentCulture = odd;
            Assert.Empty(One("Observation", Json).Issues);
            Assert.Same(odd, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
