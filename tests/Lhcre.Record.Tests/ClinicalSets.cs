using CsCheck;

namespace Lhcre.Record.Tests;

/// <summary>
/// Sets of clinical fragments of few codes, dates, values and people, so that entries match, contradict each other, depend on what they
/// refer to, and are withheld and released all the time.
/// </summary>
internal static class ClinicalSets
{
    private static readonly Gen<string> Code = Gen.Frequency(
        (5, Gen.OneOf("1", "2").Select(Said.Coded)),
        (2, Gen.OneOf("1", "2").Select(c => $"'code':{{'coding':[{{'system':'http://snomed.info/sct','code':'{c}'}},{{'system':'http://read.info/readv2','code':'R{c}'}}]}}")),
        (1, Gen.Const("'code':{'coding':[{'system':'http://read.info/readv2','code':'R1'}]}")),
        (1, Gen.OneOf("Asthma", "asthma.").Select(w => $"'code':{{'text':'{w}'}}")),
        (1, Gen.Const("'language':'en'")));

    private static readonly Gen<string> Date = Gen.Frequency(
        (4, Gen.OneOf("2024-06-30T08:00:00Z", "2024-06-30T09:00:20+01:00", "2024-06-30T23:30:00Z", "2024-07-01T09:00:00+01:00")),
        (3, Gen.OneOf("2024-06-30", "2024-07-01")),
        (1, Gen.OneOf("2024-06", "2024-07", "2024")));

    private static readonly Gen<string> Identifier = Gen.Frequency(
        (5, Gen.Const("")), (2, Gen.OneOf("1", "2").Select(v => $"{Said.Identified(v)},")), (1, Gen.OneOf("1", "2").Select(v => $"{Said.Identified(v, "https://example.org/other")},")));

    private static readonly Gen<string> Value = Gen.Frequency(
        (3, Gen.OneOf("'valueQuantity':{'value':4.1,'unit':'mmol/L','system':'http://unitsofmeasure.org','code':'mmol/L'}", "'valueQuantity':{'value':4.10,'unit':'mmol/l'}")),
        (2, Gen.Const("'valueQuantity':{'value':6.9,'code':'mmol/L'}")),
        (1, Gen.OneOf("'valueBoolean':false", "'valueInteger':0", "'dataAbsentReason':{'text':'?'}")));

    private static readonly Gen<string> Status = Gen.OneOf(
        "", "'clinicalStatus':{'coding':[{'code':'active'}]},", "'clinicalStatus':{'coding':[{'code':'resolved'}]},",
        "'verificationStatus':{'coding':[{'code':'entered-in-error'}]},");

    private static readonly Gen<string> Dose = Gen.OneOf("", ",'dosageInstruction':[{'text':'one a day'}]", ",'dosageInstruction':[{'text':'two a day'}]");

    private static readonly Gen<(string Source, string Id, int Day)> Place = Gen.Select(Gen.OneOf(Said.Sources), Gen.Int[1, 3].Select(i => $"{i}"), Gen.Int[1, 4]);

    private static readonly Gen<string> Subject = Gen.OneOf("'subject':{'reference':'Patient/1'},", "'subject':{'reference':'Patient/2'},");

    private static readonly Gen<(string Type, string More)> Content = Gen.OneOf(
        Gen.Select(Identifier, Code, Date, Value, (i, c, d, v) => ("Observation", $"{i}{c},'effectiveDateTime':'{d}',{v}")),
        Gen.Select(Identifier, Code, Value, (i, c, v) => ("Observation", $"{i}{c},{v}")),
        Gen.Select(Identifier, Code, Date, Status, (i, c, d, s) => ("Condition", $"{s}{i}{c},'onsetDateTime':'{d}'")),
        Gen.Select(Identifier, Code, Status, (i, c, s) => ("AllergyIntolerance", $"{s}{i}{c}")),
        Gen.Select(Gen.Int[1, 3], Date, Dose, (m, d, dose) => ("MedicationRequest", $"'medicationReference':{{'reference':'Medication/{m}'}},'authoredOn':'{d}'{dose}")),
        Gen.Select(Code, Identifier, (c, i) => ("Medication", $"{i}{c}")),
        Gen.Select(Gen.Int[1, 2], Date, (o, d) => ("Encounter", $"'class':{{'system':'s','code':'AMB'}},'serviceProvider':{{'reference':'Organization/{o}'}},'period':{{'start':'{d}'}}")),
        Gen.OneOf("A", "B").Select(o => ("Organization", $"{Said.Identified(o, "https://fhir.nhs.uk/Id/ods-organization-code")}")),
        Gen.Select(Gen.Int[1, 3], Code, Date, (r, c, d) => ("DiagnosticReport", $"{c},'effectiveDateTime':'{d}','result':[{{'reference':'Observation/{r}'}}]")),
        Gen.OneOf("a", "b").Select(h => ("DocumentReference", $"'content':[{{'attachment':{{'hash':'{h}'}}}}]")),
        Gen.Select(Date, Gen.OneOf("completed", "not-done"), (d, s) => ("Immunization", $"'status':'{s}','vaccineCode':{{'coding':[{{'system':'v','code':'1'}}]}},'occurrenceDateTime':'{d}'")));

    private static readonly Gen<string> Person = Gen.Select(
        Gen.OneOf("1980-02-03", "1980-03-02", "1971-09-20", "1980"), Gen.OneOf("Smith", "Jones"), Gen.OneOf("Jim", "James", "Ann"), Gen.Bool, (born, family, given, verified) =>
            (verified ? Verified : "") + $"'birthDate':'{born}','name':[{{'family':'{family}','given':['{given}']}}]");

    private const string Verified =
        "'identifier':[{'extension':[{'url':'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',"
        + "'valueCodeableConcept':{'coding':[{'code':'01'}]}}],'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018'}],";

    private static readonly Gen<Fragment> Fact = Gen.Select(Place, Content, Subject, (place, content, subject) =>
        Said.Of(place.Source, content.Type, place.Id, place.Day, Subjected(content.Type, subject) + content.More));

    private static readonly Gen<Fragment> Patient = Gen.Select(Gen.OneOf(Said.Sources), Gen.Int[1, 2], Gen.Int[1, 4], Person, (source, id, day, person) =>
        Said.Of(source, "Patient", $"{id}", day, person));

    private static readonly Gen<Fragment> Gone = Gen.Select(Place, Content, (place, content) => Said.Gone(place.Source, content.Type, place.Id, place.Day));

    /// <summary>Fragments that all carry a version of their source's.</summary>
    public static Gen<Fragment[]> Declared { get; } = Gen.Frequency((12, Fact), (2, Patient), (2, Gone)).Array[1, 40];

    /// <summary>The set in some order, with repetitions, cut into pushes somehow; and in another such way.</summary>
    public static Gen<(Fragment[] Set, Fragment[][] One, Fragment[][] Other)> Arranged { get; } = FragmentSets.ArrangedOf(Declared);

    private static string Subjected(string type, string subject) => type switch
    {
        "Medication" or "Organization" => "",
        "AllergyIntolerance" or "Immunization" => subject.Replace("subject", "patient", StringComparison.Ordinal),
        _ => subject,
    };
}
