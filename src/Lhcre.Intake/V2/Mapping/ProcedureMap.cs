using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>PR1 → Procedure (segment PR1[Procedure]).</summary>
internal static class ProcedureMap
{
    // PR1-8 → performer[1] (row 8), PR1-11 → performer[2] (row 11), PR1-12 → performer[3], of which no function is known (row 12)
    private static readonly (int Field, string? Function)[] Performers = [(8, "88189002"), (11, "304292004"), (12, null)];

    /// <summary>States each procedure of the message.</summary>
    public static void Map(MessageContext context)
    {
        context.Takes("PR1", 1, 3, 4, 5, 6, 7, 8, 11, 12, 15, 19);
        context.TakesFirst("PR1", 3, 6, 19);
        foreach (var pr1 in context.Message.Named("PR1"))
            Map(context, pr1);
    }

    private static void Map(MessageContext context, Hl7Segment pr1)
    {
        var coded = MessageContext.FirstOf(pr1[3]);
        // PR1-3 → code (row 3); PR1-4 → code.text where PR1-3.9 says nothing (row 4)
        var code = (coded is { } cne ? DataTypes.Concept(context, cne) : null) ?? new Element();
        if (coded?[9] is null)
            code.Set("text", pr1[4].Value);
        if (code.IsEmpty)
        {
            context.Report(IssueCodes.ValueLeftOut, pr1, 3);
            return;
        }

        var number = MessageContext.FirstOf(pr1[19]);
        var id = number is { Value: { } own } ei
            ? ResourceId.Of(DataTypes.EntityAuthority(context, ei)?.Name, own)
            : ResourceId.Hashed("PR1", context.PersonId, context.Encounter, coded?.Value, coded?[3], coded?.Value is null ? pr1[4].Value : null, pr1[5].Value);
        if (context.Draft.Add("Procedure", id) is not { } procedure)
        {
            context.Report(IssueCodes.StatedTwice, pr1);
            return;
        }

        if (number is { } identifier)
            procedure.Add("identifier", DataTypes.EntityIdentifier(context, identifier)); // PR1-19 → identifier (row 19)
        // Row 0: "if not clear, use unknown"; a PR1 also tells of what is planned.
        procedure.Set("status", "unknown");
        if (MessageContext.FirstOf(pr1[6]) is { } category)
            procedure.Set("category", DataTypes.Concept(context, category)); // PR1-6 → category (row 6)
        procedure.Set("code", code).Set("subject", Element.Reference(context.Patient)).Set("encounter", Element.Reference(context.Encounter));
        Performed(context, procedure, pr1);
        foreach (var (field, function) in Performers)
        {
            foreach (var xcn in MessageContext.Given(pr1[field]))
            {
                if (Agents.Practitioner(context, xcn) is { } actor)
                    procedure.Add("performer", new Element().Set("function", Element.Concept(Element.Coding(CodingSystems.SnomedCt, function))).Set("actor", actor));
            }
        }

        procedure.Add("reasonCode", MessageContext.Given(pr1[15]).Select(r => DataTypes.Concept(context, r))); // PR1-15 → reasonCode (row 15)
    }

    // PR1-5 → performedDateTime, or performedPeriod where it has minutes and PR1-7 says how long it took (rows 5, 7)
    private static void Performed(MessageContext context, Element procedure, Hl7Segment pr1)
    {
        var at = context.DateTime(pr1, 5);
        if (at is { Length: > 10 } && int.TryParse(pr1[7].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and < 100_000)
        {
            var end = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).AddMinutes(minutes);
            procedure.Set("performedPeriod", new Element().Set("start", at)
                .Set("end", end.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)));
        }
        else
        {
            procedure.Set("performedDateTime", at);
        }
    }
}
