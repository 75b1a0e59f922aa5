namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// OBX behind RXA (message VXU_V04, rows 55 and 56: "some observations about the immunization may map to elements within the Immunization
/// resource rather than an independent Observation"): by OBX-3, the LOINC codes of the registers' guides; any other is an Observation.
/// </summary>
internal static class VaccineObservations
{
    private const string Eligibility = "64994-7";
    private const string FundingSource = "30963-3";
    private const string DoseNumber = "30973-2";
    private const string Note = "48767-8";
    private const string Published = "29768-9";
    private const string Presented = "29769-7";
    private const string Reaction = "31044-1";

    /// <summary>Takes what stands behind one RXA.</summary>
    public static void Map(MessageContext context, Element immunization, OrderGroup group, ObservationScope scope)
    {
        var leaflets = new SortedDictionary<string, Element>(StringComparer.Ordinal);
        foreach (var result in ResultGroup.Of(context, group.Observations))
        {
            if (result.IsWithdrawn || !TakeAsElement(context, immunization, result, leaflets))
                AddObservation(context, immunization, result, scope);
        }

        immunization.Add("education", leaflets.Values);
    }

    private static bool TakeAsElement(MessageContext context, Element immunization, ResultGroup result, SortedDictionary<string, Element> leaflets)
    {
        var obx = result.First;
        if (obx[3].Component(3) is not ("LN" or "LOINC") || MessageContext.FirstOf(obx[5]) is not { } value)
            return false;
        switch (obx[3].Value)
        {
            case Eligibility:
                immunization.Add("programEligibility", DataTypes.Concept(context, value));
                return true;
            case FundingSource:
                immunization.Set("fundingSource", DataTypes.Concept(context, value));
                return true;
            case Note when result.Text is { } text:
                immunization.Add("note", new Element().Set("text", text));
                return true;
            case DoseNumber when Numeric.Positive(value.Text()) is { } number:
                immunization.Add("protocolApplied", new Element().Number("doseNumberPositiveInt", number));
                return true;
            // The leaflet that the person was given: OBX-4 says which of several.
            case Published when Dtm.DateTime(value.Value) is { } at:
                Leaflet(leaflets, obx).Set("publicationDate", at);
                return true;
            case Presented when Dtm.DateTime(value.Value) is { } at:
                Leaflet(leaflets, obx).Set("presentationDate", at);
                return true;
            default:
                return false;
        }
    }

    // FHIR R4, imm-1: an education has a documentType or a reference. Leaflets are of vaccine information statements.
    private static Element Leaflet(SortedDictionary<string, Element> leaflets, Hl7Segment obx)
    {
        var sub = obx[4].Raw;
        if (!leaflets.TryGetValue(sub, out var leaflet))
            leaflets[sub] = leaflet = new Element().Set("documentType", "VIS");
        return leaflet;
    }

    private static void AddObservation(MessageContext context, Element immunization, ResultGroup result, ObservationScope scope)
    {
        if (ObservationMap.Map(context, result, scope) is not { } reference || result.IsWithdrawn || result.First[3].Value != Reaction)
            return;
        immunization.Add("reaction", new Element().Set("date", Dtm.DateTime(result.First[14].Value)).Set("detail", Element.Reference(reference)));
    }
}
