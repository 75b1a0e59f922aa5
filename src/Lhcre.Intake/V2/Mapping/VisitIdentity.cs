namespace Lhcre.Intake.V2.Mapping;

/// <summary>Which visit a message is about. Only ADT states the Encounter; others refer to it.</summary>
internal static class VisitIdentity
{
    /// <summary>The id of the Encounter; null where nothing names the visit.</summary>
    /// <remarks>PV1-19, else PV1-50, else the person and the admission time.</remarks>
    public static string? Of(MessageContext context)
    {
        if (context.Message.First("PV1") is not { } pv1)
            return null;
        foreach (var field in new[] { 19, 50 })
        {
            if (MessageContext.FirstOf(pv1[field]) is { Value: { } number } cx)
                return ResourceId.Of(DataTypes.AuthorityOf(context, cx)?.Name, number);
        }

        return Dtm.Digits(pv1[44].Value) is { } admitted ? ResourceId.Hashed("PV1", context.PersonId, admitted) : null;
    }
}
