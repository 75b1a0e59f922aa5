using System.Text.Json;
using CsCheck;
using Lhcre.Record.Matching;

namespace Lhcre.Record.Tests;

/// <summary>The laws of DESIGN.md ("Merge"), over sets of fragments that all carry a version of their source's.</summary>
public class MergeLawsTests
{
    private const int Iterations = 200;

    // Both what the rules of identity make of anything, and what the clinical rules make of what they know.
    private static readonly Gen<(Fragment[] Set, Fragment[][] One, Fragment[][] Other)> Arranged =
        Gen.OneOf(FragmentSets.Arranged, ClinicalSets.Arranged);

    [Fact]
    public void The_order_law_any_order_any_repetition_any_cut_gives_the_same_bytes() =>
        Arranged.Sample(
            (set, one, other) =>
            {
                var (left, right, atOnce) = (Played(one).Record, Played(other).Record, Diary.Of(set).Record);
                Assert.Equal(Diary.Masked(left), Diary.Masked(right));
                Assert.Equal(Diary.Masked(left), Diary.Masked(atOnce));
                Assert.Equal(Membership(left), Membership(right));
                Assert.Equal(Membership(left), Membership(atOnce));
                Assert.Equal(Held(left), Held(right));
            },
            iter: Iterations,
            print: FragmentSets.Text);

    [Fact]
    public void The_replay_law_the_rows_alone_give_the_same_bytes_and_stamps() =>
        Arranged.Sample(
            (set, pushes, _) =>
            {
                var diary = Played(pushes);
                var replayed = diary.Replayed();
                Assert.Equal(Diary.Served(diary.Record), Diary.Served(replayed));
                Assert.Equal(Stamps(diary.Record), Stamps(replayed));
                Assert.Equal(Answers(diary.Record, set), Answers(replayed, set));
                Assert.Equal(
                    diary.Record.Fragments(Live(diary.Record)).Select(f => Said.Text(f.AsSent)), replayed.Fragments(Live(replayed)).Select(f => Said.Text(f.AsSent)));
            },
            iter: Iterations,
            print: FragmentSets.Text);

    [Fact]
    public void The_replay_law_holds_for_what_is_stamped_on_arrival_too() =>
        FragmentSets.Fragments.SelectMany(FragmentSets.Pushes).Sample(
            pushes =>
            {
                var diary = Played(pushes);
                Assert.Equal(Diary.Served(diary.Record), Diary.Served(diary.Replayed()));
                AssertSound(diary.Record);
            },
            iter: Iterations,
            print: FragmentSets.Text);

    [Fact]
    public void Pushing_everything_again_changes_nothing() =>
        Arranged.Sample(
            (_, one, other) =>
            {
                var diary = Played(one);
                var before = diary.Record;
                foreach (var push in other)
                    Assert.All(diary.Push(push).Outcomes, outcome => Assert.Equal(FragmentOutcome.Unchanged, outcome));
                Assert.Same(before, diary.Record);
            },
            iter: Iterations,
            print: FragmentSets.Text);

    [Fact]
    public void After_every_push_the_record_is_sound() =>
        Arranged.Sample(
            (_, pushes, _) =>
            {
                var diary = new Diary();
                foreach (var push in pushes)
                {
                    diary.Push(push);
                    AssertSound(diary.Record);
                }
            },
            iter: Iterations,
            print: FragmentSets.Text);

    [Fact]
    public void A_version_changes_when_the_bytes_do_and_only_then() =>
        Arranged.Sample(
            (_, pushes, _) =>
            {
                var diary = new Diary();
                foreach (var push in pushes)
                {
                    var before = diary.Record;
                    diary.Push(push);
                    AssertVersions(before, diary.Record);
                }
            },
            iter: Iterations,
            print: FragmentSets.Text);

    private static void AssertVersions(PatientRecord before, PatientRecord after)
    {
        var changed = !Diary.Masked(before).SequenceEqual(Diary.Masked(after));
        Assert.Equal(changed ? (after.Seq, Diary.At(after.Seq)) : (before.Version, before.LastUpdated), (after.Version, after.LastUpdated));
        Assert.Equal(changed, !Diary.Served(before).SequenceEqual(Diary.Served(after)));
        var old = before.All.ToArray().ToDictionary(r => (r.Type, r.Id));
        foreach (var resource in after.All)
        {
            if (old.TryGetValue((resource.Type, resource.Id), out var was) && was.Segment.SaysTheSameAs(resource.Segment))
                Assert.Equal((was.Version, was.LastUpdated), (resource.Version, resource.LastUpdated));
            else
                Assert.Equal((after.Seq, Diary.At(after.Seq)), (resource.Version, resource.LastUpdated));
        }
    }

    private static void AssertSound(PatientRecord record)
    {
        AssertMembers(record);
        AssertIds(record);
        AssertIndexes(record);
        foreach (var resource in record.All)
        {
            using var entry = JsonDocument.Parse(resource.BundleEntryBytes);
            var json = entry.RootElement.GetProperty("resource");
            AssertFrame(resource, entry.RootElement, json);
            foreach (var reference in References(json))
                AssertResolves(record, reference);
        }
    }

    // Every live entry is a contributor of exactly one merged resource of its type.
    private static void AssertMembers(PatientRecord record)
    {
        var members = record.All.ToArray().SelectMany(r => r.Members.Select(m => (r.Type, m.Key))).ToList();
        Assert.Equal(Live(record).Select(e => e.Key).Except(record.Withheld.Select(e => e.Key)).Order(), members.Select(m => m.Key).Order());
        Assert.All(members, m => Assert.Equal(m.Type, m.Key.Type));
        Assert.InRange(record.OfType("Patient").Length, 0, 1);
        foreach (var resource in record.All)
        {
            Assert.Equal(resource.Members.Select(m => m.Key).Order(), resource.Members.Select(m => m.Key));
            Assert.Equal(resource.Disagreement is null, resource.Members.Contains(resource.Shown!));
        }
    }

    // Each live member's hash answers with its cluster; a withdrawn one's with a live cluster of its type, or it is gone.
    private static void AssertIds(PatientRecord record)
    {
        foreach (var entry in record.Entries.ToArray())
        {
            var found = record.Find(entry.Key.Type, new MergedId(record.Key, entry.Key.Hash()), out var isGone);
            Assert.Equal(found is null, isGone);
            if (entry.IsLive && !record.Withheld.Contains(entry))
                Assert.Contains(entry, found!.Members);
            else if (found is not null)
                Assert.DoesNotContain(found.Members, m => m.Key == entry.Key);
            Assert.Null(record.Find("Basic", new MergedId(record.Key, entry.Key.Hash()), out _));
        }

        foreach (var resource in record.All)
            Assert.Same(resource, record.Find(resource.Type, resource.Id, out _));
    }

    // What is kept for speed says what can be worked out from the entries.
    private static void AssertIndexes(PatientRecord record)
    {
        var (entries, live) = (record.Entries.ToArray(), Live(record).ToList());
        Assert.Equal(
            entries.Select(e => e.Key).Concat(record.All.ToArray().Where(r => r.Disagreement is not null).Select(r => r.Smallest)).Select(k => k.Hash().Prefix).Order(),
            record.Hashes.ToArray().Select(h => h.Prefix));
        Assert.Equal(
            live.SelectMany(e => e.Targets.Select(t => (t, e.Key))).Order(), record.Referrers.ToArray().Select(l => (l.From, l.To)));
        Assert.Equal(
            entries.SelectMany(e => MatchKeys.Of(e, record.View).Distinct().Select(k => (k, e.Key))).Order(), record.Matches.ToArray().Select(m => (m.Match, m.Entry)));
        Assert.Equal(
            record.All.ToArray().SelectMany(r => r.Members.Skip(1).Select(m => (m.Key, r.Members[0].Key))).Order(),
            record.Joined.ToArray().Select(l => (l.From, l.To)));
        Assert.Equal(
            live.GroupBy(e => e.Seq).OrderBy(g => g.Key).Select(g => (g.Key, g.Count())), record.Rows.ToArray().Select(r => (r.Seq, r.LiveEntries)));
        Assert.All(record.Redirects.ToArray(), redirect => Assert.False(record.Entry(redirect.From)!.IsLive));
    }

    private static void AssertFrame(MergedResource resource, JsonElement entry, JsonElement json)
    {
        Assert.Equal($"{Said.Home.Base}/fhir/{resource.Type}/{resource.Id}", entry.GetProperty("fullUrl").GetString());
        Assert.Equal((resource.Type, $"{resource.Id}"), (json.GetProperty("resourceType").GetString(), json.GetProperty("id").GetString()));
        var meta = json.GetProperty("meta");
        Assert.Equal($"{resource.Version}", meta.GetProperty("versionId").GetString());
        Assert.Equal(Said.Instant(resource.LastUpdated), meta.GetProperty("lastUpdated").GetString());
        var contributors = meta.GetProperty("extension").EnumerateArray()
            .Where(e => e.GetProperty("url").GetString()!.EndsWith("/contributor", StringComparison.Ordinal))
            .Select(e => (e.GetProperty("extension")[0].GetProperty("valueCode").GetString(), e.GetProperty("extension")[1].GetProperty("valueString").GetString()));
        if (resource.Disagreement is null)
            Assert.Equal(resource.Members.Select(m => ((string?)m.Key.Source, (string?)m.Key.Reference)), contributors);
    }

    private static void AssertResolves(PatientRecord record, string reference)
    {
        if (reference.StartsWith('#') || reference.StartsWith("https://example.org/", StringComparison.Ordinal))
            return;
        var parts = reference.Split('/');
        if (parts.Length == 2)
        {
            Assert.True(MergedId.TryParse(parts[1], out var id), reference);
            Assert.Equal(reference, record.Find(parts[0], id, out _) is { } found ? $"{found.Type}/{found.Id}" : null);
            return;
        }

        // http://host/sources/{source}/fhir/{type}/{id}: what the record does not hold.
        Assert.Equal($"{Said.Home.Base}/sources/{parts[4]}/fhir/{parts[6]}/{parts[7]}", reference);
        var entry = record.Entry(new EntryKey(parts[4], parts[6], parts[7]));
        Assert.True(entry is not { IsLive: true } || record.Withheld.Contains(entry), reference);
    }

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(m =>
            m is { Name: "reference", Value.ValueKind: JsonValueKind.String } ? [m.Value.GetString()!] : References(m.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static Diary Played(Fragment[][] pushes)
    {
        var diary = new Diary();
        foreach (var push in pushes)
            diary.Push(push);
        return diary;
    }

    private static IEnumerable<Entry> Live(PatientRecord record) => Said.Sources.SelectMany(record.LiveEntriesOf);

    private static string[] Membership(PatientRecord record) =>
        [.. record.All.ToArray().Select(r => $"{r.Id} {r.Shown?.Key.Source}: {string.Join(' ', r.Members.Select(m => m.Key.Source + m.Key.Reference))}")];

    private static (EntryKey, FragmentKind, string)[] Held(PatientRecord record) =>
        [.. record.Entries.ToArray().Select(e => (e.Key, e.Kind, string.Join(' ', e.Versions.Select(v => Convert.ToHexString(v.SortKey())))))];

    private static (long, long, DateTimeOffset)[] Stamps(PatientRecord record) =>
        [(record.Seq, record.Version, record.LastUpdated), .. record.All.ToArray().Select(r => (0L, r.Version, r.LastUpdated))];

    private static (string?, bool)[] Answers(PatientRecord record, Fragment[] set) =>
        [.. set.Select(f => (record.Find(f.Key.Type, new MergedId(record.Key, f.Key.Hash()), out var isGone)?.Id.ToString(), isGone))];
}
