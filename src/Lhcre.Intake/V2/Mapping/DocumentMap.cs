using System.Text;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>MDM^T02: TXA and OBX → DocumentReference (segments TXA[DocumentReference] and OBX[DocumentReference]; message MDM_T02).</summary>
internal static class DocumentMap
{
    private const string AlternateCodes = "http://hl7.org/fhir/StructureDefinition/alternate-codes";
    private const string Availability = "http://terminology.hl7.org/CodeSystem/v2-0273";

    // TXA-17 → docStatus (row 22, HL7 table 0271): what is not authenticated may still change.
    private static readonly CodeTable Completion = CodeTable.Codes(
        ("DI", "preliminary"), ("DO", "preliminary"), ("IN", "preliminary"), ("IP", "preliminary"), ("PA", "preliminary"), ("AU", "final"), ("LA", "final"));

    // Concept map DocumentConfidentialityStatus (HL7 table 0272), rows 3 to 5.
    private static readonly CodeTable Confidentiality = CodeTable.Of("http://terminology.hl7.org/CodeSystem/v2-0272", ("V", "V"), ("R", "R"), ("U", "U"));

    /// <summary>States the document.</summary>
    public static void Map(MessageContext context)
    {
        context.Takes("TXA", 1, 2, 3, 4, 6, 9, 10, 12, 16, 17, 18, 19, 25);
        context.Takes("ORC", 1, 2, 3, 4, 5, 9, 12, 28);
        context.Takes("OBR", 1, 2, 3, 4, 5, 6, 11, 16, 31);
        context.Takes("OBX", 1, 2, 3, 4, 5, 11);
        context.Takes("TQ1", 1, 9);
        context.Takes("NTE", 1, 2, 3);
        context.TakesFirst("TXA", 2, 10, 12);
        context.TakesFirst("ORC", 12);
        context.TakesFirst("OBR", 4, 16);
        if (context.Message.First("TXA") is not { } txa)
        {
            context.Report(IssueCodes.NothingStated);
            return;
        }

        // MDM_T02 has one; a second one would be another document.
        foreach (var other in context.Message.Named("TXA").Skip(1))
            context.Report(IssueCodes.NotMapped, other);
        var groups = OrderGroup.Of(context);
        var orders = groups.Select(g => ServiceRequestMap.Map(context, g, isShared: false)).OfType<string>().Distinct().ToList();
        var id = IdOf(context, txa, groups);
        // The strictest of its orders: V is above R.
        var security = groups.Select(g => g.Security).Max(StringComparer.Ordinal);
        var document = context.Draft.Add("DocumentReference", id, security)!
            .Set("masterIdentifier", OrderNumber.Identifier(context, MessageContext.FirstOf(txa[12]), null)) // TXA-12 (row 17)
            .Add("identifier", txa[16].Value is { } name ? new Element().Set("value", name) : null); // TXA-16 (row 21)
        SetStatus(document, txa[19].Value);
        document
            .Set("docStatus", context.Code(txa, 17, Completion)) // TXA-17 (row 22)
            .Set("type", MessageContext.FirstOf(txa[2]) is { } type ? DataTypes.Concept(context, type) : null) // TXA-2 (row 5)
            .Set("subject", Element.Reference(context.Patient))
            .Set("date", DateOf(txa[6].Value)) // TXA-6 (row 9)
            .Add("author", MessageContext.Given(txa[9]).Select(a => Agents.Practitioner(context, a))) // TXA-9 (row 14)
            .Set("authenticator", MessageContext.FirstOf(txa[10]) is { } signer ? Agents.Practitioner(context, signer) : null) // TXA-10 (row 15)
            .Set("description", NoteText.Joined(NoteText.Lines(txa[25]))) // TXA-25 (row 32)
            .Add("securityLabel", Element.Concept(Confidentiality.Coding(txa[18].Value))) // TXA-18 (row 23)
            .Add("content", Contents(context, txa, groups).Select(a => new Element().Set("attachment", a)))
            .Set("context", new Element()
                .Add("encounter", Element.Reference(context.Encounter))
                .Set("period", new Element().Set("start", context.DateTime(txa, 4))) // TXA-4, which has no row: when what it is about was done
                .Add("related", orders.Select(o => Element.Reference(o)))); // message MDM_T02, row 27
    }

    // TXA-12 is required; without it the document is known by its order, its kind and its time.
    private static string IdOf(MessageContext context, Hl7Segment txa, List<OrderGroup> groups)
    {
        if (MessageContext.FirstOf(txa[12]) is { Value: not null } number)
            return ResourceId.Of(OrderNumber.Parts(context, number));
        var order = groups.Select(g => OrderNumber.Filler(g) ?? OrderNumber.Placer(g)).FirstOrDefault(n => n is not null);
        return ResourceId.Hashed("document", context.PersonId, order?.Raw, txa[2].Raw, txa[6].Value ?? txa[4].Value ?? txa[7].Value ?? context.Message.Header[7].Value);
    }

    // TXA-19 (rows 3, 24 to 26; HL7 table 0273). The map keeps CA (deleted), OB (obsolete) and UN (not available for patient care) in an
    // extension and names no status; none of them may look current to a reader who does not know the extension.
    private static void SetStatus(Element document, string? availability)
    {
        document.Set("status", availability switch { "CA" or "UN" => ResultStatus.Withdrawn, "OB" => "superseded", _ => "current" });
        if (availability is "CA" or "OB" or "UN")
            document.Set("_status", new Element().Extend(AlternateCodes, "valueCodeableConcept", Element.Concept(Element.Coding(Availability, availability))));
    }

    // "If time is included": FHIR's instant has one.
    private static string? DateOf(string? dtm) => Dtm.DateTime(dtm) is { Length: > 10 } at ? at : null;

    // OBX-5 (rows 7 to 12). The map's content types for FT and TX ("text/hl7v2", "application/text") are none that anybody could open; the
    // escapes of FT are resolved here. All text is one content, in order; each document its own.
    private static List<Element> Contents(MessageContext context, Hl7Segment txa, List<OrderGroup> groups)
    {
        var documents = new List<(Attached Document, Hl7Segment Obx)>();
        var lines = new List<string>();
        foreach (var group in groups)
        {
            // Rows MDM_T02.COMMON_ORDER.NTE and OBSERVATION.NTE (NTE[DocumentReference]): with the order, and behind the text that it is about.
            lines.AddRange(group.Notes.SelectMany(n => NoteText.Lines(n[3])));
            foreach (var observation in group.Observations.Where(o => o.Segment[11].Value is not ("D" or "W")))
            {
                var obx = observation.Segment;
                if (ObservationValue.IsDocument(obx[2].Value))
                    TakeDocuments(obx, documents);
                else
                    lines.AddRange(NoteText.Lines(obx[5]));
                lines.AddRange(observation.Notes.SelectMany(n => NoteText.Lines(n[3])));
            }
        }

        var text = NoteText.Joined(lines);
        foreach (var (_, obx) in documents.Where(d => !d.Document.IsReadable))
            context.Report(IssueCodes.UnreadableAttachment, obx, 5);
        if (text is null && documents.Count > 0 && !documents.Exists(d => d.Document.IsReadable))
            context.Report(IssueCodes.NoReadableDocument);
        var title = txa[25].Value ?? txa[2].Component(2);
        var creation = context.DateTime(txa, 6);
        var contents = documents.Select(d => d.Document.ToElement(title, creation)).ToList();
        if (Attached.Of(text) is { } words)
            contents.Insert(0, words.ToElement(title, creation));
        context.Draft.Reserve(documents.Sum(d => d.Document.Length) + Encoding.UTF8.GetByteCount(text ?? ""));
        return contents.Count > 0 ? contents : [Attached.Missing(MediaType.Of(default, null, txa[3].Value)).ToElement(title, creation)];
    }

    private static void TakeDocuments(Hl7Segment obx, List<(Attached Document, Hl7Segment Obx)> documents)
    {
        foreach (var value in obx[5].Repetitions)
        {
            if (documents is [.., var last] && last.Document.TryTake(value))
                continue;
            if (Attached.Of(obx[2].Value, value) is { } document)
                documents.Add((document, obx));
        }
    }
}
