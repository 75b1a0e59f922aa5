using Lhcre.Processes;
using Lhcre.Record;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>A synthetic person whom two of the three sources know.</summary>
/// <param name="Number">From 0; nobody else in this run has it.</param>
/// <param name="Nhs">Of the 999 range, which is never issued.</param>
internal sealed record Person(int Number, NhsNumber Nhs)
{
    private static readonly string[] Known = ["dorset", "hampshire", "isle-of-wight"];
    private static int _last = -1;
    private static int _first9 = 999_000_000;

    /// <summary>The merged Patient.id.</summary>
    public PatientKey Key { get; } = SiloCluster.Pseudonym.For(Nhs);

    /// <summary>The id of the Patient at both sources.</summary>
    public string PatientId => $"person-{Number}";

    /// <summary>Where the whole record is read.</summary>
    public string Everything => $"fhir/Patient/{Key.Value}/$everything";

    /// <summary>Who knows the person.</summary>
    public IReadOnlyList<string> Sources => [Known[Number % 3], Known[(Number + 1) % 3]];

    /// <summary>The Patient resource.</summary>
    public string Patient =>
        $$"""{"resourceType":"Patient","id":"{{PatientId}}","identifier":[{"system":"{{NhsNumber.System}}","value":"{{Nhs.Digits()}}"}],"name":[{"family":"Example{{Number}}"}]}""";

    /// <summary>People whom no other test of this run has.</summary>
    public static IReadOnlyList<Person> Fresh(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    /// <summary>An Observation of the person, different from every other one by its time.</summary>
    public string Observation(string id, int minute, int value) =>
        $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}],"text":"Weight"},"subject":{"reference":"Patient/{{{PatientId}}}"},"effectiveDateTime":"{{{At(minute):yyyy-MM-ddTHH:mm:ssZ}}}","valueQuantity":{"value":{{{value}}},"unit":"kg"}}""";

    private static DateTimeOffset At(int minute) => new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);

    private static Person Next()
    {
        lock (Known)
        {
            while (true)
            {
                if (NhsNumber.TryComplete(_first9++, out var number))
                    return new Person(++_last, number);
            }
        }
    }
}
