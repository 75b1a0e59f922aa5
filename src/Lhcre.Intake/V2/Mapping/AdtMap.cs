namespace Lhcre.Intake.V2.Mapping;

/// <summary>ADT → the visit, and what the message tells of allergies, diagnoses, procedures and observations (messages ADT_A01, ADT_A02, ADT_A05, ADT_A09, ADT_A11).</summary>
internal static class AdtMap
{
    /// <summary>The map of each event that is taken.</summary>
    public static IReadOnlyDictionary<(string Code, string Event), Action<MessageContext>> Events { get; } =
        AdtEvent.Taken.ToDictionary<KeyValuePair<string, AdtEvent>, (string, string), Action<MessageContext>>(
            e => ("ADT", e.Key), e => context => Map(context, e.Value));

    private static void Map(MessageContext context, AdtEvent adt)
    {
        var encounter = EncounterMap.Map(context, adt);
        AllergyMap.Map(context);
        DiagnosisMap.Map(context, encounter);
        ProcedureMap.Map(context);
        MapObservations(context);
    }

    // OBX (message ADT_A01, rows 22.1): of a time, where OBX-14 gives one, else of the visit, so that the next message about it does not repeat them.
    private static void MapObservations(MessageContext context)
    {
        ResultMap.TakeObservations(context);
        foreach (var result in OrderGroup.Of(context).SelectMany(group => ResultGroup.Of(context, group.Observations)))
            ObservationMap.Map(context, result, new ObservationScope([context.PersonId, result.First[14].Value ?? context.Encounter]));
    }
}
