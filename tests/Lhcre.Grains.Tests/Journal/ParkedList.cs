using Lhcre.Grains.Journal;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>What is parked of a source and not discarded, for tests that ask for nothing else.</summary>
public static class ParkedList
{
    /// <summary>The first so many behind one that is still parked, and how many there are in all.</summary>
    public static async Task<(IReadOnlyList<ParkedResource> Page, int Total)> Parked(
        this IJournal journal, string source, string? after, int limit, CancellationToken cancellation)
    {
        AsidePlace? place = after is null ? null : AsidePlace.Of((await journal.FindAside(source, after, cancellation))!);
        var (items, totals) = await journal.Asides(new AsideQuery(source) { IsRefused = false, After = place, Limit = limit }, cancellation);
        return ([.. items.Cast<ParkedResource>()], totals.Sum(code => code.Value));
    }
}
