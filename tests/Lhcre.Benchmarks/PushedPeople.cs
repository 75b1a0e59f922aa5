using System.Collections.Immutable;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Benchmarks;

/// <summary>Synthetic people's records, built from their pushes without journal and silo, by the same steps as a push takes.</summary>
internal static class PushedPeople
{
    private static int _nextNumber = 999_000_000;

    /// <summary>Where the records say that they are served.</summary>
    public static Addresses Addresses { get; } = new("http://127.0.0.1:8080");

    /// <summary>When pushes arrive: one after the other, from the day on which every story ends.</summary>
    public static DateTimeOffset Arrival { get; } = SyntheticRegion.AsOf;

    /// <summary>People whom all three sources know.</summary>
    public static IEnumerable<SyntheticPerson> KnownToAll(int? resourcesPerPerson = null) =>
        SyntheticRegion.People(SyntheticRegion.MaxPeople, resourcesPerPerson: resourcesPerPerson).Where(p => p.Sources.Length == 3);

    /// <summary>NHS numbers below those of the synthetic people, new ones at each call.</summary>
    public static IEnumerable<NhsNumber> Numbers()
    {
        while (true)
        {
            if (NhsNumber.TryComplete(_nextNumber++, out var number))
                yield return number;
        }
    }

    /// <summary>The key of a person's record.</summary>
    public static PatientKey Key(SyntheticPerson person) => HostedSilo.Pseudonym.For(person.NhsNumber);

    /// <summary>The fragments of one push.</summary>
    public static ImmutableArray<Fragment> Read(SyntheticPush push) =>
        [.. FhirIntake.Read(push.Bundle, new Interaction("POST", null, null), push.Source, Addresses.Source(push.Source)).Entries.Select(e => e.Fragment).OfType<Fragment>()];

    /// <summary>The row that takes fragments into a record.</summary>
    public static RecordRow Row(PatientRecord record, string push, IReadOnlyList<Fragment> fragments)
    {
        var at = Arrival.AddSeconds(record.Seq);
        var accepted = Merge.Accept(record, fragments, at).Fragments;
        return new RecordRow(record.Seq + 1, PushId.Of("benchmark", push), at, LogBody.Write(accepted), accepted);
    }

    /// <summary>A row as it comes back from the journal.</summary>
    public static RecordRow Reloaded(RecordRow row) => row with { Fragments = LogBody.Read(row.Body) };

    /// <summary>Rows of a person's pushes, and nothing else of them.</summary>
    public static List<RecordRow> Rows(SyntheticPerson person)
    {
        var rows = new List<RecordRow>();
        var record = PatientRecord.Empty(Key(person), Addresses);
        foreach (var push in person.Pushes())
        {
            var row = Row(record, push.Source, Read(push));
            rows.Add(row);
            record = Merge.Apply(record, row);
        }

        return rows;
    }

    /// <summary>The live chunks that a person's pushes become.</summary>
    public static IReadOnlyList<RecordChunk> Chunks(SyntheticPerson person)
    {
        var rows = Rows(person);
        LogRow[] tail = [.. rows.Select(r => new LogRow(r.Seq, r.Push, r.At, r.Body))];
        return RecordFold.Of(Fold(Key(person), rows), [], tail, since: Arrival.AddDays(-1)).Chunks;
    }

    /// <summary>The record that rows make.</summary>
    public static PatientRecord Fold(PatientKey key, IEnumerable<RecordRow> rows) =>
        rows.Aggregate(PatientRecord.Empty(key, Addresses), Merge.Apply);
}
