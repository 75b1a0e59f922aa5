namespace Lhcre.Record.Searching;

/// <summary>
/// <c>start</c> and <c>end</c> of <c>$everything</c>: care given in that time (FHIR R4, "The date range relates to care dates, not record
/// currency dates"). Left out is only what has dates of care, none of which falls into it.
/// </summary>
/// <remarks>
/// So the Patient, those who care and the places of care are always in, and what nobody dated, and the record's notes of disagreements. A
/// problem or an allergy lasts from its first date until its end is stated.
/// </remarks>
internal sealed class CareDates(DateRange asked) : SearchTerm
{
    /// <inheritdoc/>
    public override bool Holds(MergedResource resource)
    {
        if (resource.Type == "Patient" || resource.Disagreement is not null || PatientCompartment.MaySupport(resource.Type))
            return true;
        var dates = SearchTable.Table(resource.Type).Dates;
        DateRange? first = null;
        DateRange? end = null;
        var isWithin = false;
        var endSlot = resource.Type == "Condition" ? SearchTable.Find("Condition", "abatement-date")!.Slots : [];
        foreach (ref readonly var value in resource.SearchValues.AsSpan())
        {
            if (value.Form != ValueForm.Dates || !dates.Contains(value.Slot))
                continue;
            var stated = value.Dates;
            isWithin |= asked.Overlaps(stated);
            first = first is { } earliest && earliest.From < stated.From ? earliest : stated;
            foreach (var slot in endSlot)
                end = slot.Slot == value.Slot ? stated : end;
        }

        if (first is null || isWithin)
            return true;
        return resource.Type is "Condition" or "AllergyIntolerance" && asked.Overlaps(new DateRange(first.Value.From, end?.To ?? long.MaxValue));
    }
}

/// <summary><c>_type</c> of <c>$everything</c>: any of all that were named, also where it is repeated.</summary>
internal sealed class TypesTerm(HashSet<string> types) : SearchTerm
{
    /// <inheritdoc/>
    public override bool Holds(MergedResource resource) => types.Contains(resource.Type);
}

/// <summary><c>_since</c> of <c>$everything</c>: what changed at that instant or later, so that who asks again from where they were misses nothing.</summary>
internal sealed class SinceTerm(long ticks) : SearchTerm
{
    /// <inheritdoc/>
    public override bool Holds(MergedResource resource) => resource.LastUpdated.UtcTicks >= ticks;
}
