namespace Lhcre.Intake.V2.Mapping;

/// <summary>ADT → the visit, and what the message tells of allergies, diagnoses and procedures (messages ADT_A01, ADT_A02, ADT_A05, ADT_A09, ADT_A11).</summary>
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
    }
}
