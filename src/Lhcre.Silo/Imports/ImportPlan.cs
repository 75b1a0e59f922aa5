using System.Collections.Immutable;
using Lhcre.Intake;

namespace Lhcre.Silo.Imports;

/// <summary>A line of an import that was read.</summary>
/// <param name="Line">The line.</param>
/// <param name="Received">What it says.</param>
internal sealed record ReadLine(ImportLine Line, Received Received)
{
    /// <summary>Whether it is one resource, which may be pushed together with others. A Bundle keeps to its own rules.</summary>
    public bool IsSingle => Received.Bundle is null;

    /// <summary>Whether it is known from itself whose each of its entries is, or that it is nobody's.</summary>
    public bool NamesItsPerson => !Received.Entries.Any(e => e.Person is PersonClue.LookUp or PersonClue.OwnKey)
        || Received.Entries.Any(e => e.Person is PersonClue.Named);

    /// <summary>Whose it is, as far as it tells: equal for lines of one person, which had better not be pushed at the same time.</summary>
    public object Person => Received.Entries.Select(e => e.Person).FirstOrDefault(p => p is not PersonClue.Nobody) switch
    {
        PersonClue.Named { Patient: { } patient } => patient,
        PersonClue.Named named => named.Number,
        PersonClue.LookUp { Patient: { } patient } => patient,
        _ => Line.Number,
    };
}

/// <summary>What is pushed together, or one after the other.</summary>
/// <param name="Lines">Resources that are pushed as one batch; or Bundles of one person, each a push.</param>
internal sealed record ImportStep(ImmutableArray<ReadLine> Lines)
{
    /// <summary>Whether it is one push.</summary>
    public bool IsBatch => Lines[0].IsSingle;
}

/// <summary>In which order a piece is carried out: waves one after the other, the steps of a wave beside each other.</summary>
internal static class ImportPlan
{
    /// <summary>Resources that are pushed together: 128.</summary>
    public const int BatchLines = 128;

    /// <summary>People who are pushed together: 32. A live push that comes meanwhile waits for that many records, and for a commit of their rows.</summary>
    public const int BatchPeople = 32;

    private static readonly bool[] NamesItsPerson = [true, false];

    /// <summary>
    /// First the lines that say themselves whose they are, then those whose person must have been pushed before. Lines of one person stand
    /// together, in their order.
    /// </summary>
    public static IEnumerable<IReadOnlyList<ImportStep>> Waves(IReadOnlyList<ReadLine> lines) =>
        from wave in NamesItsPerson
        let steps = Steps([.. lines.Where(l => l.NamesItsPerson == wave)])
        where steps.Count > 0
        select steps;

    private static List<ImportStep> Steps(List<ReadLine> lines)
    {
        var people = lines.GroupBy(l => (l.IsSingle, l.Person)).ToList();
        return
        [
            .. Batches(people.Where(p => p.Key.IsSingle)).Select(batch => new ImportStep(batch)),
            .. people.Where(p => !p.Key.IsSingle).Select(p => new ImportStep([.. p])),
        ];
    }

    private static IEnumerable<ImmutableArray<ReadLine>> Batches(IEnumerable<IEnumerable<ReadLine>> people)
    {
        var batch = new List<ReadLine>();
        var count = 0;
        foreach (var lines in people.SelectMany(p => p.Chunk(BatchLines)))
        {
            if (count == BatchPeople || batch.Count + lines.Length > BatchLines)
            {
                yield return [.. batch];
                batch.Clear();
                count = 0;
            }

            batch.AddRange(lines);
            count++;
        }

        if (count > 0)
            yield return [.. batch];
    }
}
