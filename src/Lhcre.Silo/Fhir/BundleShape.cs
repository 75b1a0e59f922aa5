using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>What stands around the entries of an answer.</summary>
/// <param name="Links">Each relation with its URL, <c>self</c> first.</param>
internal sealed record BundleShape(params (string Relation, string Url)[] Links)
{
    /// <summary><c>Bundle.type</c>; default <c>searchset</c>.</summary>
    public string Type { get; init; } = BundleHead.SearchSet;

    /// <summary>Whether only the total is wanted, and nothing beside it.</summary>
    public bool IsTotalOnly { get; init; }

    /// <summary>Whether more match than there are entries, so that no total is told.</summary>
    public bool IsCut { get; init; }

    /// <summary>Gives the following parts of a large answer, by the entry with which each begins; null where answers come as a whole.</summary>
    public Func<int, CancellationToken, ValueTask<ReadAnswer>>? Part { get; init; }

    /// <summary>The Bundle.</summary>
    /// <param name="answer">The entries, or the first part of them.</param>
    /// <param name="sources">How the sources' feeds stand.</param>
    /// <param name="warnings">What else is to be said.</param>
    public BundleWriter Around(ReadAnswer answer, SourceStatuses sources, IReadOnlyList<Issue> warnings)
    {
        // In a history each entry is a version with its request (FHIR bundle.html, bdl-2 and bdl-3): what else is to be said stands in headers.
        var beside = IsTotalOnly || Type == BundleHead.History ? [] : sources.Beside(answer.Beside);
        if (warnings.Count > 0 && Type != BundleHead.History)
            beside = [.. beside, OperationOutcome.BundleEntry(warnings)];
        var head = new BundleHead(Type, IsCut ? null : answer.Total, answer.LastUpdated, Links);
        return answer.More is null
            ? new BundleWriter(head, answer.Entries, answer.EntryBytes, answer.Entries.Length, beside)
            : new BundleWriter(head, answer.Entries, answer.AllBytes, answer.AllEntries, beside, Following(answer));
    }

    /// <summary>The whole answer with a part of each resource: of a count, without any. Parts that come one after the other are cut as they come.</summary>
    public async ValueTask<ReadAnswer> Cut(ReadAnswer answer, Subset part, CancellationToken cancellation)
    {
        if (part.IsCount)
            return answer with { Entries = [], EntryBytes = 0, Beside = [], More = null };
        var entries = new List<byte[]>(answer.Entries.Select(part.Entry));
        for (var last = answer; last.More is { } from;)
        {
            last = await Part!(from, cancellation);
            entries.AddRange(last.Entries.Select(part.Entry));
        }

        return answer with { Entries = [.. entries], EntryBytes = entries.Sum(e => (long)e.Length), Beside = [.. answer.Beside.Select(part.Entry)], More = null };
    }

    private Func<CancellationToken, ValueTask<byte[][]>> Following(ReadAnswer first)
    {
        var last = first;
        return async cancellation =>
        {
            last = await Part!(last.More ?? throw new InvalidOperationException("An answer's parts ended before it did."), cancellation);
            return last.Entries;
        };
    }
}
