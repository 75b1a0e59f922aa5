using System.Globalization;
using System.Text;

namespace Lhcre.Adapters.Conformance;

/// <summary>What a run says of an adapter.</summary>
/// <param name="Findings">How rules were broken; empty where none was.</param>
/// <param name="Requests">Requests that came.</param>
/// <param name="Pushes">Different pushes among them.</param>
/// <param name="Taken">Messages that the record took in: fewer than were pushed where some asked to be refused.</param>
/// <param name="Done">How often what was done to it: a run in which little was done shows little.</param>
public sealed record ConformanceReport(IReadOnlyList<Finding> Findings, int Requests, int Pushes, int Taken, IReadOnlyDictionary<Misbehaviour, int> Done)
{
    private const int MostShown = 5;

    /// <summary>Whether no rule was broken.</summary>
    public bool IsConformant => Findings.Count == 0;

    /// <summary>A line a rule, with its first findings, and what was done to the adapter.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var rule in Enum.GetValues<Rule>())
        {
            var broken = Findings.Where(f => f.Rule == rule).ToList();
            text.AppendLine(CultureInfo.InvariantCulture, $"{(broken.Count == 0 ? "kept  " : "BROKEN")} {rule}{(broken.Count == 0 ? "" : $" ({broken.Count} times)")}");
            foreach (var finding in broken.Take(MostShown))
                text.AppendLine(CultureInfo.InvariantCulture, $"         {(finding.Push > 0 ? $"request {finding.Push}: " : "")}{finding.Text}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{Requests} requests, {Pushes} pushes, {Taken} messages taken in; done to them: {string.Join(", ", Done.OrderBy(d => d.Key).Select(d => $"{d.Key} {d.Value}"))}");
        return text.ToString();
    }

    internal static ConformanceReport Of(ArrivalBook book, IReadOnlyList<PushedEntry>? expected)
    {
        var (arrivals, findings, taken) = book.Now;
        findings.AddRange(Unsettled(arrivals));
        if (expected is not null)
            findings.AddRange(Missing(expected, arrivals, taken));
        else if (arrivals.Count == 0)
            findings.Add(new Finding(Rule.NothingIsLost, 0, $"no push came at all{book.Elsewhere}"));
        findings.AddRange(Hammering(arrivals));
        var done = arrivals.GroupBy(a => a.Done).ToDictionary(g => g.Key, g => g.Count());
        return new ConformanceReport(findings, arrivals.Count, arrivals.Select(a => a.Id).Distinct().Count(), taken.Count, done);
    }

    // What came and was never settled.
    private static IEnumerable<Finding> Unsettled(List<Arrival> arrivals)
    {
        var settled = arrivals.SelectMany(a => a.Settled.Select(n => a.Entries[n])).ToHashSet();
        return arrivals.SelectMany(a => a.Entries.Select(e => (Entry: e, a.Number)))
            .Where(e => !settled.Contains(e.Entry)).DistinctBy(e => e.Entry)
            .Select(e => new Finding(Rule.NothingIsLost, e.Number, $"{e.Entry.Key} was not settled and never came again"));
    }

    // What should have come and did not, or came twice, or in another order.
    private static IEnumerable<Finding> Missing(IReadOnlyList<PushedEntry> expected, List<Arrival> arrivals, List<PushedEntry> taken)
    {
        var came = arrivals.SelectMany(a => a.Entries).Select(e => (e.Key, e.Hash)).ToHashSet();
        foreach (var lost in expected.Where(e => !came.Contains((e.Key, e.Hash))))
            yield return new Finding(Rule.NothingIsLost, 0, $"{lost.Key} never came");
        var filed = expected.Where(e => !e.IsToBeRefused).ToList();
        foreach (var person in filed.GroupBy(e => e.Person))
        {
            var should = person.Select(e => (e.Key, e.Hash)).ToList();
            var known = should.ToHashSet();
            var was = taken.Where(e => e.Person == person.Key && known.Contains((e.Key, e.Hash))).Select(e => (e.Key, e.Hash)).ToList();
            foreach (var twice in was.GroupBy(e => e).Where(g => g.Count() > should.Count(s => s == g.Key)))
                yield return new Finding(Rule.NothingComesTwice, 0, $"{twice.Key.Key} was taken in {twice.Count()} times: an older version came behind a newer one");
            if (person.Key.Length > 0 && was.Count == should.Count && !was.SequenceEqual(should))
                yield return new Finding(Rule.PersonKeepsItsOrder, 0, $"what concerns {person.Key} was taken in in another order");
        }
    }

    // A second in which a record that takes nothing is asked more than 50 times.
    private static IEnumerable<Finding> Hammering(List<Arrival> arrivals)
    {
        var failed = arrivals.Where(a => a.Ended is not null && !a.WasRead).ToList();
        for (var n = 50; n < failed.Count; n++)
        {
            if (failed[n].At - failed[n - 50].At < TimeSpan.FromSeconds(1) && failed[n].Number - failed[n - 50].Number == 50)
            {
                yield return new Finding(Rule.BacksOff, failed[n].Number, "more than 50 requests in a second, of which none was taken");
                yield break;
            }
        }
    }
}
