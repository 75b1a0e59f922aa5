using Lhcre.Record;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// PID, PD1 and NK1 → Patient (segments PID[Patient], PD1[Patient], NK1[Patient]). Who is close to a person stands in the Patient, and not in a RelatedPerson of
/// its own as the table has it too: nothing in an NK1 names it for good, so that one who was taken off the list would stay for ever.
/// </summary>
internal static class PatientMap
{
    private const string Extensions = "http://hl7.org/fhir/StructureDefinition/patient-";
    private const string EthnicCategories = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland";

    /// <summary>States the Patient, and notes in the context who it is.</summary>
    public static void Map(MessageContext context)
    {
        context.Takes("PID", 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 19, 20, 22, 23, 24, 25, 26, 28, 29, 30, 32, 40);
        context.TakesFirst("PID", 6, 15, 16, 17, 22);
        if (context.Message.First("PID") is not { } pid || PatientIdentity.Of(context, pid) is not { } identity)
        {
            context.Report(IssueCodes.NoPersonInMessage, "PID");
            return;
        }

        // Only an ADT message is the word of who keeps the demographics. What a laboratory sends along is thin and would overwrite it.
        var id = context.Message.Code == "ADT" ? identity.Id : $"{identity.Id}.{context.Message.Code.ToLowerInvariant()}";
        (context.PersonId, context.Patient) = (identity.Id, $"Patient/{id}");
        var pd1 = context.Message.First("PD1");
        var patient = context.Draft.Add("Patient", id, IsProtected(context, pd1) ? "R" : null)!;
        patient.Add("identifier", identity.Identifiers);
        Names(patient, pid);
        Contacts(patient, pid);
        Birth(context, patient, pid);
        Society(context, patient, pid);
        Death(context, patient, pid);
        GeneralPractice(context, patient, pd1);
        NextOfKin.Map(context, patient);
    }

    private static void Names(Element patient, Hl7Segment pid)
    {
        // PID-5 → name[1] (Segment PID, row 5); PID-9 → name[2] (row 9)
        foreach (var xpn in MessageContext.Given(pid[5]).Concat(MessageContext.Given(pid[9])))
            patient.Add("name", DataTypes.HumanName(xpn)).Add("name", DataTypes.CalledBy(xpn));
        // PID-6 → extension patient-mothersMaidenName (row 6): one string, as XPN[string] concatenates it.
        if (MessageContext.FirstOf(pid[6]) is { } mother)
            patient.Extend(Extensions + "mothersMaidenName", "valueString", DataTypes.Words(mother[2], mother[3], mother.Sub(1, 1)));
    }

    private static void Contacts(Element patient, Hl7Segment pid)
    {
        // PID-13 → telecom[1], use home where it does not say (row 13); PID-14 → telecom[2], work (row 14); PID-40 → telecom[3] (row 40)
        patient.Add("telecom", MessageContext.Given(pid[13]).Select(t => DataTypes.Telecom(t, "home")))
            .Add("telecom", MessageContext.Given(pid[14]).Select(t => DataTypes.Telecom(t, "work")))
            .Add("telecom", MessageContext.Given(pid[40]).Select(t => DataTypes.Telecom(t)));
        // PID-11 → address[1] (row 11); PID-12 → its district where it stands alone and has none, else a further address (row 12)
        var addresses = MessageContext.Given(pid[11]).ToList();
        var county = pid[12].Value;
        foreach (var xad in addresses)
        {
            var address = DataTypes.Address(xad);
            if (addresses.Count == 1 && xad[9] is null)
                address = (address ?? new Element()).Set("district", county);
            patient.Add("address", address);
        }

        if (county is not null && (addresses.Count != 1 || (addresses[0][9] is { } district && district != county)))
            patient.Add("address", new Element().Set("district", county));
    }

    private static void Birth(MessageContext context, Element patient, Hl7Segment pid)
    {
        patient.Set("gender", context.Code(pid, 8, CodeTables.AdministrativeSex)); // PID-8 → gender (row 8)
        patient.Set("birthDate", context.Date(pid, 7)); // PID-7 → birthDate (row 7)
        if (Dtm.DateTime(pid[7].Value) is { Length: > 10 } time)
            patient.Set("_birthDate", new Element().Extend(Extensions + "birthTime", "valueDateTime", time)); // row 7, length over 8
        if (pid[23].Value is { } place)
            patient.Extend(Extensions + "birthPlace", "valueAddress", new Element().Set("text", place)); // PID-23 (row 23)
        // PID-25 → multipleBirthInteger (row 25), else PID-24 → multipleBirthBoolean (row 24)
        if (DataTypes.Decimal(pid[25].Value) is { Length: < 3 } order && order.All(char.IsAsciiDigit))
            patient.Number("multipleBirthInteger", order);
        else
            patient.Set("multipleBirthBoolean", context.Flag(pid, 24));
    }

    private static void Society(MessageContext context, Element patient, Hl7Segment pid)
    {
        if (MessageContext.FirstOf(pid[15]) is { } language)
        {
            // PID-15 → communication.language (row 15, PrimaryLanguage: BCP 47, where two or three letters are what table 0296 has)
            var spoken = language.Value is { Length: 2 or 3 } code && language[3] is null && code.All(char.IsAsciiLetter)
                ? Element.Concept(Element.Coding("urn:ietf:bcp:47", code.ToLowerInvariant(), language[2]))
                : DataTypes.Concept(context, language);
            patient.Add("communication", new Element().Set("language", spoken));
        }

        if (MessageContext.FirstOf(pid[16]) is { } status)
            patient.Set("maritalStatus", DataTypes.Concept(context, status, CodeTables.MaritalStatus)); // PID-16 (row 16)
        if (MessageContext.FirstOf(pid[17]) is { } religion)
            patient.Extend(Extensions + "religion", "valueCodeableConcept", DataTypes.Concept(context, religion)); // PID-17 (row 17)
        if (MessageContext.FirstOf(pid[22]) is { } group)
        {
            // PID-22: "use your local extension" (row 22): UK Core's, with the categories of the NHS Data Dictionary where the code is one.
            var category = group[3] is null && group.Value is { Length: 1 } letter && "ABCDEFGHJKLMNPRSZ".Contains(letter, StringComparison.Ordinal)
                ? Element.Concept(Element.Coding(EthnicCategories, letter, group[2]))
                : DataTypes.Concept(context, group);
            patient.Extend("https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory", "valueCodeableConcept", category);
        }

        foreach (var (field, name) in new[] { (26, "citizenship"), (28, "nationality") }) // PID-26, PID-28 → extensions (rows 26, 28)
        {
            foreach (var country in MessageContext.Given(pid[field]))
            {
                if (DataTypes.Concept(context, country) is { } code)
                    patient.Add("extension", new Element().Extend("code", "valueCodeableConcept", code).Set("url", Extensions + name));
            }
        }
    }

    private static void Death(MessageContext context, Element patient, Hl7Segment pid)
    {
        // PID-29 → deceasedDateTime (row 29); PID-30 → deceasedBoolean where PID-29 says nothing (row 30)
        if (context.DateTime(pid, 29) is { } died)
            patient.Set("deceasedDateTime", died);
        else
            patient.Set("deceasedBoolean", context.Flag(pid, 30));
    }

    private static void GeneralPractice(MessageContext context, Element patient, Hl7Segment? pd1)
    {
        context.Takes("PD1", 3, 4, 12);
        if (pd1 is null)
            return;
        // PD1-3 → generalPractitioner[1](Organization) (Segment PD1, row 3); PD1-4 → generalPractitioner[2](Practitioner) (row 4)
        patient.Add("generalPractitioner", MessageContext.Given(pd1[3]).Select(o => Agents.Organization(context, o, isPractice: true)))
            .Add("generalPractitioner", MessageContext.Given(pd1[4]).Select(p => Agents.Practitioner(context, p)));
    }

    // PD1-12 (row 12: "will be mapped when the ARG segment is mapped to security labels"): whoever may not be told of to everybody is restricted meanwhile
    // (HL7 v2.9, 3.4.10.12: "access to information about this person should be kept from users who do not have adequate authority").
    private static bool IsProtected(MessageContext context, Hl7Segment? pd1) => pd1 is not null && context.Flag(pd1, 12) == true;
}
