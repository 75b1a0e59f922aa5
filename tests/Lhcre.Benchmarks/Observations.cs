using System.Globalization;
using System.Text;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>Body weights, of the size and shape of an everyday result.</summary>
internal static class Observations
{
    /// <summary>One Observation, about 600 bytes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="subject">The value of <c>subject</c>, JSON.</param>
    /// <param name="number">What tells its value from others'.</param>
    /// <param name="version"><c>meta.versionId</c>; <c>meta.lastUpdated</c> goes up with it.</param>
    /// <param name="taken">When it was measured; default every three hours by its number.</param>
    /// <remarks>Two of one number are of one fact, whatever their ids.</remarks>
    public static byte[] Weight(string id, string subject, int number, int version = 1, Func<int, DateTime>? taken = null) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"resourceType":"Observation","id":"{{{id}}}","meta":{"versionId":"{{{version}}}","lastUpdated":"{{{Updated(version)}}}","profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation"]},"identifier":[{"system":"https://tools.example.nhs.uk/observation","value":"{{{id}}}"}],"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://snomed.info/sct","code":"27113001","display":"Body weight"}]},"subject":{{{subject}}},"effectiveDateTime":"{{{Instant((taken ?? EveryThreeHours)(number))}}}","valueQuantity":{"value":{{{50 + (number % 500 / 10.0):0.0}}},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}
        """));

    /// <summary>Their Patient.</summary>
    public static byte[] Subject(string id, int version) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"resourceType":"Patient","id":"{{id}}","meta":{"versionId":"{{version}}","lastUpdated":"{{Updated(version)}}"},"identifier":[{"system":"{{NhsNumber.System}}","value":"9995000008"}],"name":[{"family":"Version {{version}}","given":["Ann"]}],"gender":"female","birthDate":"1950-02-03"}
        """));

    /// <summary>Ten thousand of them are three and a half years.</summary>
    public static DateTime EveryThreeHours(int number) => First.AddHours(3 * number);

    /// <summary>All of them are of one hour: each minute's are alike, whatever their values.</summary>
    public static DateTime WithinOneHour(int number) => First.AddMinutes(number % 60);

    private static readonly DateTime First = new(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static string Instant(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Updated(int version) =>
        new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(version).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
