namespace Lhcre.Record.Summaries;

/// <summary>What a record holds of a person and no section is about: counted, so that nobody takes a summary for the whole.</summary>
internal static class Unlisted
{
    /// <summary>It in a sentence; null for nothing.</summary>
    public static string? Of(SummaryRecord record)
    {
        var kinds = record.Record.All.ToArray().Select(r => r.Type).Distinct().Where(t => t != "Patient").Order(StringComparer.Ordinal)
            .Select(type => (Type: type, Count: record.Items(type).Count(i => IsOfPerson(i) && !SectionRule.All.Any(r => r.Covers(i)))))
            .Where(k => k.Count > 0).Select(k => $"{FhirWords.Spaced(k.Type)} ({k.Count})");
        return FhirWords.Joined(", ", kinds) is { } told ? $"The record also holds what is no part of this summary: {told}." : null;
    }

    // A List or a Specimen is the person's where it names one.
    private static bool IsOfPerson(SummaryItem item) =>
        PatientCompartment.Contains(item.Type) || (PatientCompartment.SubjectElement(item.Type) is { } subject && item.Json[subject].Exists);
}
