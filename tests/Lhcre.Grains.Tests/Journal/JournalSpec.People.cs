using Lhcre.Grains.Journal;
using Lhcre.Record.People;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    private async Task<string> Found(string query, int limit = 10) => string.Join(' ', (await Journal.FindPeople(Who(query), limit, None)).Select(Name));

    // By their first names, for reading.
    private static string Name(Record.PatientKey patient) => patient == Ann ? "ann" : patient == Bob ? "bob" : patient == Cyd ? "cyd" : "other";

    [Theory]
    [InlineData("family=smith&birthdate=1980-05-12", "ann bob")]
    [InlineData("family=smithson&birthdate=1980-05-12", "")]
    [InlineData("family=smith&birthdate=1980-05-13", "")]
    [InlineData("family=jones&birthdate=1980-05-12", "ann")]
    [InlineData("family=smith j&birthdate=1980-05-12", "ann")]
    [InlineData("family:exact=smith&birthdate=1980-05-12", "bob")]
    [InlineData("family:exact=jones&birthdate=1980-05-12", "")]
    [InlineData("family=ann&birthdate=1980-05-12", "")]
    [InlineData("given=ann&birthdate=1980-05-12", "ann")]
    [InlineData("name=b&birthdate=1980-05-12", "bob")]
    [InlineData("name=ann smith&birthdate=1980-05-12", "ann")]
    [InlineData("name=ann smith,cyd&birthdate=1980", "ann cyd")]
    [InlineData("name=s&birthdate=1980-05-12", "ann bob")]
    [InlineData("family=jones,doe&birthdate=ge1900", "ann cyd")]
    [InlineData("family=smith&given=bob&birthdate=1980-05-12", "bob")]
    [InlineData("family=smith&given=ann,bob&birthdate=1980-05-12", "ann bob")]
    [InlineData("family=smith&given=cyd&birthdate=1980-05-12", "")]
    [InlineData("family=smith&family=jones&birthdate=1980-05-12", "ann")]
    [InlineData("family=smith&birthdate=1980-05-12&gender=male", "bob")]
    [InlineData("family=smith&birthdate=1980-05-12&gender=male,female", "ann bob")]
    [InlineData("family=smith&birthdate=1980-05-12&gender=other", "")]
    [InlineData("given=cyd&birthdate=1980", "cyd")]
    [InlineData("given=cyd&birthdate=1980-07", "cyd")]
    [InlineData("given=cyd&birthdate=1980-07-01", "")]
    [InlineData("given=cyd&birthdate=ge1980-06-01&birthdate=le1980-08-31", "cyd")]
    [InlineData("family=doe&birthdate=gt1980-07-01", "cyd")]
    [InlineData("family=doe&birthdate=sa1980-07-01", "")]
    [InlineData("name=a,b,c&birthdate=1980-07,1980-05-12", "ann bob cyd")]
    public async Task People_are_found_by_how_their_names_begin_and_when_they_were_born(string query, string found)
    {
        await Commit(Append(Ann, 1) with { Person = Person("Smith-Jones", "Ann", "1980-05-12", "female") });
        await Commit(Append(Bob, 1) with { Person = Person("Smith", "Bob", "1980-05-12", "male") });
        await Commit(Append(Cyd, 1) with { Person = Person("Doe", "Cyd", "1980-07") });

        Assert.Equal(found, await Found(query));
    }

    [Fact]
    public async Task Any_name_and_any_date_of_birth_that_a_source_states_finds_the_person_once()
    {
        await Commit(Append(Ann, 1) with { Person = Person("Smith;Smythe", "Ann;Anne", "1980-05-12;1980-12-05") });

        Assert.Equal("ann", await Found("family=sm&birthdate=1980"));
        Assert.Equal("ann", await Found("family=smythe&given=anne&birthdate=1980-12-05"));
        Assert.Equal("ann", await Found("family=smith,smythe&birthdate=1980-05-12"));
    }

    [Fact]
    public async Task By_what_a_person_is_found_takes_the_place_of_what_it_was_and_an_append_without_leaves_it()
    {
        await Commit(Append(Ann, 1) with { Person = Person("Smith", "Ann", "1980-05-12", "female") });
        await Commit(Append(Ann, 2));
        Assert.Equal("ann", await Found("family=smith&birthdate=1980-05-12"));

        await Commit(Append(Ann, 3) with { Person = Person("Jones", "Ann", "1980-05-12", "female") });
        Assert.Equal("", await Found("family=smith&birthdate=1980-05-12"));
        Assert.Equal("ann", await Found("family=jones&birthdate=1980-05-12"));

        await Commit(Append(Ann, 4) with { Person = Person("Jones", "Ann", "1981-05-12", "other") });
        Assert.Equal("", await Found("name=ann&birthdate=1980-05-12"));
        Assert.Equal("ann", await Found("name=ann&birthdate=1981-05-12&gender=other"));

        await Commit(Append(Ann, 5) with { Person = Person("Jones", "Ann", "1981-05-12", "female") });
        Assert.Equal("", await Found("name=ann&birthdate=1981-05-12&gender=other"));

        await Commit(Append(Ann, 6) with { Person = PersonFacts.None });
        Assert.Equal("", await Found("name=ann&birthdate=1981-05-12"));
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_a_later_word_that_becomes_a_whole_name_does()
    {
        await Commit(Append(Ann, 1) with { Person = Person("Smith-Jones", "Ann", "1980-05-12") });
        await Commit(Append(Ann, 2) with { Person = Person("Smith-Jones", "Ann", "1980-05-12") });
        Assert.Equal("", await Found("family:exact=jones&birthdate=1980-05-12"));

        await Commit(Append(Ann, 3) with { Person = Person("Smith-Jones;Jones", "Ann", "1980-05-12") });

        Assert.Equal("ann", await Found("family:exact=jones&birthdate=1980-05-12"));
        Assert.Equal("ann", await Found("family=smith&birthdate=1980-05-12"));
    }

    [Fact]
    public async Task A_fenced_append_changes_by_what_nobody_is_found_beside_one_that_is_committed()
    {
        await Commit(Append(Ann, 1) with { Person = Person("Smith", "Ann", "1980-05-12") });

        var outcomes = await Task.WhenAll(
            Journal.Append(Append(Ann, 1) with { Person = Person("Jones", "Ann", "1980-05-12") }, None),
            Journal.Append(Append(Bob, 1) with { Person = Person("Smith", "Bob", "1980-05-12") }, None),
            Journal.Append(Append(Cyd, 2) with { Person = Person("Smith", "Cyd", "1980-05-12") }, None));

        Assert.Equal([AppendOutcome.Fenced, AppendOutcome.Committed, AppendOutcome.Fenced], outcomes);
        Assert.Equal("ann bob", await Found("family=smith&birthdate=1980-05-12"));
        Assert.Equal("", await Found("family=jones&birthdate=1980-05-12"));
    }

    [Fact]
    public async Task People_are_answered_in_the_order_of_their_keys_and_no_more_than_asked_for()
    {
        foreach (var number in new[] { 14, 11, 13, 12 })
            await Commit(Append(Patient(number), 1) with { Person = Person("Smith", $"Ann{number}", "1980-05-12") });

        var query = Who("family=smith&birthdate=1980-05-12");

        Assert.Equal([Patient(11), Patient(12), Patient(13)], await Journal.FindPeople(query, 3, None));
        Assert.Equal(4, (await Journal.FindPeople(query, 5, None)).Count);
    }

    [Theory]
    [InlineData("Ørsted", "orsted")]
    [InlineData("O'Neill", "oneill")]
    [InlineData("病院", "病")]
    [InlineData("𝒜𝒷𝒸", "𝒜")]
    [InlineData("%_*", null)]
    public async Task Names_in_any_letters_are_found(string family, string? begins)
    {
        await Commit(Append(Ann, 1) with { Person = Person(family, "Ann", "1980-05-12") });
        await Commit(Append(Bob, 1) with { Person = Person("Smith", "Bob", "1980-05-12") });

        Assert.Equal("ann", await Found(begins is null ? "given=ann&birthdate=1980-05-12" : $"family={begins}&birthdate=1980-05-12"));
    }

    [Fact]
    public async Task A_person_of_very_many_and_very_long_names_is_written_and_found()
    {
        var many = string.Join(';', Enumerable.Range(0, 300).Select(n => $"{n:d3}{new string('x', 3000)}"));

        await Commit(Append(Ann, 1) with { Person = Person(many, "Ann", "1980-05-12") });

        Assert.Equal("ann", await Found("family=000x&birthdate=1980-05-12"));
    }

    [Fact]
    public async Task Of_records_of_whom_nobody_is_found_by_anything_the_journal_tells_a_few_at_a_time()
    {
        Assert.Equal("() to nobody", await Unfindable(null));
        foreach (var patient in new[] { Bob, Cyd, Ann })
            await Commit(Append(patient, 1) with { Person = patient == Bob ? Person("Smith", "Bob", "1980-05-12") : null });

        Assert.Equal("(ann) to bob", await Unfindable(null));
        Assert.Equal("(cyd) to cyd", await Unfindable(Bob));
        Assert.Equal("() to nobody", await Unfindable(Cyd));

        async Task<string> Unfindable(Record.PatientKey? after)
        {
            var (patients, last) = await Journal.Unfindable(after, 2, None);
            return $"({string.Join(' ', patients.Select(Name))}) to {(last is { } patient ? Name(patient) : "nobody")}";
        }
    }

    [Fact]
    public async Task Whose_the_records_are_is_told_a_few_at_a_time()
    {
        Assert.Empty(await Journal.Patients(null, 2, None));
        foreach (var patient in new[] { Bob, Cyd, Ann })
            await Commit(Append(patient, 1));

        Assert.Equal([Ann, Bob], await Journal.Patients(null, 2, None));
        Assert.Equal([Cyd], await Journal.Patients(Bob, 2, None));
        Assert.Empty(await Journal.Patients(Cyd, 2, None));
    }

    [Fact]
    public async Task A_record_is_described_unless_it_has_been_appended_to_since()
    {
        await Commit(Append(Ann, 1));
        await Commit(Append(Bob, 1));
        await Commit(Append(Bob, 2));

        await Journal.Describe(
            [
                new(Bob, 1, Person("Smith", "Bob", "1980-05-12")), new(Ann, 1, Person("Smith", "Ann", "1980-05-12", "female")),
                new(Cyd, 1, Person("Smith", "Cyd", "1980-05-12")), new(Patient(9), 0, Person("Smith", "Nobody", "1980-05-12")),
            ],
            None);
        Assert.Equal("ann", await Found("family=smith&birthdate=1980-05-12"));

        await Journal.Describe([new(Ann, 1, Person("Jones", "Ann", "1980-05-12", "female"))], None);
        Assert.Equal("", await Found("family=smith&birthdate=1980-05-12"));
        Assert.Equal("ann", await Found("family=jones&birthdate=1980-05-12&gender=female"));

        await Journal.Describe([], None);
        await Journal.Describe([new(Ann, 1, PersonFacts.None)], None);
        Assert.Equal("", await Found("family=jones&birthdate=1980-05-12"));
    }

    [Fact]
    public async Task By_what_a_person_is_found_is_there_when_the_journal_is_opened_again()
    {
        await Commit(Append(Ann, 1) with { Person = Person("Smith", "Ann", "1980-05-12") });

        await Reopen();

        Assert.Equal("ann", await Found("family=smith&birthdate=1980-05-12"));
        await Commit(Append(Ann, 2) with { Person = PersonFacts.None });
        Assert.Equal("", await Found("family=smith&birthdate=1980-05-12"));
    }
}
