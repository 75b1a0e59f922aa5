using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Lhcre.Record.People;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>What changes in the journal's registers with each kind of push.</summary>
public sealed class RecordAppendTests
{
    private PatientRecord _record = PatientRecord.Empty(JournalExamples.Ann, Here);

    [Fact]
    public void A_row_goes_with_its_head_and_what_it_settles()
    {
        var append = Of(Push("1", Patient()) with { Settles = [4], Unparks = ["aside"], Lane = Lane.Backfill });

        Assert.Equal((JournalExamples.Ann, 3, 4, Source), (append.Patient, append.OldEpoch, append.NewEpoch, append.Source));
        Assert.Equal((1, PushId.Of(Source, "1"), Noon), (append.Row.Seq, append.Row.Push, append.Row.At));
        Assert.Equal(Lane.Backfill, append.Lane);
        Assert.Equal([4], append.Settles.AsEnumerable());
        Assert.Equal(["aside"], append.Unparks.AsEnumerable());
    }

    [Fact]
    public void What_is_the_persons_is_indexed_in_its_version()
    {
        var observation = Observation("weight", time: Noon);

        var append = Of(Push("1", Patient(), observation, Device("pump", isAnns: true)));

        Assert.Equal(["Patient/ann", "Observation/weight", "Device/pump"], Indexed(append));
        Assert.Equal(observation.Version.SortKey(), append.Index[1].Version.ToArray());
        Assert.Empty(append.Supporting);
    }

    [Fact]
    public void What_is_nobodys_is_kept_and_not_indexed()
    {
        var append = Of(Push("1", Observation("weight", performer: "gp"), Practitioner("gp"), Device("scales", isAnns: false)));

        Assert.Equal(["Observation/weight"], Indexed(append));
        Assert.Equal(["Practitioner/gp", "Device/scales"], append.Supporting.Select(s => s.Key.Reference));
        Assert.Equal("Practitioner/gp", LogBody.Read(append.Supporting[0].Body).Single().Key.Reference);
        Assert.Equal(Practitioner("gp").Version.SortKey(), append.Supporting[0].Version.ToArray());
    }

    [Fact]
    public void What_is_referred_to_and_not_there_yet_is_used_in_no_version()
    {
        var append = Of(Push("1", Observation("weight", performer: "gp")));

        var use = Assert.Single(append.Uses);
        Assert.Equal("Practitioner/gp", use.Key.Reference);
        // Null, not empty: an empty version would be below every other one, and still one.
        Assert.Null(use.Delivered);
    }

    [Fact]
    public void What_comes_along_is_used_in_the_version_that_is_live_then()
    {
        Of(Push("1", Observation("weight", performer: "gp"), Practitioner("gp", "Now", Noon)));

        var older = Of(Push("2", Practitioner("gp", "Before", Noon.AddDays(-1))));
        var newer = Of(Push("3", Observation("pulse", performer: "gp"), Practitioner("gp", "After", Noon.AddDays(1))));

        Assert.Equal(Practitioner("gp", "Now", Noon).Version.SortKey(), Assert.Single(older.Uses).Delivered!.Value.ToArray());
        Assert.Equal(Practitioner("gp", "After", Noon.AddDays(1)).Version.SortKey(), Assert.Single(newer.Uses).Delivered!.Value.ToArray());
    }

    [Fact]
    public void A_delivery_is_used_and_settled_and_is_not_kept_again()
    {
        Of(Push("1", Observation("weight", performer: "gp")));

        var append = Of(Push("2", Practitioner("gp")) with { Settles = [1] });

        Assert.Empty(append.Supporting);
        Assert.Empty(append.Index);
        Assert.NotNull(Assert.Single(append.Uses).Delivered);
    }

    [Fact]
    public void What_was_parked_and_is_nobodys_is_kept()
    {
        var append = Of(Push("1", Observation("weight"), Practitioner("gp")) with { Unparks = ["aside"] });

        Assert.Equal(["Practitioner/gp"], append.Supporting.Select(s => s.Key.Reference));
    }

    [Fact]
    public void A_withdrawal_of_the_persons_is_indexed()
    {
        Of(Push("1", Observation("weight"), Device("pump", isAnns: true)));

        var append = Of(Push("2", Fragment.Deleted(Key("Observation", "weight")), Fragment.Deleted(Key("Device", "pump"))));

        Assert.Equal(["Observation/weight", "Device/pump"], Indexed(append));
        Assert.Empty(append.Supporting);
        Assert.Equal(
            _record.Entry(Key("Device", "pump"))!.Version.SortKey(),
            append.Index[1].Version.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_withdrawal_of_a_supporting_resource_is_kept_whether_the_record_held_it_or_not(bool held)
    {
        if (held)
            Of(Push("1", Observation("weight", performer: "gp"), Practitioner("gp")));

        var append = Of(Push("2", Observation("pulse", performer: "gp"), Fragment.Deleted(Key("Practitioner", "gp"), Noon.AddDays(1))));

        Assert.Equal(["Observation/pulse"], Indexed(append));
        Assert.Equal(["Practitioner/gp"], append.Supporting.Select(s => s.Key.Reference));
        Assert.NotNull(append.Uses.Single(u => u.Key.Type == "Practitioner").Delivered);
    }

    [Fact]
    public void What_has_moved_to_another_person_is_neither_indexed_nor_kept()
    {
        Of(Push("1", Observation("weight")));

        var append = Of(Push("2", Fragment.Moved(Key("Observation", "weight"), Observation("weight", "2", time: Noon.AddDays(1)).Version)) with { Settles = [1] });

        Assert.Empty(append.Index);
        Assert.Empty(append.Supporting);
        Assert.Empty(append.Uses);
    }

    [Fact]
    public void What_has_moved_away_is_not_claimed_back_by_the_version_that_moved_but_by_a_later_one()
    {
        var moved = Observation("weight", "2", time: Noon.AddDays(1));
        Of(Push("1", Observation("weight", time: Noon)));
        Of(Push("2", Fragment.Moved(moved.Key, moved.Version)) with { Settles = [1] });

        Assert.Empty(Of(Push("3", moved)).Index);
        Assert.Equal(["Observation/weight"], Indexed(Of(Push("4", Observation("weight", "3", time: Noon.AddDays(2))))));
    }

    [Fact]
    public void A_person_is_named_by_what_else_its_patient_is_called_and_never_by_the_NHS_number()
    {
        var append = Of(Push("1", Stated(
            """
            {"resourceType":"Patient","id":"ann","identifier":[
              {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"},{"system":"http://fhir.nhs.net/Id/nhs-number","value":"9990000018"},
              {"system":"https://example.org/mrn","value":"M1"},{"system":"https://example.org/mrn","value":"M1"},{"value":"without a system"}]}
            """,
            Source)));

        Assert.Equal([new LocalIdentifier("https://example.org/mrn", "M1")], append.LocalIdentifiers.AsEnumerable());
        Assert.Empty(append.FormerIdentifiers);
    }

    [Theory]
    [InlineData("renamed", "M2", "M1")]
    [InlineData("without", "", "M1")]
    [InlineData("deleted", "", "M1")]
    [InlineData("moved", "", "M1")]
    [InlineData("superseded", "M1", "")]
    [InlineData("unrelated", "", "")]
    public void A_person_is_no_longer_named_by_what_its_patient_is_not_called_any_more(string change, string named, string former)
    {
        Of(Push("1", Patient(mrn: "M1")));

        var append = Of(Push("2", change switch
        {
            "renamed" => Patient(mrn: "M2"),
            "without" => Patient(mrn: null),
            "deleted" => Fragment.Deleted(Key("Patient", "ann")),
            "moved" => Fragment.Moved(Key("Patient", "ann"), Patient(mrn: "M2").Version with { Time = Noon.AddDays(1) }),
            "superseded" => Stated("""{"resourceType":"Patient","id":"ann"}""", Source, Noon.AddDays(-1)),
            _ => Observation("weight"),
        }));

        Assert.Equal((named, former), (Values(append.LocalIdentifiers), Values(append.FormerIdentifiers)));
    }

    [Fact]
    public void A_person_is_named_by_a_superseded_number_as_long_as_a_patient_says_so()
    {
        Assert.Equal("9990000026", Values(Of(Push("1", Numbered("ann", "9990000026"), Numbered("ann-again", "9990000026"))).LocalIdentifiers));

        Assert.Equal("", Values(Of(Push("2", Numbered("ann", null))).FormerIdentifiers));
        var append = Of(Push("3", Numbered("ann-again", null)));

        Assert.Equal("", Values(append.LocalIdentifiers));
        Assert.Contains(new LocalIdentifier(NhsNumber.System, "9990000026"), append.FormerIdentifiers);

        static Fragment Numbered(string id, string? former) => Stated(
            $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{{(former is null ? "" : $$"""{"use":"old","system":"{{NhsNumber.System}}","value":"{{former}}"},""")}}{"system":"{{NhsNumber.System}}","value":"9990000018"}]}""",
            Source);
    }

    [Fact]
    public void A_name_that_another_patient_of_the_same_source_still_bears_stays()
    {
        Of(Push("1", Patient("ann", "M1"), Patient("ann-again", "M1")));

        Assert.Equal("", Values(Of(Push("2", Fragment.Deleted(Key("Patient", "ann-again")))).FormerIdentifiers));
        Assert.Equal("M1", Values(Of(Push("3", Fragment.Deleted(Key("Patient", "ann")))).FormerIdentifiers));
    }

    [Theory]
    [InlineData("first", "ann example 1980-01-01")]
    [InlineData("the same from another source", null)]
    [InlineData("another name", "ann bann example 1980-01-01")]
    [InlineData("another day", "ann example 1980-01-01 1980-01-02")]
    [InlineData("another gender", "ann example 1980-01-01 female")]
    [InlineData("another address", null)]
    [InlineData("another person", null)]
    [InlineData("a weight", null)]
    [InlineData("deleted", "")]
    [InlineData("moved", "")]
    public void By_what_a_person_is_found_is_said_when_it_changes_and_by_all_whose_words_are_shown(string change, string? found)
    {
        var patient = Named("ann", "Ann", "1980-01-01");
        var append = Of(Push("1", patient));
        if (change != "first")
        {
            append = Of(epoch: 4, Push("2", change switch
            {
                "the same from another source" => Named("2", "Ann", "1980-01-01", "hampshire"),
                "another name" => Named("2", "Bann", "1980-01-01", "hampshire"),
                "another day" => Named("2", "Ann", "1980-01-02", "hampshire"),
                "another gender" => Named("2", "Ann", "1980-01-01", "hampshire", "\"gender\":\"female\","),
                "another address" => Named("ann", "Ann", "1980-01-01", Source, "\"address\":[{\"city\":\"Poole\"}],"),
                "another person" => Named("2", "Bob", "1951-07-13", "hampshire"),
                "deleted" => Fragment.Deleted(Key("Patient", "ann")),
                "moved" => Fragment.Moved(Key("Patient", "ann"), patient.Version with { Time = Noon.AddDays(1) }),
                _ => Observation("weight"),
            }));
        }

        Assert.Equal(found, append.Person is { } person ? Words(person) : null);
    }

    [Fact]
    public void By_what_a_person_is_found_is_said_again_in_an_activations_first_append_and_never_of_nobody()
    {
        Assert.Null(Of(Push("1", Observation("weight"))).Person);
        Of(Push("2", Named("ann", "Ann", "1980-01-01")));

        Assert.Null(Of(epoch: 4, Push("3", Observation("height"))).Person);
        Assert.Equal("ann example 1980-01-01", Words(Of(Push("4", Observation("pulse"))).Person!));
    }

    private static Fragment Named(string id, string given, string birthDate, string source = Source, string more = "") =>
        Stated($$"""{"resourceType":"Patient","id":"{{id}}",{{more}}"name":[{"family":"Example","given":["{{given}}"]}],"birthDate":"{{birthDate}}"}""", source);

    private static string Words(PersonFacts person) =>
        string.Join(' ', person.Names.Select(n => n.Text).Order(StringComparer.Ordinal).Concat(person.Births.Select(b => b.ToString()))) + (person.Genders == Genders.Female ? " female" : "");

    private static string Values(IEnumerable<LocalIdentifier> identifiers) => string.Join(' ', identifiers.Select(i => i.Value));

    private static IEnumerable<string> Indexed(Append append) => append.Index.Select(i => i.Key.Reference);

    // The append of a push, which the record has taken in afterwards.
    private Append Of(PushRequest push) => Of(epoch: 3, push);

    private Append Of(long epoch, PushRequest push)
    {
        var acceptance = Merge.Accept(_record, push.Fragments.Fragments, Noon);
        var row = new RecordRow(_record.Seq + 1, push.Push, Noon, LogBody.Write(acceptance.Fragments), acceptance.Fragments);
        var before = _record;
        _record = Merge.Apply(_record, row);
        return RecordAppend.Of(before, _record, row, push, oldEpoch: epoch, newEpoch: 4);
    }
}
