using System.Collections.Frozen;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>What an ADT event says of the visit.</summary>
/// <param name="Status">The status that the visit has by it; null where its PV1 has to say.</param>
/// <param name="IsOfVisit">Whether it is about a visit at all: A28 and A31 are about the person only.</param>
/// <param name="Time">What EVN-6, the time at which it happened, is the time of.</param>
internal sealed record AdtEvent(string? Status, bool IsOfVisit, EventTime Time)
{
    /// <summary>Whether it takes a discharge back: what the message still says of that one counts no more.</summary>
    public bool IsDischargeUndone { get; private init; }

    /// <summary>
    /// Those that are taken. Statuses: concept map Event[EncounterStatus], but for A04, which that map has as planned: in England an A04 registers somebody who
    /// is there, in outpatients or in the emergency department (NHS ITK HL7 v2: "Register a patient"; PV1-2 P stays planned).
    /// </summary>
    public static FrozenDictionary<string, AdtEvent> Taken { get; } = new Dictionary<string, AdtEvent>
    {
        ["A01"] = new("in-progress", true, EventTime.Arrival),
        ["A02"] = new("in-progress", true, EventTime.Transfer),
        ["A03"] = new("finished", true, EventTime.Departure),
        ["A04"] = new("in-progress", true, EventTime.Arrival),
        ["A05"] = new("planned", true, EventTime.None),
        ["A08"] = new(null, true, EventTime.None),
        ["A11"] = new("cancelled", true, EventTime.None),
        ["A13"] = new("in-progress", true, EventTime.None) { IsDischargeUndone = true },
        ["A28"] = new(null, false, EventTime.None),
        ["A31"] = new(null, false, EventTime.None),
    }.ToFrozenDictionary(StringComparer.Ordinal);
}

/// <summary>
/// What happened at EVN-6: "the date/time that the event really occurred", such as of a transfer when "the patient was actually transferred" (HL7 v2.9, 3.4.1.6).
/// </summary>
internal enum EventTime
{
    /// <summary>Nothing of the visit itself.</summary>
    None,

    /// <summary>It began.</summary>
    Arrival,

    /// <summary>The person changed places.</summary>
    Transfer,

    /// <summary>It ended.</summary>
    Departure,
}
