namespace Lhcre.Record.Tests.Restricting;

/// <summary>Who is restricted, and what a record of theirs shows.</summary>
public sealed class RestrictedRecordTests
{
    private const string Label = "'meta':{'security':[{'system':'http://terminology.hl7.org/CodeSystem/v3-Confidentiality','code':'R'}]}";

    [Theory]
    [InlineData(Said.Dorset)]
    [InlineData(Said.Wight)]
    public void The_most_restrictive_of_all_sources_counts(string source)
    {
        var diary = Diary.Of(Patient(Said.Dorset), Patient(Said.Hampshire), Patient(Said.Wight));
        Assert.False(diary.Record.IsRestricted);

        diary.Push(Patient(source, Label, day: 2));

        Assert.True(diary.Record.IsRestricted);
    }

    [Fact]
    public void It_ends_with_the_last_label_and_with_the_Patient_that_bears_it()
    {
        var diary = Diary.Of(Patient(Said.Dorset, Label), Patient(Said.Hampshire, Label));

        diary.Push(Patient(Said.Dorset, day: 2));
        Assert.True(diary.Record.IsRestricted);
        diary.Push(Said.Gone(Said.Hampshire, "Patient", "p", 2));

        Assert.False(diary.Record.IsRestricted);
    }

    [Fact]
    public void A_label_on_anything_but_a_Patient_restricts_nobody() =>
        Assert.False(Diary.Of(Patient(Said.Dorset), Said.Of(Said.Dorset, "Observation", "o", 1, Label)).Record.IsRestricted);

    [Fact]
    public void A_Patient_that_is_withheld_restricts_too()
    {
        var diary = Diary.Of(
            Patient(Said.Dorset, "'name':[{'family':'Okafor','given':['Ben']}],'birthDate':'1950-01-01'"),
            Patient(Said.Hampshire, "'name':[{'family':'Smith','given':['Ann']}],'birthDate':'1970-05-04'," + Label),
            Patient(Said.Wight, "'name':[{'family':'Okafor','given':['Ben']}],'birthDate':'1950-01-01'"));
        Assert.NotEmpty(diary.Record.WithheldPatients);

        Assert.True(diary.Record.IsRestricted);
        Assert.Null(Restriction.IsOf([.. diary.Record.All.ToArray().Select(r => r.BundleEntryBytes)], Said.Home));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(Label, true)]
    public void The_bytes_that_are_served_say_the_same(string more, bool isRestricted)
    {
        var record = Diary.Of(Patient(Said.Dorset), Patient(Said.Hampshire, more), Said.Of(Said.Dorset, "Observation", "o", 1)).Record;

        Assert.Equal((isRestricted, (bool?)isRestricted), (record.IsRestricted, Restriction.IsOf([.. record.All.ToArray().Select(r => r.BundleEntryBytes)], Said.Home)));
    }

    [Fact]
    public void Places_are_not_found_and_what_is_clinical_stays_under_its_id_and_version()
    {
        var record = Diary.Of(
            Patient(Said.Dorset, Label),
            Said.Of(Said.Dorset, "Organization", "place", 1, "'name':'Place'"),
            Said.Of(Said.Dorset, "Observation", "o", 1, "'subject':{'reference':'Patient/p'},'performer':[{'reference':'Organization/place'}],'valueString':'kept'")).Record;
        var place = record.OfType("Organization")[0].Id;

        var shown = record.AsRestricted;

        Assert.Equal((true, true), (shown.IsFiltered, shown.IsRestricted));
        Assert.Equal(["Patient", "Observation"], shown.All.ToArray().Select(r => r.Type));
        Assert.Null(shown.Find("Organization", place, out var isGone));
        Assert.False(isGone);
        var (before, after) = (record.OfType("Observation")[0], shown.OfType("Observation")[0]);
        Assert.Equal((before.Id, before.Version, before.LastUpdated), (after.Id, after.Version, after.LastUpdated));
        Assert.Contains("kept", Said.Text(after.BundleEntryBytes));
        Assert.DoesNotContain("Organization", Said.Text(after.BundleEntryBytes));
        Assert.EndsWith(",\"search\":{\"mode\":\"match\"}}", Said.Text(after.BundleEntryBytes));
        Assert.Same(shown, record.AsRestricted);
        Assert.Same(shown, shown.AsRestricted);
    }

    [Fact]
    public void A_disagreement_says_in_what_and_not_between_whom()
    {
        var record = Diary.Of(
            Patient(Said.Dorset, "'birthDate':'1970-05-04'," + Label), Patient(Said.Hampshire, "'birthDate':'1970-04-05'"),
            Allergy(Said.Dorset, "high"), Allergy(Said.Hampshire, "low")).Record;

        var told = string.Join('\n', record.AsRestricted.OfType("DetectedIssue").ToArray().Select(r => Said.Text(r.BundleEntryBytes)));

        Assert.Contains("Sources differ in criticality.", told);
        Assert.Contains("Sources differ in", told);
        Assert.DoesNotContain(Said.Dorset, told);
        Assert.DoesNotContain(Said.Hampshire, told);
    }

    [Fact]
    public void Sources_go_by_no_name()
    {
        var sources = new SourceSystems(SourceSystem.Wessex);

        Assert.Equal(("a source", sources.Stamp), (sources.Unnamed.Name(Said.Dorset), sources.Unnamed.Stamp));
        Assert.Empty(sources.Unnamed.All);
    }

    [Fact]
    public void How_the_sources_stand_is_told_without_saying_which()
    {
        var statuses = SourceStatuses.Of(new SourceSystems(SourceSystem.Wessex), [], isKnown: true, Said.Day(1));
        Assert.Equal(3, statuses.Issues.Length);

        var unnamed = statuses.Unnamed;

        Assert.Equal(("*; incomplete", 1, 1), (unnamed.Header, unnamed.Issues.Length, unnamed.Errors.Length));
        var told = unnamed.Header + Said.Text(unnamed.Outcome) + string.Concat(unnamed.Errors);
        Assert.All(SourceSystem.Wessex, s => Assert.DoesNotContain(s.Id, told, StringComparison.OrdinalIgnoreCase));
        Assert.All(SourceSystem.Wessex, s => Assert.DoesNotContain(s.Name, told, StringComparison.OrdinalIgnoreCase));
        Assert.NotEqual(statuses.Generation, unnamed.Generation);
        Assert.Same(SourceStatuses.None, SourceStatuses.None.Unnamed);
    }

    private static Fragment Patient(string source, string more = "", int day = 1) => Said.Of(source, "Patient", "p", day, more);

    private static Fragment Allergy(string source, string criticality) =>
        Said.Of(source, "AllergyIntolerance", "a", 1, $"'patient':{{'reference':'Patient/p'}},'criticality':'{criticality}',{Said.Coded("91936005")}");
}
