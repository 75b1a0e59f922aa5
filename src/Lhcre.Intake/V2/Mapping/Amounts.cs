namespace Lhcre.Intake.V2.Mapping;

/// <summary>CQ → Quantity (data type CQ[Quantity], rows CQ.1 and CQ.2): a number, and a unit whose parts are subcomponents.</summary>
internal static class Amounts
{
    /// <summary>The amount; null for no number.</summary>
    public static Element? Of(MessageContext context, Hl7Repetition cq)
    {
        if (DataTypes.Quantity(context, cq.Value, null) is not { } quantity)
            return null;
        var (code, text) = (cq.Sub(2, 1), cq.Sub(2, 2));
        quantity.Set("unit", text ?? code);
        return code is not null && CodingSystems.Of(context.Source, cq.Sub(2, 3), code) is { } system ? quantity.Set("system", system).Code("code", code) : quantity;
    }
}
