namespace Lhcre.Intake.V2.Mapping;

/// <summary>What a result has of where it stands in the message.</summary>
/// <param name="Parts">What names the report, vaccination or person that it belongs to, in parts of an id.</param>
internal sealed record ObservationScope(string?[] Parts)
{
    /// <summary>OBR; null where it belongs to none.</summary>
    public Hl7Segment? Request { get; init; }

    /// <summary>What was examined, where that is one specimen; null else.</summary>
    public string? Specimen { get; init; }

    /// <summary>The label of the order (ORC-28); null for none. What is restricted as a report is no less so result by result.</summary>
    public string? Security { get; init; }

    /// <summary>What it is a part of, such as <c>Immunization/1</c>; null for nothing.</summary>
    public string? PartOf { get; init; }

    /// <summary>What the report says of itself as a whole (OBR-25); null for nothing.</summary>
    public string? ReportStatus => Request?[25].Value is { } code ? ResultStatus.OfReport(code) : null;

    /// <summary>The id of a result: what it belongs to, OBX-3 and OBX-4.</summary>
    public string IdOf(ResultGroup result)
    {
        var code = result.First[3];
        var sub = MessageContext.FirstOf(result.First[4])?.Text();
        return ResourceId.Of([.. Parts, code.Value ?? code.Component(2) ?? "-", sub, result.Occurrence > 0 ? $"n{result.Occurrence + 1}" : null]);
    }

    /// <summary>
    /// meta.versionId: when the results changed (OBR-22), and how settled they are, as one number. Laboratories send the preliminary and the
    /// final result within one second, and MSH-7 has no finer time with many of them.
    /// </summary>
    public string? Version(string status) => Request is null ? null : $"{Dtm.Digits(Request[22].Value)}{ResultStatus.Rank(status)}";

    /// <summary>Sets <c>effective[x]</c>: of a result OBX-14 (row 50), else as the report, OBR-7 and OBR-8 (OBR[DiagnosticReport], rows 13 to 15).</summary>
    public void SetEffective(MessageContext context, Element resource, Hl7Segment? obx = null)
    {
        if (obx is not null && context.DateTime(obx, 14) is { } at)
        {
            resource.Set("effectiveDateTime", at);
            return;
        }

        if (Request is null)
            return;
        var (start, end) = (Request[7].Value, Request[8].Value);
        // What does not fit is said once, of the report, and not with each of its results.
        var period = obx is null ? context.Period(Request, 7, 8) : DataTypes.Period(start, end);
        if (Dtm.DateTime(end) is not null && !DataTypes.IsReversed(start, end))
            resource.Set("effectivePeriod", period);
        else
            resource.Set("effectiveDateTime", Dtm.DateTime(start));
    }
}
