namespace Lhcre.Synthetic;

/// <summary>What a source does to a true fact when it tells it. Each is a switch of its own, with its own rate in <see cref="Rates"/>.</summary>
internal enum Perturbation
{
    /// <summary>An id of its own, where it could have kept the one of the source that said it first.</summary>
    NewId,

    /// <summary>The originator's business identifier comes along: rule 0, by another route.</summary>
    IdentifierKept,

    /// <summary>A business identifier of its own, in a system of its own.</summary>
    OwnIdentifier,

    /// <summary>The local code beside the standard one.</summary>
    LocalCodingAdded,

    /// <summary>The local code alone.</summary>
    LocalCodingOnly,

    /// <summary>Of two standard codings one.</summary>
    FewerCodings,

    /// <summary>No coding: words alone.</summary>
    NoCoding,

    /// <summary>Dated to the day.</summary>
    DayOnly,

    /// <summary>Dated to the month.</summary>
    MonthOnly,

    /// <summary>Dated to the year.</summary>
    YearOnly,

    /// <summary>Not dated.</summary>
    Undated,

    /// <summary>Dated to another day, by mistake.</summary>
    OtherDay,

    /// <summary>The same instant in UTC, where others give local time.</summary>
    Zulu,

    /// <summary>A period that begins then, where others give a point in time.</summary>
    PeriodForInstant,

    /// <summary>The same quantity in another unit, another spelling of the unit, or with another count of zeros.</summary>
    Units,

    /// <summary>Other words: displays, texts, the text beside a structured dose, two words of one status.</summary>
    Wording,

    /// <summary>The product in a Medication resource that is referred to, or in one contained.</summary>
    ByReference,

    /// <summary>Optional statements left out: a status, criticality, a dose.</summary>
    LeftOut,

    /// <summary>A result without its value.</summary>
    ValueLeftOut,

    /// <summary>Taken back as entered in error, by this source alone.</summary>
    EnteredInError,

    /// <summary>Deleted, by this source alone.</summary>
    Deleted,

    /// <summary>Refuted, where others state it.</summary>
    Refuted,

    /// <summary>Another clinical status, or taken against stopped.</summary>
    ContestedStatus,

    /// <summary>Another value.</summary>
    ContestedValue,

    /// <summary>Another dose.</summary>
    ContestedDose,

    /// <summary>Another criticality.</summary>
    ContestedCriticality,

    /// <summary>Names without their accents.</summary>
    Diacritics,

    /// <summary>The family name at birth.</summary>
    MaidenName,

    /// <summary>Day and month of the birth date transposed.</summary>
    TransposedBirthDate,

    /// <summary>Jim for James.</summary>
    ShortGivenName,

    /// <summary>Known here to have died.</summary>
    Deceased,

    /// <summary>Said twice by one source, under two ids and one identifier.</summary>
    SaidTwice,

    /// <summary>Said wrongly at first, and corrected in a later version.</summary>
    Corrected,

    /// <summary>The same version once more.</summary>
    Resent,

    /// <summary>Of a person: all that is said comes in pieces and in no order.</summary>
    Disorder,

    /// <summary>Of a person: one source files somebody else under the same number, with facts that look alike.</summary>
    Stranger,
}

/// <summary>Facts that look alike and are not the same.</summary>
internal enum HardNegative
{
    /// <summary>One code, several times in one day, minutes apart.</summary>
    SameDayRepeat,

    /// <summary>One code, twice in a day, twelve hours apart.</summary>
    TwelveHoursApart,

    /// <summary>One code, year after year.</summary>
    SuccessiveYears,

    /// <summary>Left and right as two codes.</summary>
    LateralityInCode,

    /// <summary>Left and right as two body sites of one code.</summary>
    LateralityInBodySite,

    /// <summary>Doses one and two of a vaccine.</summary>
    VaccineDoses,

    /// <summary>A vaccine given, and the same one not given, on the same day.</summary>
    NotDone,

    /// <summary>One product, and again months later.</summary>
    MedicationCourses,

    /// <summary>Two strengths of one product, from the same day.</summary>
    Strengths,

    /// <summary>Two hospitals, one class, the same minute.</summary>
    TwoHospitals,

    /// <summary>Siblings: type 1 and type 2, acute and chronic, penicillin and amoxicillin.</summary>
    SiblingCodes,

    /// <summary>An allergy, and "no known allergy".</summary>
    NoKnownAllergy,

    /// <summary>Somebody with the same family name, birth date and visits: a record of its own.</summary>
    NearTwin,
}
