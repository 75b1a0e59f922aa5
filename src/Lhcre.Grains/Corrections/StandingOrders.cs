using System.Buffers.Binary;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Grains;

/// <summary>
/// What was ordered of all that a source sends, also of people of whom nothing is known yet: kept in the journal, where a record looks that hears of the source for
/// the first time. The others are told one after the other, once it is kept (decision 0022).
/// </summary>
public static class StandingOrders
{
    /// <summary>Keeps those among all that was ever ordered of a source, in their order. Again, it changes nothing.</summary>
    /// <exception cref="JournalUnavailableException">They could not be written.</exception>
    public static async Task Keep(IJournal journal, string source, IEnumerable<CorrectionJob> jobs, CancellationToken cancellation)
    {
        var requests = jobs.Where(j => j.Person is null).Select(j => j.Request).ToList();
        var open = requests.Where(r => r is { Ends: null, To: null, Move: null }).Select(r => r.Id).ToHashSet();
        // Whoever has lost what was ordered before, orders more.
        var known = await Of(journal, source, cancellation);
        Correction[] standing = [.. known, .. requests.Where(r => open.Contains(r.Ends ?? r.Id)).Select(r => r.Correction()).ExceptBy(known.Select(c => c.Id), c => c.Id)];
        if (standing.Length > known.Count)
            await journal.KeepSupporting([new SupportingResource(Key(source), Version(standing.Length), Write(standing))], cancellation);
    }

    /// <summary>Those of a source: what counts no longer, and which of that counts again.</summary>
    /// <exception cref="JournalUnavailableException">They could not be read.</exception>
    public static async Task<IReadOnlyList<Correction>> Of(IJournal journal, string source, CancellationToken cancellation) =>
        (await journal.FindSupporting([Key(source)], cancellation))[0] is { } kept ? Read(kept.Body) : [];

    // No FHIR type has it.
    private static EntryKey Key(string source) => new(source, "*", "orders");

    // Orders are only ever added.
    private static byte[] Version(int count)
    {
        var version = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(version, count);
        return version;
    }

    private static byte[] Write(IEnumerable<Correction> corrections)
    {
        var body = new List<byte>();
        foreach (var correction in corrections)
        {
            var row = LogBody.WriteRow([], null, correction);
            body.AddRange(Version(row.Length));
            body.AddRange(row.Span);
        }

        return [.. body];
    }

    private static List<Correction> Read(ReadOnlyMemory<byte> body)
    {
        var corrections = new List<Correction>();
        while (body.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body.Span);
            corrections.Add(LogBody.ReadRow(new LogRow(0, default, default, body.Slice(sizeof(int), length))).Correction!);
            body = body[(sizeof(int) + length)..];
        }

        return corrections;
    }
}
