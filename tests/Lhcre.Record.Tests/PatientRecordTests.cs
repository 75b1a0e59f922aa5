using static Lhcre.Record.Tests.Said;

namespace Lhcre.Record.Tests;

public class PatientRecordTests
{
    [Fact]
    public void The_record_of_somebody_of_whom_nothing_was_pushed_is_empty()
    {
        var record = PatientRecord.Empty(Person, Home);
        Assert.Equal((0, 0, 0, null), (record.Seq, record.Version, record.All.Length, record.Patient));
        Assert.Null(record.Find("Patient", new MergedId(Person, null), out var isGone));
        Assert.False(isGone);
    }

    [Fact]
    public void The_Patient_comes_first_then_type_by_type_by_smallest_member()
    {
        var diary = Diary.Of(
            Of(Hampshire, "Observation", "1", 1), Of(Dorset, "Observation", "2", 1), Of(Dorset, "Observation", "10", 1),
            Of(Dorset, "Condition", "1", 1), Of(Wight, "Practitioner", "1", 1), Of(Wight, "Patient", "1", 1));
        Assert.Equal(
            ["isle-of-wight/Patient/1", "dorset/Condition/1", "dorset/Observation/10", "dorset/Observation/2", "hampshire/Observation/1", "isle-of-wight/Practitioner/1"],
            diary.Record.All.ToArray().Select(r => $"{r.Members[0].Key.Source}/{r.Members[0].Key.Reference}"));
    }

    [Theory]
    [InlineData("Patient", 1)]
    [InlineData("Condition", 1)]
    [InlineData("Observation", 3)]
    [InlineData("Practitioner", 1)]
    [InlineData("Account", 0)]
    [InlineData("Encounter", 0)]
    [InlineData("Zoo", 0)]
    public void The_resources_of_one_type_are_found(string type, int count)
    {
        var record = Diary.Of(
            Of(Hampshire, "Observation", "1", 1), Of(Dorset, "Observation", "2", 1), Of(Dorset, "Observation", "3", 1),
            Of(Dorset, "Condition", "1", 1), Of(Wight, "Practitioner", "1", 1), Of(Wight, "Patient", "1", 1)).Record;
        Assert.Equal(count, record.OfType(type).Length);
        Assert.All(record.OfType(type).ToArray(), resource => Assert.Equal(type, resource.Type));
    }

    [Fact]
    public void Each_live_members_hash_answers_with_its_cluster_whose_id_is_the_smallest_ones()
    {
        var diary = Diary.Of(Of(Hampshire, "Observation", "h", 1, Identified("x")), Of(Dorset, "Observation", "d", 1, Identified("x")));
        var merged = Found(diary, Hampshire, "h")!;
        Assert.Same(merged, Found(diary, Dorset, "d"));
        Assert.Equal(Id(Dorset, "Observation", "d"), merged.Id);
        Assert.Null(diary.Record.Find("Condition", Id(Dorset, "Observation", "d"), out var isGone));
        Assert.False(isGone);
        Assert.Null(diary.Record.Find("Observation", Id(Wight, "Observation", "w"), out isGone));
        Assert.False(isGone);
    }

    [Fact]
    public void A_Patients_hash_answers_with_the_merged_Patient()
    {
        var diary = Diary.Of(Of(Hampshire, "Patient", "h", 1), Of(Dorset, "Patient", "d", 1));
        Assert.Same(diary.Record.Patient, diary.Record.Find("Patient", Id(Hampshire, "Patient", "h"), out _));
        Assert.Same(diary.Record.Patient, diary.Record.Find("Patient", new MergedId(Person, null), out _));
        Assert.Null(diary.Record.Find("Observation", new MergedId(Person, null), out _));
    }

    [Fact]
    public void A_withdrawn_members_hash_answers_with_the_cluster_that_it_was_in_as_long_as_that_lives()
    {
        var diary = Diary.Of(
            Of(Dorset, "Observation", "d", 1, Identified("x")), Of(Hampshire, "Observation", "h", 1, Identified("x")), Of(Wight, "Observation", "w", 1, Identified("x")));
        diary.Push(Gone(Dorset, "Observation", "d", 2));
        Assert.Equal(Id(Hampshire, "Observation", "h"), Found(diary, Dorset, "d")!.Id);

        diary.Push(Gone(Hampshire, "Observation", "h", 2)); // by way of the heir, withdrawn in its turn
        Assert.Equal(Id(Wight, "Observation", "w"), Found(diary, Dorset, "d")!.Id);

        diary.Push(Gone(Wight, "Observation", "w", 2));
        Assert.All(new[] { (Dorset, "d"), (Hampshire, "h"), (Wight, "w") }, e => AssertGone(diary, e.Item1, e.Item2));
    }

    [Fact]
    public void A_member_that_is_stated_again_answers_for_itself_and_does_not_lead_back_when_it_goes_again()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "d", 1, Identified("x")), Of(Hampshire, "Observation", "h", 1, Identified("x")));
        diary.Push(Gone(Dorset, "Observation", "d", 2));
        diary.Push(Of(Dorset, "Observation", "d", 3, Identified("something else")));
        Assert.Equal(Id(Dorset, "Observation", "d"), Found(diary, Dorset, "d")!.Id);

        diary.Push(Gone(Dorset, "Observation", "d", 4));
        AssertGone(diary, Dorset, "d"); // it had left Hampshire's cluster: that is not what was withdrawn
        Assert.NotNull(Found(diary, Hampshire, "h"));
    }

    [Fact]
    public void What_was_withdrawn_before_it_was_stated_is_gone()
    {
        AssertGone(Diary.Of(Gone(Dorset, "Observation", "d", 2)), Dorset, "d");
        AssertGone(Diary.Of(Of(Dorset, "Observation", "d", 1), Gone(Dorset, "Observation", "d", 2)), Dorset, "d");
    }

    [Fact]
    public void The_Patient_is_gone_when_every_source_has_withdrawn_it()
    {
        var diary = Diary.Of(Of(Dorset, "Patient", "d", 1), Of(Dorset, "Condition", "c", 1));
        diary.Push(Gone(Dorset, "Patient", "d", 2));
        Assert.Null(diary.Record.Find("Patient", new MergedId(Person, null), out var isGone));
        Assert.True(isGone);
    }

    [Fact]
    public void A_sources_live_entries_are_its_own_by_type_and_id()
    {
        var diary = Diary.Of(
            Of("dorset", "Observation", "2", 1), Of("dorset", "Observation", "1", 1), Of("dorset", "Condition", "3", 1),
            Of("dorset-2", "Observation", "1", 1), Of("dorse", "Observation", "1", 1), Gone("dorset", "Observation", "4", 1));
        Assert.Equal(["Condition/3", "Observation/1", "Observation/2"], diary.Record.LiveEntriesOf("dorset").Select(e => e.Key.Reference));
        Assert.Equal(["Observation/1"], diary.Record.LiveEntriesOf("dorset-2").Select(e => e.Key.Reference));
        Assert.Empty(diary.Record.LiveEntriesOf("hampshire"));
    }

    [Fact]
    public void A_sources_own_words_are_kept_as_sent()
    {
        const string Words = "{ \"resourceType\" : \"Observation\" , \"id\":\"1\", \"subject\": {\"reference\":\"Patient/p\"}, \"valueQuantity\": {\"value\": 1.10} }\n";
        var diary = Diary.Of(Of(Dorset, "Patient", "p", 1), Fragment.Stated(Dorset, System.Text.Encoding.UTF8.GetBytes(Words), time: Day(1)));
        diary.Push(Of(Dorset, "Condition", "c", 1));
        var fragments = diary.Record.Fragments(diary.Record.LiveEntriesOf(Dorset)).ToArray();
        Assert.Equal(["Condition/c", "Observation/1", "Patient/p"], fragments.Select(f => f.Key.Reference));
        Assert.Equal(Words, Text(fragments[1].AsSent));

        var (entry, range) = fragments[1].BundleEntry(Home);
        Assert.Equal($"{{\"fullUrl\":\"{AtSource(Dorset, "Observation/1")}\",\"resource\":{Words},\"search\":{{\"mode\":\"match\"}}}}", Text(entry));
        Assert.Equal(Words, Text(range.Of(entry).ToArray()));
    }

    [Fact]
    public void A_row_is_kept_as_long_as_entries_live_in_it()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "1", 1), Of(Dorset, "Observation", "2", 1));
        diary.Push(Of(Dorset, "Observation", "1", 2, "'valueInteger':1"));
        Assert.Equal([(1, 1), (2, 1)], Rows());
        diary.Push(Of(Dorset, "Observation", "1", 1, "'valueInteger':0"), Gone(Dorset, "Observation", "2", 2));
        Assert.Equal([(2, 1)], Rows());

        (long, int)[] Rows() => [.. diary.Record.Rows.ToArray().Select(r => (r.Seq, r.LiveEntries))];
    }

    [Fact]
    public void A_push_that_was_applied_is_known_for_as_long_as_is_asked()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "1", 1));
        var push = diary.Rows[0].Push;
        Assert.True(diary.Record.HasApplied(push, Diary.At(1)));
        Assert.False(diary.Record.HasApplied(push, Diary.At(1).AddTicks(1)));
        Assert.False(diary.Record.HasApplied(PushId.Of("other", "1"), Diary.At(0)));
    }

    [Fact]
    public void A_reader_keeps_the_version_that_it_holds()
    {
        var diary = Diary.Of(Of(Dorset, "Observation", "1", 1));
        var held = diary.Record;
        diary.Push(Of(Dorset, "Observation", "1", 2, "'valueInteger':1"), Of(Dorset, "Observation", "2", 1));
        Assert.Equal(1, held.All.Length);
        Assert.Equal(2, diary.Record.All.Length);
        Assert.Equal(Diary.Served(Diary.Of(Of(Dorset, "Observation", "1", 1)).Record), Diary.Served(held));
    }

    [Theory]
    [InlineData("Practitioner")] // the record holds it for others: shown, and referred to
    [InlineData("Organization")]
    [InlineData("Medication")]
    public void A_supporting_resource_is_a_resource_of_the_record(string type) =>
        Assert.Equal(1, Diary.Of(Of(Dorset, type, "1", 1)).Record.OfType(type).Length);

    [Fact]
    public void A_push_costs_the_same_in_a_record_of_ten_and_of_five_thousand()
    {
        var (small, large) = (Cost(10), Cost(5_000));
        Assert.True(large <= small * 1.5, $"{small} bytes allocated in a record of 10, {large} in one of 5,000");

        // The least of several: a page of code or a grown buffer may be paid for once.
        static long Cost(int entries)
        {
            var diary = Diary.Of([
                Of(Dorset, "Patient", "p", 1), Of(Hampshire, "Patient", "p", 1),
                .. Enumerable.Range(0, entries).Select(i => Of(Dorset, "Observation", $"{i}", 1, Identified($"{i}") + ",'subject':{'reference':'Patient/p'}"))]);
            return Enumerable.Range(1, 5).Min(day =>
            {
                Fragment[] push =
                [
                    Of(Hampshire, "Observation", $"new-{day}", 9, Identified($"new-{day}") + ",'subject':{'reference':'Patient/p'}"),
                    Of(Wight, "Patient", "p", day, $"'active':{(day % 2 == 0 ? "true" : "false")},'meta':{{'lastUpdated':'2026-01-0{day}T00:00:00Z'}}"),
                ];
                var before = GC.GetAllocatedBytesForCurrentThread();
                diary.Push(push);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });
        }
    }

    private static MergedResource? Found(Diary diary, string source, string id) =>
        diary.Record.Find("Observation", Id(source, "Observation", id), out _);

    private static void AssertGone(Diary diary, string source, string id)
    {
        Assert.Null(diary.Record.Find("Observation", Id(source, "Observation", id), out var isGone));
        Assert.True(isGone);
    }
}
