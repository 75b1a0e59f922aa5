namespace Lhcre.Silo.Synthetic;

/// <summary>A code with its system and words; where <paramref name="Also"/> is given, a second coding of the same idea.</summary>
public sealed record Concept(string System, string Code, string Display, Concept? Also = null)
{
    internal static Concept Snomed(string code, string display, Concept? also = null) => new("http://snomed.info/sct", code, display, also);

    internal static Concept Loinc(string code, string display) => new("http://loinc.org", code, display);
}

/// <summary>
/// The short list of clinical codes that synthetic people have. All are in common public use; the products are those of NHS England's
/// published examples. The list grows with what tests need, not towards completeness.
/// </summary>
internal static class KnownCodes
{
    public static readonly Concept NoKnownAllergy = Concept.Snomed("716186003", "No known allergy");

    public static readonly (Concept Code, string Category, Concept Reaction)[] Allergies =
    [
        (Concept.Snomed("91936005", "Allergy to penicillin"), "medication", Concept.Snomed("271807003", "Eruption")),
        (Concept.Snomed("91935009", "Allergy to peanut"), "food", Concept.Snomed("247472004", "Wheal")),
        (Concept.Snomed("1003755004", "Allergy to Hevea brasiliensis latex protein"), "environment", Concept.Snomed("247472004", "Wheal")),
        (Concept.Snomed("293586001", "Allergy to aspirin"), "medication", Concept.Snomed("267036007", "Dyspnea")),
        (Concept.Snomed("91930004", "Allergy to egg"), "food", Concept.Snomed("422587007", "Nausea")),
        (Concept.Snomed("300913006", "Allergy to shellfish"), "food", Concept.Snomed("271807003", "Eruption")),
    ];

    public static readonly (Concept Code, int FromAge)[] Conditions =
    [
        (Concept.Snomed("195967001", "Asthma"), 2),
        (Concept.Snomed("24079001", "Atopic dermatitis"), 0),
        (Concept.Snomed("37796009", "Migraine"), 8),
        (Concept.Snomed("35489007", "Depressive disorder"), 14),
        (Concept.Snomed("40930008", "Hypothyroidism"), 20),
        (Concept.Snomed("38341003", "Hypertensive disorder"), 35),
        (Concept.Snomed("44054006", "Type 2 diabetes mellitus"), 35),
        (Concept.Snomed("396275006", "Osteoarthritis"), 45),
        (Concept.Snomed("13645005", "Chronic obstructive lung disease"), 45),
        (Concept.Snomed("49436004", "Atrial fibrillation"), 50),
        (Concept.Snomed("84114007", "Heart failure"), 55),
        (Concept.Snomed("709044004", "Chronic kidney disease"), 55),
    ];

    public static readonly (Concept Code, string Dose)[] Repeats =
    [
        (Concept.Snomed("35936511000001108", "Salbutamol 100micrograms/dose inhaler"), "Inhale 2 puffs up to four times a day when needed"),
        (Concept.Snomed("372567009", "Metformin"), "500 mg twice a day with meals"),
        (Concept.Snomed("386872004", "Ramipril"), "5 mg once a day"),
        (Concept.Snomed("386864001", "Amlodipine"), "5 mg once a day"),
        (Concept.Snomed("373444002", "Atorvastatin"), "20 mg at night"),
        (Concept.Snomed("387137007", "Omeprazole"), "20 mg once a day before breakfast"),
        (Concept.Snomed("387458008", "Aspirin"), "75 mg once a day"),
    ];

    public static readonly (Concept Code, string Dose)[] Acutes =
    [
        (Concept.Snomed("39732311000001104", "Amoxicillin 250mg capsules"), "One capsule three times a day for 7 days"),
        (Concept.Snomed("39692211000001107", "Flucloxacillin 500mg capsules"), "One capsule four times a day for 5 days"),
        (Concept.Snomed("41942011000001100", "Azithromycin 250mg capsules"), "Two capsules once a day for 3 days"),
        (Concept.Snomed("41946511000001109", "Clarithromycin 500mg tablets"), "One tablet twice a day for 7 days"),
        (Concept.Snomed("42009811000001101", "Co-codamol 30mg/500mg tablets"), "One or two tablets every six hours when needed"),
        (Concept.Snomed("39720311000001101", "Paracetamol 500mg soluble tablets"), "Two tablets every six hours when needed"),
    ];

    public static readonly Concept Influenza = Concept.Snomed("836377006", "Influenza virus antigen-containing vaccine product");
    public static readonly Concept Covid = Concept.Snomed("1119349007", "SARS-CoV-2 mRNA vaccine");
    public static readonly Concept Tetanus = Concept.Snomed("863911006", "Clostridium tetani antigen-containing vaccine product");

    public static readonly Concept BloodPressure =
        Concept.Snomed("75367002", "Blood pressure", Concept.Loinc("85354-9", "Blood pressure panel with all children optional"));

    public static readonly Concept Systolic =
        Concept.Snomed("271649006", "Systolic blood pressure", Concept.Loinc("8480-6", "Systolic blood pressure"));

    public static readonly Concept Diastolic =
        Concept.Snomed("271650006", "Diastolic blood pressure", Concept.Loinc("8462-4", "Diastolic blood pressure"));

    public static readonly Concept Weight = Concept.Snomed("27113001", "Body weight", Concept.Loinc("29463-7", "Body weight"));
    public static readonly Concept HbA1c = Concept.Snomed("43396009", "Haemoglobin A1c measurement");
    public static readonly Concept Potassium = Concept.Loinc("2823-3", "Potassium [Moles/volume] in Serum or Plasma");

    public static readonly Concept Egfr =
        Concept.Loinc("62238-1", "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI)");

    public static readonly Concept LivesAlone = Concept.Snomed("105529008", "Lives alone");
    public static readonly Concept AlcoholUnits = Concept.Snomed("1082631000000102", "Alcohol units consumed per day");

    public static readonly Concept Consultation = Concept.Snomed("11429006", "Consultation");
    public static readonly Concept EmergencyAdmission = Concept.Snomed("50849002", "Emergency room admission");
    public static readonly Concept HospitalAdmission = Concept.Snomed("32485007", "Hospital admission");

    public static readonly Concept[] Procedures =
    [
        Concept.Snomed("80146002", "Appendectomy"),
        Concept.Snomed("73761001", "Colonoscopy"),
        Concept.Snomed("52734007", "Total replacement of hip"),
        Concept.Snomed("40701008", "Echocardiography"),
        Concept.Snomed("399208008", "Plain chest X-ray"),
    ];

    public static readonly Concept BloodTests = Concept.Loinc("51990-0", "Basic metabolic panel - Blood");
    public static readonly Concept DischargeSummary = Concept.Snomed("373942005", "Discharge summary");
    public static readonly Concept ClinicLetter = Concept.Snomed("823681000000100", "Outpatient letter");
}
