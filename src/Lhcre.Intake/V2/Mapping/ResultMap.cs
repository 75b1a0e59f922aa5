using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// ORU^R01: each order of results becomes a DiagnosticReport, its Observations, its Specimens and, where the message names the order that it
/// answers, a ServiceRequest (message ORU_R01, rows 40, 41, 49 to 51, 63, 64 and 75).
/// </summary>
internal static class ResultMap
{
    /// <summary>Writes what the message says behind PID and PV1.</summary>
    public static void Map(MessageContext context)
    {
        context.Takes("ORC", 1, 2, 3, 4, 5, 9, 12, 28);
        context.Takes("OBR", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 22, 24, 25, 26, 31, 32, 34, 35);
        TakeObservations(context);
        SpecimenMap.Take(context);
        context.Takes("TQ1", 1, 9);
        context.TakesFirst("ORC", 12);
        context.TakesFirst("OBR", 4, 10, 15, 16);
        var groups = OrderGroup.Of(context);
        // Then the number names the specimen or the request, as an accession number does, and must not join the reports (CLINICAL.md, rule 0:
        // "an accession shared by many results").
        var shared = OrderNumber.Shared(groups, OrderNumber.Filler, g => g.Detail is { Name: "OBR" } request ? $"{request.Index}" : null);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var group in groups.Where(g => g.Detail is { Name: "OBR" }))
            MapReport(context, group, shared.Contains(group), names);
        var others = groups.Where(g => g.Detail is not { Name: "OBR" }).ToList();
        MapObservations(context, others);
        context.LeaveOut(others.SelectMany(g => g.Notes.Concat(g.Specimens.Select(s => s.Segment))));
        if (context.Message.First("OBR") is null && context.Message.First("OBX") is null)
            context.Report(IssueCodes.NothingStated);
    }

    /// <summary>Notes the fields of OBX and NTE that <see cref="ObservationMap"/> and <see cref="NoteText"/> read.</summary>
    public static void TakeObservations(MessageContext context)
    {
        context.Takes("OBX", 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21, 23);
        context.Takes("NTE", 1, 2, 3, 5, 6);
        context.TakesFirst("OBX", 3, 17, 18, 20, 21);
    }

    /// <summary>The OBX of a message that belong to no report (message ORU_R01, row 23: PATIENT_OBSERVATION).</summary>
    public static void MapObservations(MessageContext context, IReadOnlyCollection<OrderGroup> groups)
    {
        var security = groups.SelectMany(g => g.Observations.Select(o => (o.Segment, g.Security))).ToDictionary();
        foreach (var result in ResultGroup.Of(context, groups.SelectMany(g => g.Observations)))
        {
            var when = result.First[14].Value ?? context.Message.Header[7].Value;
            ObservationMap.Map(context, result, new ObservationScope([context.PersonId, when]) { Security = security[result.First] });
        }
    }

    private static void MapReport(MessageContext context, OrderGroup group, bool isShared, Dictionary<string, int> names)
    {
        var parts = OrderNumber.OfReport(context, group);
        // Reports that their sender does not tell apart are all kept, told by their place.
        var name = string.Join('|', parts);
        names[name] = names.GetValueOrDefault(name) + 1;
        if (names[name] > 1)
            parts = [.. parts, $"n{names[name]}"];
        var specimens = SpecimenMap.Map(context, group, parts);
        var scope = new ObservationScope(parts) { Request = group.Detail, Specimen = specimens is [var only] ? only : null, Security = group.Security };
        var report = new ReportDraft(context, group, scope, isShared);
        foreach (var result in ResultGroup.Of(context, group.Observations))
        {
            if (!report.TryTake(result))
                report.Add(result, ObservationMap.Map(context, result, scope));
        }

        report.Finish(ServiceRequestMap.Map(context, group, isShared), specimens);
    }
}
