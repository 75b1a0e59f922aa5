namespace Lhcre.Record.Summaries;

/// <summary>
/// Results and reports of the last 12 months, of each kind the last 5 at most (CLINICAL.md: "the last 6 or 12 months, or the last 5 of a kind,
/// whichever is smaller"). Of one kind is what shares a coding, or the words where it has none.
/// </summary>
internal sealed class Results : SectionRule
{
    private const int Months = 12;
    private const int MostOfAKind = 5;

    // FHIR R4, observation-category: what a reader looks for by itself.
    private static readonly (string Code, string Caption)[] Categories =
        [("laboratory", "Laboratory"), ("imaging", "Imaging"), ("vital-signs", "Vital signs"), ("social-history", "Social history"), ("survey", "Surveys and assessments")];

    public override string Title => "Results";

    public override (string Code, string Display) Loinc => ("30954-2", "Relevant diagnostic tests/laboratory data Narrative");

    public override string[] Types => ["DiagnosticReport", "Observation"];

    public override string Plural => "results";

    public override string[] Columns => ["Test", "Result", "Reference range", "When", "Status"];

    public override Selection Select(SummaryRecord record)
    {
        var all = record.Items(Types);
        // Registered or cancelled: there is no result.
        var recent = all.Where(r => record.Lookback.Reaches(r.When, Months) && r.Json["status"].Text is not ("registered" or "cancelled")).ToList();
        var shown = Types.SelectMany(type => LastOfEachKind(Latest(recent.Where(r => r.Type == type)))).ToList();
        return Selection.Of(
            [
                ("Reports", [.. shown.Where(r => r.Type == "DiagnosticReport")]),
                .. Categories.Select(c => (c.Caption, Of(shown, c.Code))),
                ("Other observations", Of(shown, null)),
            ],
            LeftOut(all.Count - shown.Count, $"older than {Months} months, or more than the last {MostOfAKind} of their kind, or without a result"));
    }

    public override string?[] Cells(SummaryItem item, SummaryRecord record)
    {
        var result = item.Json;
        return
        [
            FhirWords.Concept(result["code"]) ?? "A result without a name",
            item.Type == "DiagnosticReport" ? Report(result, record) : Value(result),
            FhirWords.Joined("; ", result["referenceRange"].Items.Select(r => r["text"].Text ?? FhirWords.Range(r))),
            FhirWords.Dated(result, "effective") ?? (FhirWords.Date(result["issued"].Text) is { } issued ? $"issued {issued}" : null),
            FhirWords.Joined(", ", [result["status"].Text ?? "status not stated", FhirWords.Concepts(result["interpretation"])]),
        ];
    }

    private static string? Value(Element observation) =>
        FhirWords.Joined("; ", [
            FhirWords.Value(observation),
            .. observation["component"].Items.Select(c => $"{FhirWords.Concept(c["code"])} {FhirWords.Value(c)}".Trim()),
        ]);

    private static string? Report(Element report, SummaryRecord record)
    {
        var results = report["result"].Items.Select(r => r["reference"].Text).ToList();
        var held = results.Count(r => r is ['#', ..] || record.Find(r) is not null);
        return FhirWords.Joined("; ", [
            report["conclusion"].Text,
            FhirWords.Concepts(report["conclusionCode"]),
            held > 0 ? Counted(held) : null,
            results.Count > held ? $"{Counted(results.Count - held)} not in this record" : null,
        ]);
    }

    private static string Counted(int results) => $"{results} {(results == 1 ? "result" : "results")}";

    private static List<SummaryItem> Of(List<SummaryItem> shown, string? category) =>
        [.. shown.Where(r => r.Type == "Observation" && CategoryOf(r.Json) == category)];

    private static string? CategoryOf(Element observation)
    {
        var codes = observation["category"].Items.SelectMany(c => c.Codings).Select(c => c.Code).ToList();
        return Categories.Select(c => c.Code).FirstOrDefault(codes.Contains);
    }

    // The latest first; so stay those of one kind together, too.
    private static IEnumerable<SummaryItem> LastOfEachKind(List<SummaryItem> latest)
    {
        var kinds = new Dictionary<(string?, string), List<SummaryItem>>();
        var order = new List<List<SummaryItem>>();
        foreach (var item in latest)
        {
            var names = KindNames(item).ToList();
            var kind = names.Select(n => kinds.GetValueOrDefault(n)).FirstOrDefault(k => k is not null);
            if (kind is null)
                order.Add(kind = []);
            foreach (var name in names)
                kinds.TryAdd(name, kind);
            kind.Add(item);
        }

        return order.SelectMany(kind => kind.Take(MostOfAKind));
    }

    private static IEnumerable<(string?, string)> KindNames(SummaryItem item)
    {
        var facts = item.Resource.Shown!.Facts;
        return facts.Codes.IsEmpty ? [(null, facts.Words ?? item.Reference)] : facts.Codes.Select(c => (c.System, c.Code));
    }
}
