using System.Text.Json;
using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>What a history tells is what was served: no more, no less.</summary>
public class HistoryEntryTests
{
    private static readonly Gen<Fragment[][]> Pushes = Gen.OneOf(
        FragmentSets.Fragments.SelectMany(FragmentSets.Pushes), ClinicalSets.Declared.SelectMany(FragmentSets.Pushes));

    [Fact]
    public void Entries_are_exactly_what_a_row_changed_in_what_is_served() => Pushes.Sample(
        pushes =>
        {
            var diary = new Diary();
            foreach (var push in pushes)
            {
                var before = diary.Record;
                diary.Push(push);
                if (!ReferenceEquals(before, diary.Record))
                    Assert.Equal(Differences(before, diary.Record), HistoryEntry.Of(before, diary.Record).Select(Text).Order(StringComparer.Ordinal));
            }
        },
        iter: 200,
        print: FragmentSets.Text);

    [Fact]
    public void A_record_with_the_entries_of_a_row_carried_out_is_the_record_after_it() => Pushes.Sample(
        pushes =>
        {
            var (diary, served) = (new Diary(), new Dictionary<string, string>());
            foreach (var push in pushes)
            {
                var before = diary.Record;
                diary.Push(push);
                foreach (var entry in ReferenceEquals(before, diary.Record) ? [] : HistoryEntry.Of(before, diary.Record))
                {
                    if (entry.Change == ResourceChange.Ended)
                        Assert.True(served.Remove($"{entry.Type}/{entry.Id}"));
                    else
                        Assert.Equal(entry.Change == ResourceChange.Updated, !Replaced(served, $"{entry.Type}/{entry.Id}", Said.Text(entry.Served)));
                }

                Assert.Equal(diary.Record.All.ToArray().Select(Served).Order(StringComparer.Ordinal), served.Values.Order(StringComparer.Ordinal));
            }
        },
        iter: 100,
        print: FragmentSets.Text);

    [Fact]
    public void A_first_version_an_update_and_an_end_are_entries_of_a_history_bundle()
    {
        var diary = Diary.Of(Said.Of(Said.Dorset, "Basic", "b", 1, "'language':'en'"));
        JsonElement[] entries =
        [
            Json(diary, PatientRecord.Empty(Said.Person, Said.Home)),
            Next(diary, Said.Of(Said.Dorset, "Basic", "b", 2, "'language':'cy'")),
            Next(diary, Said.Gone(Said.Dorset, "Basic", "b", 3)),
        ];

        var id = entries[0].GetProperty("resource").GetProperty("id").GetString();
        Assert.Equal(["PUT", "PUT", "DELETE"], entries.Select(e => e.GetProperty("request").GetProperty("method").GetString()));
        Assert.All(entries, e => Assert.Equal($"Basic/{id}", e.GetProperty("request").GetProperty("url").GetString()));
        Assert.All(entries, e => Assert.Equal($"{Said.Home.Merged}/Basic/{id}", e.GetProperty("fullUrl").GetString()));
        Assert.Equal(["201", "200", "204"], entries.Select(e => e.GetProperty("response").GetProperty("status").GetString()));
        Assert.Equal(["W/\"1\"", "W/\"2\"", "W/\"3\""], entries.Select(e => e.GetProperty("response").GetProperty("etag").GetString()));
        Assert.Equal(Diary.At(3), entries[2].GetProperty("response").GetProperty("lastModified").GetDateTimeOffset());
        Assert.Equal(["en", "cy"], entries.Take(2).Select(e => e.GetProperty("resource").GetProperty("language").GetString()));
        Assert.All(entries, e => Assert.False(e.TryGetProperty("search", out _)));
        Assert.False(entries[2].TryGetProperty("resource", out _));
    }

    [Fact]
    public void What_becomes_a_part_of_another_resource_ends_and_comes_back_when_it_leaves()
    {
        var diary = Diary.Of(Coded(Said.Wight, 1));
        var before = diary.Record;
        diary.Push(Coded(Said.Dorset, 1));
        var joined = HistoryEntry.Of(before, diary.Record).ToList();
        before = diary.Record;
        diary.Push(Said.Gone(Said.Dorset, "Condition", "1", 2));
        var left = HistoryEntry.Of(before, diary.Record).ToList();

        // The smaller of the two gives the id.
        Assert.Equal([ResourceChange.Created, ResourceChange.Ended], joined.Select(e => e.Change).Order());
        Assert.Equal([ResourceChange.Created, ResourceChange.Ended], left.Select(e => e.Change).Order());
        Assert.Equal(joined.Single(e => e.Change == ResourceChange.Ended).Id, left.Single(e => e.Change == ResourceChange.Created).Id);
        Assert.Equal(joined.Single(e => e.Change == ResourceChange.Created).Id, left.Single(e => e.Change == ResourceChange.Ended).Id);
    }

    [Fact]
    public void An_entry_shows_no_id_in_logs() =>
        Assert.DoesNotContain(Said.Person.Value, HistoryEntry.Of(PatientRecord.Empty(Said.Person, Said.Home), Diary.Of(Coded(Said.Dorset, 1)).Record).First().ToString(), StringComparison.Ordinal);

    private static Fragment Coded(string source, int day) =>
        Said.Of(source, "Condition", "1", day, "'subject':{'reference':'Patient/1'},'onsetDateTime':'2024-06-30'," + Said.Coded("1"));

    private static JsonElement Next(Diary diary, Fragment fragment)
    {
        var before = diary.Record;
        diary.Push(fragment);
        return Json(diary, before);
    }

    private static JsonElement Json(Diary diary, PatientRecord before) =>
        JsonDocument.Parse(Assert.Single(HistoryEntry.Of(before, diary.Record)).Bytes(Said.Home)).RootElement;

    // By comparing all that is served, entry by entry.
    private static string[] Differences(PatientRecord before, PatientRecord after)
    {
        var was = before.All.ToArray().ToDictionary(r => $"{r.Type}/{r.Id}", Served);
        var now = after.All.ToArray().ToDictionary(r => $"{r.Type}/{r.Id}", Served);
        return
        [
            .. now.Where(n => was.GetValueOrDefault(n.Key) != n.Value).Select(n => $"{n.Key} {(was.ContainsKey(n.Key) ? "Updated" : "Created")} {n.Value}")
                .Concat(was.Keys.Except(now.Keys).Select(gone => $"{gone} Ended "))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Text(HistoryEntry entry) => $"{entry.Type}/{entry.Id} {entry.Change} {Said.Text(entry.Served)}";

    private static string Served(MergedResource resource) => Said.Text(resource.BundleEntryBytes.AsMemory(0, resource.ResourceRange.End));

    // Whether it is new.
    private static bool Replaced(Dictionary<string, string> served, string key, string text)
    {
        var isNew = !served.ContainsKey(key);
        served[key] = text;
        return isNew;
    }
}
