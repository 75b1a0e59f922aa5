using System.Text.Json;

namespace Lhcre.Record.People;

/// <summary>
/// The NHS numbers that a Patient had before: PDS supersedes a number where somebody turns out to have two. They stand beside the present one with
/// <c>use: old</c>, or with an end of their period.
/// </summary>
public static class FormerNumbers
{
    /// <summary>The numbers as ten digits; none where the Patient has no present number beside them.</summary>
    /// <param name="patient">A stated Patient.</param>
    public static IReadOnlyList<string> Of(Fragment patient)
    {
        // The facts say in no time that there is but one number, as nearly always.
        if (patient.Kind != FragmentKind.Stated || patient.Facts.Identifiers.Count(i => NhsNumber.IsSystem(i.System)) < 2)
            return [];
        var (former, present) = (new SortedSet<string>(StringComparer.Ordinal), new HashSet<string>());
        using var resource = JsonDocument.Parse(patient.Body, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
        if (!resource.RootElement.TryGetProperty("identifier", out var identifiers) || identifiers.ValueKind != JsonValueKind.Array)
            return [];
        foreach (var identifier in identifiers.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object && NhsNumber.IsSystem(Text(i, "system")?.Trim())))
        {
            if (NhsNumber.TryParse(Text(identifier, "value"), out var number))
                (IsFormer(identifier) ? former : (ICollection<string>)present).Add(number.Digits());
        }

        return present.Count == 0 ? [] : [.. former.Except(present)];
    }

    private static bool IsFormer(JsonElement identifier) =>
        Text(identifier, "use") == "old" || (identifier.TryGetProperty("period", out var period) && Text(period, "end") is not null);

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
