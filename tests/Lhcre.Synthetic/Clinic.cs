using static Lhcre.Synthetic.Concept;

namespace Lhcre.Synthetic;

/// <summary>How a unit may be written: its words, its UCUM code where one is given, and what a number in the first spelling is multiplied by.</summary>
internal sealed record UnitSpelling(string Words, string? Code, decimal Factor = 1);

/// <summary>An observation that is a number: where it lies, to how many places, in which unit.</summary>
internal sealed record Measurement(Concept What, decimal Low, decimal High, int Places, UnitSpelling[] Unit);

/// <summary>
/// The short list of codes that made-up people have: all in common public use, a few dozen, none complete. The product's own demonstration
/// keeps another one; neither is a terminology.
/// </summary>
internal static class Clinic
{
    public static readonly Concept NoKnownAllergy = Snomed("716186003", "No known allergy");

    public static readonly Concept[] Allergies =
    [
        Snomed("91935009", "Allergy to peanut"), Snomed("1003755004", "Allergy to Hevea brasiliensis latex protein"),
        Snomed("293586001", "Allergy to aspirin"), Snomed("300913006", "Allergy to shellfish"), Snomed("418689008", "Allergy to grass pollen"),
        Snomed("425525006", "Allergy to dairy product"), Snomed("232347008", "Animal dander allergy"),
    ];

    public static readonly (Concept, Concept) SiblingAllergies = (Snomed("91936005", "Allergy to penicillin"), Snomed("294505008", "Allergy to amoxicillin"));

    public static readonly Concept[] Conditions =
    [
        Snomed("195967001", "Asthma"), Snomed("24079001", "Atopic dermatitis"), Snomed("37796009", "Migraine"),
        Snomed("35489007", "Depressive disorder"), Snomed("40930008", "Hypothyroidism"), Snomed("38341003", "Hypertensive disorder"),
        Snomed("396275006", "Osteoarthritis"), Snomed("13645005", "Chronic obstructive lung disease"), Snomed("49436004", "Atrial fibrillation"),
        Snomed("84114007", "Heart failure"), Snomed("709044004", "Chronic kidney disease"),
    ];

    public static readonly (Concept, Concept)[] SiblingConditions =
    [
        (Snomed("46635009", "Type 1 diabetes mellitus"), Snomed("44054006", "Type 2 diabetes mellitus")),
        (Snomed("10509002", "Acute bronchitis"), Snomed("63480004", "Chronic bronchitis")),
    ];

    public static readonly (Concept, Concept)[] SidesInCode =
    [
        (Icd("M17.11", "Unilateral primary osteoarthritis, right knee"), Icd("M17.12", "Unilateral primary osteoarthritis, left knee")),
        (Icd("H25.11", "Age-related nuclear cataract, right eye"), Icd("H25.12", "Age-related nuclear cataract, left eye")),
    ];

    public static readonly (Concept Right, Concept Left) Knees = (Snomed("6757004", "Right knee region structure"), Snomed("82169009", "Left knee region structure"));
    public static readonly (Concept Right, Concept Left) Hips = (Snomed("287579007", "Right hip region structure"), Snomed("287679003", "Left hip region structure"));
    public static readonly (Concept Right, Concept Left) Arms = (Snomed("368209003", "Right upper arm structure"), Snomed("368208006", "Left upper arm structure"));
    public static readonly Concept KneePain = Snomed("30989003", "Knee pain");
    public static readonly Concept HipReplacement = Snomed("52734007", "Total replacement of hip");

    public static readonly UnitSpelling[] Milligram = [new("mg", "mg"), new("mg", null), new("g", "g", 0.001m)];
    public static readonly UnitSpelling[] Tablet = [new("tablet", null), new("Tablet", null)];

    public static readonly (Concept What, decimal Amount, UnitSpelling[] Unit)[] Products =
    [
        (Snomed("372567009", "Metformin"), 500, Milligram), (Snomed("386872004", "Ramipril"), 5, Milligram),
        (Snomed("386864001", "Amlodipine"), 5, Milligram), (Snomed("373444002", "Atorvastatin"), 20, Milligram),
        (Snomed("387137007", "Omeprazole"), 20, Milligram), (Snomed("387458008", "Aspirin"), 75, Milligram),
        (Snomed("42009811000001101", "Co-codamol 30mg/500mg tablets"), 1, Tablet), (Snomed("39720311000001101", "Paracetamol 500mg soluble tablets"), 2, Tablet),
        (Snomed("41946511000001109", "Clarithromycin 500mg tablets"), 1, Tablet),
    ];

    public static readonly (Concept, Concept)[] ProductStrengths =
    [
        (Snomed("319997009", "Simvastatin 20mg tablets"), Snomed("320000009", "Simvastatin 40mg tablets")),
        (Snomed("323509004", "Amoxicillin 250mg capsules"), Snomed("323510009", "Amoxicillin 500mg capsules")),
    ];

    public static readonly Concept Influenza = Snomed("836377006", "Influenza virus antigen-containing vaccine product");
    public static readonly Concept Covid = Snomed("1119349007", "SARS-CoV-2 mRNA vaccine");

    public static readonly Concept[] Vaccines =
    [
        Snomed("863911006", "Clostridium tetani antigen-containing vaccine product"),
        Snomed("836374004", "Hepatitis B virus antigen-containing vaccine product"),
        Snomed("836382004", "Measles morbillivirus antigen-containing vaccine product"),
        Snomed("836398006", "Streptococcus pneumoniae antigen-containing vaccine product"),
    ];

    private static readonly UnitSpelling[] MillimolePerLitre = [new("mmol/L", "mmol/L"), new("mmol/l", "mmol/L"), new("mmol/l", null)];
    private static readonly UnitSpelling[] MillimetreOfMercury = [new("mmHg", "mm[Hg]"), new("mm[Hg]", "mm[Hg]"), new("mmHg", null)];

    public static readonly Measurement Potassium = new(Snomed("59573005", "Potassium measurement", "2823-3"), 3.0m, 6.5m, 1, MillimolePerLitre);
    public static readonly Measurement Sodium = new(Snomed("39972003", "Sodium measurement", "2951-2"), 128, 150, 0, MillimolePerLitre);
    public static readonly Measurement Creatinine = new(Snomed("70901006", "Creatinine measurement", "14682-9"), 45, 300, 0, [new("umol/L", "umol/L"), new("umol/l", "umol/L"), new("umol/L", null)]);
    public static readonly Measurement Haemoglobin = new(Snomed("38082009", "Haemoglobin measurement", "718-7"), 70, 180, 0, [new("g/L", "g/L"), new("g/l", "g/L"), new("g/L", null)]);
    public static readonly Measurement WhiteCells = new(Snomed("767002", "White blood cell count", "6690-2"), 2.0m, 18.0m, 1, [new("10*9/L", "10*9/L"), new("10^9/L", "10*9/L"), new("x10^9/L", null)]);

    public static readonly Measurement[] Measurements =
    [
        Potassium, Creatinine,
        new(Snomed("27113001", "Body weight", "29463-7"), 45, 130, 1, [new("kg", "kg"), new("kg", null), new("g", "g", 1000)]),
        new(Snomed("50373000", "Body height", "8302-2"), 140, 200, 0, [new("cm", "cm"), new("cm", null), new("m", "m", 0.01m)]),
        new(Snomed("364075005", "Heart rate", "8867-4"), 48, 140, 0, [new("/min", "/min"), new("bpm", "/min")]),
        new(Snomed("386725007", "Body temperature", "8310-5"), 35.0m, 40.5m, 1, [new("Cel", "Cel"), new("°C", "Cel"), new("°C", null)]),
        new(Snomed("431314004", "Peripheral oxygen saturation", "59408-5"), 80, 100, 0, [new("%", "%"), new("%", null)]),
        new(Snomed("43396009", "Haemoglobin A1c measurement", "59261-8"), 30, 110, 0, [new("mmol/mol", "mmol/mol"), new("mmol/mol", null)]),
    ];

    public static readonly Concept BloodPressure = Snomed("75367002", "Blood pressure", "85354-9");
    public static readonly Measurement Systolic = new(Snomed("271649006", "Systolic blood pressure", "8480-6"), 95, 190, 0, MillimetreOfMercury);
    public static readonly Measurement Diastolic = new(Snomed("271650006", "Diastolic blood pressure", "8462-4"), 50, 110, 0, MillimetreOfMercury);
    public static readonly Concept LivesAlone = Snomed("105529008", "Lives alone");
    public static readonly Concept AlcoholUnits = Snomed("1082631000000102", "Alcohol units consumed per day");
    public static readonly Concept Smoking = Snomed("229819007", "Tobacco use and exposure", "72166-2");
    public static readonly Concept UrineAppearance = Loinc("5767-9", "Appearance of Urine");

    public static readonly Concept[] SmokingStates =
        [Snomed("266919005", "Never smoked tobacco"), Snomed("8517006", "Ex-smoker"), Snomed("77176002", "Smoker")];

    public static readonly string[] Appearances = ["Clear", "Slightly cloudy", "Cloudy, dark"];

    public static readonly Concept[] Procedures =
    [
        Snomed("80146002", "Appendectomy"), Snomed("73761001", "Colonoscopy"), Snomed("40701008", "Echocardiography"),
        Snomed("399208008", "Plain chest X-ray"),
    ];

    public static readonly (Concept What, Measurement[] Results)[] Reports =
    [
        (Loinc("51990-0", "Basic metabolic panel - Blood"), [Potassium, Sodium, Creatinine]),
        (Snomed("26604007", "Complete blood count", "58410-2"), [Haemoglobin, WhiteCells]),
    ];

    public static readonly string[] Classes = ["AMB", "IMP", "EMER"];

    public static readonly (string Ods, string Name)[] Organisations =
    [
        ("XD1", "Frome Valley General Hospital"), ("XH1", "Solent Water University Hospital"), ("XW1", "Medina General Hospital"),
        ("X81001", "Quay Surgery"), ("X82002", "Downs Medical Practice"), ("X84003", "Riverside Practice"),
    ];
}
