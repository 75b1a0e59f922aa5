using System.Collections.Frozen;

namespace Lhcre.Record;

/// <summary>
/// The elements of FHIR R4 that tell where a person is, by their names, which mean the same in every type: addresses, ways to reach somebody, identifiers that somebody
/// gave, and references to people and places. A test holds them to FHIR's own definitions.
/// </summary>
internal static class HiddenElements
{
    /// <summary>Elements that are left out wherever they stand.</summary>
    public static FrozenSet<string> Names { get; } = FrozenSet.ToFrozenSet(
    [
        // Address, ContactPoint, ContactDetail, Attachment, Signature; and people beside the person.
        "address", "telecom", "contact", "image", "photo", "signature", "presentedForm", "sourceAttachment",

        // Places and organisations.
        "authority", "careTeam", "custodian", "destination", "endpoint", "facilityType", "generalPractitioner", "location", "locationCode", "locationReference",
        "managingOrganization", "manufacturer", "organization", "owner", "practiceSetting", "serviceProvider",

        // Who did, said or got it.
        "agent", "actor", "assessor", "asserter", "assigner", "attester", "authenticator", "author", "authorReference", "careManager", "collector", "contributor",
        "enteredBy", "enterer", "evaluator", "expressedBy", "individual", "informationSource", "interpreter", "onBehalfOf", "orderer", "participant", "performer",
        "prescriber", "provider", "receiver", "recipient", "recorder", "referrer", "reportedReference", "requester", "responsibleParty", "resultsInterpreter", "sender", "source",
        "sourcePatientInfo", "sourceReference", "supplier", "team", "verification", "who",

        // Identifier: what gives a number is known by its numbers.
        "accessionIdentifier", "definitionIdentifier", "groupIdentifier", "masterIdentifier", "preAdmissionIdentifier", "requisition",
    ]);

    /// <summary>The same where they are plain text.</summary>
    public static FrozenSet<string> Texts { get; } = FrozenSet.ToFrozenSet(["authorString"]);

    /// <summary>The elements of a Patient that are shown; all others are left out.</summary>
    public static FrozenSet<string> OfPatient { get; } = FrozenSet.ToFrozenSet(
    [
        "resourceType", "id", "meta", "contained", "extension", "modifierExtension", "identifier", "active", "name", "gender", "birthDate", "deceasedBoolean",
        "deceasedDateTime", "maritalStatus", "multipleBirthBoolean", "multipleBirthInteger", "communication",
    ]);

    /// <summary>What is shown of an attachment: that there is one, of what kind and when; a letter begins with its sender's address.</summary>
    public static FrozenSet<string> OfAttachment { get; } = FrozenSet.ToFrozenSet(["contentType", "language", "size", "creation"]);

    /// <summary>The values of an extension that are shown: codes, numbers and dates; a text may say anything.</summary>
    public static FrozenSet<string> ExtensionValues { get; } = FrozenSet.ToFrozenSet(
    [
        "valueAge", "valueBoolean", "valueCode", "valueCodeableConcept", "valueCoding", "valueCount", "valueDate", "valueDateTime", "valueDecimal", "valueDistance",
        "valueDuration", "valueInstant", "valueInteger", "valueMoney", "valuePeriod", "valuePositiveInt", "valueQuantity", "valueRange", "valueRatio",
        "valueReference", "valueTime", "valueUnsignedInt",
    ]);
}
