using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lhcre.Intake.V2.Mapping;
using Lhcre.Record;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>
/// The same result sent again, through map, door and merge: "a correction replaces; the old value is history, never live beside it"
/// (CLINICAL.md), in any order of arrival.
/// </summary>
public class ResultCorrectionTests
{
    private static readonly DateTimeOffset Arrival = DateTimeOffset.Parse("2026-11-23T10:00:00Z", CultureInfo.InvariantCulture);

    private static readonly string First = Oru("20260309163000", "202603091625", "F", "OBX|1|NM|K^Potassium^L||6.9|mmol/L|3.5-5.3|H|||F", "OBX|2|NM|NA^Sodium^L||140|mmol/L|||||F");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_correction_takes_the_place_of_the_result(bool isLate)
    {
        var correction = Oru("20260309174500", "202603091740", "C", "OBX|1|NM|K^Potassium^L||4.1|mmol/L|3.5-5.3|N|||C", "OBX|2|NM|NA^Sodium^L||140|mmol/L|||||F");

        var record = Pushed(isLate ? [correction, First] : [First, correction]);

        Assert.Equal("4.1 corrected", Potassium(record));
        Assert.Equal(2, record.OfType("Observation").Length);
        Assert.Equal("corrected", Text(Assert.Single(record.OfType("DiagnosticReport").ToArray()), "status"));
    }

    [Theory]
    [InlineData("D", false)]
    [InlineData("D", true)]
    [InlineData("W", false)]
    public void A_result_that_is_deleted_or_was_of_another_person_is_shown_no_more(string code, bool isLate)
    {
        var deletion = Oru("20260309174500", "202603091740", "C", $"OBX|1|NM|K^Potassium^L||6.9|mmol/L|||||{code}", "OBX|2|NM|NA^Sodium^L||140|mmol/L|||||F");

        var record = Pushed(isLate ? [deletion, First] : [First, deletion]);

        var stated = record.OfType("Observation").ToArray().Where(o => Text(o, "status") != "entered-in-error").Select(o => Text(o, "code"));
        Assert.Contains("Sodium", Assert.Single(stated), StringComparison.Ordinal);
        Assert.True(record.Entry(new EntryKey(Push.Source, "Observation", "LAB.F1.UE.K"))!.Facts.IsEnteredInError);
        Assert.Equal(1, Read(Assert.Single(record.OfType("DiagnosticReport").ToArray())).GetProperty("result").GetArrayLength());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_two_results_of_one_second_the_more_settled_counts(bool isLate)
    {
        var preliminary = Oru("20260309163000", "202603091625", "P", "OBX|1|NM|K^Potassium^L||6.9|mmol/L|||||P");
        var final = Oru("20260309163000", "202603091625", "F", "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F");

        Assert.Equal("4.1 final", Potassium(Pushed(isLate ? [final, preliminary] : [preliminary, final])));
    }

    [Fact]
    public void The_same_message_again_changes_nothing()
    {
        var once = Pushed([First]);
        var twice = Pushed([First, First]);

        Assert.Equal(once.Version, twice.Version);
    }

    private static string Oru(string sent, string changed, string status, params string[] observations) =>
        $"MSH|^~\\&|LAB|RCB|LHCRE|WX|{sent}||ORU^R01|1|P|2.4\rPID|||{Push.Ann.Digits()}^^^NHS^NH~633^^^R0A^MR||SMITH^ANN||19700101|F\r"
        + $"OBR|1||F1^LAB|UE^Urea and electrolytes^L|||202603091500|||||||||||||||{changed}||CH|{status}\r{string.Join('\r', observations)}\r";

    private static PatientRecord Pushed(IEnumerable<string> messages)
    {
        var record = PatientRecord.Empty(PatientKey.Parse("pabcdefghijklmnopqrstuvwxyz"), new Addresses("http://127.0.0.1:8080"));
        foreach (var message in messages)
        {
            var mapped = Hl7Mapping.Map(Er7.Read(Encoding.UTF8.GetBytes(message)), Push.Source);
            var received = FhirIntake.Read(mapped.Bundle, new Interaction("POST", null, null), Push.Source, Push.Base);
            var fragments = received.Entries.Select(e => e.Fragment!).ToImmutableArray();
            var at = Arrival.AddMinutes(record.Seq);
            var accepted = Merge.Accept(record, fragments, at).Fragments;
            if (!accepted.IsEmpty)
                record = Merge.Apply(record, new RecordRow(record.Seq + 1, PushId.Of("test", $"{record.Seq}"), at, LogBody.Write(accepted), accepted));
        }

        return record;
    }

    private static string Potassium(PatientRecord record) =>
        Assert.Single(record.OfType("Observation").ToArray().Where(o => Text(o, "code").Contains("Potassium", StringComparison.Ordinal))
            .Select(o => $"{Read(o).GetProperty("valueQuantity").GetProperty("value").GetRawText()} {Text(o, "status")}"));

    private static string Text(MergedResource resource, string element) => Read(resource).TryGetProperty(element, out var value) ? value.ToString() : "";

    private static JsonElement Read(MergedResource resource) => JsonSerializer.Deserialize<JsonElement>(resource.Resource.Span);
}
