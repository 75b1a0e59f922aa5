using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// OBR with ORC → DiagnosticReport (segments OBR[DiagnosticReport] and ORC[DiagnosticReport]), while its results are mapped.
/// </summary>
internal sealed class ReportDraft(MessageContext context, OrderGroup group, ObservationScope scope, bool isShared)
{
    private const string Function = "http://hl7.org/fhir/StructureDefinition/event-performerFunction";
    private const string ParticipationType = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    private const string Sections = "http://terminology.hl7.org/CodeSystem/v2-0074";

    private readonly List<string> _results = [];
    private readonly List<Element> _forms = [];
    private readonly List<string> _words = [];
    private int _given;
    private int _withdrawn;

    /// <summary>
    /// Takes what is the report itself and no result of its own: a document (ED, RP), and text without an OBX-3, or under the OBR-4 of the
    /// report. The map makes an Observation with an extension of FHIR R5 of a document (segment
    /// OBX[Observation], rows 26 to 30); FHIR R4 has a place for the report as issued, <c>presentedForm</c>, and readers look there.
    /// </summary>
    /// <returns>Whether it was.</returns>
    public bool TryTake(ResultGroup result)
    {
        var isDocument = ObservationValue.IsDocument(result.Type);
        if (!isDocument && !IsReportText(result))
            return false;
        Count(result);
        if (result.IsWithdrawn)
            return true;
        if (isDocument)
            TakeDocuments(result);
        else if (result.Text is { } text)
            _words.Add(text);
        if (NoteText.Lines(result.Notes) is { } notes)
            _words.Add(notes);
        return true;
    }

    /// <summary>Adds a result.</summary>
    /// <param name="result">The OBX.</param>
    /// <param name="reference">Its Observation; null where none was made.</param>
    public void Add(ResultGroup result, string? reference)
    {
        Count(result);
        if (reference is not null && !result.IsWithdrawn)
            _results.Add(reference);
    }

    /// <summary>States the report.</summary>
    /// <param name="order">The ServiceRequest that it answers; null for none.</param>
    /// <param name="specimens">References to what was examined.</param>
    public void Finish(string? order, IEnumerable<string> specimens)
    {
        var request = group.Detail!;
        var status = Status(request);
        if (context.Draft.Add("DiagnosticReport", ResourceId.Of(scope.Parts), scope.Security, version: scope.Version(status)) is not { } report)
        {
            context.Report(IssueCodes.StatedTwice, request);
            return;
        }

        // OBR-3 and ORC-3, OBR-2 and ORC-2, ORC-4 → identifier (rows 4 to 9; ORC[DiagnosticReport], rows 4 to 12). Where the number may stand for
        // more than this report, and no code would tell another one from it, it must not join them.
        report
            .Add("identifier", OrderNumber.Identifier(context, OrderNumber.Filler(group), isShared || request[4].Value is null ? "ACSN" : "FILL"))
            .Add("identifier", OrderNumber.Identifier(context, OrderNumber.Placer(group), "PLAC"))
            .Add("identifier", OrderNumber.Identifier(context, group.Order is { } orc ? MessageContext.FirstOf(orc[4]) : null, "PGN"))
            .Add("basedOn", Element.Reference(order))
            .Set("status", status)
            .Add("category", Element.Concept(Element.Coding(Sections, request[24].Value))) // OBR-24 (row 31)
            .Set("code", Required.Concept(context, request[4])) // OBR-4 (row 10)
            .Set("subject", Element.Reference(context.Patient))
            .Set("encounter", Element.Reference(context.Encounter));
        scope.SetEffective(context, report);
        report
            .Set("issued", context.Instant(request, 22)) // OBR-22 (row 29)
            .Add("performer", MessageContext.Given(request[34]).Select(t => Performer(t, "SPRF"))) // OBR-34 (rows 42 to 45)
            .Add("performer", MessageContext.Given(request[35]).Select(t => Performer(t, "TRANS"))) // OBR-35 (rows 46 to 49)
            .Add("resultsInterpreter", MessageContext.Given(request[32]).Select(p => Agents.Interpreter(context, p))) // OBR-32 (row 40), which senders repeat
            .Add("specimen", specimens.Select(s => Element.Reference(s)))
            .Add("result", _results.Select(r => Element.Reference(r)))
            .Set("conclusion", NoteText.Lines(group.Notes))
            .Add("presentedForm", Attached.Of(NoteText.Joined(_words))?.ToElement(request[4].Component(2)))
            .Add("presentedForm", _forms);
    }

    // OBR-25 → status (row 32). A report of which everything was taken back is taken back: HL7 table 0123 has no word for that.
    private string Status(Hl7Segment request) =>
        _given > 0 && _given == _withdrawn ? ResultStatus.Withdrawn : ResultStatus.OfReport(request[25].Value);

    private void Count(ResultGroup result)
    {
        _given++;
        _withdrawn += result.IsWithdrawn ? 1 : 0;
    }

    private bool IsReportText(ResultGroup result)
    {
        if (!ObservationValue.IsText(result.Type))
            return false;
        var name = result.First[3];
        if (name.Value is null && name.Component(2) is null)
            return true;
        return result.Type is "TX" or "FT" && name.Value is { } code && code == group.Detail![4].Value;
    }

    private void TakeDocuments(ResultGroup result)
    {
        var documents = new List<Attached>();
        foreach (var value in result.Values)
        {
            if (documents is [.., var last] && last.TryTake(value))
                continue;
            if (Attached.Of(result.Type, value) is { } document)
                documents.Add(document);
        }

        foreach (var document in documents)
        {
            if (!document.IsReadable)
                context.Report(IssueCodes.UnreadableAttachment, result.First, 5);
            context.Draft.Reserve(document.Length);
            _forms.Add(document.ToElement(result.First[3].Component(2) ?? result.First[3].Value, context.DateTime(result.First, 14)));
        }
    }

    private Element? Performer(Hl7Repetition person, string function) =>
        Agents.Interpreter(context, person)?.Extend(Function, "valueCodeableConcept", Element.Concept(Element.Coding(ParticipationType, function)));
}
