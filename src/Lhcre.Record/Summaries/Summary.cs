namespace Lhcre.Record.Summaries;

/// <summary>What a summary of a record says, before it is a document or a page.</summary>
internal sealed class Summary
{
    private Summary(PatientRecord record, DateTimeOffset now, SummaryItem? patient, Narrative overview, IReadOnlyList<SummarySection> sections) =>
        (Record, Now, Patient, Overview, Sections) = (record, now, patient, overview, sections);

    /// <summary>What it is of.</summary>
    public PatientRecord Record { get; }

    /// <summary>When it is made.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The merged Patient; null where no source has sent one.</summary>
    public SummaryItem? Patient { get; }

    /// <summary>Whom it is about, how it came about, and what is in no section.</summary>
    public Narrative Overview { get; }

    /// <summary>Its sections.</summary>
    public IReadOnlyList<SummarySection> Sections { get; }

    /// <summary>Reads a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="sources">The sources to tell of.</param>
    /// <param name="now">When it is made: windows of time end there.</param>
    /// <param name="notices">What else a reader has to know of the record, such as that a source is silent.</param>
    public static Summary Of(PatientRecord record, SourceSystems sources, DateTimeOffset now, IReadOnlyList<Issue> notices)
    {
        var view = new SummaryRecord(record, sources, Lookback.From(now));
        var selections = SectionRule.All.Select(rule => (Rule: rule, Selection: rule.Select(view))).ToList();
        var disagreements = Disagreements.Of(view, selections.SelectMany(s => s.Selection.Items));
        var patient = view.Items("Patient").FirstOrDefault();
        var sections = new List<SummarySection>();
        if (disagreements.Issues.Count > 0)
            sections.Add(SummarySection.Of(disagreements));
        var absent = new List<(SectionRule, Selection)>();
        foreach (var (rule, selection) in selections)
        {
            if (selection.Groups.Count > 0 || rule.Absent is not null)
                sections.Add(SummarySection.Of(rule, selection, disagreements, view));
            else
                absent.Add((rule, selection));
        }

        return new Summary(record, now, patient, SummaryOverview.Write(view, patient, now, notices, absent), sections);
    }
}

/// <summary>A section of a summary.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Code">Its code: system, code, display.</param>
/// <param name="Narrative">What it says, for people.</param>
/// <param name="Items">The resources that stand in it.</param>
/// <param name="Absent">What stands in it where there is nothing else; null where there is.</param>
internal sealed record SummarySection(
    string Title, (string System, string Code, string Display) Code, Narrative Narrative, IReadOnlyList<SummaryItem> Items, AuthoredResource? Absent)
{
    // Composition.section is open (IPS 1.1.0): a section that it does not know of is for who knows it.
    private const string OurSystem = "https://fhir.wessexcarerecords.org.uk/CodeSystem/summary-section";

    /// <summary>One of a rule.</summary>
    public static SummarySection Of(SectionRule rule, Selection selection, Disagreements disagreements, SummaryRecord record)
    {
        var narrative = new Narrative();
        foreach (var (caption, items) in selection.Groups)
        {
            narrative.Table(caption, [.. rule.Columns, "Stated by"], items.Select(i =>
                new NarrativeRow([.. rule.Cells(i, record), i.SaidBy(record.Sources)], disagreements.Remarks(i))));
        }

        if (selection.Groups.Count == 0)
            narrative.Paragraph($"{rule.Absent?.Display}: no source states any that would be listed here, and none states that there are none.");
        foreach (var note in selection.Notes)
            narrative.Paragraph(note);
        narrative.List(Silence.Of(rule, selection, record));
        var absent = selection.Groups.Count == 0 && rule.Absent is { } code ? AuthoredResource.NoInformation(record.Record.Key, rule.Types[0], code) : null;
        return new SummarySection(rule.Title, ("http://loinc.org", rule.Loinc.Code, rule.Loinc.Display), narrative, [.. selection.Items], absent);
    }

    /// <summary>The one of what sources disagree about.</summary>
    public static SummarySection Of(Disagreements disagreements)
    {
        var narrative = new Narrative();
        disagreements.Write(narrative);
        return new SummarySection("Sources disagree", (OurSystem, "disagreements", "Disagreements between sources"), narrative, disagreements.Issues, null);
    }
}
