using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>Messages about one visit, in whatever order they arrive: what the record says after them.</summary>
public class JourneyTests
{
    private static readonly string[] Visit =
    [
        Message("202607010900", "A05", "P|||||||||||||||||2139", "AL1|1|DA|Z88.5|SV"),
        Message("202607020900", "A01", "I|RCB^WARD1^^RCB55|||||||||||||||||||2139", "DG1|1||J03.0^Tonsillitis^I10"),
        // Three messages of one minute: what happened tells them apart.
        Message("202607030900", "A02", "I|RCB^WARD2^^RCB55|||RCB^WARD1^^RCB55|||||||||||||2139", "", "20260703085500"),
        Message("202607030900", "A03", "I|RCB^WARD2^^RCB55|||||||||||||||||2139", "", "20260703085800"),
        Message("202607030900", "A13", "I|RCB^WARD2^^RCB55|||||||||||||||||2139", "", "20260703085900"),
        Message("202607040900", "A03", "I|RCB^WARD2^^RCB55|||||||||||||||||2139", "AL1|1|DA|Z88.5|SV"),
    ];

    [Fact]
    public void The_record_is_the_same_in_every_order_of_arrival()
    {
        var expected = Told(Filed(Visit));

        Assert.Equal("Encounter finished WARD2", Summary(Filed(Visit)));
        for (var turn = 0; turn < Visit.Length; turn++)
        {
            string[] turned = [.. Visit[turn..], .. Visit[..turn]];
            Assert.Equal(expected, Told(Filed(turned)));
            Assert.Equal(expected, Told(Filed([.. turned.Reverse()])));
            Assert.Equal(expected, Told(Filed([.. turned.Where((_, i) => i % 2 == 0), .. turned.Where((_, i) => i % 2 == 1), .. turned])));
        }
    }

    [Fact]
    public void The_visit_stands_where_the_last_event_left_it()
    {
        string[] expected = ["planned ", "in-progress WARD1", "in-progress WARD2", "finished WARD2", "in-progress WARD2", "finished WARD2"];

        Assert.Equal(expected.Select(e => $"Encounter {e}"), Enumerable.Range(1, Visit.Length).Select(n => Summary(Filed(Visit[..n]))));
    }

    private static string Message(string sent, string trigger, string pv1, string also, string happened = "") =>
        $"MSH|^~\\&|PAS|RCB|||{sent}||ADT^{trigger}|1|P|2.4\rEVN||{sent}||||{happened}\rPID|||633^^^R0A^MR~{Mapped.Ann}^^^NHS^NH||SMITH^ANN\r"
        + $"PD1|||A PRACTICE^^Y06601\rPV1||{(pv1.StartsWith('P') ? pv1 : Aligned(pv1))}\r{also}\r";

    // PV1-2 to PV1-6 as given, and the number as PV1-19.
    private static string Aligned(string pv1)
    {
        var fields = pv1.Split('|');
        return string.Join('|', fields[..^1].Concat(Enumerable.Repeat("", 20)).Take(17).Append(fields[^1]));
    }

    private static PatientRecord Filed(IEnumerable<string> messages)
    {
        var record = PatientRecord.Empty(PatientKey.Parse("p" + new string('a', 26)), new Addresses("http://127.0.0.1:8080"));
        var arrival = new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var message in messages)
        {
            var fragments = Mapped.OfText(message).Received!.Entries.Select(e => e.Fragment!).ToList();
            var accepted = Merge.Accept(record, fragments, arrival);
            if (accepted.Fragments.IsEmpty)
                continue;
            var seq = record.Seq + 1;
            record = Merge.Apply(record, new RecordRow(seq, PushId.Of(Push.Source, $"{seq}"), arrival, LogBody.Write(accepted.Fragments), accepted.Fragments));
        }

        return record;
    }

    // All but what the journal stamps.
    private static List<string> Told(PatientRecord record)
    {
        var told = new List<string>();
        foreach (var resource in record.All)
        {
            using var json = JsonDocument.Parse(resource.Resource);
            told.Add(string.Join(',', json.RootElement.EnumerateObject().Where(m => m.Name != "meta").Select(m => m.ToString())));
        }

        told.Sort(StringComparer.Ordinal);
        return told;
    }

    private static string Summary(PatientRecord record)
    {
        using var json = JsonDocument.Parse(Assert.Single(record.OfType("Encounter").ToArray()).Resource);
        var root = json.RootElement;
        var here = root.TryGetProperty("location", out var places) ? places[0].GetProperty("location").GetProperty("display").GetString() : "";
        return $"Encounter {root.GetProperty("status").GetString()} {here?.Split(',')[0]}";
    }
}
