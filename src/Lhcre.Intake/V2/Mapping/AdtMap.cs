namespace Lhcre.Intake.V2.Mapping;

/// <summary>The events of ADT.</summary>
internal static class AdtMap
{
    /// <summary>The map of each event that is taken.</summary>
    public static IReadOnlyDictionary<(string Code, string Event), Action<MessageContext>> Events { get; } =
        new[] { "A01", "A02", "A03", "A04", "A05", "A08", "A11", "A13", "A28", "A31" }
            .ToDictionary<string, (string, string), Action<MessageContext>>(e => ("ADT", e), _ => context => context.Takes("PV1"));
}
