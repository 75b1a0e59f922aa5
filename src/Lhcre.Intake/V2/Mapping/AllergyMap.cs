using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>AL1 and IAM → AllergyIntolerance (segments AL1[AllergyIntolerance], IAM[AllergyIntolerance]).</summary>
/// <remarks>
/// An AL1 has no number of its own: person and allergen name it. A list of AL1 withdraws nothing, since a message may also have none, or some
/// (HL7 v2.9, 3.4.6: "each AL1 segment describes a single patient allergy"); only IAM-6 and IAM-17 can take one back.
/// </remarks>
internal static class AllergyMap
{
    private const string ClinicalStatuses = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    private const string VerificationStatuses = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

    /// <summary>States each allergy of the message.</summary>
    public static void Map(MessageContext context)
    {
        context.Takes("AL1", 1, 2, 3, 4, 5, 6);
        context.Takes("IAM", 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 17);
        context.TakesFirst("AL1", 3);
        context.TakesFirst("IAM", 3, 7);
        var manifold = Manifold(context.Message.Named("AL1").Concat(context.Message.Named("IAM")));
        foreach (var al1 in context.Message.Named("AL1"))
        {
            if (Begin(context, al1, manifold, null, null) is { } allergy)
                allergy.Set("onsetDateTime", context.DateTime(al1, 6)).Add("reaction", Reaction(context, al1, allergy)); // AL1-6 (row 6)
        }

        foreach (var iam in context.Message.Named("IAM"))
        {
            if (Begin(context, iam, manifold, MessageContext.FirstOf(iam[7]), VerificationOf(iam)) is not { } allergy)
                continue;
            // IAM-11 → onsetDateTime (row 11), else IAM-12 → onsetString (row 12); IAM-13 → recordedDate (row 13)
            if (context.DateTime(iam, 11) is { } onset)
                allergy.Set("onsetDateTime", onset);
            else
                allergy.Set("onsetString", iam[12].Value);
            allergy.Set("recordedDate", context.DateTime(iam, 13)).Add("reaction", Reaction(context, iam, allergy));
        }
    }

    // Codes that stand for several allergens in one message, as that of free text does: they are told apart by their words.
    private static HashSet<(string?, string?)> Manifold(IEnumerable<Hl7Segment> segments) =>
        [.. segments.Select(s => MessageContext.FirstOf(s[3])).OfType<Hl7Repetition>()
            .Where(a => a.Value is not null && a[2] is not null)
            .GroupBy(a => (a.Value, a[3]), a => a[2]!.Trim())
            .Where(g => g.Distinct(StringComparer.OrdinalIgnoreCase).Skip(1).Any())
            .Select(g => g.Key)];

    private static Element? Begin(MessageContext context, Hl7Segment segment, HashSet<(string?, string?)> manifold, Hl7Repetition? number, string? verification)
    {
        // AL1-3, IAM-3 → code (rows 3)
        if (MessageContext.FirstOf(segment[3]) is not { } allergen || DataTypes.Concept(context, allergen) is not { } code)
        {
            context.Report(IssueCodes.ValueLeftOut, segment, 3);
            return null;
        }

        var id = number is { Value: { } own } ei
            ? ResourceId.Of(DataTypes.EntityAuthority(context, ei)?.Name, own)
            : manifold.Contains((allergen.Value, allergen[3])) && allergen[2] is { } words
            ? ResourceId.Hashed("AL1", context.PersonId, allergen.Value, allergen[3], words.ToUpperInvariant())
            : ResourceId.Hashed("AL1", context.PersonId, allergen.Value, allergen.Value is null ? allergen[2] ?? allergen[9] : allergen[3]);
        if (context.Draft.Add("AllergyIntolerance", id) is not { } allergy)
        {
            context.Report(IssueCodes.StatedTwice, segment);
            return null;
        }

        if (number is { } identifier)
            allergy.Add("identifier", DataTypes.EntityIdentifier(context, identifier)); // IAM-7 → identifier (row 7)
        // Row 0: active, which ait-1 demands of all but those in error; IAM-17 I is inactive.
        if (verification != "entered-in-error")
            allergy.Set("clinicalStatus", Element.Concept(Element.Coding(ClinicalStatuses, IsInactive(segment) ? "inactive" : "active")));
        allergy.Set("verificationStatus", Element.Concept(Element.Coding(VerificationStatuses, verification)));
        // AL1-2, IAM-2 → type, category (rows 2). MA and MC have no category, and MC no type: the map leaves them out, and so is said nothing of them.
        return allergy.Code("type", context.Code(segment, 2, CodeTables.AllergyType))
            .Add("category", CodeTables.AllergyCategory.Code(segment[2].Value))
            .Set("code", code)
            .Set("patient", Element.Reference(context.Patient));
    }

    // AL1-4, IAM-4 → reaction.severity beside AL1-5, IAM-5 → reaction.manifestation (rows 4, 5). FHIR has no reaction without a manifestation: without one the
    // severity is the criticality ("if severity was used equivalent to criticality").
    private static Element? Reaction(MessageContext context, Hl7Segment segment, Element allergy)
    {
        var reaction = new Element().Add("manifestation", MessageContext.Given(segment[5]).Select(r => new Element().Set("text", r[2] ?? r.Text())));
        if (reaction.IsEmpty)
        {
            allergy.Code("criticality", context.Code(segment, 4, CodeTables.Criticality));
            return null;
        }

        return reaction.Code("severity", context.Code(segment, 4, CodeTables.ReactionSeverity));
    }

    private static bool IsInactive(Hl7Segment segment) => segment.Name == "IAM" && segment[17].Value == "I";

    // IAM-6 (table 0323): D takes it back. IAM-17 (table 0438) is both of FHIR's statuses in one.
    private static string? VerificationOf(Hl7Segment iam) =>
        iam[6].Value == "D" || iam[17].Value == "E" ? "entered-in-error"
        : iam[17].Value switch { "C" or "I" => "confirmed", "U" or "P" or "S" or "D" => "unconfirmed", _ => null };
}
