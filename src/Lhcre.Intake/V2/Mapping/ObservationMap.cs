using System.Collections.Frozen;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>OBX → Observation (segments OBX[Observation] and OBX[Observation-Component]; NTE[Observation]).</summary>
internal static class ObservationMap
{
    private const string AbsentReasons = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    private const string AlternateCodes = "http://hl7.org/fhir/StructureDefinition/alternate-codes";
    private const string Extensions = "http://hl7.org/fhir/StructureDefinition/observation-";

    // Concept map InterpretationCodes (HL7 table 0078): to the codes of the same letters, but for those that v3 has others or none for.
    private static readonly FrozenSet<string> Interpretations = FrozenSet.Create(
        "<", ">", "A", "AA", "AC", "B", "CAR", "D", "DET", "E", "EX", "EXP", "H", "HH", "HM", "HU", "I", "IE", "IND", "L", "LL", "LU", "MS", "N", "NCL", "ND", "NEG",
        "NR", "NS", "OBX", "POS", "QCF", "R", "RR", "S", "SDD", "SYN-R", "SYN-S", "TOX", "U", "UNE", "VS", "W", "WR");

    /// <summary>States one Observation.</summary>
    /// <returns>Its reference; null where none was stated.</returns>
    public static string? Map(MessageContext context, ResultGroup result, ObservationScope scope)
    {
        var obx = result.First;
        // OBX-11 U: final, "without retransmitting results already sent" (concept map ObservationResultStatusCodesInterpretation, row 16). An
        // Observation without its value must not take the place of the one that has it.
        if (obx[11].Value == "U" && result.Values.All(v => v.Text() is null))
        {
            context.Report(IssueCodes.ResultNotRepeated, obx, 11);
            return null;
        }

        var status = ResultStatus.OfResult(obx[11].Value, scope.ReportStatus);
        var id = scope.IdOf(result);
        if (context.Draft.Add("Observation", id, scope.Security, version: scope.Version(status)) is not { } observation)
        {
            context.Report(IssueCodes.StatedTwice, obx);
            return null;
        }

        observation
            .Add("identifier", OrderNumber.Identifier(context, MessageContext.FirstOf(obx[21]), "FILL")) // OBX-21 (rows 61, 62)
            .Set("status", status); // OBX-11 (row 42)
        if (obx[11].Value == "X")
            observation.Set("_status", new Element().Extend(AlternateCodes, "valueCodeableConcept", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/v2-0085", "X")))); // rows 43 to 45
        observation
            .Add("category", Category(scope.Request?[24].Value))
            .Add("partOf", Element.Reference(scope.PartOf))
            .Set("code", Required.Concept(context, obx[3])) // OBX-3 (row 5)
            .Set("subject", Element.Reference(context.Patient))
            .Set("encounter", Element.Reference(context.Encounter));
        scope.SetEffective(context, observation, obx);
        SetValue(context, observation, result);
        SetPeople(context, observation, obx);
        SetCircumstances(context, observation, obx, scope);
        observation.Add("note", NoteText.Annotations(context, result.Notes)); // NTE (message ORU_R01, row 70)
        return $"Observation/{id}";
    }

    // OBX-5 (rows 7 to 30); of several values of one OBX a component each (OBX[Observation-Component], rows 6 to 33), but of texts lines.
    private static void SetValue(MessageContext context, Element observation, ResultGroup result)
    {
        var obx = result.First;
        var (isGiven, isMisfit) =
            ObservationValue.IsDocument(result.Type) ? (SetDocument(context, observation, result), false)
            : ObservationValue.IsText(result.Type) ? (SetText(observation, result.Text), false)
            : SetTyped(context, observation, result);
        if (isMisfit)
            context.Report(IssueCodes.ValueInWords, obx, 5);
        // Rows 46, 47, and the comment on X in the concept map; FHIR R4, obs-6: no reason where there is a value.
        if (!isGiven && obx[11].Value is "N" or "X")
            observation.Set("dataAbsentReason", Element.Concept(Element.Coding(AbsentReasons, obx[11].Value == "N" ? "not-asked" : "unknown")));
        observation.Add("referenceRange", MessageContext.Given(obx[7]).Select(r => ReferenceRange.Of(context, r.Text(), MessageContext.FirstOf(obx[6])))); // OBX-7 (row 37)
        observation.Add("interpretation", MessageContext.Given(obx[8]).Select(i => Interpretation(context, i))); // OBX-8 (row 38)
    }

    private static bool SetText(Element observation, string? text)
    {
        observation.Set("valueString", text);
        return text is not null;
    }

    private static (bool IsGiven, bool IsMisfit) SetTyped(MessageContext context, Element observation, ResultGroup result)
    {
        var form = new ObservationValue(context, result.Type, MessageContext.FirstOf(result.First[6]));
        var values = result.Values.Where(v => v.Text() is not null).ToList();
        if (values is [var only])
            return form.Set(observation, only);
        var isMisfit = false;
        foreach (var value in values)
        {
            var component = new Element().Set("code", Required.Concept(context, result.First[3]));
            isMisfit |= form.Set(component, value).IsMisfit;
            observation.Add("component", component);
        }

        return (values.Count > 0, isMisfit);
    }

    // Rows 26 to 30, where there is no report that could hold the document.
    private static bool SetDocument(MessageContext context, Element observation, ResultGroup result)
    {
        var isAny = false;
        foreach (var value in result.Values)
        {
            if (Attached.Of(result.Type, value) is not { } document)
                continue;
            isAny = true;
            if (!document.IsReadable)
                context.Report(IssueCodes.UnreadableAttachment, result.First, 5);
            context.Draft.Reserve(document.Length);
            observation.Extend("http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.value", "valueAttachment", document.ToElement(null));
        }

        return isAny;
    }

    private static Element? Interpretation(MessageContext context, Hl7Repetition code) =>
        code.Value is { } known && Interpretations.Contains(known)
            ? Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", known, code[2]))?.Set("text", code[9])
            : DataTypes.Concept(context, code);

    private static void SetPeople(MessageContext context, Element observation, Hl7Segment obx)
    {
        observation
            .Add("performer", MessageContext.Given(obx[16]).Select(p => Agents.Practitioner(context, p))) // OBX-16 (rows 53 to 55)
            .Add("performer", MessageContext.Given(obx[15]).Select(o => Producer(context, o))) // OBX-15 (row 51)
            .Add("performer", MessageContext.Given(obx[23]).Select(o => Agents.Organization(context, o, isPractice: true))); // OBX-23 (row 63)
    }

    // CWE[Organization], rows CWE.1 to CWE.3.
    private static Element? Producer(MessageContext context, Hl7Repetition producer) =>
        producer.Value is { } number
            ? Agents.Organization(context, producer[2], (producer[3] is { } name ? new AssigningAuthority(name, null, null) : context.Facility)?.SystemIn(context.Source), number)
            : Element.Reference(null, producer[2]);

    private static void SetCircumstances(MessageContext context, Element observation, Hl7Segment obx, ObservationScope scope)
    {
        observation
            .Set("bodySite", MessageContext.FirstOf(obx[20]) is { } site ? DataTypes.Concept(context, site) : null) // OBX-20 (row 60)
            .Set("method", MessageContext.FirstOf(obx[17]) is { } method ? DataTypes.Concept(context, method) : null) // OBX-17 (row 56)
            .Set("specimen", Element.Reference(scope.Specimen)); // message ORU_R01, row 50
        if (MessageContext.FirstOf(obx[18]) is { } equipment && DataTypes.EntityIdentifier(context, equipment) is { } device)
            observation.Set("device", new Element().Set("type", "Device").Set("identifier", device)); // OBX-18 (row 57)
        observation.Extend(Extensions + "analysis-date-time", "valueDateTime", context.DateTime(obx, 19)); // OBX-19 (rows 58, 59)
        foreach (var nature in MessageContext.Given(obx[10])) // OBX-10 (rows 40, 41)
            observation.Extend(Extensions + "nature-of-abnormal-test", "valueCodeableConcept", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/v2-0080", nature.Value)));
    }

    // "In Observation there is a category field that depending on … realm is required" (row 5): of the section that reported (OBR-24, HL7 table
    // 0074). UK Core searches by it. Nothing where the section does not say which.
    private static Element? Category(string? section) => section switch
    {
        "BG" or "BLB" or "CG" or "CH" or "CP" or "GE" or "HM" or "IMM" or "LAB" or "MB" or "MCB" or "MYC" or "SP" or "SR" or "TX" or "VR" => Category("laboratory", "Laboratory"),
        "CT" or "CTH" or "CUS" or "NMR" or "NMS" or "OUS" or "RAD" or "RUS" or "RX" or "VUS" or "XRC" => Category("imaging", "Imaging"),
        _ => null,
    };

    private static Element? Category(string code, string display) =>
        Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/observation-category", code, display));
}
