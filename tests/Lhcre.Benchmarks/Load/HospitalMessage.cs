using System.Globalization;
using System.Text;
using System.Text.Json;
using Lhcre.Intake.V2;
using Lhcre.Intake.V2.Mapping;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Benchmarks.Load;

/// <summary>What a hospital's engine sends of a hundred people: of ten messages one admission or discharge, nine reports of five results each.</summary>
internal static class HospitalMessage
{
    private const int People = 100;
    private static readonly string[] Tests = ["2160-0^Creatinine^LN", "2823-3^Potassium^LN", "2951-2^Sodium^LN", "3094-0^Urea^LN", "718-7^Haemoglobin^LN"];
    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A message of a number, in its frame; how many resources it becomes the mapping says.</summary>
    public static LoadRequest Of(int number)
    {
        var message = Encoding.UTF8.GetBytes(number % 10 == 0 ? Visit(number) : Report(number));
        return new LoadRequest([0x0B, .. message, 0x1C, 0x0D], message.Length, Resources(message), false, IsMessage: true);
    }

    private static string Visit(int number) => Segments(
        Header(number, "ADT^A01^ADT_A01"), $"EVN|A01|{At(number)}", Person(number),
        $"PV1|1|I|W{number % 9}^2^{number % 6}^IOW||||C1234567^Verney^Jo^^^Dr|||180|||||||||V{number}^^^IOW^VN|||||||||||||||||||||||||{At(number)}");

    private static string Report(int number) => Segments(
    [
        Header(number, "ORU^R01^ORU_R01"), Person(number),
        $"OBR|1||R{number}^LAB|24323-8^Renal profile^LN|||{At(number)}|||||||||C1234567^Verney^Jo^^^Dr||||||{At(number)}|||F",
        .. Tests.Select((test, i) => string.Create(CultureInfo.InvariantCulture, $"OBX|{i + 1}|NM|{test}||{(number % 97) + i}.{number % 10}|mmol/L|1-200||||F|||{At(number)}")),
    ]);

    private static string Header(int number, string type) => $"MSH|^~\\&|PAS|IOW|LHCRE|WESSEX|{At(number)}||{type}|B{number}|P|2.5.1||||||UNICODE UTF-8";

    private static string Person(int number)
    {
        var person = SyntheticRegion.Person(number % People);
        return $"PID|1||IW{number % People}^^^IOW^MR~{person.NhsNumber.Digits()}^^^NHS^NH||{person.Name.Replace(' ', '^')}||{person.BirthDate:yyyyMMdd}|U";
    }

    private static string At(int number) => First.AddSeconds(number).ToString("yyyyMMddHHmmss+0000", CultureInfo.InvariantCulture);

    private static string Segments(params string[] segments) => string.Concat(segments.Select(s => s + "\r"));

    private static int Resources(byte[] message)
    {
        var mapped = Hl7Mapping.Map(Hl7Message.Parse(message, out _) ?? throw new InvalidOperationException("The message cannot be read."), HostedSilo.MllpSource);
        using var bundle = JsonDocument.Parse(mapped.Bundle ?? throw new InvalidOperationException("The message is not taken."));
        return bundle.RootElement.GetProperty("entry").GetArrayLength();
    }
}
