using System.Text.Json;

namespace Lhcre.Record.Tests;

/// <summary>Reads ties, conflicts and marks from the bytes that a record serves.</summary>
internal static class Merged
{
    private const string ConflictSystem = "https://fhir.wessexcarerecords.org.uk/CodeSystem/conflict";
    private const string DuplicateUrl = "https://fhir.wessexcarerecords.org.uk/StructureDefinition/possible-duplicate";

    /// <summary>How two live entries stand to each other. Both are shown somewhere, or this fails.</summary>
    public static Tie Of(Diary diary, EntryKey left, EntryKey right)
    {
        var (one, other) = (Shown(diary, left), Shown(diary, right));
        if (ReferenceEquals(one, other))
            return Tie.Joined;
        if (Conflicts(diary).Any(c => c.Implicated.Contains(Reference(one)) && c.Implicated.Contains(Reference(other))))
            return Tie.Conflict;
        var (marked, markedBack) = (Duplicates(one).Contains(Reference(other)), Duplicates(other).Contains(Reference(one)));
        Assert.Equal(marked, markedBack);
        return marked ? Tie.PossibleDuplicate : Tie.Apart;
    }

    /// <summary>Two sources state a resource of a type each: how they stand, whoever says which, in whatever order they come.</summary>
    /// <param name="expected">Any of these.</param>
    /// <param name="type">The type of both.</param>
    /// <param name="left">What one says besides type and id.</param>
    /// <param name="right">What the other says.</param>
    /// <param name="with">What both push besides; of a source.</param>
    public static void Expect(Tie expected, string type, string left, string right, Func<string, Fragment[]>? with = null)
    {
        Expect(Said.Dorset, Said.Hampshire);
        Expect(Said.Hampshire, Said.Dorset);

        void Expect(string one, string other)
        {
            var diary = Arrivals.Told(
                [Said.Of(one, type, "left", 1, left), Said.Of(other, type, "right", 1, right), .. with?.Invoke(one) ?? [], .. with?.Invoke(other) ?? []]);
            var tie = Of(diary, new EntryKey(one, type, "left"), new EntryKey(other, type, "right"));
            Assert.True(expected.HasFlag(tie), $"{tie}, not {expected}: {left} / {right}");
        }
    }

    /// <summary>The conflicts of a record: the code of each, and the references that it implicates.</summary>
    public static IReadOnlyList<(string Code, string[] Implicated)> Conflicts(Diary diary) =>
        [.. diary.Record.All.ToArray().Where(r => r.Type == "DetectedIssue").Select(Json)
            .Where(issue => issue.GetProperty("code").GetProperty("coding")[0].GetProperty("system").GetString() == ConflictSystem)
            .Select(issue => (
                issue.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!,
                issue.GetProperty("implicated").EnumerateArray().Select(i => i.GetProperty("reference").GetString()!).ToArray()))];

    /// <summary>The merged resource that shows an entry: every live entry has one.</summary>
    public static MergedResource Shown(Diary diary, EntryKey entry)
    {
        var shown = diary.Record.ResourceOf(entry);
        Assert.True(shown is not null, $"{entry.Source} {entry.Reference} is shown nowhere.");
        return shown;
    }

    /// <summary>What a merged resource says.</summary>
    public static JsonElement Json(MergedResource resource) => JsonSerializer.Deserialize<JsonElement>(resource.Resource.Span);

    /// <summary><c>Type/id</c>.</summary>
    public static string Reference(MergedResource resource) => $"{resource.Type}/{resource.Id}";

    private static HashSet<string> Duplicates(MergedResource resource) =>
        Json(resource).GetProperty("meta").TryGetProperty("extension", out var extensions)
            ? [.. extensions.EnumerateArray().Where(e => e.GetProperty("url").GetString() == DuplicateUrl)
                .Select(e => e.GetProperty("valueReference").GetProperty("reference").GetString()!)]
            : [];
}
