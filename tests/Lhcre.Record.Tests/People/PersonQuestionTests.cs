using Lhcre.Record.People;

namespace Lhcre.Record.Tests.People;

/// <summary>Whom the parameters of a search of Patients find, and what is refused.</summary>
public class PersonQuestionTests
{
    // Married, from the Netherlands, with a source that knows her by her maiden name and by the year of her birth alone.
    private static readonly PersonFacts Zoe = Person(["van der Berg", "Smith-Jones"], ["Zoë"], ["1980-05-12", "1980"], ["female"]);

    [Theory]
    [InlineData("family=berg", true)]
    [InlineData("family=BERG", true)]
    [InlineData("family=van der b", true)]
    [InlineData("family=van berg", false)]
    [InlineData("family=smith", true)]
    [InlineData("family=Jones", true)]
    [InlineData("family=ones", false)]
    [InlineData("family=zoe", false)]
    [InlineData("given=zoe", true)]
    [InlineData("given=Zoë", true)]
    [InlineData("given=smith", false)]
    [InlineData("name=zo", true)]
    [InlineData("name=smith", true)]
    [InlineData("name=Zoe van der Berg", true)]
    [InlineData("name=Berg, Zoe", true)] // a comma is "or"
    [InlineData("name=Zoe Brown", false)]
    [InlineData("name=Zoe Brown,Smith", true)]
    [InlineData("family=brown,smith", true)]
    [InlineData("family=brown,green", false)]
    [InlineData("family=smith&family=berg", true)]
    [InlineData("family=smith&family=brown", false)]
    [InlineData("family=smith&given=ann", false)]
    [InlineData("family:exact=van der Berg", true)]
    [InlineData("family:exact=Berg", false)]
    [InlineData("family=&given=zoe", true)] // without a value it asks nothing
    [InlineData("family=smith&gender=female", true)]
    [InlineData("family=smith&gender=male", false)]
    [InlineData("family=smith&gender=male,female", true)]
    [InlineData("family=smith&gender=http://hl7.org/fhir/administrative-gender|female", true)]
    [InlineData("family=smith&address=Poole", true)] // not read here
    public void Names_are_found_by_how_their_words_begin(string names, bool isFound) => Assert.Equal(isFound, Finds($"{names}&birthdate=1980-05-12"));

    [Theory]
    [InlineData("birthdate=1980-05-12", true)]
    [InlineData("birthdate=1980-05-13", false)]
    [InlineData("birthdate=1980-05-13,1980-05-12", true)]
    [InlineData("birthdate=ge1980-05-01&birthdate=le1980-05-31", true)]
    [InlineData("birthdate=ge1980-06-01&birthdate=le1980-06-30", true)] // some of the year that one source states
    [InlineData("birthdate=ge1979-06-01&birthdate=le1979-06-30", false)]
    [InlineData("birthdate=gt1981-05-12&birthdate=lt1981-05-12", false)]
    [InlineData("birthdate=ge1900", true)]
    public void The_date_of_birth_is_any_of_those_that_sources_state(string birth, bool isFound) => Assert.Equal(isFound, Finds($"family=smith&{birth}"));

    [Theory]
    [InlineData("", "LHC512")]
    [InlineData("family=smith", "LHC512")]
    [InlineData("birthdate=1980-05-12", "LHC512")]
    [InlineData("birthdate=1980-05-12&gender=female", "LHC512")]
    [InlineData("family=&birthdate=1980-05-12", "LHC512")]
    [InlineData("given=zoe&birthdate=ge1980", "LHC513")]
    [InlineData("given=zoe&birthdate=1980,1981", "LHC513")]
    [InlineData("family=s&birthdate=ge1980", "LHC513")]
    [InlineData("family=smith,j&birthdate=ge1980", "LHC513")]
    [InlineData("name=smith&birthdate=ge1980", "LHC513")] // that may be a given name
    [InlineData("name=a b c d e f g h i&birthdate=1980-05-12", "LHC513")]
    [InlineData("family=a,b,c,d,e,f,g,h,i&birthdate=1980-05-12", "LHC504")]
    [InlineData("family=smith&birthdate=yesterday", "LHC504")]
    [InlineData("family=smith&birthdate=ne1980", "LHC504")]
    [InlineData("family=smith&birthdate=1980&gender=f", "LHC504")]
    [InlineData("family:contains=smith&birthdate=1980", "LHC523")]
    [InlineData("family:missing=true&birthdate=1980", "LHC523")]
    [InlineData("family=smith&birthdate:exact=1980", "LHC523")]
    [InlineData("family=...&birthdate=1980", "LHC504")]
    [InlineData("family=...&gender=x&birthdate=1980", "LHC504 LHC504")]
    public void What_could_be_very_many_people_or_cannot_be_read_is_refused(string parameters, string codes)
    {
        var question = PersonQuestion.Read(Pairs(parameters));

        Assert.Null(question.Query);
        Assert.Equal(codes, string.Join(' ', question.Issues.Select(i => i.Code.Code)));
    }

    [Theory]
    [InlineData("given=zoe&birthdate=1980")]
    [InlineData("given=zoe&birthdate=ge1980-01-01&birthdate=le1980-12-31")]
    [InlineData("family=li&birthdate=ge1900")]
    [InlineData("family:exact=O&birthdate=ge1900")]
    public void A_year_of_anybody_and_any_time_of_a_family_is_answered(string parameters) => Assert.NotNull(PersonQuestion.Read(Pairs(parameters)).Query);

    [Fact]
    public void A_comma_behind_a_backslash_is_part_of_the_name_and_exact_names_are_kept_as_sent()
    {
        var question = PersonQuestion.Read(Pairs(@"family:exact=Smith\, Jr,Jones&birthdate=1980"));

        var exact = Assert.Single(question.Exact);
        Assert.Equal((NameParts.Family, "Smith, Jr|Jones"), (exact.Part, string.Join('|', exact.Values)));
        Assert.Equal(["smith jr", "jones"], question.Query!.Names.Single().Select(n => n.Text));
    }

    [Fact]
    public void A_person_without_a_date_of_birth_or_without_a_name_is_found_by_nothing()
    {
        Assert.True(Person(["Smith"], ["Ann"], [], ["female"]).IsNone);
        Assert.True(Person([], [], ["1980"], ["female"]).IsNone);
        Assert.True(Person([], [], [], []) == PersonFacts.None);
    }

    [Fact]
    public void What_is_said_twice_or_in_another_order_is_the_same()
    {
        var other = Person(["smith jones", "Smith-Jones", "VAN DER BERG"], ["Zoe"], ["1980", "1980-05-12", "1980"], ["female", "female"]);

        Assert.Equal(Zoe, other);
        Assert.Equal(Zoe.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(Zoe, Person(["smith jones", "van der berg"], ["Zoe"], ["1980", "1980-05-12"], ["male"]));
        Assert.NotEqual(Zoe, Person(["smith jones", "van der berg"], ["Zoe"], ["1980"], ["female"]));
    }

    [Fact]
    public void A_name_of_any_length_is_found_by_its_beginning_and_its_number_of_words_is_bounded()
    {
        var long1 = new string('a', 63) + "𝒜𝒜" + new string('b', 5000);
        var person = Person([long1, string.Join(' ', Enumerable.Range(0, 500).Select(n => $"w{n:d3}"))], ["Ann"], ["1980"], []);

        Assert.True(person.Names.Length <= 64);
        Assert.All(person.Names, n => Assert.InRange(n.Text.Length, 1, PersonName.MostLetters));
        Assert.All(person.Names, n => Assert.False(char.IsHighSurrogate(n.Text[^1])));
        Assert.True(PersonQuestion.Read([new("family", long1), new("birthdate", "1980")]).Query!.Matches(person));
    }

    [Fact]
    public void Nothing_of_it_prints_whom_it_is_about()
    {
        var question = PersonQuestion.Read(Pairs("family:exact=Smith-Jones&birthdate=1980-05-12"));

        foreach (var text in (string?[])[Zoe.ToString(), Zoe.Names[0].ToString(), question.ToString(), question.Query!.ToString(), question.Query.Names[0][0].ToString(), question.Exact[0].ToString()])
        {
            Assert.DoesNotContain("smith", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("1980", text, StringComparison.Ordinal);
        }
    }

    private static bool Finds(string parameters) => PersonQuestion.Read(Pairs(parameters)) is var question && question.Issues.IsEmpty && question.Query?.Matches(Zoe) == true;

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string parameters) =>
        parameters.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1]));

    private static PersonFacts Person(string[] family, string[] given, string[] births, string[] genders) => PersonFacts.Of(
    [
        .. family.Select(n => new FactPart(FactElement.FamilyName, "", Folded.Text(n))), .. given.Select(n => new FactPart(FactElement.GivenName, "", Folded.Text(n))),
        .. births.Select(b => new FactPart(FactElement.BirthDate, "", b)), .. genders.Select(g => new FactPart(FactElement.Gender, "", g)),
    ]);
}
