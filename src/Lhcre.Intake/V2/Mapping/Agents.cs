namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// Who and where: practitioners, organisations and places as references, with the supporting resource that they point at where the message gives it an
/// identifier. The id is a hash of all that is said (decision 0015).
/// </summary>
internal static class Agents
{
    private const string PhysicalTypes = "http://terminology.hl7.org/CodeSystem/location-physical-type";

    /// <summary>XCN → Reference(Practitioner) (data type XCN[Practitioner]); null where nobody is named.</summary>
    public static Element? Practitioner(MessageContext context, Hl7Repetition xcn) =>
        Practitioner(context, new Named(xcn.Value, xcn.Sub(2, 1), xcn[3], xcn[4], xcn[5], xcn[6], AssigningAuthority.Of(xcn, 9), xcn[13]));

    /// <summary>The person of an NDL, a CNN in its first component (data type CNN[Practitioner]), where many send an XCN; null where nobody is named.</summary>
    public static Element? Interpreter(MessageContext context, Hl7Repetition ndl)
    {
        if (ndl.Sub(1, 2) is null && ndl.Sub(1, 3) is null)
            return Practitioner(context, ndl);
        var authority = new AssigningAuthority(ndl.Sub(1, 9), ndl.Sub(1, 10), ndl.Sub(1, 11));
        return Practitioner(context, new Named(
            ndl.Sub(1, 1), ndl.Sub(1, 2), ndl.Sub(1, 3), ndl.Sub(1, 4), ndl.Sub(1, 5), ndl.Sub(1, 6), authority.Name is null ? null : authority, null));
    }

    private static Element? Practitioner(MessageContext context, Named person)
    {
        var display = DataTypes.Words(person.Prefix, person.Given, person.Second, person.Family, person.Suffix);
        if (person.Number is not { } number)
            return Element.Reference(null, display);
        var system = (person.Authority ?? context.Facility)?.SystemIn(context.Source); // XCN.9, CNN.9–11 → identifier.system
        var id = ResourceId.Hashed("Practitioner", system, number, person.Family, person.Given, person.Second, person.Suffix, person.Prefix, person.Type);
        if (context.Draft.AddSupporting("Practitioner", id) is { } practitioner)
        {
            practitioner
                .Add("identifier", new Element()
                    .Set("type", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/v2-0203", person.Type))) // XCN.13 → identifier.type
                    .Set("system", system)
                    .Set("value", number)) // XCN.1, CNN.1 → identifier.value
                .Add("name", new Element()
                    .Set("family", person.Family).Add("given", person.Given).Add("given", person.Second) // XCN.2–XCN.4, CNN.2–CNN.4 → name
                    .Add("prefix", person.Prefix).Add("suffix", person.Suffix) // XCN.6, XCN.5, CNN.6, CNN.5
                    .OrNull());
        }

        return Element.Reference($"Practitioner/{id}", display);
    }

    /// <summary>XON → Reference(Organization) (data type XON[Organization]); null where none is named.</summary>
    /// <param name="context">The message.</param>
    /// <param name="xon">The repetition.</param>
    /// <param name="isPractice">
    /// Whether a number without an authority, of the shape of a practice's, is its ODS code: NHS ITK samples send PD1-3 as <c>NAME^^Y06601</c>.
    /// </param>
    public static Element? Organization(MessageContext context, Hl7Repetition xon, bool isPractice = false)
    {
        if ((xon[10] ?? xon[3]) is not { } number) // XON.10, else XON.3 → identifier.value
            return Element.Reference(null, xon.Value);
        var authority = AssigningAuthority.Of(xon, 6); // XON.6 → identifier.system
        if (authority is null && isPractice && number is [>= 'A' and <= 'Z', _, _, _, _, _] && number.AsSpan(1).ContainsAnyExceptInRange('0', '9') == false)
            authority = new AssigningAuthority("ODS", null, null);
        return Organization(context, xon.Value, (authority ?? context.Facility)?.SystemIn(context.Source), number, xon[7]);
    }

    /// <summary>An organisation by its name and number.</summary>
    public static Element? Organization(MessageContext context, string? name, string? system, string number, string? type = null)
    {
        var id = ResourceId.Hashed("Organization", system, number, name, type);
        context.Draft.AddSupporting("Organization", id)?
            .Add("identifier", new Element()
                .Set("type", Element.Concept(Element.Coding("http://terminology.hl7.org/CodeSystem/v2-0203", type))) // XON.7 → identifier.type
                .Set("system", system)
                .Set("value", number))
            .Set("name", name); // XON.1 → name
        return Element.Reference($"Organization/{id}", name);
    }

    /// <summary>PL → Reference(Location), the most granular (data type PL[Location]), each a part of the next larger one; null where none is named.</summary>
    public static Element? Location(MessageContext context, Hl7Repetition pl)
    {
        // From the largest to the smallest, in the order of the table: facility, building, floor, point of care, room, bed.
        (int Component, string? Kind)[] levels = [(4, "si"), (7, "bu"), (8, "lvl"), (1, null), (2, "ro"), (3, "bd")];
        var path = new List<string?> { "Location", context.Facility?.Name };
        var names = new List<string>();
        string? reference = null;
        foreach (var (component, kind) in levels)
        {
            var isForAll = IsForAll(pl, component);
            var name = isForAll ? pl.Sub(component, 1) ?? pl.Sub(component, 2) : pl[component];
            path.Add(name);
            if (name is null)
                continue;
            names.Insert(0, name);
            var isSmallest = levels.SkipWhile(l => l.Component != component).Skip(1).All(l => pl[l.Component] is null);
            var description = isSmallest ? pl[9] : null; // PL.9 → description
            var id = ResourceId.Hashed([.. path, description]);
            context.Draft.AddSupporting("Location", id)?
                .Add("identifier", new Element()
                    .Set("system", isForAll ? AssigningAuthority.Of(pl, component)?.SystemIn(context.Source) : null)
                    .Set("value", name)) // PL.1–PL.4, PL.7, PL.8 → identifier (HD)
                .Set("name", name)
                .Set("description", description)
                .Set("mode", "instance")
                .Set("physicalType", Element.Concept(Element.Coding(kind is null ? null : PhysicalTypes, kind)))
                .Set("partOf", Element.Reference(reference));
            reference = $"Location/{id}";
        }

        return Element.Reference(reference, names.Count == 0 ? pl[9] : string.Join(", ", names));
    }

    // Since version 2.7 a part of PL is an HD, which may have an identifier for the whole world. Before, and with most senders still, it is a code: "A&E".
    private static bool IsForAll(Hl7Repetition pl, int component) =>
        pl.Sub(component, 3) is not null || AssigningAuthority.UniversalSystem(pl.Sub(component, 2), null) is not null;

    private sealed record Named(
        string? Number, string? Family, string? Given, string? Second, string? Suffix, string? Prefix, AssigningAuthority? Authority, string? Type);
}
