using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Lhcre.Record;
using static Lhcre.Intake.Tests.Push;

namespace Lhcre.Intake.Tests;

/// <summary>Every issue that intake can give: what is sent, where the issue points, and whether the entry is taken in.</summary>
public partial class IssueTests
{
    private const string Whole = "whole";
    private const string Refused = "refused";
    private const string Taken = "taken in";
    private const string NotKept = "not kept";

    private static readonly string NoPatient = Bundle("batch", Request("POST", "Patient"));

    /// <summary>Code, expression, fate, and the push.</summary>
    public static TheoryData<string, string?, string, string?, string> Cases() => new()
    {
        // The request.
        { "LHC101", null, Whole, null, """{"resourceType":"Patient","gender":"fem""" },
        { "LHC101", null, Whole, null, """{"resourceType":"Patient"} {}""" },
        { "LHC101", null, Whole, null, """{"resourceType":"Patient","name":[{"family":"\ud800"}]}""" },
        { "LHC102", null, Whole, null, "" },
        { "LHC102", null, Whole, null, " \r\n\t" },
        { "LHC103", null, Whole, null, new string('[', 10_000) + new string(']', 10_000) },
        { "LHC103", null, Whole, null, string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) },
        { "LHC507", null, Refused, "Nonsense", """{"resourceType":"Patient","active":true}""" },
        { "LHC507", "Bundle.entry[0].request.url", Refused, null, Bundle("batch", Request("POST", "Nonsense", Patient("a", Ann))) },

        // The content.
        { "LHC201", null, Whole, null, "[1,2]" },
        { "LHC201", null, Refused, "Patient", """{"active":true}""" },
        { "LHC201", null, Refused, "Patient", """{"resourceType":"Quatsch","active":true}""" },
        { "LHC201", null, Refused, "Patient", """{"resourceType":"patient","active":true}""" },
        { "LHC201", "Bundle.entry[0].resource", Refused, null, Bundle("collection", Entry("""{"resourceType":"DomainResource"}""")) },
        { "LHC202", "Patient.birthDate", Refused, "Patient", """{"resourceType":"Patient","birthDate":"1980-13-01"}""" },
        { "LHC202", "Observation.value.value", Refused, "Observation", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":"12"}}""" },
        { "LHC202", "Bundle.timestamp", Whole, null, """{"resourceType":"Bundle","type":"collection","timestamp":"2026-01-01"}""" },
        { "LHC202", "Bundle.entry[0].fullUrl", Refused, null, Bundle("collection", $$"""{"fullUrl":1,"resource":{{Patient("a", Ann)}}}""") },
        { "LHC203", "Observation.status", Refused, "Observation", """{"resourceType":"Observation","code":{"text":"x"}}""" },
        { "LHC203", "Observation.value", Refused, "Observation", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueNonsense":1}""" },
        { "LHC203", "Patient.Gender", Refused, "Patient", """{"resourceType":"Patient","Gender":"male"}""" },
        { "LHC203", "Patient", Refused, "Patient", """{"resourceType":"Patient","gender":"male","gender":"female"}""" },
        { "LHC203", "Patient", Refused, "Patient", """{"resourceType":"Patient","gender":"male","resourceType":"Group"}""" },
        { "LHC203", "Bundle.entry", Whole, null, """{"resourceType":"Bundle","type":"batch","entry":{}}""" },
        { "LHC203", "Bundle.type", Whole, null, """{"resourceType":"Bundle","type":"batch","type":"transaction"}""" },
        { "LHC203", "Bundle.entry[0]", Refused, null, Bundle("collection", "7") },
        { "LHC203", "Bundle.entry[0].resource", Refused, null, Bundle("collection", """{"resource":"Patient/1"}""") },
        { "LHC204", "Patient.gender", Refused, "Patient", """{"resourceType":"Patient","gender":"weiblich"}""" },
        { "LHC205", "Patient.text.div", Refused, "Patient", """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"}}""" },
        { "LHC205", "Patient.text.div", Refused, "Patient", """{"resourceType":"Patient","text":{"status":"generated","div":"<div>open"}}""" },
        { "LHC206", "Patient", Refused, "Patient", """{"resourceType":"Patient","maritalStatus":[{"":1},{"text":"a"}]}""" },
        { "LHC207", "Patient.id", Refused, "Patient", """{"resourceType":"Patient","id":"a/b","active":true}""" },
        { "LHC207", "Patient.id", Refused, "Patient", """{"resourceType":"Patient","id":["a"],"active":true}""" },
        { "LHC207", "Bundle.entry[0].request.url", Refused, null, Bundle("batch", Request("DELETE", "Patient/a_b")) },
        { "LHC208", "Patient", Refused, "Patient", $$"""{"resourceType":"Patient","multipleBirthInteger":[{{string.Join(',', Enumerable.Repeat("123", Limits.ResourceValues))}}]}""" },
        { "LHC251", "Patient.gender", Taken, "Patient", """{"resourceType":"Patient","gender":" male\n"}""" },
        { "LHC252", "Patient.name", Taken, "Patient", """{"resourceType":"Patient","name":{"family":"A"}}""" },
        { "LHC252", "Patient.gender", Taken, "Patient", """{"resourceType":"Patient","gender":["male"]}""" },
        { "LHC253", "Patient.name", Taken, "Patient", """{"resourceType":"Patient","active":true,"name":[]}""" },
        { "LHC254", "Patient.shoeSize", Taken, "Patient", """{"resourceType":"Patient","active":true,"shoeSize":42}""" },

        // Whose it is.
        { "LHC301", "Patient.identifier", Taken, "Patient", Patient("a", WrongCheckDigit) },
        { "LHC301", "Patient.identifier", Taken, "Patient", Patient("a", "1111111111") },
        { "LHC303", "Observation.subject", Taken, "Observation", Observation("a", About("https://elsewhere.example/fhir/Patient/1")) },
        { "LHC304", "Patient.identifier", Taken, "Patient", $$"""{"resourceType":"Patient","identifier":[{"system":"{{NhsSystem}}","value":"{{Ann.Digits()}}"},{"system":"{{NhsSystem}}","value":"{{Bob.Digits()}}"}]}""" },
        { "LHC305", "Observation.subject", Taken, "Observation", Observation("a", null) },
        { "LHC711", "Patient.identifier", Taken, "Patient", Patient("a", Ann).Replace("\"identifier\":[{", $"\"identifier\":[{{\"extension\":[{{\"url\":\"{VerificationStatus.Extension}\",\"valueCodeableConcept\":{{\"coding\":[{{\"code\":\"04\"}}]}}}}],", StringComparison.Ordinal) },

        // Bundles and interactions.
        { "LHC401", "Patient", Refused, "Observation", """{"resourceType":"Patient","active":true}""" },
        { "LHC401", "Bundle.entry[0].resource", Refused, null, Bundle("batch", Request("POST", "Observation", Patient("a", Ann))) },
        { "LHC402", "Bundle.entry[0].resource.id", Refused, null, Bundle("batch", Request("PUT", "Patient/b", Patient("a", Ann))) },
        { "LHC403", "Bundle.type", Whole, null, """{"resourceType":"Bundle","type":"searchset"}""" },
        { "LHC403", "Bundle.type", Whole, null, """{"resourceType":"Bundle"}""" },
        { "LHC404", "Bundle.entry", Whole, null, Bundle("collection", Enumerable.Repeat("{}", Limits.BundleEntries + 1)) },
        { "LHC405", null, Whole, null, Bundle("transaction", Request("POST", "Patient", Patient("a", Ann)), Request("POST", "Patient", Patient("b", Bob))) },
        { "LHC406", null, Refused, null, """{"resourceType":"Patient","active":true}""" },
        { "LHC406", "Bundle.entry[0].request.method", Refused, null, Bundle("batch", Request("GET", "Patient/a")) },
        { "LHC406", "Bundle.entry[0].request.method", Refused, null, Bundle("batch", Request("PATCH", "Patient/a", Patient("a", Ann))) },
        { "LHC406", "Bundle.entry[0].request.url", Refused, null, Bundle("batch", Request("PUT", "Patient?identifier=1", Patient("a", Ann))) },
        { "LHC406", "Bundle.entry[0].request.url", Refused, null, Bundle("batch", Request("POST", "Patient/$match", Patient("a", Ann))) },
        { "LHC406", "Bundle.entry[0].resource", Refused, null, Bundle("collection", Entry(Bundle("collection"))) },
        { "LHC407", "Bundle.entry[0].request", Refused, null, Bundle("batch", Entry(Patient("a", Ann))) },
        { "LHC407", "Bundle.entry[0].request.method", Refused, null, Bundle("batch", Request("post", "Patient", Patient("a", Ann))) },
        { "LHC408", "Bundle.entry[0]", Refused, null, NoPatient },
        { "LHC408", "Bundle.entry[0]", Refused, null, Bundle("message", "{}") },
        { "LHC409", "Bundle.entry[1]", Refused, null, Bundle("transaction", Request("PUT", "Patient/a", Patient("a", Ann)), Request("DELETE", "Patient/a")) },
        { "LHC410", null, Whole, null, NoPatient.Replace("batch", "transaction", StringComparison.Ordinal) },
        { "LHC411", "Bundle.entry[0].resource", NotKept, null, Bundle("message", Entry("""{"resourceType":"MessageHeader","eventCoding":{"code":"a"},"source":{"endpoint":"http://a"}}""")) },
        { "LHC412", "Bundle.entry[0].request", Taken, null, Bundle("batch", $$$"""{"resource":{{{Patient("a", Ann)}}},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=1"}}""") },
        { "LHC413", "Observation", Taken, "Observation", """{"resourceType":"Observation","id":"a","status":"final","code":{"text":"x"},"encounter":{"reference":"urn:uuid:00000000-0000-0000-0000-00000000000a"},"subject":{"reference":"Patient/1"}}""" },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void An_issue_has_its_code_its_place_and_its_consequence(string code, string? expression, string fate, string? type, string body)
    {
        var received = type is null ? ToBase(body) : Post(type, body);

        var entry = fate == Whole ? null : received.Entries.Single(e => e.Issues.Any(i => i.Code.Code == code));
        var issues = entry?.Issues ?? received.Issues;
        Assert.Contains((code, expression), issues.Select(i => (i.Code.Code, i.Expression)));
        switch (fate)
        {
            case Whole:
                Assert.True(received.IsRefused);
                break;
            case Refused:
                Assert.True(entry!.IsRefused);
                Assert.Null(entry.Fragment);
                break;
            case NotKept:
                Assert.False(entry!.IsRefused);
                Assert.Null(entry.Fragment);
                break;
            default:
                Assert.False(entry!.IsRefused);
                Assert.NotNull(entry.Fragment);
                Assert.Equal("", StrictFaults(entry.Fragment.Body));
                break;
        }
    }

    [Fact]
    public void Every_code_that_intake_names_has_a_case()
    {
        // Given by whoever looks the person up, as the clue says.
        string[] byTheCaller = [IssueCodes.NoNhsNumber.Code, IssueCodes.NumberNotVerified.Code, IssueCodes.NumberSuperseded.Code];
        string[] below = [IssueCodes.BodyTooLarge.Code];
        // Of answers, and no push: FhirXmlTests.
        string[] ofAnswers = [IssueCodes.NotAsXml.Code];
        var named = SourceFiles().SelectMany(f => CodeName().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).Distinct()
            .Select(name => ((IssueCode)typeof(IssueCodes).GetField(name)!.GetValue(null)!).Code);
        var shown = Cases().Select(row => (string)((object?[])row)[0]!).Concat(byTheCaller).Concat(below).Concat(ofAnswers);

        Assert.Equal(named.Order().Distinct(), shown.Order().Distinct());
    }

    [Fact]
    public void A_body_over_the_limit_is_not_read()
    {
        var received = FhirIntake.Read(new byte[Limits.BodyBytes + 1], new Interaction("POST", null, null), Source, Base);

        Assert.Equal([IssueCodes.BodyTooLarge], received.Issues.Select(i => i.Code));
    }

    [Fact]
    public void All_reasons_are_told_at_once()
    {
        var entry = One("Observation", """{"resourceType":"Observation","id":"a/b","status":"done","effectiveDateTime":"yesterday","valueQuantity":{"value":"high"},"subject":{"reference":"Patient/1"}}""");

        Assert.True(entry.IsRefused);
        Assert.Equal(
            ["Observation.code", "Observation.effective", "Observation.id", "Observation.status", "Observation.value.value"],
            entry.Issues.Select(i => i.Expression).Distinct().Order());
    }

    [Fact]
    public void A_bad_entry_does_not_lose_the_good_ones()
    {
        var received = ToBase(Bundle("batch",
            Request("POST", "Patient", Patient("a", Ann)),
            Request("POST", "Observation", """{"resourceType":"Observation","id":"o"}"""),
            Request("PUT", "Observation/p", Observation("p", About("Patient/a")))));

        Assert.False(received.IsRefused);
        Assert.Equal([false, true, false], received.Entries.Select(e => e.IsRefused));
    }

    [Fact]
    public void A_transaction_with_a_bad_entry_is_refused_whole_and_says_which()
    {
        var received = ToBase(Bundle("transaction", Request("POST", "Patient", Patient("a", Ann)), Request("POST", "Observation", """{"resourceType":"Observation","id":"o"}""")));

        Assert.Equal([IssueCodes.TransactionRefused], received.Issues.Select(i => i.Code));
        Assert.Equal([false, true], received.Entries.Select(e => e.IsRefused));
    }

    [Fact]
    public void An_entry_with_very_many_faults_tells_the_first_200_errors_first()
    {
        var faults = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"unknown{i}\":1"));

        var warned = One("Patient", $$"""{"resourceType":"Patient","active":true,{{faults}}}""");
        var refused = One("Patient", $$"""{"resourceType":"Patient","id":"a/b","active":true,{{faults}}}""");

        Assert.Equal(ReceivedEntry.MaxIssues, warned.Issues.Length);
        Assert.NotNull(warned.Fragment);
        Assert.Equal(IssueCodes.InvalidId, refused.Issues[0].Code);
    }

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    public void The_depth_limit_is_where_it_is_said_to_be(int extensions, bool isTooDeep)
    {
        // The resource is one level; an array and an object in turn are the others.
        var json = """{"resourceType":"Patient","shoe":""" + new string('[', extensions) + new string(']', extensions) + "}";

        Assert.Equal(isTooDeep, ToBase(json).Issues.Any(i => i.Code == IssueCodes.TooDeep));
    }

    [Fact]
    public void Invalid_UTF8_is_no_JSON()
    {
        byte[] body = [.. "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];

        var received = FhirIntake.Read(body, new Interaction("POST", "Patient", null), Source, Base);

        Assert.Equal([IssueCodes.MalformedJson], received.Issues.Select(i => i.Code));
    }

    [Fact]
    public void A_byte_order_mark_and_white_space_around_the_body_are_read_over()
    {
        var received = Post("Patient", "\uFEFF \n" + Patient("a", Ann) + "\n ");

        Assert.Equal(Patient("a", Ann), Text(Assert.Single(received.Entries).Fragment!.AsSent));
    }

    private static IEnumerable<string> SourceFiles([CallerFilePath] string here = "") =>
        Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(here)!, "../../src/Lhcre.Intake"), "*.cs");

    [GeneratedRegex(@"IssueCodes\.(\w+)")]
    private static partial Regex CodeName();
}
