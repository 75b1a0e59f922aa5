namespace Lhcre.Intake.V2.Mapping;

/// <summary>
/// The code system maps of the official v2-to-FHIR mapping that ADT needs (<c>v2-to-fhir-mappings/codesystems</c>; each is named after its file). Codes that a
/// map leaves without a FHIR code are not here.
/// </summary>
internal static class CodeTables
{
    private const string V3 = "http://terminology.hl7.org/CodeSystem/v3-";
    private const string V2 = "http://terminology.hl7.org/CodeSystem/v2-";

    /// <summary>
    /// AdministrativeSex (table 0001), and the NHS's own digits, which English systems send in PID-8 (NHS Data Dictionary, PERSON STATED GENDER CODE: 1 male,
    /// 2 female, 9 indeterminate, X not known; before, 0 not known).
    /// </summary>
    public static CodeTable AdministrativeSex { get; } = CodeTable.Codes(
        ("F", "female"), ("M", "male"), ("O", "other"), ("U", "unknown"), ("A", "other"), ("N", "other"),
        ("1", "male"), ("2", "female"), ("9", "other"), ("0", "unknown"), ("X", "unknown"));

    /// <summary>NameType (table 0200).</summary>
    public static CodeTable NameType { get; } = CodeTable.Codes(
        ("BAD", "old"), ("D", "usual"), ("L", "official"), ("M", "maiden"), ("MSK", "anonymous"), ("N", "nickname"), ("NAV", "temp"), ("R", "official"),
        ("TEMP", "temp"));

    /// <summary>AddressType[Type] (table 0190).</summary>
    public static CodeTable AddressType { get; } = CodeTable.Codes(("M", "postal"), ("SH", "postal"));

    /// <summary>AddressType[Use] (table 0190).</summary>
    public static CodeTable AddressUse { get; } = CodeTable.Codes(
        ("BA", "old"), ("BI", "billing"), ("C", "temp"), ("B", "work"), ("H", "home"), ("O", "work"));

    /// <summary>TelecommunicationEquipmentType (table 0202); CP is a use of a phone and stands in <see cref="TelecomUse"/>.</summary>
    public static CodeTable TelecomSystem { get; } = CodeTable.Codes(
        ("PH", "phone"), ("FX", "fax"), ("MD", "other"), ("CP", "phone"), ("SAT", "other"), ("BP", "pager"), ("Internet", "email"), ("X.400", "email"),
        ("TDD", "other"), ("TTY", "other"));

    /// <summary>TelecommunicationUseCode (table 0201).</summary>
    public static CodeTable TelecomUse { get; } = CodeTable.Codes(("PRN", "home"), ("WPN", "work"), ("PRS", "mobile"));

    /// <summary>
    /// MaritalStatus (table 0002), but for N and P: the NHS Data Dictionary (PERSON MARITAL STATUS) has them for "not disclosed" and "separated", the HL7 table
    /// for "annulled" and "domestic partner", so that they say nothing sure.
    /// </summary>
    public static CodeTable MaritalStatus { get; } = CodeTable.Of(
        V3 + "MaritalStatus",
        ("A", "L"), ("D", "D"), ("M", "M"), ("S", "S"), ("W", "W"), ("C", "C"), ("G", "T"), ("R", "T"), ("E", "L"), ("I", "I"), ("B", "U"))
        .With(V3 + "NullFlavor", ("U", "UNK"), ("O", "OTH"), ("T", "NAVU"));

    /// <summary>Relationship (table 0063).</summary>
    public static CodeTable Relationship { get; } = CodeTable.Of(
        V3 + "RoleCode",
        ("SEL", "ONESELF"), ("SPO", "SPS"), ("DOM", "SIGOTHR"), ("CHD", "CHILD"), ("GCH", "GRNDCHILD"), ("NCH", "NCHILD"), ("SCH", "STPCHLD"),
        ("FCH", "CHLDFOST"), ("PAR", "PRN"), ("MTH", "MTH"), ("FTH", "FTH"), ("GRP", "GRPRN"), ("EXF", "EXT"), ("SIB", "SIB"), ("BRO", "BRO"),
        ("SIS", "SIS"), ("FND", "FRND"))
        .With(V2 + "0063", ("DEP", "DEP"), ("WRD", "WRD"), ("CGV", "CGV"), ("GRD", "GRD"), ("OAD", "OAD"), ("EME", "EME"), ("ASC", "ASC"), ("OWN", "OWN"),
            ("TRA", "TRA"), ("MGR", "MGR"), ("NON", "NON"))
        .With(V2 + "0131", ("EMR", "E"), ("EMC", "C"), ("UNK", "U"), ("OTH", "O"));

    /// <summary>ContactRole (table 0131).</summary>
    public static CodeTable ContactRole { get; } = CodeTable.Of(
        V2 + "0131", ("E", "E"), ("C", "C"), ("F", "F"), ("I", "I"), ("N", "N"), ("S", "S"), ("O", "O"), ("U", "U"));

    /// <summary>PatientClass[EncounterClass] (table 0004).</summary>
    public static CodeTable EncounterClass { get; } = CodeTable.Of(V3 + "ActCode", ("E", "EMER"), ("I", "IMP"), ("O", "AMB"), ("P", "PRENC"))
        .With(V2 + "0004", ("R", "R"), ("B", "B"), ("C", "C"), ("N", "N"), ("U", "U"));

    /// <summary>PatientClass[EncounterStatus] (table 0004).</summary>
    public static CodeTable EncounterStatus { get; } = CodeTable.Codes(
        ("E", "in-progress"), ("I", "in-progress"), ("O", "in-progress"), ("P", "planned"), ("R", "in-progress"), ("B", "in-progress"), ("C", "in-progress"),
        ("N", "in-progress"), ("U", "unknown"));

    /// <summary>AdmissionType (table 0007).</summary>
    public static CodeTable AdmissionType { get; } = CodeTable.Of(
        V2 + "0007", ("A", "A"), ("E", "E"), ("L", "L"), ("R", "R"), ("N", "N"), ("U", "U"), ("C", "C"));

    /// <summary>DiagnosisType (table 0052).</summary>
    public static CodeTable DiagnosisType { get; } = CodeTable.Of("http://terminology.hl7.org/CodeSystem/diagnosis-role", ("A", "AD"));

    /// <summary>AllergenType[AllergyIntoleranceCategory] (table 0127).</summary>
    public static CodeTable AllergyCategory { get; } = CodeTable.Codes(
        ("DA", "medication"), ("FA", "food"), ("EA", "environment"), ("AA", "biologic"), ("PA", "environment"), ("LA", "environment"));

    /// <summary>AllergyType (table 0127).</summary>
    public static CodeTable AllergyType { get; } = CodeTable.Codes(
        ("DA", "allergy"), ("FA", "allergy"), ("MA", "allergy"), ("EA", "allergy"), ("AA", "allergy"), ("PA", "allergy"), ("LA", "allergy"));

    /// <summary>AllergySeverity[AllergyIntolerance.reaction.severity] (table 0128).</summary>
    public static CodeTable ReactionSeverity { get; } = CodeTable.Codes(("SV", "severe"), ("MO", "moderate"), ("MI", "mild"));

    /// <summary>AllergySeverity[AllergyIntolerance.criticality] (table 0128).</summary>
    public static CodeTable Criticality { get; } = CodeTable.Codes(("SV", "high"), ("MI", "low"));
}
