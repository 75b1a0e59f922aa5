namespace Lhcre.Record;

/// <summary>Which statement of a resource a <see cref="FactPart"/> is of.</summary>
public enum FactElement : byte
{
    /// <summary><c>bodySite</c>: laterality and the like.</summary>
    BodySite = 1,

    /// <summary><c>Encounter.class</c>.</summary>
    Class = 2,

    /// <summary>The SHA-1 of an attachment of a DocumentReference, in base64 as FHIR writes it.</summary>
    Attachment = 3,

    /// <summary>An Encounter's identifier that has no system: unique within its organisation only.</summary>
    Visit = 4,

    /// <summary>Which dose of a series an Immunization is.</summary>
    DoseNumber = 5,

    /// <summary>When a Condition began, where it is no date: an age, or words.</summary>
    Onset = 6,

    /// <summary>The id of the referenced Medication, by the same source.</summary>
    Medication = 16,

    /// <summary>The id of the Encounter's <c>serviceProvider</c>, by the same source.</summary>
    Organization = 17,

    /// <summary>The id of an Observation in <c>DiagnosticReport.result</c>, by the same source.</summary>
    Result = 18,

    /// <summary><c>clinicalStatus</c>, as its code.</summary>
    ClinicalStatus = 32,

    /// <summary><c>verificationStatus</c>, as its code.</summary>
    VerificationStatus = 33,

    /// <summary><c>criticality</c> of an allergy.</summary>
    Criticality = 34,

    /// <summary>What <c>status</c> says of the fact itself: whether it was done, is taken, was ended. Progress of the paperwork is none.</summary>
    Status = 35,

    /// <summary>The dose.</summary>
    Dose = 36,

    /// <summary><c>value[x]</c> of an Observation.</summary>
    Value = 37,

    /// <summary>The value of one <c>component</c>; the form begins with the component's coding.</summary>
    Component = 38,

    /// <summary>A result of a report that another source contests, as merging knows it: which disagreement, and on which side. Read from no resource.</summary>
    ContestedResult = 39,

    /// <summary>The route of a dose.</summary>
    Route = 40,

    /// <summary><c>birthDate</c> of a Patient.</summary>
    BirthDate = 64,

    /// <summary><c>deceased[x]</c> of a Patient.</summary>
    Deceased = 65,

    /// <summary>A family name of a Patient, folded.</summary>
    FamilyName = 66,

    /// <summary>The first given name of a name of a Patient, folded.</summary>
    GivenName = 67,

    /// <summary><c>gender</c> of a Patient.</summary>
    Gender = 68,
}

/// <summary>
/// One statement of a resource in a form that can be compared: two entries that state an element in a common form agree where they have a
/// value of it in common.
/// </summary>
/// <param name="Element">Which statement.</param>
/// <param name="Form">
/// How it is stated: the code system of a coding (empty where it has none), <c>quantity</c>, <c>boolean</c>, <c>text</c>, ...; empty where
/// there is one form only.
/// </param>
/// <param name="Value">The value, normalised so that equal statements are equal texts.</param>
public readonly record struct FactPart(FactElement Element, string Form, string Value) : IComparable<FactPart>
{
    /// <summary>The form of words, which count only where there is nothing else to compare.</summary>
    public const string Text = "text";

    /// <summary>Whether the values of an element are few and recur in every record: codes, and not what is one person's.</summary>
    internal static bool Recurs(FactElement element) => element is
        FactElement.BodySite or FactElement.Class or FactElement.ClinicalStatus or FactElement.VerificationStatus or FactElement.Criticality
        or FactElement.Status or FactElement.Gender;

    /// <summary>Order by element, form, value.</summary>
    public int CompareTo(FactPart other)
    {
        var order = Element.CompareTo(other.Element);
        if (order == 0)
            order = string.CompareOrdinal(Form, other.Form);
        return order != 0 ? order : string.CompareOrdinal(Value, other.Value);
    }
}
