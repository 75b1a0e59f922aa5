namespace Lhcre.Intake.V2.Mapping;

/// <summary>NK1 → Patient.contact (segment NK1[Patient]).</summary>
internal static class NextOfKin
{
    /// <summary>Adds a contact for each NK1.</summary>
    public static void Map(MessageContext context, Element patient)
    {
        context.Takes("NK1", 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 15, 40);
        context.TakesFirst("NK1", 2, 3, 4, 7, 13);
        foreach (var nk1 in context.Message.Named("NK1"))
            patient.Add("contact", Contact(context, nk1));
    }

    private static Element Contact(MessageContext context, Hl7Segment nk1)
    {
        var contact = new Element();
        // NK1-3, NK1-7 → relationship[1], [2] (rows 3, 7)
        if (MessageContext.FirstOf(nk1[3]) is { } relationship)
            contact.Add("relationship", DataTypes.Concept(context, relationship, CodeTables.Relationship));
        if (MessageContext.FirstOf(nk1[7]) is { } role)
            contact.Add("relationship", DataTypes.Concept(context, role, CodeTables.ContactRole));
        if (MessageContext.FirstOf(nk1[2]) is { } name)
            contact.Set("name", DataTypes.HumanName(name)); // NK1-2 → name (row 2)
        // NK1-5, NK1-6 (work), NK1-40 → telecom (rows 5, 6, 40)
        contact.Add("telecom", MessageContext.Given(nk1[5]).Select(t => DataTypes.Telecom(t)))
            .Add("telecom", MessageContext.Given(nk1[6]).Select(t => DataTypes.Telecom(t, "work")))
            .Add("telecom", MessageContext.Given(nk1[40]).Select(t => DataTypes.Telecom(t)));
        if (MessageContext.FirstOf(nk1[4]) is { } address)
            contact.Set("address", DataTypes.Address(address)); // NK1-4 → address (row 4)
        contact.Set("gender", context.Code(nk1, 15, CodeTables.AdministrativeSex)); // NK1-15 → gender (row 15)
        if (MessageContext.FirstOf(nk1[13]) is { } organization)
            contact.Set("organization", Agents.Organization(context, organization)); // NK1-13 → organization (row 13)
        return contact.Set("period", context.Period(nk1, 8, 9)); // NK1-8, NK1-9 → period (rows 8, 9)
    }
}
