using System.Net;
using System.Text.Json.Nodes;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Http;

/// <summary>Patients searched across people: by name and date of birth together, in what any source says.</summary>
[Collection(nameof(TestSilo))]
public sealed class PeopleSearchTests(TestSilo silo)
{
    private readonly string _nhs = FreshNhsNumber();

    // Of this test alone.
    private string Family => "Fam" + _nhs;

    [Fact]
    public async Task A_name_and_a_date_of_birth_find_the_person_as_the_record_shows_them()
    {
        await silo.Push("dorset", Collection(Person("a", _nhs, Family, "Ann", "1980-05-12")));

        var answer = await silo.Get($"fhir/Patient?family={Family}&birthdate=1980-05-12");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var patient = Assert.Single(answer.Resources("match"));
        var read = (await silo.Get($"fhir/Patient/{TestSilo.PatientId(_nhs)}")).Json;
        Assert.True(JsonNode.DeepEquals(read, patient), "the same as by id");
        Assert.Equal(1, answer.Json["total"]!.GetValue<int>());
        Assert.Equal($"{silo.Url}/fhir/Patient?family={Family}&birthdate=1980-05-12", answer.Json["link"]![0]!["url"]!.GetValue<string>());
        Assert.DoesNotContain(Said(answer), code => code is "LHC505" or "LHC514");
    }

    [Theory]
    [InlineData("family={0}&birthdate=1980-05-12", 1)]
    [InlineData("family={0}&birthdate=1980", 1)]
    [InlineData("family={0}&birthdate=ge1900", 1)]
    [InlineData("family=maiden-{0}&birthdate=1980-05-12", 1)]
    [InlineData("name=ann {0}&birthdate=1980-05-12", 1)]
    [InlineData("family={0}&given=AN&birthdate=1980-05-12", 1)]
    [InlineData("family={0}&given=bob&birthdate=1980-05-12", 0)]
    [InlineData("family={0}&birthdate=1980-05-13", 0)]
    [InlineData("family={0}&birthdate=1980-05-12&gender=female", 1)]
    [InlineData("family={0}&birthdate=1980-05-12&gender=male", 0)]
    [InlineData("family:exact={0}&birthdate=1980-05-12", 1)]
    [InlineData("family:exact=FAM{1}&birthdate=1980-05-12", 0)] // letter for letter
    public async Task What_any_source_says_finds_the_person_once(string query, int count)
    {
        await silo.Push("dorset", Collection(Person("a", _nhs, Family, "Ann", "1980-05-12")));
        await silo.Push("hampshire", Collection(Person("a", _nhs, "Maiden-" + Family, "Anne", "1980-05-12", ""","gender":"female" """)));

        var answer = await silo.Get("fhir/Patient?" + string.Format(null, query, Family, _nhs));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(count, answer.Resources("match").Count);
        Assert.Equal(count, answer.Json["total"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("family=smith", "LHC512")]
    [InlineData("birthdate=1980-05-12", "LHC512")]
    [InlineData("given=ann&birthdate=ge1980-05-12", "LHC513")]
    [InlineData("family=smith&birthdate=soon", "LHC504")]
    [InlineData("family:contains=smith&birthdate=1980-05-12", "LHC523")]
    public async Task What_says_too_little_or_cannot_be_read_is_refused_and_not_repeated(string query, string code)
    {
        var answer = await silo.Get("fhir/Patient?" + query, ("Prefer", "handling=lenient"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(code, answer.Codes);
        Assert.DoesNotContain("smith", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("1980", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fewer_may_be_asked_for_or_their_number_and_what_is_no_part_of_it_is_told()
    {
        await silo.Push("dorset", Collection(Person("f", _nhs, Family, "Ann", "1980-05-12"), Person("g", FreshNhsNumber(), Family, "Bob", "1980-05-12")));
        var query = $"fhir/Patient?family={Family}&birthdate=1980-05-12";

        var one = await silo.Get(query + "&_count=1");
        var number = await silo.Get(query + "&_summary=count");
        var lenient = await silo.Get(query + "&active=true");
        var strict = await silo.Get(query + "&active=true", ("Prefer", "handling=strict"));

        Assert.Equal((1, null), (one.Resources("match").Count, one.Json["total"]));
        Assert.Contains("LHC514", Said(one));
        Assert.Equal((0, 2), (number.Resources("match").Count, number.Json["total"]!.GetValue<int>()));
        Assert.Equal(2, lenient.Resources("match").Count);
        Assert.Contains("LHC505", Said(lenient));
        Assert.DoesNotContain("active", lenient.Json["link"]![0]!["url"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, strict.Status);
        Assert.Contains("LHC506", strict.Codes);
    }

    [Fact]
    public async Task A_name_that_is_withheld_does_not_find_the_record()
    {
        await silo.Push("dorset", Collection(Person("a", _nhs, Family, "Ann", "1980-05-12")));
        await silo.Push("hampshire", Collection(Person("b", _nhs, "Other-" + _nhs, "Bob", "1951-07-13")));

        Assert.Empty((await silo.Get($"fhir/Patient?family=other {_nhs}&birthdate=1951-07-13")).Resources("match"));
        Assert.Single((await silo.Get($"fhir/Patient?family={Family}&birthdate=1980-05-12")).Resources("match"));
    }

    [Fact]
    public async Task A_corrected_name_finds_at_once_and_the_former_and_a_withdrawn_one_no_longer()
    {
        await silo.Put("dorset", $"Patient/c-{_nhs}", Person("c", _nhs, Family, "Ann", "1980-05-12"));
        await silo.Put("dorset", $"Patient/c-{_nhs}", Person("c", _nhs, "New" + _nhs, "Ann", "1980-05-12"));

        Assert.Empty((await silo.Get($"fhir/Patient?family={Family}&birthdate=1980-05-12")).Resources("match"));
        Assert.Single((await silo.Get($"fhir/Patient?family=new{_nhs}&birthdate=1980-05-12")).Resources("match"));

        await silo.Send(HttpMethod.Delete, $"sources/dorset/fhir/Patient/c-{_nhs}");

        Assert.Empty((await silo.Get($"fhir/Patient?family=new{_nhs}&birthdate=1980-05-12")).Resources("match"));
    }

    [Fact]
    public async Task Of_more_than_fifty_people_fifty_are_shown_and_the_answer_says_so()
    {
        await silo.Push("dorset", Collection(Enumerable.Range(0, 51).Select(i => Person($"m{i}", FreshNhsNumber(), Family, i == 7 ? "Zoe" : "Ann", "1980-05-12"))));

        var many = await silo.Get($"fhir/Patient?family={Family}&birthdate=1980-05-12");
        var one = await silo.Get($"fhir/Patient?family={Family}&given=zoe&birthdate=1980-05-12");

        Assert.Equal(50, many.Resources("match").Count);
        Assert.Contains("LHC514", Said(many));
        Assert.Null(many.Json["total"]);
        Assert.Single(one.Resources("match"));
        Assert.DoesNotContain("LHC514", Said(one));
    }

    [Fact]
    public async Task A_search_may_be_posted_and_its_ETag_changes_with_any_of_the_people()
    {
        var other = FreshNhsNumber();
        await silo.Push("dorset", Collection(Person("p", _nhs, Family, "Ann", "1980-05-12"), Person("q", other, Family, "Bob", "1980-05-12")));
        using var form = new FormUrlEncodedContent([new("family", Family), new("birthdate", "1980-05-12")]);

        using var posted = await silo.Client.PostAsync("fhir/Patient/_search", form);
        var before = await silo.Get($"fhir/Patient?family={Family}&birthdate=1980-05-12");
        await silo.Push("hampshire", Collection(Person("q", other, Family, "Bobby", "1980-05-12")));
        var after = await silo.Get($"fhir/Patient?family={Family}&birthdate=1980-05-12");

        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.Equal(2, before.Resources("match").Count);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        Assert.Equal(before.Headers.ETag, posted.Headers.ETag);
    }

    // What stands beside the people; of the sources there may be something too.
    private static List<string> Said(Answer answer) =>
        [.. answer.Resources("outcome").SelectMany(o => o["issue"]!.AsArray()).Select(i => i!["details"]!["coding"]![0]!["code"]!.GetValue<string>())];

    private string Person(string id, string nhs, string family, string given, string birthDate, string more = "") =>
        Patient($"{id}-{_nhs}", nhs, $",\"birthDate\":\"{birthDate}\"{more}").Replace("Śmith", family, StringComparison.Ordinal).Replace("\"Ann\"", $"\"{given}\"", StringComparison.Ordinal);
}
